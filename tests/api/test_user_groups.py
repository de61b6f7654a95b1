"""user_groups/: the user groups of Slack that chains can notify."""

from core import clock
from core.models import Role, UserGroup
from tests.api.service import Client, Service
from tests.counting import queries


def seen(service: Service, *handles: str, gone: bool = False) -> None:
    with service.world.session() as session:
        for handle in handles:
            session.add(
                UserGroup(
                    slack_id=f"S{handle.upper()}",
                    name=f"The {handle} team",
                    handle=handle,
                    gone_at=clock.now() if gone else None,
                )
            )


def handles(client: Client, **query: str) -> list[str]:
    answer = client.get("user_groups", **query)
    assert answer.status_code == 200, answer.text
    return [each["slack"]["handle"] for each in answer.json()["results"]]


def test_user_groups_by_handle(service: Service) -> None:
    seen(service, "web", "sre")
    seen(service, "old", gone=True)
    found = service.client().get("user_groups/").json()
    first, second = found["results"]
    assert (found["count"], found["page_size"], found["next"]) == (2, 50, None)
    assert first == {
        "id": first["id"],
        "type": "slack_based",
        "slack": {"id": "SSRE", "name": "The sre team", "handle": "sre"},
    }
    assert first["id"].startswith("G")
    assert second["slack"]["handle"] == "web"


def test_the_filter_for_handles_is_exact(service: Service) -> None:
    seen(service, "sre", "sre-2")
    client = service.client()
    assert handles(client, slack_handle="sre") == ["sre"]
    for other in ("sr", "SRE", "@sre", "%"):
        assert handles(client, slack_handle=other) == []
    assert handles(client, slack_handle="") == ["sre", "sre-2"]


def test_whoever_may_read_sees_them(small: Service) -> None:
    seen(small, "sre")
    assert handles(small.client(small.add("vera", Role.VIEWER))) == ["sre"]
    assert small.client(small.add("nora", Role.NONE)).get("user_groups/").status_code == 403


def test_there_is_no_detail_view_and_nothing_to_change(small: Service) -> None:
    seen(small, "sre")
    found = small.client().get("user_groups").json()["results"][0]["id"]
    answer = small.client().get(f"user_groups/{found}/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    answer = small.client().post("user_groups/", {"handle": "x"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_list_takes_as_many_queries_whatever_its_length(small: Service) -> None:
    client = small.client()

    def asked() -> int:
        with queries(small.world.db) as told:
            assert handles(client, perpage="100")
        return len(told)

    seen(small, "sre")
    few = asked()
    seen(small, *(f"group{number}" for number in range(60)))
    assert asked() == few > 0
    assert len(handles(client, perpage="100")) == 61
