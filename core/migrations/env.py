"""Run by Alembic: migrates over the connection that `upgrade` opened."""

from alembic import context
from sqlmodel import SQLModel

import core.models  # noqa: F401  fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
