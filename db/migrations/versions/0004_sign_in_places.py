"""Attempts to sign in are counted by network and by known browser

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sign_in_attempt') as table:
        table.add_column(sa.Column('network', sa.String(length=64), nullable=True))
        table.add_column(sa.Column('device', sa.String(length=16), nullable=True))
    # Who has to wait goes on waiting: until now each address was a place of its own.
    op.execute('UPDATE sign_in_attempt SET network = address')
    with op.batch_alter_table('sign_in_attempt') as table:
        table.alter_column('network', existing_type=sa.String(length=64), nullable=False)
        table.drop_index('ix_sign_in_attempt_address_at')
        table.create_index('ix_sign_in_attempt_network_at', ['network', 'at'])


def downgrade() -> None:
    with op.batch_alter_table('sign_in_attempt') as table:
        table.drop_index('ix_sign_in_attempt_network_at')
        table.create_index('ix_sign_in_attempt_address_at', ['address', 'at'])
        table.drop_column('device')
        table.drop_column('network')
