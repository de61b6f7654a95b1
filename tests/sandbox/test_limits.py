"""Rate limits: tiers, the message per second and channel, and the answer that says when."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.limits import Bucket, Limits, Tier


def test_a_tier_is_so_many_calls_a_minute() -> None:
    limits = Limits(enabled=True)
    waits = [limits.wait("chat.update", Tier.THREE, {}) for _ in range(51)]
    assert waits[:50] == [0.0] * 50
    assert 1.0 < waits[50] <= 1.2
    assert limits.wait("users.list", Tier.TWO, {}) == 0.0
    limits.reset()
    assert limits.wait("chat.update", Tier.THREE, {}) == 0.0


def test_messages_are_limited_by_channel() -> None:
    limits = Limits(enabled=True)

    def post(channel: str) -> float:
        return limits.wait("chat.postMessage", Tier.SPECIAL, {"channel": channel})

    assert [post("C1") for _ in range(4)] == [0.0] * 4
    assert 0.5 < post("C1") <= 1.0
    assert post("C2") == 0.0


def test_calls_come_back_with_time() -> None:
    bucket = Bucket(size=1, per_second=1000.0)
    assert bucket.take() == 0.0
    bucket.at -= 1
    assert bucket.take() == 0.0


def test_nothing_is_limited_unless_asked_for() -> None:
    limits = Limits(enabled=False)
    assert not any(limits.wait("apps.connections.open", Tier.ONE, {}) for _ in range(9))


def test_a_limited_call_is_told_when_to_come_back(manifest: Path) -> None:
    with Sandbox(manifest=manifest, rate_limits=True) as strict:
        app = WebClient(strict.app_token, base_url=strict.api_url)
        assert app.apps_connections_open(app_token=strict.app_token)["ok"]
        with pytest.raises(SlackApiError) as refused:
            app.apps_connections_open(app_token=strict.app_token)
        assert refused.value.response.status_code == 429
        assert 50 <= int(refused.value.response.headers["Retry-After"]) <= 60
        bot = WebClient(strict.bot_token, base_url=strict.api_url)
        general = strict.workspace.find_channel("general").id
        with pytest.raises(SlackApiError) as refused:
            post_until_refused(bot, general)
        assert refused.value.response.headers["Retry-After"] == "1"
        assert 4 <= len(strict.workspace.history(general)) < 50


def post_until_refused(client: WebClient, channel: str) -> None:
    for number in range(50):
        client.chat_postMessage(channel=channel, text=str(number))
