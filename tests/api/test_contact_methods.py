"""users/{id}/contact_methods/: addresses checked, kept to oneself, and paged."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.db import Database
from core.models import Role
from tests.api.service import Client, Service
from tests.core.world import World

FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}
ANA = "users/current/contact_methods"
SMS = {"type": "notify_by_sms", "address": "+41 44 668 18 00"}
BARE = ("sms", "phone")


def listed(client: Client, path: str = f"{ANA}/") -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_what_slack_says_and_what_was_added(service: Service) -> None:
    ana = service.add("ana", lacks=BARE)
    client = service.client(ana)
    slack = {"id": None, "type": "notify_by_slack", "address": "UANA", "source": "slack"}
    mail = {
        "id": None,
        "type": "notify_by_email",
        "address": "ana@example.com",
        "source": "slack",
    }
    assert client.get(f"{ANA}/").json() == {
        "count": 2,
        "current_page_number": 1,
        "next": None,
        "page_size": 50,
        "previous": None,
        "results": [slack, mail],
        "total_pages": 1,
    }
    added = client.post(f"{ANA}/", SMS)
    assert added.status_code == 201, added.text
    sms = added.json()
    assert sms == SMS | {"id": sms["id"], "address": "+41446681800", "source": "tocsin"}
    assert sms["id"].startswith("CM")
    other = {"type": "notify_by_email", "address": "Pager@EXAMPLE.org"}
    pager = client.post(ANA, other).json()
    assert pager["address"] == "Pager@example.org"
    assert listed(client) == [slack, sms, pager]
    assert listed(client, f"users/{ana.id}/contact_methods") == [slack, sms, pager]
    assert client.get(f"{ANA}/{sms['id']}/").json() == sms
    for each in (sms, pager):
        gone = client.delete(f"{ANA}/{each['id']}/")
        assert (gone.status_code, gone.content) == (204, b"")
        for answer in (
            client.get(f"{ANA}/{each['id']}/"),
            client.delete(f"{ANA}/{each['id']}"),
        ):
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert listed(client) == [slack, mail]


def test_a_number_that_was_added_rings(service: Service) -> None:
    ana = service.add("ana", None, "sms", lacks=BARE)
    service.client(ana).post(f"{ANA}/", SMS)
    service.world.escalate(to=[ana])
    assert service.world.sms.addresses == ["+41446681800"]


@pytest.mark.parametrize(
    ("type_", "written", "kept"),
    [
        ("sms", "+41 44 668 18 00", "+41446681800"),
        ("sms", " +41446681800\n", "+41446681800"),
        ("phone_call", "+1 (202) 555-0100", "+12025550100"),
        ("phone_call", "+44 20/7946.0958", "+442079460958"),
        ("email", "ana.maria+pager@Example.COM", "ana.maria+pager@example.com"),
        ("email", "ana@münchen.example.de", "ana@xn--mnchen-3ya.example.de"),
        ("webhook", "https://example.com/hook?a=1", "https://example.com/hook?a=1"),
    ],
)
def test_addresses_are_kept_in_one_form(
    small: Service, type_: str, written: str, kept: str
) -> None:
    client = small.client(small.add("ana", lacks=BARE))
    answer = client.post(f"{ANA}/", {"type": f"notify_by_{type_}", "address": written})
    assert answer.status_code == 201, answer.text
    assert answer.json()["address"] == kept
    assert kept in [each["address"] for each in listed(client)]


HOW = "Write the number as it is dialled from abroad, such as +41 44 668 18 00."


@pytest.mark.parametrize(
    ("type_", "address", "said"),
    [
        ("sms", "044 668 18 00", HOW),
        ("sms", "0041 44 668 18 00", HOW),
        ("sms", "+1 800 FLOWERS", HOW),
        ("sms", "+41446681800 ext 5", HOW),
        ("sms", "+١٢٠٢٥٥٥٠١٠٠", HOW),
        ("sms", "+", HOW),
        ("sms", "+41 44 668", f"This number is too short. {HOW}"),
        ("sms", "+41 44 668 18 00 12 34 56", f"This number is too long. {HOW}"),
        ("sms", "+1 555 0100", f"This number lacks its area code. {HOW}"),
        ("phone_call", "+999 123 456 789", f"No country has this code. {HOW}"),
        ("phone_call", 41446681800, HOW),
        (
            "email",
            "ana",
            "This is no e-mail address. An email address must have an @-sign.",
        ),
        (
            "email",
            "ana@example",
            (
                "This is no e-mail address. "
                "The part after the @-sign is not valid. It should have a period."
            ),
        ),
        (
            "email",
            "Ana <ana@example.com>",
            (
                "This is no e-mail address. "
                "A display name and angle brackets around the email address are not permitted here."
            ),
        ),
        ("webhook", "example.com/hook", "Write a URL that begins with https:// (or http://)."),
        ("webhook", "ftp://example.com", "Write a URL that begins with https:// (or http://)."),
        (
            "webhook",
            "http://127.0.0.1/hook",
            (
                "This URL leads to a private address. "
                "Set TOCSIN_WEBHOOK_ALLOW_PRIVATE=true if that is what you want."
            ),
        ),
        ("email", "", "This field may not be blank."),
        ("email", None, "This field may not be null."),
        ("email", ["ana@example.com"], "Not a valid string."),
        ("email", "a" * 2_001, "Ensure this field has no more than 2000 characters."),
    ],
)
def test_addresses_that_make_no_sense(small: Service, type_: str, address: Any, said: str) -> None:
    client = small.client(small.add("ana", lacks=BARE))
    answer = client.post(f"{ANA}/", {"type": f"notify_by_{type_}", "address": address})
    assert (answer.status_code, answer.json()) == (400, {"address": [said]})
    assert [each["source"] for each in listed(client)] == ["slack", "slack"]


USE = "Use one of notify_by_email, notify_by_sms, notify_by_phone_call, notify_by_webhook."


@pytest.mark.parametrize(
    ("type_", "why"),
    [
        ("wait", "A wait is a step of the notification rules; it reaches nobody."),
        (
            "notify_by_slack",
            "People are reached in Slack as who they are there; there is nothing to add.",
        ),
        ("notify_by_mobile_app", "There is no mobile app of Tocsin."),
        ("notify_by_mobile_app_critical", "There is no mobile app of Tocsin."),
        (
            "notify_by_telegram",
            "Tocsin has no such channel, so it cannot reach people there.",
        ),
        ("notify_by_msteams", "Tocsin has no such channel, so it cannot reach people there."),
        ("sms", "sms is no way to reach somebody."),
        ("Notify_by_sms", "Notify_by_sms is no way to reach somebody."),
    ],
)
def test_types_that_cannot_be(small: Service, type_: str, why: str) -> None:
    client = small.client(small.add("ana"))
    answer = client.post(f"{ANA}/", {"type": type_, "address": "x"})
    assert (answer.status_code, answer.json()) == (400, {"type": [f"{why} {USE}"]})


def test_what_is_missing_is_named(small: Service) -> None:
    answer = small.client().post(f"{ANA}/", {})
    required = ["This field is required."]
    assert (answer.status_code, answer.json()) == (400, {"type": required, "address": required})


def test_private_webhooks_where_they_are_allowed(sqlite: Database) -> None:
    service = Service(World(sqlite), webhook_allow_private=True)
    try:
        hook = {"type": "notify_by_webhook", "address": "http://127.0.0.1/hook"}
        assert service.client().post(f"{ANA}/", hook).status_code == 201
    finally:
        service.close()


def test_one_address_for_each_type(service: Service) -> None:
    client = service.client(service.add("ana", lacks=BARE))
    client.post(f"{ANA}/", SMS)
    answer = client.post(f"{ANA}/", SMS | {"address": "+12025550100"})
    said = "ana has a number for text messages already: remove it first."
    assert (answer.status_code, answer.json()) == (400, {"type": [said]})
    assert [each["address"] for each in listed(client)][1] == "+41446681800"
    mail = {"type": "notify_by_email", "address": "pager@example.com"}
    assert [client.post(f"{ANA}/", mail).status_code for _ in range(2)] == [201, 400]


def test_eight_at_once_add_one(service: Service) -> None:
    client = service.client(service.add("ana", lacks=BARE))

    def add(number: int) -> int:
        return client.post(f"{ANA}/", SMS | {"address": f"+1202555010{number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(add, range(8)))
    assert sorted(answers) == [201] + [400] * 7
    assert [each["type"] for each in listed(client)].count("notify_by_sms") == 1


def test_addresses_are_private(small: Service) -> None:
    ana = small.add("ana", Role.VIEWER, lacks=BARE)
    mine, his = small.client(ana), f"users/{small.add('bob').id}/contact_methods"
    contact = mine.post(f"{ANA}/", SMS).json()
    hers = f"users/{ana.id}/contact_methods"
    editor = small.client(small.add("edi", Role.EDITOR))
    for answer in (
        editor.get(f"{hers}/"),
        editor.get(f"{hers}/{contact['id']}/"),
        editor.delete(f"{hers}/{contact['id']}/"),
        editor.post(f"{hers}/", {}),
        editor.get("users/UNOBODY/contact_methods/"),
        mine.get(f"{his}/"),
    ):
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    admin = small.client()
    assert listed(admin, f"{hers}/") == listed(mine)
    assert admin.delete(f"{his}/{contact['id']}/").status_code == 404
    assert admin.get(f"{his}/{contact['id']}/").status_code == 404
    assert admin.get("users/UNOBODY/contact_methods/").status_code == 404
    assert admin.post("users/UNOBODY/contact_methods/", SMS).status_code == 404
    assert admin.delete(f"{hers}/{contact['id']}/").status_code == 204
    nobody = small.client(small.add("nora", Role.NONE))
    assert nobody.get(f"{ANA}/").status_code == 403


def test_who_left_and_bots_have_no_addresses_here(small: Service) -> None:
    for user in (small.add("gone", is_active=False), small.add("robot", is_bot=True)):
        path = f"users/{user.id}/contact_methods/"
        assert small.client().get(path).status_code == 404
        assert small.client().post(path, SMS).status_code == 404
