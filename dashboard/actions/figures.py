"""Record a figure: the one door through which a number enters the plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from dashboard.actions.errors import (
    FigureConflict,
    FigureRefused,
    InputProblem,
    InputRefused,
    NotAllowed,
    ReportLocked,
)
from dashboard.clock import business_now
from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind, Part, SplitsRule
from dashboard.domain.checks import CheckContext, FigureInput, Pair, Problem, check_figure
from dashboard.domain.inputs import ID, TOKEN, VERSION, WHOLE, Form, Maybe, OneOf, Words, takes
from dashboard.domain.permissions import Capability, Role, may
from dashboard.domain.typed_cells import WHOLE_LINE, cell_problem
from dashboard.plan_cells import line_of, places
from db.engine import database
from db.tables import Account, Figure, FigureEntry, Indicator, Installation, Period, Report, Split

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from dashboard.domain.typed_cells import Place


@dataclass(frozen=True)
class Cell:
    """Where a figure stands: a line of an indicator, an area, a period."""

    split_id: int
    area_id: int
    period_id: int


@dataclass(frozen=True)
class Value:
    """What is said of a cell. Counts as counted, money in đồng; both numbers empty unless the answer is a figure."""

    answer: str
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True)
class Saved:
    """A value as it stands in the database, with who put it there and when."""

    version: int
    value: Value
    by: str
    at: datetime


@dataclass(frozen=True)
class _Facts:
    """What the rules need to know of a cell's surroundings."""

    indicator: Indicator
    split: Split
    place: Place
    period: Period
    today: date
    is_submitted: bool
    is_demonstration: bool


CELL: Final = Form(Cell, split_id=ID, area_id=ID, period_id=ID)
VALUE: Final = Form(Value, answer=OneOf(Answer), numerator=Maybe(WHOLE), denominator=Maybe(WHOLE))
LONGEST_REASON: Final = 500


@takes(cell=CELL, value=VALUE, base_version=VERSION, token=TOKEN, reason=Words(LONGEST_REASON))
def record_figure(
    *, actor: Actor, cell: Cell, value: Value, base_version: int, token: str, reason: str = ""
) -> Saved:
    """Append an entry and make it the cell's current value.

    `base_version` is the version that the person saw (0 for an empty cell); `token` names this one attempt,
    so that sending it twice stores it once. Raises InputRefused, NotAllowed, ReportLocked, FigureRefused,
    FigureConflict.
    """
    with database().write(actor_id=actor.id, actor_login=actor.login) as transaction:
        session = transaction.session
        facts = _facts(session, cell)
        _refuse_stranger(actor, cell, facts)
        current = _current(session, cell)
        repeated = _repeated(session, actor, cell, value, token)
        if repeated:
            # What stands is the answer: this attempt's own value, or what somebody saved over it since.
            _refuse_conflict(session, current, repeated.version)
            return _saved(session, repeated)
        _refuse_untyped(facts)
        _refuse_locked(actor, facts)
        if current and _value(current) == value:
            return _saved(session, current)
        before = asdict(_value(current)) if current else None
        _refuse_conflict(session, current, base_version)
        _refuse_unexplained(facts, reason)
        _refuse_problems(session, cell, facts, value, reason)
        entry = _append(
            session, actor, cell, value, facts, base_version=base_version, token=token, reason=reason
        )
        _replace(session, current, entry)
        transaction.log(
            "record_figure",
            "figure",
            f"{cell.split_id}/{cell.area_id}/{cell.period_id}",
            before=before,
            after={**asdict(value), "version": entry.version, "reason": reason},
        )
        return _saved(session, entry)


def _repeated(session: Session, actor: Actor, cell: Cell, value: Value, token: str) -> FigureEntry | None:
    """The entry of this very attempt; raises InputRefused where the token is another attempt's."""
    known = session.scalar(select(FigureEntry).where(col(FigureEntry.token) == token))
    if known and not (known.entered_by == actor.id and _cell(known) == cell and _value(known) == value):
        raise InputRefused("token", InputProblem.other_attempt)
    return known


def _cell(row: FigureEntry) -> Cell:
    return Cell(row.split_id, row.area_id, row.period_id)


def _current(session: Session, cell: Cell) -> Figure | None:
    return session.scalar(select(Figure).where(*_at(Figure, cell)))


def _at(table: type[Figure | FigureEntry], cell: Cell) -> tuple[Any, ...]:
    return tuple(getattr(table, name) == value for name, value in asdict(cell).items())


def _value(row: Figure | FigureEntry) -> Value:
    return Value(row.answer, row.numerator, row.denominator)


def _saved(session: Session, row: Figure | FigureEntry) -> Saved:
    name = session.scalar(select(col(Account.name)).where(col(Account.id) == row.entered_by))
    return Saved(row.version, _value(row), name or "", row.entered_at)


def _facts(session: Session, cell: Cell) -> _Facts:
    line = session.execute(
        select(Split, Indicator).join(Indicator).where(col(Split.id) == cell.split_id)
    ).one_or_none()
    place = places(session).get(cell.area_id)
    period = session.get(Period, cell.period_id)
    if line is None:
        raise InputRefused("split_id", InputProblem.unknown)
    if place is None:
        raise InputRefused("area_id", InputProblem.unknown)
    if period is None:
        raise InputRefused("period_id", InputProblem.unknown)
    submitted = session.scalar(
        select(col(Report.id)).where(
            col(Report.area_id) == cell.area_id,
            col(Report.period_id) == cell.period_id,
            col(Report.state) == "submitted",
        )
    )
    demonstration = session.scalar(select(col(Installation.is_demonstration)))
    today = business_now(session).date()
    return _Facts(line[1], line[0], place, period, today, submitted is not None, bool(demonstration))


