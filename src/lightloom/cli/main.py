"""The ``lightloom`` command."""

import os
import sys
from io import TextIOWrapper

import click

from lightloom import __version__
from lightloom.cli.group import BAD_INPUT, VerbGroup


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
    """Run the command line; a terminal that lacks a character shows a question mark instead of failing.

    Where standard output takes no more, such as on a full disk, one line says so, exit code 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        lightloom(prog_name="lightloom")
    except OSError as error:
        if error.filename is not None:
            raise  # a file's, not the stream's
        click.echo(f"error: cannot write the answer: {(error.strerror or str(error)).lower()}", err=True)
        # What is left in the stream's buffer must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BAD_INPUT)
