"""How calls are read and refused: encodings, tokens, scopes, unknown methods, pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox import Sandbox
from sandbox.manifest import Manifest
from sandbox.shapes import Json, NotPossible

BUTTONS = {
    "type": "actions",
    "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}],
}


@pytest.fixture
def http(box: Sandbox) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {box.bot_token}"}
    with httpx2.Client(base_url=box.api_url, headers=headers) as client:
        yield client


def refusal(call: Any, **arguments: Any) -> Any:
    """The answer of a call that the SDK reports as failed."""
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response


def test_arguments_come_as_query_form_multipart_or_json(box: Sandbox, http: httpx2.Client) -> None:
    bob = box.person("bob").id
    answers = [
        http.get("users.info", params={"user": bob}),
        http.post("users.info", data={"user": bob}),
        http.post("users.info", files={"user": (None, bob)}),
        http.post("users.info", json={"user": bob}),
        http.post("users.info", params={"user": bob, "token": box.bot_token}),
    ]
    assert [answer.json()["user"]["name"] for answer in answers] == ["bob"] * 5
    assert {answer.status_code for answer in answers} == {200}


def test_structures_may_be_strings_in_a_form(box: Sandbox, http: httpx2.Client) -> None:
    blocks = json.dumps([{"type": "divider", "block_id": "line"}])
    channel = box.workspace.find_channel("general").id
    form = {"channel": channel, "text": "x", "blocks": blocks}
    assert http.post("chat.postMessage", data=form).json()["message"]["blocks"] == [
        {"type": "divider", "block_id": "line"}
    ]
    broken = http.post("chat.postMessage", data={**form, "blocks": "[{"}).json()
    assert broken["error"] == "invalid_blocks_format"


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("application/json", b'{"a": NaN}', "invalid_json"),
        ("application/json", b'{"a": [{"b": 1e999}]}', "invalid_json"),
        ("application/json", b'{"a": "\\ud800"}', "invalid_json"),
        ("application/json", b'{"a": %s1%s}' % (b"[" * 100, b"]" * 100), "invalid_json"),
        ("application/json", b'{"a": %s' % (b"[" * 100_000), "invalid_json"),
        ("text/csv", b"a,b", "invalid_post_type"),
    ],
)
def test_bodies_nobody_can_read(
    http: httpx2.Client, content_type: str, body: bytes, error: str
) -> None:
    answer = http.post("auth.test", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 200
    assert answer.json() == {"ok": False, "error": error}


def test_tokens(box: Sandbox) -> None:
    def error(token: str | None, method: str = "auth.test") -> str:
        client = WebClient(token, base_url=box.api_url)
        return str(refusal(client.api_call, api_method=method)["error"])

    assert error(None) == "not_authed"
    assert error("xoxb-other") == "invalid_auth"
    assert error(box.bot_token, "apps.connections.open") == "not_allowed_token_type"
    assert error(box.app_token, "users.list") == "not_allowed_token_type"
    assert error(box.bot_token, "dnd.setSnooze") == "not_allowed_token_type"
    assert error(box.bot_token, "chat.sing") == "unknown_method"
    box.refuse_token("account_inactive")
    assert error(box.bot_token) == "account_inactive"
    box.refuse_token()
    assert error(box.bot_token) == "token_revoked"


def test_a_revoked_token_is_refused_afterwards(box: Sandbox, client: WebClient) -> None:
    assert client.auth_revoke(test=True)["revoked"] is False
    assert client.auth_revoke()["revoked"] is True
    assert refusal(client.auth_test)["error"] == "token_revoked"


def test_auth_test_says_who_the_bot_is(box: Sandbox, client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user_id"] == box.workspace.bot.id
    assert answer["bot_id"] == box.workspace.bot.bot_id
    assert answer["team_id"] == box.workspace.team_id
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert client.bots_info(bot=answer["bot_id"])["bot"]["user_id"] == answer["user_id"]
    assert client.team_info()["team"]["id"] == answer["team_id"]
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal(client.api_test, error="boo")["error"] == "boo"


def test_missing_scopes_are_named(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        "display_information: {name: Poor}\noauth_config: {scopes: {bot: [chat:write]}}\n"
    )
    with Sandbox(manifest=manifest) as poor:
        client = WebClient(poor.bot_token, base_url=poor.api_url)
        answer = refusal(client.users_list)
        assert answer["error"] == "missing_scope"
        assert answer["needed"] == "users:read"
        assert answer["provided"] == "chat:write"
        ops, general = (poor.workspace.find_channel(each).id for each in ("ops", "general"))
        assert refusal(client.chat_postMessage, channel=ops, text="x")["error"] == "not_in_channel"
        assert client.chat_postMessage(channel=general, text="x")["ok"]


def test_a_manifest_without_the_scopes_it_needs_is_refused(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        "display_information: {name: Poor}\n"
        "settings: {event_subscriptions: {bot_events: [user_change, app_mention]}}\n"
    )
    with pytest.raises(ValueError, match="app_mentions:read, users:read"):
        Manifest.load(manifest)


LONG_NAME = "display_information: {name: An exceedingly long name for one app}"
NO_SCOPE = """
display_information: {name: X}
features: {slash_commands: [{command: /x, description: x}]}
"""


@pytest.mark.parametrize(
    ("text", "said"), [(LONG_NAME, "36 characters"), (NO_SCOPE, "need the scopes commands")]
)
def test_manifests_no_installation_accepts(tmp_path: Path, text: str, said: str) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(text)
    with pytest.raises(ValueError, match=said):
        Manifest.load(manifest)


def test_an_app_may_have_no_place_for_messages(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(
        "display_information: {name: Mute}\n"
        "features: {app_home: {messages_tab_enabled: false}}\n"
        "oauth_config: {scopes: {bot: [chat:write]}}\n"
    )
    with Sandbox(manifest=manifest) as mute:
        client = WebClient(mute.bot_token, base_url=mute.api_url)
        bob = mute.person("bob")
        answer = refusal(client.chat_postMessage, channel=bob.id, text="x")
        assert answer["error"] == "messages_tab_disabled"
        with pytest.raises(NotPossible, match="takes no messages"):
            bob.say("hello", channel="@mute")
        with pytest.raises(NotPossible, match="no home tab"):
            bob.open_home()
        general = mute.workspace.find_channel("general").id
        client.chat_postMessage(channel=general, text="x", blocks=[BUTTONS])
        message = bob.message(channel="general", containing="Go")
        assert bob.press(message, "Go").failed is not None


def test_a_thousand_people_come_page_by_page(manifest: Path) -> None:
    with Sandbox(manifest=manifest) as crowd:
        crowd.admin.add_people(1000)
        client = WebClient(crowd.bot_token, base_url=crowd.api_url)
        pages = [page["members"] for page in client.users_list(limit=200)]
        assert [len(page) for page in pages] == [200] * 5 + [10]
        assert len({user["id"] for page in pages for user in page}) == 1010
        general = crowd.workspace.find_channel("general").id
        members = [page["members"] for page in client.conversations_members(channel=general)]
        assert [len(page) for page in members] == [100] * 10 + [7]
        assert refusal(client.users_list, cursor="nonsense")["error"] == "invalid_cursor"
        assert refusal(client.users_list, limit=5000)["error"] == "invalid_limit"


def test_people_are_found_and_described(box: Sandbox, client: WebClient) -> None:
    alice: Json = client.users_lookupByEmail(email="Alice@example.com")["user"]
    assert alice["id"] == box.person("alice").id
    assert alice["is_admin"] is True
    assert alice["tz"] == "Europe/Berlin"
    assert alice["profile"]["email"] == "alice@example.com"
    rob: Json = client.users_info(user=box.person("rob").id)["user"]
    assert rob["deleted"] is True
    assert "tz" not in rob
    assert client.users_info(user=box.person("gail").id)["user"]["is_restricted"] is True
    stella: Json = client.users_info(user=box.person("stella").id)["user"]
    assert stella["team_id"] != box.workspace.team_id
    assert stella["is_stranger"] is True
    lookup = client.users_lookupByEmail
    assert refusal(lookup, email="rob@example.com")["error"] == "users_not_found"
    assert refusal(client.users_info, user="U000")["error"] == "user_not_found"
    dave = box.person("dave").id
    assert client.users_getPresence(user=dave)["presence"] == "away"
    assert client.users_profile_get(user=dave)["profile"]["display_name"] == "dave"
    assert client.dnd_info(user=dave)["dnd_enabled"] is True
    many = [f"U{number}" for number in range(51)]
    assert refusal(client.dnd_teamInfo, users=many)["error"] == "too_many_users"


def test_user_groups(box: Sandbox, client: WebClient) -> None:
    group = box.admin.add_group("sre", "alice", "bob")
    [shown] = client.usergroups_list(include_users=True)["usergroups"]
    assert (shown["id"], shown["handle"], shown["user_count"]) == (group, "sre", 2)
    people = {box.person("alice").id, box.person("bob").id}
    assert set(client.usergroups_users_list(usergroup=group)["users"]) == people
    unknown = refusal(client.usergroups_users_list, usergroup="S0")
    assert unknown["error"] == "no_such_subteam"


def test_the_journal_keeps_every_call(box: Sandbox, client: WebClient) -> None:
    before = len(box.workspace.journal)
    client.users_info(user=box.person("bob").id)
    refusal(client.users_info, user="U000")
    good, bad = box.workspace.journal[before:]
    assert (good.method, good.ok, good.status) == ("users.info", True, 200)
    assert good.arguments == {"user": box.person("bob").id}
    assert (bad.ok, bad.answer["error"]) == (False, "user_not_found")
    assert good.seconds < 1
