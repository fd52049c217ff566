"""``lightloom fabric``: networks by themselves, without a job."""

import click

from lightloom.cli import options
from lightloom.cli.verbs.fabric_show import show


@click.group(epilog=options.example("lightloom fabric show llama3-405b-16k"))
def fabric() -> None:
    """Look at networks by themselves, without a job."""


fabric.add_command(show)
