"""What was put on residents' screens and drawn on pages.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {"sheets": ("sheet_id", "shown_at"), "marks": ("mark_id", "made_at")}


def upgrade() -> None:
    op.add_column("consultations", sa.Column("sheet_id", sa.String(64), nullable=True))
    short, moment = sqlmodel.sql.sqltypes.AutoString(length=64), sqlmodel.sql.sqltypes.UTCDateTime()
    for table, (name, at) in TABLES.items():
        op.create_table(
            table,
            sa.Column("consultation_id", short, nullable=False),
            sa.Column(name, short, nullable=False),
            sa.Column(at, moment, nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["consultation_id"],
                ["consultations.id"],
                name=op.f(f"fk_{table}_consultation_id"),
            ),
            sa.PrimaryKeyConstraint("consultation_id", name, name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("consultations", "sheet_id")
