"""`token`: API tokens, made, listed and revoked."""

from typing import Annotated

import typer

from cli import user as subject
from cli.user import UserOption, printable
from core import access, people
from core.errors import Refused
from core.models import Token

commands = typer.Typer(help="API tokens, which act as the user they belong to.")

NameOption = Annotated[str, typer.Option("--name", help="What it is for, such as ci.")]


@commands.command("create")
def create(user: UserOption, name: NameOption) -> None:
    """Make a token.  It is shown this once."""
    with subject.found(user) as (session, found, _):
        if not found.is_active or found.is_bot:
            raise Refused(f"{found.name} is deactivated or a bot: a token of theirs does not work.")
        secret = access.create(session, found, name)
    typer.echo(secret)
    typer.echo("Keep it safe: only its hash is stored, and it is not shown again.", err=True)


@commands.command("list")
def show(
    user: Annotated[
        str | None, typer.Option("--user", help="Whose; without it, everybody's.")
    ] = None,
) -> None:
    """List the tokens that work, and when each was used last."""
    with subject.opened(changes=False) as (session, _):
        if user is None:
            for whose, token in access.everybodys(session):
                name = printable(whose.name)
                typer.echo(f"{name} ({whose.email or whose.id}): {_line(token)}")
            return
        for token in access.of(session, people.find(session, user)):
            typer.echo(_line(token))


@commands.command("revoke")
def revoke(user: UserOption, name: NameOption) -> None:
    """Take a token away, at once."""
    with subject.found(user) as (session, found, _):
        access.revoke(session, found, name)
    typer.echo(f"Revoked {name}.")


def _line(token: Token) -> str:
    used = f"used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
    return f"{token.name}: made {token.created_at:%Y-%m-%d %H:%M} UTC, {used}"
