"""What was read on pages.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    short = sqlmodel.sql.sqltypes.AutoString(length=64)
    op.create_table(
        "page_texts",
        sa.Column("consultation_id", short, nullable=False),
        sa.Column("sha256", short, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id", "sha256"],
            ["pages.consultation_id", "pages.sha256"],
            name=op.f("fk_page_texts_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", "sha256", name=op.f("pk_page_texts")),
    )


def downgrade() -> None:
    op.drop_table("page_texts")
