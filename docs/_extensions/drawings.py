"""A directive that draws when the documentation is built: ``{waterfall}`` runs a line of ``lightloom link``.

The drawing stands in a shadow tree of its own, so that its style and that of the page leave each other alone; it needs
no script.
"""

import json
import shlex
from typing import Any

from click.testing import CliRunner
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lightloom.cli.main import lightloom
from lightloom.report.link_page import render_waterfall


class Waterfall(SphinxDirective):
    """Draw the budget of one link, every decibel of it."""

    has_content = False
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the command and its drawing."""
        line = self.arguments[0]
        done = CliRunner().invoke(lightloom, [*shlex.split(line)[1:], "--json"])
        if done.exit_code:
            raise self.error(f"'{line}' ended with {done.exit_code}:\n{done.output}")
        said = nodes.literal_block(f"$ {line}", f"$ {line}")
        said["language"] = "console"
        drawing = render_waterfall(json.loads(done.stdout))
        return [said, nodes.raw("", f'<div><template shadowrootmode="open">{drawing}</template></div>', format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("waterfall", Waterfall)
    return {"parallel_read_safe": True}
