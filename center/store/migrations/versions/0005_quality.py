"""How good the line of a talk was.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PAGE = ("consultation_id", "side", "page_session")


def upgrade() -> None:
    _create(
        "quality_batches",
        (*PAGE, "number"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
    )
    op.create_index(op.f("ix_quality_batches_began_at"), "quality_batches", ["began_at"])
    _create(
        "quality_tallies",
        PAGE,
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
    )


def _create(table: str, key: tuple[str, ...], *columns: "sa.Column[object]") -> None:
    short = sqlmodel.sql.sqltypes.AutoString(length=64)
    op.create_table(
        table,
        sa.Column("consultation_id", short, nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("page_session", short, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f(f"fk_{table}_consultation_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("quality_tallies")
    op.drop_table("quality_batches")
