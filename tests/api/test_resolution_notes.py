"""Resolution notes over HTTP: written, read, changed, taken back."""

from typing import Any

import pytest

from core.models import Role, User
from tests.api.service import Service
from tests.api.test_alert_group_actions import NOBODY, opened

NOTES = "resolution_notes/"
FORBIDDEN = {"detail": "You do not have permission to perform this action."}


def write(service: Service, group: str, text: str, *, by: User | None = None) -> Any:
    answer = service.client(by).post(NOTES, {"alert_group_id": group, "text": text})
    assert answer.status_code == 201, answer.text
    return answer.json()


def log(service: Service, group: str) -> list[str]:
    lines = service.client().get(f"alert_groups/{group}/log").json()["results"]
    return [line["text"] for line in lines if line["event"] == "noted"]


def test_a_note_is_written_read_changed_and_taken_back(service: Service) -> None:
    group = opened(service, service.add("ana", None, "sms"))
    eva = service.add("eva", Role.EDITOR)
    made = write(service, group, "  a full disk\n", by=eva)
    assert made == {
        "id": made["id"],
        "alert_group_id": group,
        "author": eva.id,
        "source": "Web",
        "created_at": made["created_at"],
        "text": "a full disk",
    }
    assert service.client().get(f"{NOTES}{made['id']}").json() == made
    other = opened(service, service.add("bob", None, "sms"))
    assert service.client().get(NOTES, alert_group_id=group).json()["results"] == [made]
    assert service.client().get(NOTES, alert_group_id=other).json()["results"] == []
    changed = service.client(eva).put(f"{NOTES}{made['id']}/", {"text": "two full disks"})
    assert changed.json() == made | {"text": "two full disks"}
    for nothing in ({"text": "two full disks"}, {}, {"alert_group_id": other, "author": "x"}):
        same = service.client(eva).put(f"{NOTES}{made['id']}/", nothing)
        assert (same.status_code, same.json()) == (200, changed.json())
    told = ["eva wrote a note: a full disk", "eva changed a note: two full disks"]
    assert log(service, group) == told
    gone = service.client(eva).delete(f"{NOTES}{made['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        service.client().get(f"{NOTES}{made['id']}/"),
        service.client().put(f"{NOTES}{made['id']}/", {"text": "x"}),
        service.client().delete(f"{NOTES}{made['id']}/"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert service.client().get(NOTES).json()["count"] == 0
    told = ["eva wrote a note.", "eva changed a note.", "eva deleted a note."]
    assert log(service, group) == told  # what it said went with it


def test_the_newest_note_comes_first(service: Service) -> None:
    group = opened(service, service.add("ana", None, "sms"))
    made = []
    for text in ("one", "two", "three"):
        made.append(write(service, group, text))
        service.world.forward(seconds=1)
    listed = service.client().get(NOTES).json()["results"]
    assert listed == made[::-1]


def test_a_note_is_changed_and_deleted_by_editors_and_the_log_says_by_whom(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    eva, max_, vera = (
        small.add("eva", Role.EDITOR),
        small.add("max", Role.EDITOR),
        small.add("vera", Role.VIEWER),
    )
    mine = write(small, group, "mine", by=eva)
    path = f"{NOTES}{mine['id']}/"
    for answer in (
        small.client(vera).put(path, {"text": "theirs"}),
        small.client(vera).delete(path),
    ):
        assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert small.client(vera).post(NOTES, {}).status_code == 403
    assert small.client(vera).get(path).json() == mine
    changed = small.client(max_).put(path, {"text": "better"}).json()
    assert changed == mine | {"text": "better"}
    assert small.client().delete(path).status_code == 204
    assert log(small, group)[1:] == [
        "max changed a note of eva.",  # what it said went with the note
        "admin deleted a note of eva.",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "x"}, {"alert_group_id": ["This field is required."]}),
        ({"alert_group_id": NOBODY, "text": "x"}, {"alert_group_id": ["Object does not exist"]}),
        (
            {"alert_group_id": None, "text": "x"},
            {"alert_group_id": ["This field may not be null."]},
        ),
        ({"alert_group_id": [], "text": "x"}, {"alert_group_id": ["Not a valid string."]}),
        ({}, {"text": ["This field is required."]}),
        ({"text": None}, {"text": ["This field may not be null."]}),
        ({"text": " \n "}, {"text": ["This field may not be blank."]}),
        ({"text": ["x"]}, {"text": ["Not a valid string."]}),
        (
            {"text": "x" * 3_001},
            {"text": ["Ensure this field has no more than 3000 characters."]},
        ),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)
def test_a_note_that_is_none_is_refused(small: Service, body: Any, said: Any) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    if isinstance(body, dict) and "alert_group_id" not in said:
        body = {"alert_group_id": group} | body
    answer = small.client().post(NOTES, body)
    assert (answer.status_code, answer.json()) == (400, said)
    assert small.client().get(NOTES).json()["count"] == 0


def test_the_longest_note_fits(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    made = write(small, group, f" {'ä' * 3_000} ")
    assert made["text"] == "ä" * 3_000
    too_long = small.client().put(f"{NOTES}{made['id']}/", {"text": "x" * 3_001})
    assert too_long.status_code == 400


def test_nothing_is_written_about_what_was_wiped(small: Service) -> None:
    group = opened(small, small.add("ana", None, "sms"))
    made = write(small, group, "secret")
    assert small.client().delete(f"alert_groups/{group}").status_code == 204
    said = {"detail": "This alert was wiped: nothing can be written about it any more."}
    for answer in (
        small.client().post(NOTES, {"alert_group_id": group, "text": "more"}),
        small.client().put(f"{NOTES}{made['id']}", {"text": "more"}),
    ):
        assert (answer.status_code, answer.json()) == (400, said)
    assert small.client().get(f"{NOTES}{made['id']}").json() == made | {"text": ""}
    assert log(small, group) == ["admin wrote a note."]
    assert small.client().delete(f"{NOTES}{made['id']}").status_code == 204
