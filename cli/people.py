"""`people`: how somebody is reached, shown and set."""

from typing import Annotated

import typer

from cli import user as subject
from cli.user import UserOption
from core import contacts, people
from core.models import RuleType

commands = typer.Typer(help="People and how they are reached.")


def _option(what: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(help=f"{what}; empty takes it away.")
    return found


@commands.command("set")
def change(
    user: UserOption,
    email: Annotated[str | None, _option("Their own address, in place of Slack's")] = None,
    sms: Annotated[str | None, _option("Number for text messages, such as +41446681800")] = None,
    phone: Annotated[str | None, _option("Number for phone calls, likewise")] = None,
    webhook: Annotated[str | None, _option("Their own URL")] = None,
) -> None:
    """Set how somebody is reached."""
    wanted = {
        RuleType.EMAIL: email,
        RuleType.SMS: sms,
        RuleType.PHONE_CALL: phone,
        RuleType.WEBHOOK: webhook,
    }
    with subject.found(user) as (session, found, settings):
        allowed = settings.webhook_allow_private
        for way, address in wanted.items():
            if address is not None:
                contacts.replace(session, found, way=way, address=address, allow_private=allowed)
    show(user)


@commands.command("show")
def show(user: UserOption) -> None:
    """Print how somebody can be reached."""
    with subject.found(user) as (session, found, _):
        typer.echo(f"{found.name} ({found.id}, {found.timezone})")
        for way, address in people.addresses(session, [found])[found.id].items():
            typer.echo(f"{way.value.removeprefix('notify_by_')}: {address}")
