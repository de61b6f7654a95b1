"""Changes a direct message at once when a button on it was pressed.

The engine rewrites it too, but edits of direct messages are what it does last when
Slack is short; what a person pressed themselves goes through its own `response_url`,
which counts towards no limit.
"""

import logging
from dataclasses import dataclass

from slack_sdk.webhook import WebhookClient
from sqlmodel import Session, select

from bot.interaction import SLACK_ERRORS, Interaction, reason
from bot.listeners.desk import Desk
from bot.views import direct
from core import alert_groups, log, story
from core.models import AlertGroup, Post, PostKind
from core.story import Story

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pressed:
    """A responder's direct message, and what it has to show now."""

    post_id: int
    revision: int
    page_id: str
    story: Story


def find(session: Session, group: AlertGroup, interaction: Interaction) -> Pressed | None:
    """The direct message that was pressed, if it was one, as of the end of this transaction."""
    container = interaction.body.get("container") or {}
    session.flush()
    post = session.scalars(
        select(Post)
        .where(
            Post.alert_group_id == group.id,
            Post.kind == PostKind.DIRECT,
            Post.slack_channel == container.get("channel_id"),
            Post.ts == container.get("message_ts"),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if post is None or post.id is None or post.page_id is None:
        return None
    return Pressed(post.id, post.revision, post.page_id, story.tell(session, group))


def change(pressed: Pressed, interaction: Interaction, desk: Desk) -> None:
    """Show it; if the alert changed meanwhile, the engine has to look again."""
    url = interaction.response_url
    if url is None:
        return
    message = direct.follow(pressed.story, pressed.page_id)
    webhook = WebhookClient(url, timeout=interaction.client.timeout)
    try:
        webhook.send(
            text=message.text,
            blocks=[dict(block) for block in message.blocks],
            replace_original=True,
        )
    except SLACK_ERRORS as error:
        logger.info("The message of %s was not changed: %s", pressed.page_id, reason(error))
    with desk.db.reading() as session:
        post = session.get(Post, pressed.post_id)
        changed = post is not None and post.revision != pressed.revision
    if changed:
        with desk.db.transaction() as session:
            group = alert_groups.lock(session, pressed.story.id)
            log.touch(session, group, PostKind.DIRECT)
