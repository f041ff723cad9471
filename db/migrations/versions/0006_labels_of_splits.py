"""What the fields of each line of an indicator ask for

The words come with the seed, see seed.storing.renew.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LABELS = ("numerator_vi", "numerator_en", "denominator_vi", "denominator_en")


def upgrade() -> None:
    for label in LABELS:
        op.add_column("split", sa.Column(label, sa.String(length=300), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("split") as batch:
        for label in LABELS:
            batch.drop_column(label)
