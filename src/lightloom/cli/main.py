"""The ``lightloom`` command."""

import sys
from io import TextIOWrapper

import click

from lightloom import __version__
from lightloom.cli.group import VerbGroup


@click.group(
    cls=VerbGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExample:\n  lightloom compare llama3-405b-16k llama3-405b-16k-cpo --report report.html",
)
@click.version_option(__version__, message="lightloom %(version)s")
def lightloom() -> None:
    """Plan and simulate AI-training clusters on optical interconnects, from photons to tokens.

    A STUDY is a YAML file, or the name of a built-in one. Every verb takes --help, with an example, and those that
    answer a question take --json.
    """


def main() -> None:
    """Run the command line; a terminal that lacks a character shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    lightloom(prog_name="lightloom")
