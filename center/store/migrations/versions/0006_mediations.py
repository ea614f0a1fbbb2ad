"""Mediations, who of the center has a seat in them, and their words.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    short, moment = sqlmodel.sql.sqltypes.AutoString(length=64), sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "mediations",
        sa.Column("id", short, nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("mediator_id", short, nullable=False),
        sa.Column("convened_at", moment, nullable=False),
        sa.Column("scheduled_at", moment, nullable=False),
        sa.Column("agreement_sha256", short, nullable=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["staff.id"], name=op.f("fk_mediations_mediator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediations")),
        sa.UniqueConstraint("number", name=op.f("uq_mediations_number")),
    )
    op.create_index(op.f("ix_mediations_state"), "mediations", ["state"])
    op.create_index(op.f("ix_mediations_convened_at"), "mediations", ["convened_at"])
    op.create_table(
        "mediation_seats",
        sa.Column("mediation_id", short, nullable=False),
        sa.Column("staff_id", short, nullable=False),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_seats_mediation_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_mediation_seats_staff_id")
        ),
        sa.PrimaryKeyConstraint("mediation_id", "staff_id", name=op.f("pk_mediation_seats")),
    )
    op.create_index(op.f("ix_mediation_seats_staff_id"), "mediation_seats", ["staff_id"])
    op.create_table(
        "mediation_words",
        sa.Column("mediation_id", short, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_mediation_words_mediation_id")
        ),
        sa.PrimaryKeyConstraint("mediation_id", name=op.f("pk_mediation_words")),
    )


def downgrade() -> None:
    op.drop_table("mediation_words")
    op.drop_table("mediation_seats")
    op.drop_table("mediations")
