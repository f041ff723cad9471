"""Submit a commune's report as a whole, take it back (the commune), return it (the office, with a reason)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.errors import (
    InputProblem,
    InputRefused,
    NotAllowed,
    ReportConflict,
    ReportHasEmptyLines,
    ReportIncomplete,
    ReturnNeedsReason,
)
from dashboard.clock import business_now
from dashboard.domain.inputs import DAY, ID, VERSION, Maybe, Words, YesNo, takes
from dashboard.domain.permissions import Capability, may
from dashboard.domain.reports import ReportLine
from dashboard.domain.typed_cells import COMMUNE, first_day, is_answered
from dashboard.plan_cells import reporting_communes, typed_lines
from db.engine import database
from db.tables import Figure, Indicator, Period, Report, ReportEvent, Split

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from db.engine import Transaction

LONGEST_REASON: Final = 1000


@takes(area_id=ID, period_id=ID, base_version=VERSION, accept_empty=YesNo(), data_as_of=Maybe(DAY))
def submit_report(
    *,
    actor: Actor,
    area_id: int,
    period_id: int,
    base_version: int,
    accept_empty: bool = False,
    data_as_of: date | None = None,
) -> int:
    """Mark the report as submitted and return its new version.

    Raises NotAllowed, ReportConflict, ReportIncomplete (lines of the plan's indicators without an answer), and, unless
    `accept_empty`, ReportHasEmptyLines (monitoring and money that nobody has filled in: a person must have seen them).
    Sending the same submission again (a double click) changes nothing.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        _refuse_unless_allowed(actor, Capability.submit_report, area_id)
        report = _report(session, area_id, period_id)
        if report and _is_repeated(session, report, base_version, ("submitted", "", actor.id)):
            return report.version
        _refuse_other_version(report, base_version)
        if report and report.state == "submitted":
            raise ReportConflict
        _refuse_senseless(session, area_id, period_id, data_as_of, is_known=report is not None)
        _refuse_gaps(session, area_id, period_id, accept_empty=accept_empty)
        if report is None:
            report = Report(area_id=area_id, period_id=period_id)
            session.add(report)
        now = business_now(session)
        report.submitted_at, report.submitted_by = now, actor.id
        report.first_submitted_at = report.first_submitted_at or now
        report.data_as_of = data_as_of or now.date()
        return _moved(transaction, report, "submitted", actor, base_version)


@takes(area_id=ID, period_id=ID, base_version=VERSION)
def take_back_report(*, actor: Actor, area_id: int, period_id: int, base_version: int) -> int:
    """Make the commune's own submitted report a draft again; returns its new version.

    Raises NotAllowed, ReportConflict. The first day of submission stays.
    """
    return _reopened(actor, Capability.take_back_report, (area_id, period_id), base_version, "taken_back")


@takes(area_id=ID, period_id=ID, base_version=VERSION, reason=Words(LONGEST_REASON))
def return_report(*, actor: Actor, area_id: int, period_id: int, base_version: int, reason: str) -> int:
    """Give a submitted report back to its commune with what is to be changed; returns its new version.

    Raises NotAllowed, ReportConflict, ReturnNeedsReason. The commune reads the reason on its entry page.
    """
    if not reason:
        raise ReturnNeedsReason
    place = (area_id, period_id)
    return _reopened(actor, Capability.return_report, place, base_version, "returned", reason)


def _reopened(
    actor: Actor,
    capability: Capability,
    place: tuple[int, int],
    base_version: int,
    kind: str,
    reason: str = "",
) -> int:
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        _refuse_unless_allowed(actor, capability, place[0])
        report = _report(transaction.session, *place)
        if report is None:
            raise ReportConflict
        if _is_repeated(transaction.session, report, base_version, (kind, reason, actor.id)):
            return report.version
        _refuse_other_version(report, base_version)
        if report.state != "submitted":
            raise ReportConflict
        report.submitted_at, report.submitted_by = None, None
        return _moved(transaction, report, kind, actor, base_version, reason)


def _moved(
    transaction: Transaction, report: Report, kind: str, actor: Actor, base_version: int, reason: str = ""
) -> int:
    """Give the report its next version and state, and write down what happened to it."""
    session = transaction.session
    before, report.version = report.state, base_version + 1
    report.state = "submitted" if kind == "submitted" else "draft"
    session.flush()
    event = ReportEvent(
        report_id=report.id or 0,
        version=report.version,
        kind=kind,
        reason=reason,
        by=actor.id,
        at=business_now(session),
    )
    session.add(event)
    act = {"submitted": "submit_report", "taken_back": "take_back_report", "returned": "return_report"}[kind]
    subject = f"{report.area_id}/{report.period_id}"
    transaction.log(
        act, "report", subject, before={"state": before}, after={"state": report.state, "reason": reason}
    )
    return report.version


def _is_repeated(session: Session, report: Report, base_version: int, act: tuple[str, str, int]) -> bool:
    """Whether this very act (kind, reason, person) is what made the version after `base_version`: a double click."""
    statement = select(ReportEvent).where(
        col(ReportEvent.report_id) == report.id, col(ReportEvent.version) == report.version
    )
    event = session.scalar(statement) if report.version == base_version + 1 else None
    return event is not None and (event.kind, event.reason, event.by) == act


def _refuse_senseless(
    session: Session, area_id: int, period_id: int, data_as_of: date | None, *, is_known: bool
) -> None:
    """Raises InputRefused where nobody has to report: not this area, not of this period, not as of this day.

    `is_known` is a report that was begun before: what was asked once can be sent again.
    """
    period, today = session.get(Period, period_id), business_now(session).date()
    if period is None:
        raise InputRefused("period_id", InputProblem.unknown)
    if area_id not in reporting_communes(session, period.year, period.part):
        raise InputRefused("area_id", InputProblem.no_report)
    begin = first_day(period.year, period.part)
    if begin > today:
        raise InputRefused("period_id", InputProblem.not_begun)
    if period.communes_before is None and not is_known:
        raise InputRefused("period_id", InputProblem.no_report)
    if data_as_of is not None and not begin <= data_as_of <= today:
        raise InputRefused("data_as_of", InputProblem.day_out_of_range, first=begin, last=today)


def _refuse_gaps(session: Session, area_id: int, period_id: int, *, accept_empty: bool) -> None:
    lines = unanswered(session, area_id, period_id)
    missing = tuple(line for line in lines if line.grouping == "target")
    if missing:
        raise ReportIncomplete(missing)
    if lines and not accept_empty:
        raise ReportHasEmptyLines(lines)


def unanswered(session: Session, area_id: int, period_id: int) -> tuple[ReportLine, ...]:
    """The lines of the commune's report without an answer, or with only half of a ratio, in the plan's order.

    A deliberate "no figure yet" is an answer. Only the plan's indicators (grouping `target`) hold a report back:
    the plan sets no target for monitoring counts and money.
    """
    year = session.scalar(select(col(Period.year)).where(col(Period.id) == period_id)) or 0
    typed = typed_lines(session, year, scope=COMMUNE)
    lines = (
        select(col(Indicator.code), col(Split.slug), col(Indicator.grouping), col(Indicator.kind), Figure)
        .join(Split, col(Split.indicator_id) == col(Indicator.id))
        .outerjoin(
            Figure,
            (col(Figure.split_id) == col(Split.id))
            & (col(Figure.area_id) == area_id)
            & (col(Figure.period_id) == period_id),
        )
        .where(col(Split.id).in_(typed))
        .order_by(col(Indicator.position), col(Split.position))
    )
    rows = session.execute(lines).all()
    return tuple(
        ReportLine(code, slug, grouping)
        for code, slug, grouping, kind, figure in rows
        if not _is_answered(kind, figure)
    )


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
