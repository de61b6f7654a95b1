"""What a page is told first, and what it is told again when that changes."""

import pytest
from slack_sdk import WebClient

from sandbox import Sandbox
from tests.sandbox.page.client import Tab
from tests.sandbox.page.conftest import OpenTab


def test_the_start_says_everything_there_is(alice: Tab, box: Sandbox) -> None:
    start = alice.now
    assert alice.me == box.person("alice").id
    assert start["workspace"] == {"name": "Sandbox", "bot": box.workspace.bot.id}
    assert start["commands"][0] == {
        "name": "/echo",
        "description": "Opens a form",
        "usage": "what",
    }
    assert start["shortcuts"] == [
        {"callback_id": "echo_global", "name": "Echo", "on_message": False},
        {"callback_id": "echo_message", "name": "Echo this", "on_message": True},
    ]
    assert start["home_tab"] is True
    assert (start["modals"], start["home"], start["phones"]) == ([], None, [])
    assert (start["time"], start["may_start_over"]) == (None, False)
    assert set(start["trouble"].values()) == {False}


def test_people(alice: Tab) -> None:
    people = alice.now["people"].values()
    playable = [each["name"] for each in people if each["playable"]]
    assert playable == ["alice", "bob", "carol", "dave", "gail", "stella"]
    assert alice.person("alice")["is_admin"]
    assert alice.person("gail")["is_guest"]
    assert alice.person("stella")["stranger"]
    assert alice.person("rob")["deleted"]
    assert alice.person("deploybot")["is_bot"]
    assert alice.person("dave")["paused_until"] > 0
    assert alice.person("bob")["paused_until"] is None
    assert alice.person("carol")["tz"] == "Asia/Tokyo"


def test_somebody_of_another_company(open_tab: OpenTab) -> None:
    stella = open_tab("stella")
    assert [each["name"] for each in stella.now["channels"]] == ["shared-vendor"]
    start = stella.now
    assert (start["commands"], start["shortcuts"], start["home_tab"]) == ([], [], False)


def test_channels_stand_in_the_order_of_the_sidebar(open_tab: OpenTab, box: Sandbox) -> None:
    box.workspace.direct(box.person("carol").id, box.person("bob").id)
    bob, carol = open_tab("bob"), open_tab("carol")
    names = [each["name"] or other_of(each, bob) for each in bob.now["channels"]]
    assert names == [
        *("general", "incidents", "ops", "secret-room", "shared-vendor", "old-war-room"),
        *("@echo", "@carol"),
    ]
    names = [each["name"] or other_of(each, carol) for each in carol.now["channels"]]
    # Joined ones come first; nobody tells carol of the room she is not in.
    assert names == [
        *("general", "incidents", "ops", "shared-vendor", "old-war-room", "@echo", "@bob")
    ]
    assert carol.channel("shared-vendor")["joined"] is False
    assert carol.channel("shared-vendor")["shared"] is True
    assert carol.channel("shared-vendor")["can_write"] is False
    assert bob.channel("old-war-room")["archived"] is True
    assert bob.channel("@echo")["can_write"] is True
    gail = open_tab("gail")
    # Guests see nothing but what they are in.
    assert [each["name"] for each in gail.now["channels"]] == ["general", "incidents", ""]


def other_of(channel: dict[str, str], tab: Tab) -> str:
    return "@" + str(tab.now["people"][channel["with"]]["name"])


def test_a_name_nobody_has_is_the_first_person(open_tab: OpenTab, box: Sandbox) -> None:
    assert open_tab("rob").me == box.person("alice").id
    assert open_tab("nobody").me == box.person("alice").id
    assert open_tab(box.person("bob").id).me == box.person("bob").id


def test_new_people_and_channels_arrive(alice: Tab, box: Sandbox) -> None:
    erin = box.admin.add_person("erin", "Erin Olsen")
    alice.wait(lambda: erin.id in alice.now["people"])
    box.admin.change("erin", real_name="Erin O.")
    alice.wait(lambda: alice.person("erin")["real_name"] == "Erin O.")
    box.admin.add_channel("private-plans", "bob", private=True)
    box.admin.add_channel("plans", "alice")
    alice.wait(lambda: any(each["name"] == "plans" for each in alice.now["channels"]))
    with pytest.raises(LookupError):
        alice.channel("private-plans")
    box.admin.put_in("alice", "private-plans")
    alice.wait(lambda: any(each["name"] == "private-plans" for each in alice.now["channels"]))
    box.admin.take_out("alice", "private-plans")
    alice.wait(lambda: all(each["name"] != "private-plans" for each in alice.now["channels"]))


def test_only_what_changed_is_sent(alice: Tab, client: WebClient) -> None:
    ops = alice.id("general")
    client.chat_postMessage(channel=ops, text="only this")
    alice.message("only this")
    assert alice.kinds() == ["start", "channels", "messages"]
    assert len(alice.heard[-1]["messages"]) == 1


def test_a_tab_that_goes_leaves_nothing_behind(open_tab: OpenTab, box: Sandbox) -> None:
    first, second = open_tab("alice"), open_tab("bob")
    box.wait(lambda: len(box.page.tabs) == 2)  # those of earlier tests may be going still
    first.socket.close()
    second.socket.socket.close()
    box.wait(lambda: not box.page.tabs)
    assert box.workspace.listeners == []
