"""`users`: who there is, and what each of them may do."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import col, select

from cli import user as subject
from cli.user import UserOption, printable
from core import people
from core.models import Role, User

commands = typer.Typer(help="People and what they may do.")

HEADS = ("NAME", "USERNAME", "E-MAIL", "ROLE", "ACTIVE", "ID")


class Choice(StrEnum):
    """A role to give, or `slack` to follow Slack again."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"
    NONE = "none"
    SLACK = "slack"


@commands.command("list")
def show() -> None:
    """List everybody with their role, and whether it was given here or comes from Slack."""
    with subject.opened(changes=False) as (session, _):
        rows = select(User).where(col(User.is_bot).is_(False)).order_by(col(User.number))
        found = [_row(user) for user in session.scalars(rows)]
    for line in _table([HEADS, *found]):
        typer.echo(line)


@commands.command("role")
def change(user: UserOption, role: Annotated[Choice, typer.Argument()]) -> None:
    """Give somebody a role; `slack` follows Slack again.

    In Slack an admin of the workspace is admin, a guest viewer, everybody else editor.
    """
    with subject.found(user) as (session, found, _):
        given = None if role is Choice.SLACK else Role(role.value)
        people.give_role(session, found, given)
        typer.echo(f"{found.name} is {_role(found)}.")


def _role(user: User) -> str:
    return f"{user.role.value} ({'given here' if user.given_role else 'as in Slack'})"


def _row(user: User) -> tuple[str, ...]:
    active = "yes" if user.is_active else "no"
    row = (user.name, user.username, user.email or "-", _role(user), active, user.id)
    return tuple(printable(cell) for cell in row)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
