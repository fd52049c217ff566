"""A product is found however its name is written, and never mistaken for another.

Protects: data sheets write 800G-DR8 and 800GBASE-DR8 where the file is 800g-dr8; every shipped name means itself.
"""

import pytest

from lightloom.catalog import loading
from lightloom.catalog.spelling import shipped_name


@pytest.mark.parametrize(
    ("folder", "written", "name"),
    [
        ("links", "800G-DR8", "800g-dr8"),
        ("links", "800g dr8", "800g-dr8"),
        ("links", "800GBASE-DR8", "800g-dr8"),
        ("links", "400g_dr4", "400g-dr4"),
        ("links", "800G-DR8-OCS", "800g-dr8-ocs"),
        ("circuit-switches", "palomar-ocs", "palomar"),
        ("circuit-switches", "Palomar OCS", "palomar"),
        ("fibres", "OS2", "os2"),
        ("links", "DR8", "DR8"),
        ("links", "", ""),
    ],
)
def test_spellings(folder: str, written: str, name: str) -> None:
    assert shipped_name(folder, written) == name


@pytest.mark.parametrize(("folder", "name"), list(loading.entries()))
def test_every_name_means_itself(folder: str, name: str) -> None:
    assert shipped_name(folder, name) == name
    assert shipped_name(folder, name.upper()) == name
