"""Versions of accounts and photos, and who changed a thing last found without reading the whole log

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VERSIONED = ("account", "play_photo")


def upgrade() -> None:
    for table in VERSIONED:
        # Not by rebuilding the table: SQLite adds a column, with its rule, where it stands.
        name = f"ck_{table}_version_positive"
        if op.get_bind().dialect.name == "sqlite":
            rule = f"CONSTRAINT {name} CHECK (version >= 1)"
            op.execute(f"ALTER TABLE {table} ADD COLUMN version INTEGER NOT NULL DEFAULT 1 {rule}")
        else:
            op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
            op.create_check_constraint(op.f(name), table, "version >= 1")
    op.create_index("ix_change_subject", "change", ["subject", "subject_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_change_subject", "change")
    for table in VERSIONED:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_version_positive"), type_="check")
            batch.drop_column("version")
