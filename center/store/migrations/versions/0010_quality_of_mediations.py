"""How good the lines of a mediation were.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LINK = ("mediation_id", "seat_id", "towards", "page_session")


def upgrade() -> None:
    _create(
        "seat_quality_batches",
        (*LINK, "number"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
    )
    op.create_index(op.f("ix_seat_quality_batches_began_at"), "seat_quality_batches", ["began_at"])
    _create(
        "seat_quality_tallies",
        LINK,
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
    )


def _create(table: str, key: tuple[str, ...], *columns: "sa.Column[object]") -> None:
    short = sqlmodel.sql.sqltypes.AutoString(length=64)
    op.create_table(
        table,
        *(sa.Column(name, short, nullable=False) for name in LINK),
        *columns,
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f(f"fk_{table}_mediation_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("seat_quality_tallies")
    op.drop_table("seat_quality_batches")
