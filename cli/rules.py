"""`rules`: somebody's personal notification rules, shown and set."""

from typing import Annotated

import typer

from cli import user as subject
from cli.user import UserOption
from core import rules

commands = typer.Typer(help="Personal notification rules.")


@commands.command("show")
def show(user: UserOption) -> None:
    """Print somebody's rules in the form that `rules set` takes."""
    with subject.found(user, changes=False) as (session, found, _):
        mine = rules.of(session, [found])[found.id]
        typer.echo(f"default: {rules.write(mine.default) or rules.NO_DEFAULT}")
        typer.echo(f"important: {rules.write(mine.important) or rules.NO_IMPORTANT}")


@commands.command("set")
def change(
    user: UserOption,
    default: Annotated[str | None, typer.Option(help='Such as "slack, wait 5m, email".')] = None,
    important: Annotated[str | None, typer.Option(help="Empty empties the list.")] = None,
) -> None:
    """Replace somebody's default or important rules."""
    with subject.found(user) as (session, found, _):
        for text, is_important in ((default, False), (important, True)):
            if text is not None:
                rules.replace(session, found, rules.parse(text), important=is_important)
    show(user)
