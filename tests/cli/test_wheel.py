"""What a user installs holds every file the package reads: catalog, studies, templates, the type marker.

Protects against a catalog that is there in a checkout and missing from the wheel. The wheel is built with the backend
of the development environment, so that the test needs no network.
"""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"


def shipped() -> set[str]:
    return {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "lightloom").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check", "--quiet"]
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("lightloom-*.whl")
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(packed: set[str]) -> None:
    assert packed == shipped()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "lightloom/catalog/accelerators/h100-sxm-80gb.toml",
        "lightloom/catalog/models/llama-3.1-405b.toml",
        "lightloom/studies/llama3-405b-16k.yaml",
        "lightloom/py.typed",
    ],
)
def test_files_read_while_running_are_in_the_wheel(packed: set[str], name: str) -> None:
    assert name in packed
