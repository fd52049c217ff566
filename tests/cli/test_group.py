"""The command line as a stranger meets it: help that is quick and has examples, refusals without tracebacks.

Protects the rules of the command line: one line a fault on standard error, exit code 2, JSON when asked, and verbs that
are imported only when used.
"""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from lightloom import __version__
from lightloom.cli.main import lightloom
from lightloom.cli.verbs import VERBS


def command(name: str) -> click.Command:
    found = lightloom.get_command(click.Context(lightloom), name)
    assert found is not None
    return found


def leaves() -> list[tuple[str, ...]]:
    """Return the words of every command that does something: verbs, and those inside a group of them."""
    found: list[tuple[str, ...]] = []
    for name in VERBS:
        verb = command(name)
        found += [(name, inner) for inner in verb.commands] if isinstance(verb, click.Group) else [(name,)]
    return found


def test_help_lists_every_verb_without_importing_any() -> None:
    script = (
        "import sys; from lightloom.cli.main import lightloom\n"
        "try: lightloom(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'pydantic', 'rich', 'jinja2', 'yaml', 'pandas'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in VERBS)


@pytest.mark.parametrize("words", list(dict.fromkeys([*leaves(), *((name,) for name in VERBS)])), ids=" ".join)
def test_verb_has_help_with_an_example_within_80_columns(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(lightloom, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"lightloom {' '.join(words)}" in result.output
    assert max(len(line) for line in result.output.splitlines()) <= 80


@pytest.mark.parametrize("name", VERBS)
def test_registered_summary_is_the_verb_s_own(name: str) -> None:
    assert command(name).get_short_help_str(limit=200) == VERBS[name].summary


@pytest.mark.parametrize("words", leaves(), ids=" ".join)
def test_verb_that_answers_takes_json(words: tuple[str, ...]) -> None:
    verb = command(words[0])
    verb = verb.commands[words[1]] if isinstance(verb, click.Group) else verb
    options = {option for parameter in verb.params for option in parameter.opts}
    assert ("--json" in options) == (words[0] not in ("new", "export"))


def test_version() -> None:
    assert CliRunner().invoke(lightloom, ["--version"]).output == f"lightloom {__version__}\n"


def test_unknown_verb_and_option_exit_2() -> None:
    for arguments in (["rnu"], ["catalog", "--jsn"]):
        result = CliRunner().invoke(lightloom, arguments)
        assert result.exit_code == 2
        assert "Traceback" not in result.output


def test_wrong_use_is_json_when_asked() -> None:
    result = CliRunner().invoke(lightloom, ["catalog", "--json", "--no-such"])
    assert result.exit_code == 2
    (error,) = json.loads(result.stdout)["errors"]
    assert error.keys() == {"file", "line", "key", "message", "hint"}
    assert "--no-such" in error["message"]


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["link", "400g-dr4", "--length", "5"], "--length"),
        (["link", "400g-dr4"], "--length"),
        (["run"], "STUDY"),
        (["run", "x", "--no-such"], ""),
    ],
)
def test_wrong_use_as_json_names_the_option(arguments: list[str], key: str) -> None:
    (error,) = json.loads(CliRunner().invoke(lightloom, [*arguments, "--json"]).stdout)["errors"]
    assert error["key"] == key


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_script_names_the_program(shell: str) -> None:
    result = CliRunner().invoke(lightloom, ["completion", shell])
    assert result.exit_code == 0
    assert "_LIGHTLOOM_COMPLETE" in result.output
    answer = json.loads(CliRunner().invoke(lightloom, ["completion", shell, "--json"]).stdout)
    assert answer == {"shell": shell, "script": result.output.removesuffix("\n")}


@pytest.mark.parametrize(
    ("words", "index", "wanted"),
    [("lightloom cat", 1, "catalog"), ("lightloom catalog h100", 2, "h100-sxm-80gb")],
    ids=["verb", "product"],
)
def test_completion_offers_verbs_and_products(words: str, index: int, wanted: str) -> None:
    environment = {"COMP_WORDS": words, "COMP_CWORD": str(index), "_LIGHTLOOM_COMPLETE": "bash_complete"}
    result = CliRunner(env=environment).invoke(lightloom, prog_name="lightloom")
    assert result.exit_code == 0
    assert wanted in result.stdout


def test_broken_pipe_is_silent() -> None:
    script = f"{sys.executable} -c 'from lightloom.cli.main import main; main()' catalog --json | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "{\n"
    assert done.stderr == ""
