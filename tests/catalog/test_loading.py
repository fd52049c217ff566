"""A catalog file that is wrong is refused with file and line, every fault at once, and never by a traceback.

Protects the design's rule for bad input, for files of the user's as well as shipped ones.
"""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lightloom.catalog import loading
from lightloom.catalog.document import SIZE_LIMIT
from lightloom.core.errors import CatalogError, Fault
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.nic import Nic

GOOD = """\
kind = "nic"
title = "A card"

[source.sheet]
title = "Data sheet"
url = "https://example.org/sheet"
read = 2026-11-23

[figures]
rate = { value = "400 Gb/s", convention = "one way", sure = "published", source = "sheet" }
power = { value = "25 W", low = "20 W", high = "30 W", sure = "estimate", source = "sheet", how = "recalled" }
"""


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "card.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(tmp_path: Path, text: str | bytes) -> tuple[Fault, ...]:
    path = write(tmp_path, text)
    with pytest.raises(CatalogError) as caught:
        loading.read_path(path, Nic)
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return caught.value.faults


def test_a_good_file_is_read(tmp_path: Path) -> None:
    card = loading.read_path(write(tmp_path, GOOD), Nic)
    assert (card.name, card.title, card.rate.value, card.power.low) == ("card", "A card", 50e9, 20.0)
    assert card.rate.source is not None
    assert (card.rate.source.id, card.rate.source.read) == ("card#sheet", "2026-11-23")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "message", "hint"),
    [
        ("power = {", "powr = {", 11, "figures.powr", "there is no 'powr' here", "did you mean 'power'?"),
        ("how =", "hwo =", 11, "figures.power.hwo", "there is no 'hwo' here", "did you mean 'how'?"),
        ('"400 Gb/s"', '"400 Gbs"', 10, "figures.rate", "'400 Gbs' is not a bandwidth", ""),
        ('"400 Gb/s"', '"400"', 10, "figures.rate", "'400' has no unit", ""),
        ('"25 W"', '"-25 W"', 11, "figures.power", "outside the range", ""),
        ('"25 W"', '"35 W"', 11, "figures.power", "does not contain", ""),
        ('"estimate"', '"guess"', 11, "figures.power.sure", "should be 'published'", ""),
        (', how = "recalled"', "", 11, "figures.power", "says how", ""),
        (', source = "sheet" }', " }", 10, "figures.rate", "names its source", "[source."),
        ('source = "sheet" }', 'source = "shet" }', 10, "figures.rate.source", "'shet'", "did you mean 'sheet'?"),
        ("power = { ", "power = 25 #", 11, "figures.power", "is not a table", "write it with its source"),
        ('kind = "nic"', 'kind = "nick"', 1, "kind", "expected kind = \"nic\", not 'nick'", ""),
        ('kind = "nic"\n', "", 1, "kind", "the file does not say its kind", ""),
        ('title = "A card"', "", 1, "title", "is missing", ""),
        ('title = "A card"', 'title = "A card"\nprice = 3', 3, "price", "has no unit", ""),
        ('title = "Data sheet"\n', "", 4, "source.sheet", "has no title", "write title"),
        ('url = "https://example.org/sheet"\n', "", 4, "source.sheet", "does not say where", "write url"),
        ("read = 2026", "raed = 2026", 7, "source.sheet.raed", "a source has no 'raed'", "did you mean 'read'?"),
        ("[figures]", "[figures", 9, "", "not valid TOML", ""),
        ('rate = { value = "400 Gb/s"', 'rate = { value = "400 Gb/s"\n', 10, "", "not valid TOML", ""),
        ("power = {", "rate = {", 11, "", "not valid TOML", ""),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(
    tmp_path: Path, old: str, new: str, line: int, key: str, message: str, hint: str
) -> None:
    assert old in GOOD
    fault = next(fault for fault in faults(tmp_path, GOOD.replace(old, new, 1)) if fault.key == key)
    assert fault.line == line
    assert message in fault.message
    assert hint in fault.hint


def test_every_fault_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace('"400 Gb/s"', '"400"').replace("power = {", "powr = {").replace('title = "A card"', "titel = 3")
    found = faults(tmp_path, text)
    assert [(fault.line, fault.key) for fault in found] == [
        (1, "title"),
        (1, "power"),
        (2, "titel"),
        (10, "figures.rate"),
        (11, "figures.powr"),
    ]


def test_several_sources_at_fault_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('source = "sheet"', 'source = "shet"')
    assert [fault.line for fault in faults(tmp_path, text)] == [10, 11]


def test_garbage_is_refused(tmp_path: Path) -> None:
    assert "UTF-8" in faults(tmp_path, b"kind = 1\n\xff\xfe\x00")[0].message
    assert faults(tmp_path, b"kind = 1\n\xff")[0].line == 2
    assert "not valid TOML" in faults(tmp_path, b"\x00\x01\x02")[0].message


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    assert "larger than" in faults(tmp_path, "#" * (SIZE_LIMIT + 1))[0].message


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "a = " + "[" * 50_000)


@pytest.mark.parametrize("missing", ["nowhere.toml", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, missing: str) -> None:
    with pytest.raises(CatalogError, match="cannot read the file"):
        loading.read_path(tmp_path / missing, Nic)


@pytest.mark.parametrize(
    ("name", "hint"), [("h100-sxm-80g", "h100-sxm-80gb"), ("H100-SXM-80GB", "h100-sxm-80gb"), ("tpu", "known: a100")]
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(CatalogError, match=hint):
        loading.read("accelerators", name, Accelerator)


@pytest.mark.parametrize("name", ["../nics/connectx-7", "/etc/passwd", "", "h100-sxm-80gb.toml", "a\x00b"])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(CatalogError, match="the catalog has no"):
        loading.read("accelerators", name, Accelerator)


def test_an_unknown_folder_is_empty() -> None:
    assert loading.names("..") == ()
    with pytest.raises(CatalogError):
        loading.document("..", "x")


def test_a_product_is_read_once() -> None:
    assert loading.read("nics", "connectx-7", Nic) is loading.read("nics", "connectx-7", Nic)


def test_a_product_can_be_varied_by_text_as_studies_do() -> None:
    shipped = loading.read("accelerators", "h100-sxm-80gb", Accelerator)
    varied = Accelerator.model_validate({**dict(shipped), "scale_up_bandwidth": "200 GB/s"})
    assert varied.scale_up_bandwidth.value == 200e9
    assert varied.scale_up_bandwidth.how == "set in the study"
    assert varied.memory_usable == shipped.memory_usable


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(GOOD)), length=st.integers(0, 12), inserted=st.text(max_size=6), data=st.sampled_from([GOOD])
)
def test_any_mutation_is_read_or_refused(tmp_path: Path, at: int, length: int, inserted: str, data: str) -> None:
    text = data[:at] + inserted + data[at + length :]
    path = write(tmp_path, text.encode("utf-8", "surrogatepass"))
    card = None
    with contextlib.suppress(CatalogError):
        card = loading.read_path(path, Nic)
    assert card is None or card.rate.low <= card.rate.value <= card.rate.high
