"""The recording of a talk, and what was recorded.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXED = ("consultation_id", "recording_id", "started_at")


def upgrade() -> None:
    op.add_column("consultations", sa.Column("recording", sa.JSON(), nullable=True))
    short, moment = sqlmodel.sql.sqltypes.AutoString(length=64), sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "reels",
        sa.Column("reel_id", short, nullable=False),
        sa.Column("recording_id", short, nullable=False),
        sa.Column("consultation_id", short, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("sealed_at", moment, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("manifest", short, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_reels_consultation_id")
        ),
        sa.PrimaryKeyConstraint("reel_id", name=op.f("pk_reels")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_reels_{column}"), "reels", [column])


def downgrade() -> None:
    op.drop_table("reels")
    op.drop_column("consultations", "recording")
