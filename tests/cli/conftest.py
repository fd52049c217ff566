"""What tests of several verbs ask alike."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from lightloom.cli.main import lightloom


@pytest.fixture
def refused() -> Callable[..., None]:
    """Sees that a command is refused in those words: in text on standard error alone, and as JSON."""

    def refused(*arguments: str, words: str) -> None:
        result = CliRunner().invoke(lightloom, arguments)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stdout == ""
        errors = json.loads(CliRunner().invoke(lightloom, [*arguments, "--json"]).stdout)["errors"]
        assert any(words in f"{error['message']} {error['hint']}" for error in errors)

    return refused
