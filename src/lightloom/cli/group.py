"""The command group: verbs imported on use, refusals printed one line a fault, exit code 2."""

import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from lightloom.cli.verbs import VERBS
from lightloom.core.errors import Fault, LightloomError, nearest

BAD_INPUT = 2
INTERRUPTED = 130


class VerbGroup(click.Group):
    """A group that knows its verbs by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """Return the verbs in the order of the registry, not of the alphabet."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 # click's signature
        """Import a verb; None when there is no such one."""
        if cmd_name not in VERBS:
            return None
        verb = VERBS[cmd_name]
        command: click.Command = getattr(import_module(f"lightloom.cli.verbs.{verb.module}"), verb.command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; a word that is none is refused with the nearest."""
        if args and args[0] not in VERBS and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"no verb is called '{args[0]:.40}'; {nearest(args[0], VERBS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 # click's signature
        """List the verbs by their registered summaries, importing none."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 # click's signature
    ) -> click.Context:
        """Remember whether the answer is to be JSON, refusals included, before anything can be refused."""
        as_json = "--json" in args
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[__name__] = as_json
        return context

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; what lightloom or click refuses becomes exit code 2 without a traceback."""
        try:
            return super().invoke(ctx)
        except LightloomError as error:
            _refuse(error.faults, as_json=ctx.meta[__name__])
            ctx.exit(BAD_INPUT)
        except click.UsageError as error:
            if not ctx.meta[__name__]:
                raise
            _refuse((Fault(_entry(error), error.format_message()),), as_json=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


def _entry(error: click.UsageError) -> str:
    """Return the option or argument that a refusal is about, as one would type it; empty for the whole command."""
    parameter = error.param if isinstance(error, click.BadParameter) else None
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name if parameter else ""


def _refuse(faults: Sequence[Fault], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"errors": [fault.to_dict() for fault in faults]}, indent=2))
        return
    for fault in faults:
        click.echo(f"error: {fault}", err=True)
