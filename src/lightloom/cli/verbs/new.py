"""``lightloom new``: a study to start from."""

from pathlib import Path

import click

from lightloom.cli import options
from lightloom.cli.output import write_new
from lightloom.study.new import starter


@click.command(epilog=options.example("lightloom new my.yaml && lightloom run my.yaml"))
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a study to start from.

    FILE gets a small, commented study that runs as it stands. A file that exists is left as it is.
    """
    write_new(file, starter())
    click.echo(f"written: {file}\nNext: lightloom run {file}")
