"""The paging engine."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("slack_user_id", sa.String(length=20), nullable=True),
        sa.Column("slack_team_id", sa.String(length=20), nullable=True),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("pause_starts_at", UTCDateTime(), nullable=True),
        sa.Column("pause_ends_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("slack_user_id", name=op.f("uq_user_slack_user_id")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_email"), ["email"], unique=False)

    op.create_table(
        "workspace",
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "alert_group",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by_id", sa.String(length=20), nullable=True),
        sa.Column("silenced_at", UTCDateTime(), nullable=True),
        sa.Column("silenced_by_id", sa.String(length=20), nullable=True),
        sa.Column("silenced_until", UTCDateTime(), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by_id", sa.String(length=20), nullable=True),
        sa.Column("slack_channel", sa.String(length=20), nullable=True),
        sa.Column("slack_channel_is_private", sa.Boolean(), nullable=False),
        sa.Column("response_url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["user.id"], name=op.f("fk_alert_group_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_alert_group_author_id")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["user.id"], name=op.f("fk_alert_group_resolved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["silenced_by_id"], ["user.id"], name=op.f("fk_alert_group_silenced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_group")),
    )
    with op.batch_alter_table("alert_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_group_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_group_created_at"), ["created_at"], unique=False)

    op.create_table(
        "contact_method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_contact_method_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_method")),
        sa.UniqueConstraint("user_id", "type", name=op.f("uq_contact_method_user_id")),
    )
    with op.batch_alter_table("contact_method", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_method_user_id"), ["user_id"], unique=False)

    op.create_table(
        "personal_notification_rule",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_personal_notification_rule_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_notification_rule")),
        sa.UniqueConstraint(
            "user_id", "important", "position", name=op.f("uq_personal_notification_rule_user_id")
        ),
    )
    with op.batch_alter_table("personal_notification_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_personal_notification_rule_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "log_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.String(length=20), nullable=True),
        sa.Column("user_id", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_log_record_alert_group_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_log_record_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_log_record_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_record")),
    )
    with op.batch_alter_table("log_record", schema=None) as batch_op:
        batch_op.create_index("log_record_story", ["alert_group_id", "id"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("paged_by_id", sa.String(length=20), nullable=False),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("fallback", sa.JSON(), nullable=False),
        sa.Column("fell_back", sa.Boolean(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_page_alert_group_id")
        ),
        sa.ForeignKeyConstraint(["paged_by_id"], ["user.id"], name=op.f("fk_page_paged_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_page_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("alert_group_id", "user_id", name=op.f("uq_page_alert_group_id")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_page_alert_group_id"), ["alert_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_page_user_id"), ["user_id"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_request_alert_group_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_request_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_request_user_id")),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_timer_alert_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_timer_kind")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timer_alert_group_id"), ["alert_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_timer_due_at"), ["due_at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("page_id", sa.String(length=20), nullable=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("paused_until", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_delivery_alert_group_id")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_delivery_page_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_delivery_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("page_id", "run", "step", "address", name=op.f("uq_delivery_page_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_alert_group_id"), ["alert_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_delivery_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_page_id"), ["page_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("alert_group_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("slack_channel", sa.String(length=20), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("page_id", sa.String(length=20), nullable=True),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_group_id"], ["alert_group.id"], name=op.f("fk_post_alert_group_id")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_post_page_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_alert_group_id"), ["alert_group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_post_due_at"), ["due_at"], unique=False)


def downgrade() -> None:
    for table in (
        "post",
        "delivery",
        "timer",
        "request",
        "page",
        "log_record",
        "personal_notification_rule",
        "contact_method",
        "alert_group",
        "workspace",
        "user",
    ):
        op.drop_table(table)
