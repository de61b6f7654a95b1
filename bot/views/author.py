"""What is said privately to whoever asked: where the alert is, and that nobody has answered."""

from bot import ids
from bot.views import message, report
from bot.views.chain_log import voice
from bot.views.message import Message
from bot.views.text import escape
from core import chain_words
from core.channels import Notice


def posted(notice: Notice, *, in_direct: bool) -> Message:
    """Where the alert message is.  `in_direct`: this is read in the direct message itself."""
    place = _place(notice.slack_channel, in_direct=in_direct)
    told = f"The alert is {place}."
    if notice.refusal:
        told = f"{_refused(notice)} {told}"
    if notice.link:
        told += f" {message.link(notice.link, 'Open it')}"
    if notice.heard_only_in:
        is_refused = notice.refusal is not None
        said = chain_words.heard_in(notice.heard_only_in, voice({}), is_refused=is_refused)
        told += f"\n{said}"
    return Message(text=f"{told}\n>{escape(message.named(notice.title))}")


def unanswered(notice: Notice) -> Message:
    """Nobody is being paged any more, and it still burns."""
    title = escape(message.named(notice.title))
    told = "*Nobody has answered.* Page someone else."
    if notice.link:
        told += f"\n{message.link(notice.link, 'Open the alert')}"
    source = report.source_link(notice.source_url)
    responders = message.button(
        "Responders", ids.RESPONDERS, notice.alert_group_id, about=notice.title, style="primary"
    )
    return Message(
        text=f"Nobody has answered: {title}. Page someone else.",
        blocks=[
            message.header(notice.title),
            message.section(told),
            *([message.context(source)] if source else []),
            message.actions(responders),
        ],
        plain=message.plain(f"Nobody has answered: {title}", told, source),
    )


def _refused(notice: Notice) -> str:
    """`#sre did not take the alert. That channel is archived.`"""
    why = escape(notice.refusal or "")
    channel = notice.refused_by or ""
    if not channel.startswith(("C", "G")):
        return why
    return f"<#{channel}> did not take the alert. {why}"


def _place(slack_channel: str | None, *, in_direct: bool) -> str:
    if slack_channel is None:
        return "in Slack"
    if slack_channel.startswith("D"):
        return "here, above" if in_direct else "in your direct messages with me"
    return f"in <#{slack_channel}>"
