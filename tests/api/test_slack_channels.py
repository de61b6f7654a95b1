"""slack_channels/: the channels that alerts can be posted to."""

from core import clock
from core.models import Role, SlackChannel
from tests.api.service import Client, Service
from tests.counting import queries


def seen(service: Service, *names: str, private: bool = False, gone: bool = False) -> None:
    with service.world.session() as session:
        for name in names:
            session.add(
                SlackChannel(
                    id=f"C{name.upper()}",
                    name=name,
                    is_private=private,
                    gone_at=clock.now() if gone else None,
                )
            )


def names(client: Client, **query: str) -> list[str]:
    answer = client.get("slack_channels", **query)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["results"]]


def test_channels_by_name(service: Service) -> None:
    seen(service, "web", "db", "sre")
    seen(service, "old", gone=True)
    assert service.client().get("slack_channels/").json() == {
        "count": 3,
        "current_page_number": 1,
        "next": None,
        "page_size": 50,
        "previous": None,
        "results": [
            {"name": "db", "slack_id": "CDB"},
            {"name": "sre", "slack_id": "CSRE"},
            {"name": "web", "slack_id": "CWEB"},
        ],
        "total_pages": 1,
    }


def test_the_filter_for_names_is_exact(service: Service) -> None:
    seen(service, "sre", "sre-2")
    client = service.client()
    assert names(client, channel_name="sre") == ["sre"]
    for other in ("sr", "SRE", "#sre", "%"):
        assert names(client, channel_name=other) == []
    assert names(client, channel_name="") == ["sre", "sre-2"]


def test_private_channels_are_for_admins(small: Service) -> None:
    """Even the name of one may be confidential."""
    seen(small, "sre")
    seen(small, "layoffs", private=True)
    assert names(small.client()) == ["layoffs", "sre"]
    assert names(small.client(), channel_name="layoffs") == ["layoffs"]
    for role in (Role.VIEWER, Role.EDITOR):
        client = small.client(small.add(role.value, role))
        assert names(client) == ["sre"]
        assert names(client, channel_name="layoffs") == []


def test_there_is_nothing_to_change(small: Service) -> None:
    seen(small, "sre")
    for path in ("slack_channels/CSRE/", "slack_channels/CSRE"):
        answer = small.client().get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    answer = small.client().post("slack_channels/", {"name": "x"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_list_takes_as_many_queries_whatever_its_length(small: Service) -> None:
    client = small.client()

    def asked() -> int:
        with queries(small.world.db) as told:
            assert names(client, perpage="100")
        return len(told)

    seen(small, "sre")
    few = asked()
    seen(small, *(f"room{number}" for number in range(60)))
    assert asked() == few > 0
    assert len(names(client, perpage="100")) == 61
