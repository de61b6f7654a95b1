"""The rows that revision 0002 makes of those of the first release."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from core import ids


def number_people(connection: sa.Connection) -> None:
    """Everybody gets a number, by age, and a user name that nobody else has."""
    user = sa.table("user", *map(sa.column, ("id", "number", "username", "created_at")))
    rows = connection.execute(
        sa.select(user.c.id, user.c.username).order_by(user.c.created_at, user.c.id)
    )
    taken: set[str] = set()
    for number, (id_, username) in enumerate(rows.all(), 1):
        unique, copy = username or id_.lower(), 2
        while unique.lower() in taken:
            unique, copy = f"{username}-{copy}", copy + 1
        taken.add(unique.lower())
        named = user.update().where(user.c.id == id_)
        connection.execute(named.values(number=number, username=unique))


def file_alert_groups(connection: sa.Connection) -> None:
    """They get the integration of pages for no team, its default route, and their one alert."""
    direct, default = _make_direct_paging(connection)
    group = sa.table(
        "alert_group",
        sa.column("id"),
        sa.column("integration_id"),
        sa.column("route_id"),
        sa.column("title"),
        sa.column("message"),
        sa.column("author_id"),
        sa.column("created_at", UTCDateTime()),
    )
    connection.execute(group.update().values(integration_id=direct, route_id=default))
    _make_alerts(connection, group)


def _make_direct_paging(connection: sa.Connection) -> tuple[str, str]:
    """The integration and its default route."""
    now = datetime.now(UTC)
    integration = sa.table(
        "integration",
        sa.column("id"),
        sa.column("type"),
        sa.column("name"),
        sa.column("pages_for"),
        sa.column("created_at", UTCDateTime()),
    )
    route = sa.table(
        "route",
        sa.column("id"),
        sa.column("integration_id"),
        sa.column("is_default", sa.Boolean()),
        sa.column("position"),
        sa.column("routing_type"),
        sa.column("routing_regex"),
        sa.column("created_at", UTCDateTime()),
    )
    direct, default = ids.make("C"), ids.make("R")
    connection.execute(
        integration.insert().values(
            id=direct,
            type="direct_paging",
            name="Direct paging (No team)",
            pages_for="",
            created_at=now,
        )
    )
    for id_, term in ((ids.make("R"), "{{ payload.oncall.important }}"), (default, None)):
        connection.execute(
            route.insert().values(
                id=id_,
                integration_id=direct,
                is_default=term is None,
                position=0,
                routing_type="jinja2",
                routing_regex=term,
                created_at=now,
            )
        )
    return direct, default


def _make_alerts(connection: sa.Connection, group: sa.TableClause) -> None:
    user = sa.table("user", sa.column("id"), sa.column("username"))
    alert = sa.table(
        "alert",
        sa.column("id"),
        sa.column("alert_group_id"),
        sa.column("created_at", UTCDateTime()),
        sa.column("payload", sa.Text()),
    )
    asked = sa.select(
        group.c.id, group.c.title, group.c.message, group.c.created_at, user.c.username
    ).join_from(group, user, user.c.id == group.c.author_id)
    for id_, title, message, created_at, username in connection.execute(asked).all():
        oncall = {
            "title": title,
            "message": message or None,
            "uid": str(uuid4()),
            "author_username": username,
            "permalink": None,
            "important": False,
        }
        connection.execute(
            alert.insert().values(
                id=ids.make("A"),
                alert_group_id=id_,
                created_at=created_at,
                payload=json.dumps({"oncall": oncall}, ensure_ascii=False),
            )
        )
