"""What the two forms that page people have in common."""

import logging
from collections.abc import Mapping

from sqlmodel import Session

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners.desk import PATIENCE, Desk
from bot.listeners.lookup import Profiles, keep
from bot.views.chosen import Chosen, notice
from bot.views.team_choice import TeamChoice
from core.models import SlackChannel, User
from core.pages import Responder
from core.paging import Opened
from core.requests import Asked

logger = logging.getLogger(__name__)

LATE = "It did page, only late: what you asked for is under way. Do not page again."
MEETING = 5.0  # seconds for looking people up while the form is open


def meet(desk: Desk, chosen: Chosen) -> Profiles:
    """Look up those of the people chosen whom we do not know, and keep them."""
    new = desk.lookup.newcomers(desk.db, chosen.people, budget=MEETING)
    if any(new.values()):
        with desk.db.transaction(patience=PATIENCE) as session:
            keep(session, new, new)
    return new


def responders(chosen: Chosen, users: Mapping[str, User]) -> list[Responder]:
    return [Responder(users[id_], id_ in chosen.important) for id_ in chosen.people]


def asked(
    interaction: Interaction, about: str, chosen: Chosen, team: TeamChoice | None = None
) -> Asked:
    """What makes this submit the same as one sent twice: the form, and what is in it."""
    people = [[id_, id_ in chosen.important] for id_ in chosen.people]
    what = [about, people, *([[team.id, team.important]] if team else [])]
    return Asked.of(interaction.view["id"], what)


def none_of_team(session: Session, opened: Opened) -> str | None:
    """What to tell the author if nobody of the team is called, while other people are.

    If nobody is called at all, the answer that says where the alert is says so too.
    """
    if opened.heard_only_in is None or opened.team is None:
        return None
    channel = session.get_one(SlackChannel, opened.heard_only_in)
    return f"Nobody of {opened.team.name} is called: only {channel.shown} hears of it."


def finish(interaction: Interaction, desk: Desk, *, response_url: str | None) -> None:
    """Close the form, and say that it paged if Slack may have said otherwise by now."""
    interaction.acknowledge()
    desk.forms.forget(interaction.view["id"])
    if not interaction.is_late:
        return
    logger.warning("A page by %s was committed late", interaction.user_id)
    interaction.whisper(LATE, response_url=response_url)
    try:
        interaction.client.views_update(
            view_id=interaction.view["id"], view=notice("Paged", [LATE])
        )
    except SLACK_ERRORS as error:
        logger.info("The form was gone already: %s", reason(error))
