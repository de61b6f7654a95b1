"""`token`: API tokens, made, listed and revoked."""

from typing import Annotated

import typer

from cli import user as subject
from cli.user import UserOption
from core import access

commands = typer.Typer(help="API tokens, which act as the user they belong to.")

NameOption = Annotated[str, typer.Option("--name", help="What it is for, such as ci.")]


@commands.command("create")
def create(user: UserOption, name: NameOption) -> None:
    """Make a token.  It is shown this once."""
    with subject.found(user) as (session, found, _):
        secret = access.create(session, found, name)
    typer.echo(secret)
    typer.echo("Keep it safe: only its hash is stored, and it is not shown again.", err=True)


@commands.command("list")
def show(user: UserOption) -> None:
    """List somebody's tokens, and when each was used last."""
    with subject.found(user) as (session, found, _):
        for token in access.of(session, found):
            used = f"used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
            typer.echo(f"{token.name}: made {token.created_at:%Y-%m-%d %H:%M} UTC, {used}")


@commands.command("revoke")
def revoke(user: UserOption, name: NameOption) -> None:
    """Take a token away, at once."""
    with subject.found(user) as (session, found, _):
        access.revoke(session, found, name)
    typer.echo(f"Revoked {name}.")
