"""``lightloom completion``: tab completion, by click."""

import click
from click.shell_completion import get_completion_class

from lightloom.cli import options
from lightloom.cli.output import print_json

SHELLS = ("bash", "zsh", "fish")


@click.command(epilog='\b\nExample, in ~/.bashrc:\n  eval "$(lightloom completion bash)"')
@click.argument("shell", type=click.Choice(SHELLS))
@options.as_json
@click.pass_context
def completion(context: click.Context, shell: str, *, as_json: bool) -> None:
    """Print the completion script of your shell."""
    script = get_completion_class(shell)
    if script is None:
        message = f"click has no completion for {shell}"
        raise click.UsageError(message)
    source = script(context.find_root().command, {}, "lightloom", "_LIGHTLOOM_COMPLETE").source()
    if as_json:
        print_json({"shell": shell, "script": source})
    else:
        click.echo(source)
