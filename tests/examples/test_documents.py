"""What the README and the documentation show runs: every block of Python, every line of ``lightloom``.

Protects the promise of the documents. A page's blocks run in order, in one namespace; its commands run in a folder of
their own, one after the other, and end with the exit code the page says. Those of the README also run as a reader
types them, each a process of its own.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lightloom.cli.main import lightloom

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)]

_PYTHON = re.compile(r"^```(?:python|\{example\})\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WITH = re.compile(r"^:with: (.+)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^```\{(?:command|waterfall|wall)\} (lightloom .*)\n(?::exit: (\d+))?", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    return _PYTHON.findall(page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[tuple[str, int]]:
    """Return a page's commands, each once, with their exit codes."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in _SHELL.findall(text) for line in block.splitlines() if line.startswith("lightloom ")]
    shown = [(line, int(code or 0)) for line, code in _DIRECTIVE.findall(text)]
    return list(dict.fromkeys([*((line, 0) for line in lines), *shown]))


def words(line: str) -> list[str]:
    """Return what a shell would hand on of a command, without its own name."""
    return shlex.split(line, comments=True)[1:]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def cases(pages: list[Path], *slow: str) -> list[object]:
    """Return pages as cases; slow are those that solve many programmes, fit efficiencies or predict every known run."""
    return [pytest.param(page, id=name(page), marks=pytest.mark.slow if page.stem in slow else ()) for page in pages]


@pytest.mark.parametrize("page", cases([page for page in PAGES if blocks(page)], "synthesis"))
def test_python_of_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, name(page), "exec"), namespace)  # noqa: S102 # our own documents


@pytest.mark.parametrize("page", cases([page for page in PAGES if commands(page)], "validation", "time"))
def test_commands_of_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for beside in _WITH.findall(page.read_text(encoding="utf-8")):
        shutil.copy(ROOT / beside, tmp_path)
    for line, code in commands(page):
        done = CliRunner(env={"COLUMNS": "80"}).invoke(lightloom, words(line), catch_exceptions=False)
        assert done.exit_code == code, f"{line}\n{done.stderr}"
        assert done.stdout or code or "completion" in line


@pytest.mark.slow
def test_commands_of_the_readme_run_each_in_a_process_of_its_own(tmp_path: Path) -> None:
    main = "from lightloom.cli.main import main; main()"
    for line, code in commands(ROOT / "README.md"):
        done = subprocess.run(
            [sys.executable, "-c", main, *words(line)],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{line}\n{done.stderr}"
        assert done.stdout


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.py")), ids=name)
def test_example_script_runs(script: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
