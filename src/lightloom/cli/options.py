"""Arguments and options that verbs share, with completion of the names lightloom ships."""

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click
from click.shell_completion import CompletionItem

from lightloom.catalog.spelling import shipped_name
from lightloom.core import units
from lightloom.core.units import Dimension

PACKAGE = Path(__file__).parent.parent

Verb: TypeAlias = Callable[..., None]
Option: TypeAlias = Callable[[Verb], Verb]


class Named(click.types.StringParamType):
    """A shipped name or a path, whichever the verb finds; only completion treats them apart."""

    def __init__(self, name: str, pattern: str) -> None:
        """Complete the stems of the package's files that match a glob pattern."""
        self.name = name
        self._pattern = pattern

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 # click's signature
        param: click.Parameter,  # noqa: ARG002 # click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer shipped names, else the shell's own completion of files."""
        stems = sorted({path.stem for path in PACKAGE.glob(self._pattern)})
        items = [CompletionItem(stem) for stem in stems if stem.startswith(incomplete)]
        return items or [CompletionItem(incomplete, type="file")]


STUDY = Named("study", "studies/*.yaml")
PRODUCT = Named("product", "catalog/*/*.toml")
LINK_PRODUCT = Named("product", "catalog/links/*.toml")
FIBRE = Named("fibre", "catalog/fibres/*.toml")


def _quantity(dimension: Dimension) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    """Return a callback that makes a number with its unit SI, and refuses others with the accepted spellings."""

    def read(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
        if value is None:
            return None
        try:
            return dimension.parse(value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from None

    return read


def name_in(folder: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Return a callback that finds the catalog's name however it is written; an unknown one is left to the verb."""

    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
        return None if value is None else shipped_name(folder, value)

    return read


def count_or_standard(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """Return a count; None for the word ``standard``."""
    if value == "standard":
        return None
    if not value.isdecimal() or len(value) > MOST_DIGITS:
        message = f"'{value:.20}' is neither a count nor 'standard'"
        raise click.BadParameter(message, ctx, param)
    return int(value)


def passes(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the circuit switches passed, each as often as it is: ``palomar:2`` is two passes."""
    passed: list[str] = []
    for value in values:
        name, _, count = value.partition(":")
        if count and not (count.isdecimal() and len(count) <= MOST_DIGITS and 1 <= int(count) <= MOST_PASSES):
            message = f"'{count:.20}' is not a count of passes; write 1 to {MOST_PASSES}, such as '{name}:2'"
            raise click.BadParameter(message, ctx, param)
        passed += [shipped_name("circuit-switches", name)] * int(count or 1)
    return tuple(passed)


MOST_PASSES = 16
MOST_DIGITS = 9
"""Of a count; Python itself gives up on thousands."""
CIRCUIT_SWITCH = Named("switch", "catalog/circuit-switches/*.toml")


def quantity(
    name: str,
    dimension: Dimension,
    metavar: str,
    told: str,
    **attributes: Any,  # noqa: ANN401 # click's own
) -> Option:
    """Return an option that takes a number with its unit; without a default, one that may be left out.

    Args:
        name: Such as ``--length``.
        dimension: Of the number, which reaches the verb in SI.
        metavar: What stands for the number in the help.
        told: The help.
        attributes: Others of ``click.option``, such as ``default`` as one would type it.
    """
    return click.option(name, callback=_quantity(dimension), metavar=metavar, help=told, **attributes)


def link_product(*names: str, told: str) -> Option:
    """Return an option that takes a link product of the catalog; ``names`` as for ``click.option``."""
    return click.option(*names, type=LINK_PRODUCT, callback=name_in("links"), metavar="PRODUCT", help=told)


def judged(*, margin: str, mode: str) -> Option:
    """Return the options ``--margin`` and ``--mode`` of what closes, with their help."""
    modes = click.option(
        "--mode", type=click.Choice(["spec_min", "distribution"]), default="spec_min", show_default=True, help=mode
    )
    margins = quantity("--margin", units.LOSS, "LOSS", margin, default="0 dB")

    def decorate(verb: Verb) -> Verb:
        return margins(modes(verb))

    return decorate


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
sets = click.option(
    "--set", "sets", metavar="KEY=VALUE", multiple=True, help="Change an entry of the study; repeat for several."
)


def _report(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    if value.strip() in ("", "-"):
        message = f"'{value}' names no file; a report is one HTML file, such as report.html"
        raise click.BadParameter(message, ctx, param)
    return Path(value)


report = click.option(
    "--report",
    "report",
    metavar="FILE",
    type=click.Path(),
    callback=_report,
    help="Write an HTML report of one file. A FILE that exists is replaced only if it is such a report.",
)


def command_line(verb: str, *studies: str, sets: Sequence[str], replan: bool = False) -> str:
    """Return the command that gives the same answer again, as one would type it."""
    changes = [word for change in sets for word in ("--set", change)]
    return shlex.join(["lightloom", verb, *studies, *changes, *["--replan"][: int(replan)]])


def example(*lines: str) -> str:
    """Return the closing words of a verb's help: examples, kept on lines of their own."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)
