"""Tocsin's entry point: serve, or one of the commands of `cli/`.

What serves is imported by the commands that serve: loading it takes longer than most others run.
"""

import logging
from contextlib import suppress
from typing import Annotated

import typer

from cli.complaints import complaints
from cli.config import commands as config_commands
from cli.ending import end, told_to_stop
from cli.people import commands as people_commands
from cli.rules import commands as rules_commands
from cli.token import commands as token_commands
from cli.users import commands as users_commands
from core.config import load, require_slack

NOISY = ("slack_bolt", "slack_sdk", "httpx2", "httpcore2", "alembic", "uvicorn", "mail.log")

commands = typer.Typer(
    help="Tocsin pages people from Slack.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.add_typer(config_commands, name="config")
commands.add_typer(people_commands, name="people")
commands.add_typer(rules_commands, name="rules")
commands.add_typer(token_commands, name="token")
commands.add_typer(users_commands, name="users")


@commands.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Without a command: serve."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if context.invoked_subcommand is None:
        serve()


@commands.command()
def serve() -> None:
    """Run the bot until it is told to stop."""
    with complaints():
        settings = load()
        require_slack(settings)
        from tocsin import Tocsin

        wait_for_the_end = told_to_stop()
        tocsin = Tocsin(settings)
        tocsin.start()
        wait_for_the_end()
        tocsin.stop()
    end()


@commands.command()
def sandbox(
    story: Annotated[bool, typer.Option(help="Also play a story on the terminal.")] = False,
    port: Annotated[
        int | None,
        typer.Option(help="Of the page.", min=0, max=65535, show_default="8790 if it is free"),
    ] = None,
) -> None:
    """Try it: the bot in a local workspace with people in it, no account needed."""
    try:  # only here: what the sandbox needs is not installed where the bot just serves
        from cli import sandbox as command
        from tocsin import Tocsin
    except ModuleNotFoundError as missing:
        typer.echo(
            f"The sandbox needs {missing.name}: run make sandbox, which installs it.", err=True
        )
        raise typer.Exit(1) from None

    logging.getLogger().setLevel(logging.ERROR)  # what people see is the way to the page
    with complaints(), suppress(KeyboardInterrupt):
        command.run(Tocsin, story=story, port=port)
    end()


if __name__ == "__main__":
    commands()
