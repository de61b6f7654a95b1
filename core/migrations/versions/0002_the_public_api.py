"""The public API: tokens, roles, teams, integrations and routes, alerts, resolution notes."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core import ids
from core.migrations import rows_0002

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIVING = sa.text("deleted_at IS NULL")

LISTED = ("deleted_at", "created_at", "id")  # of alert groups, in the order of their list


def upgrade() -> None:
    _make_tables()
    _change_users()
    _change_contact_methods()
    _change_alert_groups()
    with op.batch_alter_table("request") as table:
        table.add_column(sa.Column("path", sa.String(length=100), nullable=True))
    op.execute(sa.table("request", sa.column("path")).update().values(path=""))
    with op.batch_alter_table("request") as table:
        table.alter_column("path", existing_type=sa.String(length=100), nullable=False)


def _make_tables() -> None:
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_token_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_index("ix_token_user_id", "token", ["user_id"])
    op.create_table(
        "token_window",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name="fk_token_window_token_id"),
        sa.PrimaryKeyConstraint("token_id", name="pk_token_window"),
    )
    op.create_table(
        "team",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("number", name="uq_team_number"),
    )
    op.create_index(
        "team_name", "team", ["name"], unique=True, sqlite_where=LIVING, postgresql_where=LIVING
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_member_team_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_team_member_user_id"),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_team_member"),
    )
    op.create_index("ix_team_member_user_id", "team_member", ["user_id"])
    op.create_table(
        "integration",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=True),
        sa.Column("pages_for", sa.String(length=20), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_integration_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_integration"),
        sa.UniqueConstraint("pages_for", name="uq_integration_pages_for"),
    )
    op.create_table(
        "route",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("integration_id", sa.String(length=20), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("routing_type", sa.String(length=40), nullable=False),
        sa.Column("routing_regex", sa.String(length=1024), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["integration_id"], ["integration.id"], name="fk_route_integration_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_route"),
        sa.UniqueConstraint(
            "integration_id", "is_default", "position", name="uq_route_integration_id"
        ),
    )
    op.create_index("ix_route_integration_id", "route", ["integration_id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name="fk_alert_alert_group_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_alert_group_id", "alert", ["alert_group_id"])
    op.create_index("ix_alert_created_at", "alert", ["created_at"])
    op.create_table(
        "resolution_note",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name="fk_resolution_note_alert_group_id"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_resolution_note_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_resolution_note"),
    )
    op.create_index("ix_resolution_note_alert_group_id", "resolution_note", ["alert_group_id"])
    op.create_index("ix_resolution_note_created_at", "resolution_note", ["created_at"])


def _change_users() -> None:
    with op.batch_alter_table("user") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("given_role", sa.String(length=40), nullable=True))
    rows_0002.number_people(op.get_bind())
    with op.batch_alter_table("user") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.create_unique_constraint("uq_user_number", ["number"])


def _change_contact_methods() -> None:
    """Their ids become public ones."""
    contact = sa.table(
        "contact_method", *map(sa.column, ("id", "user_id", "type", "address", "created_at"))
    )
    old = op.get_bind().execute(sa.select(contact.c.user_id, contact.c.type, contact.c.address))
    rows = [row._asdict() for row in old]
    op.drop_table("contact_method")
    op.create_table(
        "contact_method",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_contact_method_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_method"),
        sa.UniqueConstraint("user_id", "type", name="uq_contact_method_user_id"),
    )
    op.create_index("ix_contact_method_user_id", "contact_method", ["user_id"])
    now = datetime.now(UTC)
    new = sa.table(
        "contact_method",
        sa.column("id"),
        sa.column("user_id"),
        sa.column("type"),
        sa.column("address"),
        sa.column("created_at", UTCDateTime()),
    )
    for row in rows:
        op.execute(new.insert().values(**row, id=ids.make("CM"), created_at=now))


def _change_alert_groups() -> None:
    """They get the integration of pages for no team, its default route, and their one alert."""
    with op.batch_alter_table("alert_group") as table:
        table.add_column(sa.Column("integration_id", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("route_id", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("source_url", sa.String(), nullable=True))
        table.add_column(sa.Column("wiped_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("deleted_at", UTCDateTime(), nullable=True))
    rows_0002.file_alert_groups(op.get_bind())
    with op.batch_alter_table("alert_group") as table:
        table.alter_column("integration_id", existing_type=sa.String(20), nullable=False)
        table.alter_column("route_id", existing_type=sa.String(20), nullable=False)
        for name, other in (("integration_id", "integration"), ("route_id", "route")):
            table.create_foreign_key(f"fk_alert_group_{name}", other, [name], ["id"])
            table.create_index(f"alert_group_of_{other}", [name, *LISTED])
        table.create_index("alert_group_list", [*LISTED, "state"])


def downgrade() -> None:
    with op.batch_alter_table("alert_group") as table:
        table.drop_index("alert_group_list")
        for name, other in (("integration_id", "integration"), ("route_id", "route")):
            table.drop_constraint(f"fk_alert_group_{name}", type_="foreignkey")
            table.drop_index(f"alert_group_of_{other}")
        for name in ("integration_id", "route_id", "source_url", "wiped_at", "deleted_at"):
            table.drop_column(name)
    with op.batch_alter_table("user") as table:
        table.drop_constraint("uq_user_number", type_="unique")
        table.drop_column("number")
        table.drop_column("given_role")
    with op.batch_alter_table("request") as table:
        table.drop_column("path")
    contact = sa.table("contact_method", *map(sa.column, ("user_id", "type", "address")))
    rows = [row._asdict() for row in op.get_bind().execute(sa.select(contact))]
    op.drop_table("contact_method")
    op.create_table(
        "contact_method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_contact_method_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_method"),
        sa.UniqueConstraint("user_id", "type", name="uq_contact_method_user_id"),
    )
    op.create_index("ix_contact_method_user_id", "contact_method", ["user_id"])
    for row in rows:
        op.execute(contact.insert().values(**row))
    for name in (
        "token_window",
        "token",
        "resolution_note",
        "alert",
        "route",
        "integration",
        "team_member",
        "team",
    ):
        op.drop_table(name)
