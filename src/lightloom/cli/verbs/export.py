"""``lightloom export``: an answer in the format of another program."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import check_writable, working, write_whole
from lightloom.core.errors import Fault, LightloomError
from lightloom.export.exporter import Exporter
from lightloom.export.exporters import EXPORTERS

INFEASIBLE = 2


def _offer(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(kind) for kind in EXPORTERS if kind.startswith(incomplete)]


def _formats() -> str:
    """Return the closing words of the help: every registered format."""
    width = max(map(len, EXPORTERS))
    return "\b\nFormats:\n" + "\n".join(f"  {each.kind:{width}}  {each.description}" for each in EXPORTERS.values())


_EXAMPLE = options.example(
    "lightloom export llama3-405b-16k bill-of-materials parts.csv",
    "lightloom export my.yaml chrome-trace step.json --set recipe.batch=512",
)


@click.command(epilog=f"{_formats()}\n\n{_EXAMPLE}")
@click.argument("study", type=options.STUDY)
@click.argument("kind", metavar="FORMAT", shell_complete=_offer)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@options.sets
@click.option("--force", is_flag=True, help="Write over a file of any origin.")
@click.pass_context
def export(
    context: click.Context, study: str, kind: str, file: Path | None, sets: tuple[str, ...], *, force: bool
) -> None:
    """Write the answer in a format of other programs.

    Without FILE the text goes to standard output. A FILE that an earlier export in the same format wrote is replaced;
    any other is left as it is, unless forced. Exit code 2, as of run, when the design cannot do the job.
    """
    exporter = EXPORTERS[kind]
    check_writable(file)
    if file and not force:
        _check_origin(exporter, file)
    with working(f"evaluating {study}"):
        evaluation = ll.evaluate(ll.load(study, sets))
        text = exporter.write(evaluation)
    if file:
        write_whole(file, text)
        click.echo(f"written: {file}")
    else:
        click.echo(text, nl=False)
    if not evaluation.feasible:
        codes = ", ".join(reason.code for reason in evaluation.reasons)
        click.echo(f"warning: this design cannot do the job: {codes}; lightloom run says more", err=True)
        context.exit(INFEASIBLE)


def _check_origin(exporter: Exporter, file: Path) -> None:
    """Refuse a file that does not begin as this exporter's files do."""
    begin = exporter.signature.encode()
    try:
        with file.open("rb") as stream:
            same = stream.read(len(begin)) == begin
    except FileNotFoundError:
        return
    except OSError as error:
        raise LightloomError(Fault("", f"cannot read it: {error.strerror}", file=str(file))) from None
    if not same:
        message = f"exists, and was not written as {exporter.kind}"
        raise LightloomError(Fault("", message, "choose another name, or say --force", str(file)))
