"""Words and times as they are written in Slack."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.models import RuleType

WAYS = {
    RuleType.SLACK: "Slack",
    RuleType.SMS: "SMS",
    RuleType.PHONE_CALL: "phone call",
    RuleType.TELEGRAM: "Telegram",
    RuleType.EMAIL: "e-mail",
    RuleType.MOBILE_APP: "app",
    RuleType.MOBILE_APP_CRITICAL: "app (critical)",
    RuleType.WEBHOOK: "webhook",
    RuleType.MSTEAMS: "Microsoft Teams",
}


def escape(text: str) -> str:
    """What a person typed, so that mrkdwn shows it and never obeys it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from how Slack sends it (the order matters)."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mention(slack_user_id: str | None, name: str) -> str:
    """A mention that notifies; the escaped name of somebody who is not in Slack."""
    return f"<@{slack_user_id}>" if slack_user_id else escape(name)


def local(at: datetime, zone: ZoneInfo) -> str:
    """The time of day there, `02:14`."""
    return at.astimezone(zone).strftime("%H:%M")


def slack_time(at: datetime) -> str:
    """A time of day that Slack shows in each reader's own time zone."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.strftime('%H:%M')} UTC>"


def length(span: timedelta) -> str:
    """`5 min`, `1 h 30 min`, `24 h`, `1 min 30 s`; whole seconds."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def slack_moment(at: datetime) -> str:
    """A day and time in each reader's own time zone; a silence may end tomorrow."""
    words = f"{at.day} {at.strftime('%b %H:%M')}"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{words} UTC>"


def zone(name: str) -> ZoneInfo:
    """The time zone; UTC when Slack knows one that this machine does not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
