"""A database of the first release goes to today's schema with its rows, and back."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import Session, col, select

from core import alert_groups, direct_paging, integrations, migrations, people
from core.db import Database
from core.models import (
    Alert,
    AlertGroup,
    ContactMethod,
    Integration,
    Page,
    Post,
    Request,
    Role,
    Route,
    RuleType,
    User,
)
from core.people import SlackProfile
from tests import postgres

AT = "2026-03-01 12:00:0{} +00:00"
PEOPLE = (("UB", "Ana", 2), ("UA", "ana", 1), ("UC", "", 3), ("UD", "ana-2", 4), ("UE", "ANA", 5))
GROUPS = (("IA", "db down", "db down\nreally", "UA"), ("IB", "Ünsinn 🚨", "", "UE"))
TITLES = {"IA": "db down", "IB": "Ünsinn 🚨"}
OLD = (
    *(
        (
            "user",
            {
                "id": id_,
                "slack_user_id": f"S{id_}",
                "username": username,
                "name": f"Name of {id_}",
                "email": f"{id_}@example.com",
                "timezone": "UTC",
                "is_admin": id_ == "UA",
                "is_guest": id_ == "UB",
                "is_bot": False,
                "is_active": True,
                "created_at": AT.format(second),
            },
        )
        for id_, username, second in PEOPLE
    ),
    *(
        (
            "alert_group",
            {
                "id": id_,
                "title": title,
                "message": message,
                "author_id": author,
                "created_at": AT.format(6),
                "state": "firing",
                "slack_channel_is_private": False,
            },
        )
        for id_, title, message, author in GROUPS
    ),
    *(
        (
            "contact_method",
            {"id": number, "user_id": user, "type": way, "address": address},
        )
        for number, user, way, address in (
            (1, "UA", "notify_by_sms", "+41446681800"),
            (2, "UA", "notify_by_webhook", "https://example.com/ana"),
            (7, "UB", "notify_by_sms", "+12025550100"),
        )
    ),
    (
        "request",
        {
            "id": 1,
            "user_id": "UA",
            "key": "V1",
            "digest": "d" * 64,
            "alert_group_id": "IA",
            "created_at": AT.format(6),
        },
    ),
    (
        "page",
        {
            "id": "PA",
            "alert_group_id": "IA",
            "user_id": "UB",
            "paged_by_id": "UA",
            "important": True,
            "plan": '[{"type": "notify_by_sms"}]',
            "fallback": "[]",
            "fell_back": False,
            "run": 1,
            "next_step": 1,
            "started_at": AT.format(6),
        },
    ),
    (
        "post",
        {
            "id": 1,
            "attempts": 0,
            "alert_group_id": "IA",
            "kind": "alert",
            "revision": 3,
            "created_at": AT.format(6),
            "slack_channel": "C1",
            "ts": "1.2",
            "is_public": True,
            "told_up_to": 0,
            "moves": 0,
        },
    ),
)
TABLES = ("user", "alert_group", "contact_method", "request", "page", "post")


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as the first release left it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"tocsin_old_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = postgres.create(server, name)
    database = Database(url)
    migrations.upgrade(database, "0001")
    yield database
    database.close()
    if request.param == "postgresql":
        postgres.drop(server, name)


def fill(database: Database) -> None:
    with database.transaction() as session:
        for table, row in OLD:
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            session.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({values})'), row)


def downgrade(database: Database) -> None:
    with database.transaction(patience=60, loose=True) as session:
        config = migrations.configuration()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "0001")


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as session:
        return {
            table: [
                dict(row)
                for row in session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1')).mappings()
            ]
            for table in TABLES
        }


def shape(database: Database) -> dict[str, Any]:
    """Tables with their columns, keys and indexes."""
    look = inspect(database.engine)
    return {
        table: (
            sorted(
                (each["name"], str(each["type"]), each["nullable"])
                for each in look.get_columns(table)
            ),
            sorted(str(each["name"]) for each in look.get_unique_constraints(table)),
            sorted(str(each["name"]) for each in look.get_foreign_keys(table)),
            sorted(str(each["name"]) for each in look.get_indexes(table)),
        )
        for table in look.get_table_names()
    }


def usernames(session: Session) -> list[tuple[str, int | None, str]]:
    users = session.scalars(select(User).order_by(col(User.number)))
    return [(user.id, user.number, user.username) for user in users]


def test_people_get_numbers_and_names_of_their_own(old: Database) -> None:
    fill(old)
    migrations.upgrade(old)
    with old.transaction() as session:
        assert usernames(session) == [
            ("UA", 1, "ana"),
            ("UB", 2, "Ana-2"),
            ("UC", 3, "uc"),
            ("UD", 4, "ana-2-2"),
            ("UE", 5, "ANA-3"),
        ]
        roles = {user.id: user.role for user in session.scalars(select(User))}
        assert (roles["UA"], roles["UB"], roles["UC"]) == (Role.ADMIN, Role.VIEWER, Role.EDITOR)
        # What Slack says of them next changes nothing of that.
        people.keep(session, SlackProfile("SUE", "T1", "ANA", "Name of UE"))
        assert usernames(session)[4] == ("UE", 5, "ANA-3")
        assert people.keep(session, SlackProfile("SUF", "T1", "zoe", "Zoe")).number == 6


def test_alert_groups_have_an_integration_a_route_and_an_alert(old: Database) -> None:
    fill(old)
    migrations.upgrade(old)
    with old.transaction() as session:
        integration = session.scalars(select(Integration)).one()
        routes = session.scalars(select(Route).order_by(col(Route.is_default))).all()
        assert [route.is_default for route in routes] == [False, True]
        assert direct_paging.of(session, None).default.route_id == routes[1].id
        assert integrations.organization_id(session) == f"O{integration.id[1:]}"
        groups = session.scalars(select(AlertGroup)).all()
        assert {group.id: group.title for group in groups} == TITLES
        assert {(group.integration_id, group.route_id) for group in groups} == {
            (integration.id, routes[1].id)
        }
        alerts = session.scalars(select(Alert).order_by(col(Alert.alert_group_id))).all()
        said = [alert.payload["oncall"] for alert in alerts]
        assert [(x["title"], x["message"], x["author_username"]) for x in said] == [
            ("db down", "db down\nreally", "ana"),
            ("Ünsinn 🚨", None, "ANA-3"),
        ]
        assert len({x["uid"] for x in said}) == 2
        assert session.scalar(text("SELECT count(*) FROM alert WHERE payload LIKE '%Ünsinn 🚨%'"))


def test_the_rest_is_as_it_was(old: Database) -> None:
    fill(old)
    migrations.upgrade(old)
    with old.transaction() as session:
        ana, bob = session.get_one(User, "UA"), session.get_one(User, "UB")
        found = people.addresses(session, [ana, bob])
        assert found["UA"][RuleType.SMS] == "+41446681800"
        assert found["UA"][RuleType.WEBHOOK] == "https://example.com/ana"
        assert found["UB"][RuleType.SMS] == "+12025550100"
        contacts = session.scalars(select(ContactMethod)).all()
        assert {(x.id[:2], len(x.id)) for x in contacts} == {("CM", 14)}
        request = session.scalars(select(Request)).one()
        assert (request.key, request.path, request.alert_group_id) == ("V1", "", "IA")
        held = alert_groups.lock(session, "IA")
        page = alert_groups.page_of(session, held, bob)
        assert page is not None
        assert (page.important, page.plan[0].type) == (True, RuleType.SMS)
        assert session.scalars(select(Post)).one().ts == "1.2"
        session.add(Page(alert_group_id="IA", user_id="UC", paged_by_id="UA", plan=[]))


def test_down_again_and_up(old: Database) -> None:
    before = shape(old)
    fill(old)
    first = rows(old)
    migrations.upgrade(old)
    with old.reading() as session:
        numbered = usernames(session)
    downgrade(old)
    assert shape(old) == before
    unique = {id_: username for id_, _, username in numbered}
    for user in first["user"]:
        user["username"] = unique[user["id"]]  # which stay
    last = rows(old)
    for contacts in (first["contact_method"], last["contact_method"]):
        for contact in contacts:
            del contact["id"]
    assert last == first
    migrations.upgrade(old)
    with old.reading() as session:
        assert usernames(session) == numbered
        assert {x.id: x.title for x in session.scalars(select(AlertGroup))} == TITLES
        assert len(session.scalars(select(Alert)).all()) == 2


def test_an_empty_database_goes_the_same_way(old: Database) -> None:
    migrations.upgrade(old)
    downgrade(old)
    migrations.upgrade(old)
    with old.reading() as session:
        assert session.scalars(select(User)).all() == []
        assert integrations.organization_id(session) is not None
