"""Run by alembic: migrates the connection that `center.store.schema` hands over."""

from alembic import context
from sqlmodel import SQLModel

from center.store import tables  # noqa: F401 - importing them fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
