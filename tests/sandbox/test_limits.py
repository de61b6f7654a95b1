"""Rate limits: tiers, the message per second and channel, and the answer that says when."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.limits import Bucket, Limits, Tier


class Clock:
    """It stands still unless it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_tier_is_so_many_calls_a_minute() -> None:
    limits = Limits(enabled=True, clock=Clock())
    waits = [limits.wait("chat.update", Tier.THREE, {}) for _ in range(51)]
    assert waits[:50] == [0.0] * 50
    assert waits[50] == pytest.approx(1.2)
    assert limits.wait("users.list", Tier.TWO, {}) == 0.0
    limits.reset()
    assert limits.wait("chat.update", Tier.THREE, {}) == 0.0


def test_messages_are_limited_by_channel() -> None:
    limits = Limits(enabled=True, clock=Clock())

    def post(channel: str) -> float:
        return limits.wait("chat.postMessage", Tier.SPECIAL, {"channel": channel})

    assert [post("C1") for _ in range(4)] == [0.0] * 4
    assert post("C1") == 1.0
    assert post("C2") == 0.0


def test_calls_come_back_with_time() -> None:
    clock = Clock()
    bucket = Bucket(1, 2.0, clock)
    assert bucket.take() == 0.0
    assert bucket.take() == 0.5
    clock.now += 0.5
    assert bucket.take() == 0.0


def test_nothing_is_limited_unless_asked_for() -> None:
    limits = Limits(enabled=False)
    assert not any(limits.wait("apps.connections.open", Tier.ONE, {}) for _ in range(9))


def test_a_limited_call_is_told_when_to_come_back(manifest: Path) -> None:
    with Sandbox(manifest=manifest, rate_limits=True) as strict:
        strict.limits.clock = Clock()
        app = WebClient(strict.app_token, base_url=strict.api_url)
        assert app.apps_connections_open(app_token=strict.app_token)["ok"]
        with pytest.raises(SlackApiError) as refused:
            app.apps_connections_open(app_token=strict.app_token)
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "60"
        bot = WebClient(strict.bot_token, base_url=strict.api_url)
        general = strict.workspace.find_channel("general").id
        for number in range(4):
            bot.chat_postMessage(channel=general, text=str(number))
        with pytest.raises(SlackApiError) as refused:
            bot.chat_postMessage(channel=general, text="one too many")
        assert refused.value.response.headers["Retry-After"] == "1"
        assert len(strict.workspace.history(general)) == 4
