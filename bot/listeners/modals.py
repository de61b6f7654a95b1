"""Forms in front of a person: opened, put over another one, closed, and replaced."""

import logging

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners import home
from bot.listeners.desk import Desk
from bot.views.chosen import Block, notice
from core.errors import Refused

logger = logging.getLogger(__name__)

NOT_OPENED = "Slack did not open the form. Nothing was changed. Press the button again."
LATE = "It was saved, only late: everything is as you set it. You need not do it again."


def show(interaction: Interaction, drawn: Block) -> None:
    """Open a form over the Home tab, or over the form it was asked for in.  Raises Refused."""
    client, trigger_id = interaction.client, interaction.trigger_id
    try:
        if interaction.view.get("type") == "modal":
            client.views_push(trigger_id=trigger_id, view=drawn)
        else:
            client.views_open(trigger_id=trigger_id, view=drawn)
    except SLACK_ERRORS as error:
        logger.error("A form for %s: %s", interaction.user_id, reason(error))
        raise Refused(NOT_OPENED) from None


def finish(
    interaction: Interaction,
    desk: Desk,
    follows: Block | None = None,
    *,
    below: Block | None = None,
) -> None:
    """Close the form, or show what follows in its place; and draw the Home tab anew.

    `below` is what the form under it shows from now on.
    """
    if follows is None:
        interaction.acknowledge()
    else:
        interaction.acknowledge(response_action="update", view=follows)
    desk.forms.forget(interaction.view["id"])
    if below is not None:
        update(interaction, str(interaction.view["previous_view_id"]), below)
    if interaction.is_late:
        # Slack may have shown its own error, and left the form open to be sent again.
        logger.warning("A form of %s was saved late", interaction.user_id)
        interaction.whisper(LATE)
        update(interaction, interaction.view["id"], follows or notice("Saved", [LATE]))
    home.refresh(interaction.client, desk, interaction.user_id)


def replace(interaction: Interaction, desk: Desk, told: Block) -> None:
    """Show this in place of the form that was open; and draw the Home tab anew."""
    desk.forms.forget(interaction.view["id"])
    update(interaction, interaction.view["id"], told)
    home.refresh(interaction.client, desk, interaction.user_id)


def update(interaction: Interaction, view_id: str, drawn: Block) -> None:
    """Draw a form that may be gone by now."""
    try:
        interaction.client.views_update(view_id=view_id, view=drawn)
    except SLACK_ERRORS as error:
        logger.info("views.update for %s: %s", interaction.user_id, reason(error))
