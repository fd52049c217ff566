"""``lightloom completion``: tab completion, by click."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(epilog='\b\nExample, in ~/.bashrc:\n  eval "$(lightloom completion bash)"')
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of your shell."""
    script = get_completion_class(shell)
    if script is None:
        message = f"click has no completion for {shell}"
        raise click.UsageError(message)
    click.echo(script(context.find_root().command, {}, "lightloom", "_LIGHTLOOM_COMPLETE").source())