def _refuse_stranger(actor: Actor, cell: Cell, facts: _Facts) -> None:
    lead = facts.indicator.lead_agency_id
    if not may(actor, Capability.enter_figures, area_id=cell.area_id, lead_agency_id=lead):
        raise NotAllowed(Capability.enter_figures)


def _refuse_untyped(facts: _Facts) -> None:
    line, period = line_of(facts.indicator, facts.split), facts.period
    problem = cell_problem(line, facts.place, period.year, period.part, today=facts.today)
    if problem:
        raise FigureRefused((Problem(problem.value, "refuse", {}),))


def _refuse_locked(actor: Actor, facts: _Facts) -> None:
    """What was sent stays as sent: the commune takes its report back first."""
    if facts.is_submitted and actor.role is Role.commune_officer:
        raise ReportLocked


def _refuse_unexplained(facts: _Facts, reason: str) -> None:
    """Others say why they change it."""
    if facts.is_submitted and not reason:
        raise FigureRefused((Problem("submitted", "ask_reason", {}),))


def _refuse_conflict(session: Session, current: Figure | None, version: int) -> None:
    if (current.version if current else 0) != version:
        raise FigureConflict(_saved(session, current) if current else None)


def _refuse_problems(session: Session, cell: Cell, facts: _Facts, value: Value, reason: str) -> None:
    said = FigureInput(Answer(value.answer), value.numerator, value.denominator, reason)
    problems = check_figure(said, _context(session, cell, facts))
    blocking = tuple(problem for problem in problems if problem.severity in ("refuse", "ask_reason"))
    if blocking:
        raise FigureRefused(blocking)


def _context(session: Session, cell: Cell, facts: _Facts) -> CheckContext:
    """The figures that this one must agree with: the other half of its year, last year, its whole or parts."""
    period, is_year = facts.period, facts.period.part == Part.year
    other = _pair(session, cell.split_id, cell.area_id, period.year, "half" if is_year else "year")
    with_subsets = facts.indicator.splits_rule == SplitsRule.subsets
    is_whole = facts.split.slug == WHOLE_LINE
    return CheckContext(
        kind=IndicatorKind(facts.indicator.kind),
        is_cumulative=facts.indicator.is_cumulative,
        half_year=other if is_year else None,
        year=None if is_year else other,
        last=_pair(session, cell.split_id, cell.area_id, period.year - 1, period.part),
        whole=_siblings(session, cell, facts)[0] if with_subsets and not is_whole else None,
        subsets=_siblings(session, cell, facts)[1] if with_subsets and is_whole else (),
    )


def _pair(session: Session, split_id: int, area_id: int, year: int, part: str) -> Pair | None:
    row = session.scalar(
        select(Figure)
        .join(Period)
        .where(
            col(Figure.split_id) == split_id,
            col(Figure.area_id) == area_id,
            col(Period.year) == year,
            col(Period.part) == part,
            col(Figure.answer) == "figure",
        )
    )
    return Pair(row.numerator, row.denominator) if row else None


def _siblings(session: Session, cell: Cell, facts: _Facts) -> tuple[Pair | None, tuple[Pair, ...]]:
    """The whole (or None) and the answered subsets of the same indicator, area and period."""
    rows = session.execute(
        select(col(Split.slug), Figure)
        .join(Figure, col(Figure.split_id) == col(Split.id))
        .where(
            col(Split.indicator_id) == facts.indicator.id,
            col(Figure.area_id) == cell.area_id,
            col(Figure.period_id) == cell.period_id,
            col(Figure.answer) == "figure",
        )
    ).all()
    pairs = {slug: Pair(figure.numerator, figure.denominator) for slug, figure in rows}
    return pairs.pop(WHOLE_LINE, None), tuple(pairs.values())


def _append(
    session: Session,
    actor: Actor,
    cell: Cell,
    value: Value,
    facts: _Facts,
    *,
    base_version: int,
    token: str,
    reason: str,
) -> FigureEntry:
    entry = FigureEntry(
        **asdict(cell),
        **asdict(value),
        version=base_version + 1,
        reason=reason,
        is_synthetic=facts.is_demonstration,
        entered_by=actor.id,
        entered_at=business_now(session),
        token=token,
    )
    session.add(entry)
    session.flush()
    return entry


def _replace(session: Session, current: Figure | None, entry: FigureEntry) -> None:
    shared = ("answer", "numerator", "denominator", "version", "is_synthetic", "entered_by", "entered_at")
    values = {name: getattr(entry, name) for name in shared} | {"entry_id": entry.id}
    if current is None:
        place = {name: getattr(entry, name) for name in ("split_id", "area_id", "period_id")}
        session.add(Figure(**place, **values))
        return
    # The write lock already keeps others out; the version in the condition holds even if it did not.
    swap = update(Figure).where(col(Figure.id) == current.id, col(Figure.version) == current.version)
    if session.execute(swap.values(**values)).rowcount != 1:  # type: ignore[attr-defined]
        raise FigureConflict(None)
