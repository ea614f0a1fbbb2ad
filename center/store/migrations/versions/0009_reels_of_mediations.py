"""Recordings of mediations: a reel belongs to a room, which is a consultation's or a mediation's.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OWNER = "fk_reels_consultation_id"


def upgrade() -> None:
    op.drop_index("ix_reels_consultation_id", "reels")
    with op.batch_alter_table("reels") as reels:
        reels.drop_constraint(OWNER, type_="foreignkey")
        reels.alter_column("consultation_id", new_column_name="room_id")
    op.create_index("ix_reels_room_id", "reels", ["room_id"])


def downgrade() -> None:
    op.drop_index("ix_reels_room_id", "reels")
    with op.batch_alter_table("reels") as reels:
        reels.alter_column("room_id", new_column_name="consultation_id")
        reels.create_foreign_key(OWNER, "consultations", ["consultation_id"], ["id"])
    op.create_index("ix_reels_consultation_id", "reels", ["consultation_id"])
