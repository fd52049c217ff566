"""What the README and the documentation show runs: every block of Python, every line of ``lightloom``.

Protects the promise of the documents. A page's blocks run in order, in one namespace; its commands run in a folder of
their own, one after the other, and end with the exit code the page says.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)]

_PYTHON = re.compile(r"^```(?:python|\{example\})\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WITH = re.compile(r"^:with: (.+)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^```\{(?:command|waterfall|wall)\} (lightloom .*)\n(?::exit: (\d+))?", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    return _PYTHON.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[tuple[str, int]]:
    text = page.read_text(encoding="utf-8")
    lines = [line for block in _SHELL.findall(text) for line in block.splitlines() if line.startswith("lightloom ")]
    return [(line, 0) for line in lines] + [(line, int(code or 0)) for line, code in _DIRECTIVE.findall(text)]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def case(page: Path) -> object:
    """Return the page as a case; one that solves many linear programmes is slow."""
    return pytest.param(page, id=name(page), marks=pytest.mark.slow if page.stem == "synthesis" else ())


@pytest.mark.parametrize("page", [case(page) for page in PAGES if blocks(page)])
def test_python_of_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, name(page), "exec"), namespace)  # noqa: S102 # our own documents


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=name)
def test_commands_of_page_run(page: Path, tmp_path: Path) -> None:
    for beside in _WITH.findall(page.read_text(encoding="utf-8")):
        shutil.copy(ROOT / beside, tmp_path)
    for line, code in commands(page):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from lightloom.cli.main import main; main()",
                *shlex.split(line, comments=True)[1:],
            ],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{line}\n{done.stderr}"
        assert done.stdout or code or "completion" in line


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.py")), ids=name)
def test_example_script_runs(script: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
