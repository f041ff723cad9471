"""Submit a commune's report as a whole, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, ReportConflict, ReportIncomplete
from dashboard.clock import business_now
from dashboard.domain.permissions import Capability, may
from dashboard.domain.typed_cells import COMMUNE, is_answered
from dashboard.plan_cells import typed_lines
from db.engine import database
from db.tables import Figure, Indicator, Period, Report, Split

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor


def submit_report(
    *, actor: Actor, area_id: int, period_id: int, base_version: int, data_as_of: date | None = None
) -> int:
    """Mark the report as submitted and return its new version; raises NotAllowed, ReportConflict, ReportIncomplete.

    Sending the same submission again (a double click) changes nothing.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        _refuse_unless_allowed(actor, Capability.submit_report, area_id)
        report = _report(session, area_id, period_id)
        if report and report.state == "submitted" and report.version == base_version + 1:
            return report.version
        _refuse_other_version(report, base_version)
        missing = unanswered(session, area_id, period_id)
        if missing:
            raise ReportIncomplete(missing)
        if report is None:
            report = Report(area_id=area_id, period_id=period_id)
            session.add(report)
        before = {"state": report.state}
        now = business_now(session)
        report.version = base_version + 1
        report.state, report.submitted_at, report.submitted_by = "submitted", now, actor.id
        report.data_as_of = data_as_of or now.date()
        transaction.log(
            "submit_report", "report", f"{area_id}/{period_id}", before=before, after={"state": "submitted"}
        )
        return report.version


def reopen_report(*, actor: Actor, area_id: int, period_id: int, base_version: int) -> int:
    """Make a submitted report a draft again; returns its new version. Raises NotAllowed, ReportConflict."""
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        _refuse_unless_allowed(actor, Capability.reopen_report, area_id)
        report = _report(transaction.session, area_id, period_id)
        if report is None:
            raise ReportConflict
        if report.state == "draft" and report.version == base_version + 1:
            return report.version
        _refuse_other_version(report, base_version)
        report.version = base_version + 1
        report.state, report.submitted_at, report.submitted_by = "draft", None, None
        transaction.log(
            "reopen_report",
            "report",
            f"{area_id}/{period_id}",
            before={"state": "submitted"},
            after={"state": "draft"},
        )
        return report.version


def unanswered(session: Session, area_id: int, period_id: int) -> tuple[str, ...]:
    """Codes of the plan's indicators that have a line without an answer, or with only half of a ratio.

    A deliberate "not yet" is an answer. Monitoring counts and money do not hold a report back: the plan
    sets no target for them.
    """
    year = session.scalar(select(col(Period.year)).where(col(Period.id) == period_id)) or 0
    typed = typed_lines(session, year, grouping="target", scope=COMMUNE)
    lines = (
        select(col(Indicator.code), col(Indicator.kind), Figure)
        .join(Split, col(Split.indicator_id) == col(Indicator.id))
        .outerjoin(
            Figure,
            (col(Figure.split_id) == col(Split.id))
            & (col(Figure.area_id) == area_id)
            & (col(Figure.period_id) == period_id),
        )
        .where(col(Split.id).in_(typed))
        .order_by(col(Indicator.position))
    )
    rows = session.execute(lines).all()
    return tuple(dict.fromkeys(code for code, kind, figure in rows if not _is_answered(kind, figure)))


def _is_answered(kind: str, figure: Figure | None) -> bool:
    if figure is None:
        return False
    return is_answered(kind, figure.answer, figure.numerator, figure.denominator)


def _report(session: Session, area_id: int, period_id: int) -> Report | None:
    return session.scalar(
        select(Report).where(col(Report.area_id) == area_id, col(Report.period_id) == period_id)
    )


def _refuse_unless_allowed(actor: Actor, capability: Capability, area_id: int) -> None:
    if not may(actor, capability, area_id=area_id):
        raise NotAllowed(capability)


def _refuse_other_version(report: Report | None, base_version: int) -> None:
    if (report.version if report else 0) != base_version:
        raise ReportConflict
