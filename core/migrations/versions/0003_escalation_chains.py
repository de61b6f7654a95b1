"""Escalation chains, what routes lead to, and what Slack told of its channels and user groups."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_chains()
    _make_slack()
    _change_routes()
    with op.batch_alter_table("alert_group") as table:
        table.add_column(sa.Column("route_channel", sa.String(length=20), nullable=True))
    op.create_table(
        "escalation",
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("chain_id", sa.String(length=20), nullable=False),
        sa.Column("chain_name", sa.String(length=100), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("ending", sa.String(length=40), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name="fk_escalation_alert_group_id"
        ),
        sa.PrimaryKeyConstraint("alert_group_id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_chain_id", "escalation", ["chain_id"])
    with op.batch_alter_table("page") as table:
        table.add_column(
            sa.Column("by_chain", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("page") as table:
        table.alter_column("by_chain", existing_type=sa.Boolean(), server_default=None)


def _make_chains() -> None:
    op.create_table(
        "escalation_chain",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_escalation_chain_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_escalation_chain"),
        sa.UniqueConstraint("name", name="uq_escalation_chain_name"),
    )
    op.create_table(
        "escalation_policy",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("escalation_chain_id", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=True),
        sa.Column("user_group_id", sa.String(length=20), nullable=True),
        sa.Column("schedule_id", sa.String(length=20), nullable=True),
        sa.Column("webhook_id", sa.String(length=20), nullable=True),
        sa.Column("time_from", sa.String(length=9), nullable=True),
        sa.Column("time_to", sa.String(length=9), nullable=True),
        sa.Column("num_alerts", sa.Integer(), nullable=True),
        sa.Column("num_minutes", sa.Integer(), nullable=True),
        sa.Column("last_notified_id", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_chain_id"],
            ["escalation_chain.id"],
            name="fk_escalation_policy_escalation_chain_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_escalation_policy"),
        sa.UniqueConstraint(
            "escalation_chain_id", "position", name="uq_escalation_policy_escalation_chain_id"
        ),
    )
    op.create_index(
        "ix_escalation_policy_escalation_chain_id", "escalation_policy", ["escalation_chain_id"]
    )


def _make_slack() -> None:
    op.create_table(
        "slack_channel",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("gone_at", UTCDateTime(), nullable=True),
        sa.Column("members_read_at", UTCDateTime(), nullable=True),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_channel"),
    )
    op.create_index("ix_slack_channel_name", "slack_channel", ["name"])
    op.create_table(
        "user_group",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("slack_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.Column("gone_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_group"),
        sa.UniqueConstraint("slack_id", name="uq_user_group_slack_id"),
    )
    op.create_index("ix_user_group_handle", "user_group", ["handle"])
    for table, key in (
        ("slack_channel_member", "slack_channel"),
        ("user_group_member", "user_group"),
    ):
        column = f"{key}_id"
        op.create_table(
            table,
            sa.Column(column, sa.String(length=20), nullable=False),
            sa.Column("slack_user_id", sa.String(length=20), nullable=False),
            sa.ForeignKeyConstraint([column], [f"{key}.id"], name=f"fk_{table}_{column}"),
            sa.PrimaryKeyConstraint(column, "slack_user_id", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_slack_user_id", table, ["slack_user_id"])


def _change_routes() -> None:
    with op.batch_alter_table("route") as table:
        table.add_column(sa.Column("escalation_chain_id", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("slack_channel_id", sa.String(length=20), nullable=True))
        table.add_column(
            sa.Column("slack_enabled", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        for name in ("escalation_chain", "slack_channel"):
            table.create_foreign_key(f"fk_route_{name}_id", name, [f"{name}_id"], ["id"])
            table.create_index(f"ix_route_{name}_id", [f"{name}_id"])
    with op.batch_alter_table("route") as table:
        table.alter_column("slack_enabled", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("integration") as table:
        table.add_column(sa.Column("token", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("templates", sa.JSON(), nullable=True))
        table.create_unique_constraint("uq_integration_token", ["token"])
    op.execute(sa.text("UPDATE integration SET templates = '{}'"))
    with op.batch_alter_table("integration") as table:
        table.alter_column("templates", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    _forget_what_is_new()
    with op.batch_alter_table("page") as table:
        table.drop_column("by_chain")
    op.drop_table("escalation")
    with op.batch_alter_table("alert_group") as table:
        table.drop_column("route_channel")
    with op.batch_alter_table("integration") as table:
        table.drop_constraint("uq_integration_token", type_="unique")
        table.drop_column("token")
        table.drop_column("templates")
    with op.batch_alter_table("route") as table:
        for name in ("escalation_chain", "slack_channel"):
            table.drop_index(f"ix_route_{name}_id")
            table.drop_constraint(f"fk_route_{name}_id", type_="foreignkey")
            table.drop_column(f"{name}_id")
        table.drop_column("slack_enabled")
    for name in (
        "user_group_member",
        "slack_channel_member",
        "user_group",
        "slack_channel",
        "escalation_policy",
        "escalation_chain",
    ):
        op.drop_table(name)


def _forget_what_is_new() -> None:
    """An engine that does not know a kind of timer stops at it, so none is left."""
    op.execute(sa.text("DELETE FROM timer WHERE kind = 'escalation'"))
    op.execute(
        sa.text("DELETE FROM log_record WHERE event IN ('chain_started', 'stepped', 'chain_ended')")
    )
    # What stands in a team's channel is still edited there; the rest looks for a place anew.
    op.execute(sa.text("UPDATE post SET place = NULL WHERE place = 'route' AND ts IS NULL"))
    op.execute(sa.text("UPDATE post SET place = 'default' WHERE place = 'route'"))
