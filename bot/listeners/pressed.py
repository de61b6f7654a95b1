"""Changes a direct message at once when a button on it was pressed.

The engine rewrites it too, but edits of direct messages are what it does last when
Slack is short; what a person pressed themselves goes through its own `response_url`,
which counts towards no limit.
"""

import logging

from slack_sdk.webhook import WebhookClient
from sqlmodel import Session, select

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners.desk import Desk
from bot.views import direct
from bot.views.message import Message
from bot.views.report import whole_url
from core import telling
from core.models import AlertGroup, Post, PostKind

logger = logging.getLogger(__name__)

TRIES = 3  # Slack takes five answers to one press


def show(interaction: Interaction, desk: Desk, alert_group_id: str) -> None:
    """Rewrite the message that was pressed, if it is a responder's direct message.

    Looks again afterwards: if the alert changed meanwhile, the engine may have shown
    that already, and what was sent here has overwritten it.
    """
    url = interaction.response_url
    shown: Message | None = None
    for _ in range(TRIES):
        with desk.db.reading() as session:
            message = _as_it_stands(session, interaction, desk, alert_group_id)
        if url is None or message is None or message == shown:
            return
        webhook = WebhookClient(url, timeout=interaction.client.timeout)
        try:
            webhook.send(
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
                replace_original=True,
            )
        except SLACK_ERRORS as error:
            logger.info("A direct message of %s: %s", interaction.user_id, reason(error))
            return
        shown = message


def _as_it_stands(
    session: Session, interaction: Interaction, desk: Desk, alert_group_id: str
) -> Message | None:
    container = interaction.body.get("container") or {}
    post = session.scalars(
        select(Post).where(
            Post.alert_group_id == alert_group_id,
            Post.kind == PostKind.DIRECT,
            Post.slack_channel == container.get("channel_id"),
            Post.ts == container.get("message_ts"),
        )
    ).first()
    group = session.get(AlertGroup, alert_group_id)
    if post is None or post.page_id is None or group is None:
        return None
    whole = whole_url(desk.settings.public_url, alert_group_id)
    return direct.follow(telling.tell(session, group), post.page_id, whole=whole)
