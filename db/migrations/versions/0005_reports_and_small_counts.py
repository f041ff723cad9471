"""What happened to each report, its first submission, and the lines with small counts to hide

Revision: 0005, after 0004
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# From here on the seed says so itself; installations of before are told once.
SENSITIVE = ("T6", "M4", "M5", "M8")
UNKNOWN_REASON = "(phiên bản trước của chương trình không hỏi lý do)"
KINDS = {"submit_report": "submitted", "reopen_report": "taken_back"}


def upgrade() -> None:
    with op.batch_alter_table('split', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_sensitive', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('split', schema=None) as batch_op:
        batch_op.alter_column('is_sensitive', server_default=None)
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_submitted_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('report_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('submitted', 'taken_back', 'returned')", name=op.f('ck_report_event_kind_known')),
    sa.CheckConstraint("kind <> 'returned' OR reason <> ''", name=op.f('ck_report_event_return_has_reason')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_report_event_version_positive')),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_report_event_by')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_event_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_event')),
    sa.UniqueConstraint('report_id', 'version', name=op.f('uq_report_event_report_id_version'))
    )
    _mark_sensitive()
    _tell_what_happened()
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f('ck_report_first_submission_kept'), "submitted_at IS NULL OR first_submitted_at IS NOT NULL"
        )
    for deed in ("UPDATE", "DELETE"):
        op.execute(_guard("report_event", deed))


def _mark_sensitive() -> None:
    codes = ", ".join(f"'{code}'" for code in SENSITIVE)
    op.execute(f"UPDATE indicator SET is_sensitive = {_true()} WHERE code IN ({codes})")
    op.execute(
        f"UPDATE split SET is_sensitive = {_true()} WHERE slug = 'khuyet-tat' "
        "AND indicator_id IN (SELECT id FROM indicator WHERE code = 'T4')"
    )


def _true() -> str:
    return "true" if op.get_bind().dialect.name == "postgresql" else "1"


def _tell_what_happened() -> None:
    """Reports of before: their submissions and take-backs from the change log, and the first day of each."""
    connection = op.get_bind()
    reports = sa.table("report", *(sa.column(name) for name in (
        "id", "area_id", "period_id", "version", "submitted_at", "submitted_by", "first_submitted_at"
    )))
    events = sa.table("report_event", *(sa.column(name) for name in (
        "report_id", "version", "kind", "reason", "by", "at"
    )))
    for report in connection.execute(sa.select(reports)).mappings().all():
        found = list(_events(report))
        if found:
            connection.execute(sa.insert(events), found)
        days = [event["at"] for event in found if event["kind"] == "submitted"]
        days += [report["submitted_at"]] if report["submitted_at"] is not None else []
        if days:
            first = min(days)
            connection.execute(
                sa.update(reports).where(reports.c.id == report["id"]).values(first_submitted_at=first)
            )


def _events(report: Any) -> Iterator[dict[str, Any]]:
    """The last submission is known from the report itself; the ones before it only from the log."""
    log = sa.table("change", *(sa.column(name) for name in (
        "id", "at", "actor_id", "action", "subject", "subject_id"
    )))
    accounts = sa.table("account", sa.column("id"), sa.column("area_id"))
    statement = (
        sa.select(log.c.at, log.c.actor_id, log.c.action, accounts.c.area_id)
        .join(accounts, accounts.c.id == log.c.actor_id)
        .where(
            log.c.subject == "report",
            log.c.subject_id == f"{report['area_id']}/{report['period_id']}",
            log.c.action.in_(list(KINDS)),
        )
        .order_by(log.c.id)
    )
    acts = op.get_bind().execute(statement).mappings().all()[-report["version"]:]
    first = report["version"] - len(acts) + 1
    for version, act in enumerate(acts, start=first):
        is_last = version == report["version"] and report["submitted_at"] is not None
        is_returned = act["action"] == "reopen_report" and act["area_id"] != report["area_id"]
        yield {
            "report_id": report["id"],
            "version": version,
            "kind": "returned" if is_returned else KINDS[act["action"]],
            "reason": UNKNOWN_REASON if is_returned else "",
            "by": act["actor_id"],
            "at": report["submitted_at"] if is_last else act["at"],
        }
    if not acts and report["submitted_at"] is not None:
        yield {
            "report_id": report["id"],
            "version": report["version"],
            "kind": "submitted",
            "reason": "",
            "by": report["submitted_by"],
            "at": report["submitted_at"],
        }


def _guard(table: str, deed: str) -> str:
    head = f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        # The function stands since the first tables.
        return f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"


def downgrade() -> None:
    op.drop_table('report_event')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_report_first_submission_kept'), type_='check')
        batch_op.drop_column('first_submitted_at')
    with op.batch_alter_table('split', schema=None) as batch_op:
        batch_op.drop_column('is_sensitive')
