"""Two directives whose output is computed when the documentation is built, so that it cannot go stale.

``{command}`` runs a line of ``lightloom`` and shows it with what it printed; ``{example}`` runs a block of Python, all
blocks of a page in one namespace, and shows it with what it printed.
"""

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Command(SphinxDirective):
    """Run one command line.

    ``:exit:`` is the right exit code, ``:lines:`` and ``:last:`` how much to show of it, ``:with:`` files of the
    repository that lie beside it.
    """

    has_content = False
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "exit": directives.nonnegative_int,
        "lines": directives.positive_int,
        "last": directives.positive_int,
        "with": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the transcript."""
        line = self.arguments[0]
        with tempfile.TemporaryDirectory() as folder:
            for name in self.options.get("with", "").split():
                shutil.copy(Path(self.env.srcdir).parent / name, folder)
            done = subprocess.run(
                [sys.executable, "-c", "from lightloom.cli.main import main; main()", *shlex.split(line)[1:]],
                capture_output=True,
                text=True,
                check=False,
                cwd=folder,
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"},
            )
        if done.returncode != self.options.get("exit", 0):
            raise self.error(f"'{line}' ended with {done.returncode}:\n{done.stderr}")
        printed = [text.rstrip() for text in (done.stdout + done.stderr).rstrip().splitlines()]
        first, last = self.options.get("lines"), self.options.get("last")
        if first and len(printed) > first:
            printed = [*printed[:first], "…"]
        if last and len(printed) > last:
            printed = ["…", *printed[-last:]]
        return [_literal("\n".join([f"$ {line}", *printed]), "console")]


class Example(SphinxDirective):
    """Run Python and show it, then what it printed."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the code and its output."""
        source = "\n".join(self.content)
        namespace = self.env.temp_data.setdefault("lightloom-examples", {})
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(source, self.env.docname, "exec"), namespace)  # noqa: S102 # our own documentation
        shown: list[nodes.Node] = [_literal(source, "python")]
        if output.getvalue():
            shown.append(_literal(output.getvalue().rstrip(), "text"))
        return shown


def _literal(text: str, language: str) -> nodes.literal_block:
    block = nodes.literal_block(text, text)
    block["language"] = language
    return block


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("command", Command)
    app.add_directive("example", Example)
    return {"parallel_read_safe": True}
