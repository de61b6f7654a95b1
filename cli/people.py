"""`people`: how somebody is reached, shown and set."""

from typing import Annotated

import typer

from cli import user as subject
from cli.user import UserOption
from core import people
from core.channels.webhook import check_url
from core.models import RuleType

commands = typer.Typer(help="People and how they are reached.")


@commands.command("set")
def change(
    user: UserOption,
    webhook: Annotated[str | None, typer.Option(help="Their own URL; empty takes it away.")] = None,
) -> None:
    """Set how somebody is reached."""
    with subject.found(user) as (session, found, settings):
        if webhook is not None:
            allowed = settings.webhook_allow_private
            url = check_url(webhook, allow_private=allowed) if webhook.strip() else None
            people.set_address(session, found, RuleType.WEBHOOK, url)
    show(user)


@commands.command("show")
def show(user: UserOption) -> None:
    """Print how somebody can be reached."""
    with subject.found(user) as (session, found, _):
        typer.echo(f"{found.name} ({found.id}, {found.timezone})")
        for way, address in people.addresses(session, [found])[found.id].items():
            typer.echo(f"{way.value.removeprefix('notify_by_')}: {address}")
