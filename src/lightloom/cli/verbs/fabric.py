"""``lightloom fabric``: networks by themselves, without a job."""

import click

from lightloom.cli import options
from lightloom.cli.verbs.fabric_show import show
from lightloom.cli.verbs.fabric_synthesize import synthesize


@click.group(epilog=options.example("lightloom fabric show llama3-405b-16k", "lightloom fabric synthesize --nodes 128"))
def fabric() -> None:
    """Look at networks by themselves, without a job."""


fabric.add_command(show)
fabric.add_command(synthesize)
