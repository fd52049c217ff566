"""``lightloom new``: a study to start from, or the schema by which editors check studies."""

import json
from pathlib import Path

import click

from lightloom.cli import options
from lightloom.cli.output import write_new
from lightloom.study.json_schema import json_schema
from lightloom.study.new import starter


@click.command(
    epilog=options.example("lightloom new my.yaml && lightloom run my.yaml", "lightloom new --schema study.schema.json")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--schema", is_flag=True, help="Write the JSON Schema of study files instead, for editors.")
def new(file: Path, *, schema: bool) -> None:
    """Write a study to start from.

    FILE gets a small, commented study that runs as it stands. A file that exists is left as it is.
    """
    if schema:
        write_new(file, json.dumps(json_schema(), indent=2) + "\n")
        click.echo(f"written: {file}\nIn a study's first line: # yaml-language-server: $schema={file}")
        return
    write_new(file, starter())
    click.echo(f"written: {file}\nNext: lightloom run {file}")
