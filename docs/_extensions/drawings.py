"""Directives that draw when the documentation is built.

``{waterfall}`` runs a line of ``lightloom link``, ``{wall}`` one of ``lightloom demand``. The drawing stands in a
shadow tree of its own, so that its style and that of the page leave each other alone; it needs no script.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from click.testing import CliRunner
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lightloom.cli.main import lightloom
from lightloom.report.demand_page import render_wall
from lightloom.report.link_page import render_waterfall


class Drawing(SphinxDirective):
    """Run a line and draw its answer."""

    has_content = False
    required_arguments = 1
    final_argument_whitespace = True
    render: ClassVar[Callable[[Mapping[str, Any]], str]]

    def run(self) -> list[nodes.Node]:
        """Return the command and its drawing."""
        line = self.arguments[0]
        done = CliRunner().invoke(lightloom, [*shlex.split(line)[1:], "--json"])
        if done.exit_code:
            raise self.error(f"'{line}' ended with {done.exit_code}:\n{done.output}")
        said = nodes.literal_block(f"$ {line}", f"$ {line}")
        said["language"] = "console"
        drawing = type(self).render(json.loads(done.stdout))
        return [said, nodes.raw("", f'<div><template shadowrootmode="open">{drawing}</template></div>', format="html")]


class Waterfall(Drawing):
    """Draw the budget of one link, every decibel of it."""

    render = staticmethod(render_waterfall)


class Wall(Drawing):
    """Draw where copper ends for a job."""

    render = staticmethod(render_wall)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("waterfall", Waterfall)
    app.add_directive("wall", Wall)
    return {"parallel_read_safe": True}
