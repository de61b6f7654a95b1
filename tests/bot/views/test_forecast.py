"""What is said about somebody before they are paged."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.listeners.candidates import prospect
from bot.views.forecast import Candidate, Standing, foresee
from core import rules
from core.models import RuleType, User
from core.people import Addresses
from core.rules import Rules

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAIL = {RuleType.SLACK, RuleType.EMAIL}
EVERYWHERE = {RuleType.SLACK: "U1", RuleType.EMAIL: "bob@example.com"}


def said(
    default: str = "",
    important: str | None = None,
    *,
    at: datetime = NOON,
    zone: str = "UTC",
    has: Addresses = EVERYWHERE,
    ways: set[RuleType] = MAIL,
    paused_until: datetime | None = None,
) -> str:
    """The line for Bob; by his important rules if those are given."""
    user = User(slack_user_id="U1", name="Bob", timezone=zone)
    if paused_until is not None:
        user.pause_starts_at, user.pause_ends_at = at - timedelta(hours=1), paused_until
    own = Rules(tuple(rules.parse(default)), tuple(rules.parse(important or "")))
    both = [prospect(user, own, has, ways, important=each, at=at) for each in (False, True)]
    candidate = Candidate("U1", "Bob", user.zone, Standing.PERSON, *both)
    return foresee(candidate, important=important is not None, at=at)


@pytest.mark.parametrize(
    ("default", "important", "expected"),
    [
        ("slack, wait 5m, email", None, "12:00 there. Slack now, e-mail in 5 min."),
        ("wait 15m, slack", None, "12:00 there. Slack in 15 min."),
        ("email, slack", None, "12:00 there. E-mail now, Slack now."),
        ("", None, "12:00 there. No rules of their own. Slack now, e-mail in 5 min."),
        ("wait 5m", None, ("12:00 there. Their own rules cannot work here: the standard ones run. "
         "Slack now, e-mail in 5 min.")),
        ("slack", "", "12:00 there. No important rules: their default rules run. Slack now."),
        ("slack", "email", "12:00 there. E-mail now."),
        ("slack", "sms", ("12:00 there. Their important rules cannot work: their default rules "
         "run. Slack now. SMS is not set up here.")),
        ("phone_call", "sms", ("12:00 there. Their own rules cannot work here: the standard ones "
         "run. Slack now, e-mail in 5 min. SMS is not set up here. "
         "Phone call is not set up here.")),
        ("sms, wait 5m, slack", None, "12:00 there. Slack now. SMS is not set up here."),
        ("slack, webhook", None, "12:00 there. Slack now. Webhook is not set up here."),
    ],
)  # fmt: skip
def test_rules(default: str, important: str | None, expected: str) -> None:
    assert said(default, important) == expected


def test_no_address() -> None:
    has = {RuleType.SLACK: "U1"}
    expected = "12:00 there. Slack now. No address for e-mail is known."
    assert said("email, slack", has=has) == expected


def test_nothing_can_reach_them() -> None:
    assert said("slack", has={}) == (
        "12:00 there. Nothing can reach Bob. No address for Slack is known. "
        "No address for e-mail is known."
    )


@pytest.mark.parametrize(
    ("hour", "zone", "expected"),
    [
        (21, "UTC", "21:30 there."),
        (22, "UTC", "22:30 there, night."),
        (6, "UTC", "06:30 there, night."),
        (7, "UTC", "07:30 there."),
        (12, "Asia/Tokyo", "21:30 there."),
        (18, "Asia/Tokyo", "03:30 there, night."),
        (12, "Mars/Olympus", "12:30 there."),
    ],
)
def test_the_time_there(hour: int, zone: str, expected: str) -> None:
    at = datetime(2026, 3, 2, hour, 30, tzinfo=UTC)
    assert said("slack", at=at, zone=zone).startswith(expected)


def test_paused_notifications() -> None:
    until = NOON + timedelta(hours=8)
    line = said("slack, wait 5m, email", paused_until=until, zone="Europe/Berlin")
    assert line == ("13:00 there. Slack now (notifications paused until 21:00 there), e-mail now.")
    assert said("slack, wait 5m, slack", paused_until=until) == (
        "12:00 there. Slack now (notifications paused until 20:00 there), "
        "Slack in 5 min (notifications paused until 20:00 there). "
        "That is all there is: Bob may not notice."
    )
    far = said("slack", paused_until=NOON + timedelta(days=2))
    assert "paused until Wed 12:00 there" in far


def test_a_long_list_is_counted() -> None:
    line = said(", ".join(["slack", "wait 5m"] * 15))
    assert "Slack in 35 min, 7 more." in line


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing.BOT, "&lt;Bob&gt; is a bot and cannot be paged. Take them out above."),
        (Standing.DEACTIVATED, ("&lt;Bob&gt; is deactivated and cannot be paged. Take them "
         "out above.")),
        (Standing.STRANGER, ("&lt;Bob&gt; belongs to another workspace and cannot be paged. "
         "Take them out above.")),
        (Standing.NEW, "New here: Tocsin will look them up when you press Page."),
    ],
)  # fmt: skip
def test_who_cannot_be_paged(standing: Standing, expected: str) -> None:
    candidate = Candidate("U1", "<Bob>", ZoneInfo("UTC"), standing)
    assert foresee(candidate, important=False, at=NOON) == expected
