"""Pages arrive small picture first; those that are here are whole.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    short = sqlmodel.sql.sqltypes.AutoString(length=64)
    op.add_column("pages", sa.Column("preview_sha256", short, nullable=True))
    stage = sa.Column("stage", sa.String(length=32), nullable=False, server_default="whole")
    op.add_column("pages", stage)


def downgrade() -> None:
    op.drop_column("pages", "stage")
    op.drop_column("pages", "preview_sha256")
