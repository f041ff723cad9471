"""Indicators that nobody types: T7 from the register of play areas, T8 from the registrations.

What a commune reported before its register existed stays as it was reported: a register begun later, or a new
version of the program, changes nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
from sqlalchemy import and_, func, select
from sqlmodel import col

from dashboard.clock import LOCAL, business_now
from dashboard.domain.typed_cells import is_derived, last_day
from dashboard.views.catalogue import periods
from dashboard.views.figures import CELL_KEYS
from dashboard.views.places import places_on_days
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import Account, Assessment, AssessmentStep, EvaluationRound, Indicator, Quarter, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date

    from sqlalchemy.orm import Session

SAID: Schema = {
    "area": pl.Int64,
    "numerator": pl.Int64,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
    "begun_on": pl.Date,
}
LISTED: Schema = {"area": pl.Int64, "listed_on": pl.Date, "ended_on": pl.Date}
REGISTRATION: Schema = {
    "area": pl.Int64,
    "round": pl.Int64,
    "year": pl.Int64,
    "changed_at": pl.Datetime("us", "UTC"),
    "version": pl.Int64,
    "step": pl.String,
    "document_date": pl.Date,
    "taken_at": pl.Datetime("us", "UTC"),
    "taken_by": pl.String,
}
SUBMITTED: Schema = {"area": pl.Int64, "period": pl.Int64, "submitted_at": pl.Datetime("us", "UTC")}
DERIVED: Schema = {
    "indicator": pl.Int64,
    "area": pl.Int64,
    "period": pl.Int64,
    "kind": pl.String,
    "answer": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
    "is_derived": pl.Boolean,
}


def with_derived(
    session: Session, wholes: pl.DataFrame, lines: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """`wholes` (columns of DERIVED but is_derived) with the registers' answers in the place of typed ones.

    `lines`: columns of INDICATOR; `known`: columns of PERIOD. As typed stay: years before `derived_since`, communes
    whose register has not begun, and reports submitted before it had begun.
    """
    today = business_now(session).date()
    # A year that has not begun has no answers yet, whatever is registered for it.
    begun = known.filter(pl.col("year") <= today.year)
    registers = lines.filter(pl.col("derived_since").is_not_null()).to_dicts()
    cells = [cell for line in registers for cell in _answers(session, line, _derived(line, begun), today)]
    typed = wholes.with_columns(is_derived=pl.lit(value=False)).select(*DERIVED)
    if not cells:
        return typed
    found = pl.concat(cells)
    said = _said_before(session, typed, found)
    return pl.concat(
        [
            typed.join(found, on=CELL_KEYS, how="anti"),
            typed.join(said, on=CELL_KEYS, how="semi"),
            found.join(said, on=CELL_KEYS, how="anti").select(*DERIVED),
        ]
    )


def _said_before(session: Session, typed: pl.DataFrame, registers: pl.DataFrame) -> pl.DataFrame:
    """The cells (CELL_KEYS) of reports that were submitted no later than their commune's register was begun."""
    statement = select(col(Report.area_id), col(Report.period_id), col(Report.submitted_at)).where(
        col(Report.submitted_at).is_not(None)
    )
    submitted_on = pl.col("submitted_at").dt.convert_time_zone(str(LOCAL)).dt.date()
    return (
        typed.select(CELL_KEYS)
        .join(registers.select(*CELL_KEYS, "begun_on"), on=CELL_KEYS)
        .join(read_frame(session, statement, SUBMITTED), on=["area", "period"])
        .filter(submitted_on <= pl.col("begun_on"))
        .select(CELL_KEYS)
    )


def _derived(line: dict[str, Any], known: pl.DataFrame) -> pl.DataFrame:
    """The periods of `known` that the register speaks of."""
    years = [year for year in known["year"].unique() if is_derived(line["derived_since"], year)]
    return known.filter(pl.col("year").is_in(years))


def _answers(
    session: Session, line: dict[str, Any], known: pl.DataFrame, today: date
) -> Iterator[pl.DataFrame]:
    """What the register says of every commune that it knows, as of each period's last day or today."""
    ends = {row["period"]: last_day(row["year"], row["part"]) for row in known.iter_rows(named=True)}
    said = REGISTERS[line["derived_from"]](session, {min(end, today) for end in ends.values()})
    for period, end in ends.items():
        yield said[min(end, today)].select(
            indicator=pl.lit(line["indicator"], dtype=pl.Int64),
            area="area",
            period=pl.lit(period, dtype=pl.Int64),
            kind=pl.lit(line["kind"], dtype=pl.String),
            answer=pl.lit("figure"),
            numerator="numerator",
            denominator=pl.lit(1, dtype=pl.Int64),
            # A period that is over does not change when the register does: nobody changed it just now.
            entered_at="entered_at" if end >= today else pl.lit(None, dtype=DERIVED["entered_at"]),
            entered_by="entered_by",
            is_derived=pl.lit(value=True),
            begun_on="begun_on",
        )


def finished_periods(register: str, since: date) -> tuple[tuple[int, str], ...]:
    """Year and part of the periods that are over and follow from what `register` holds for `since` and later."""
    with database().read() as session:
        first = session.scalar(
            select(func.min(col(Indicator.derived_since))).where(col(Indicator.derived_from) == register)
        )
        today = business_now(session).date()
        known = periods(session).select("year", "part").iter_rows()
    return tuple(
        (year, part)
        for year, part in known
        if is_derived(first, year) and since <= last_day(year, part) < today
    )


def _play_areas(session: Session, days: Collection[date]) -> dict[date, pl.DataFrame]:
    """1 for a commune with a counting place, 0 for one whose register has been begun; no row for silence."""
    statement = select(col(Quarter.area_id), col(Quarter.listed_on), col(Quarter.ended_on))
    quarters = read_frame(session, statement, LISTED)
    return {
        day: _with_a_place(places, quarters, day) for day, places in places_on_days(session, days).items()
    }


def _with_a_place(places: pl.DataFrame, quarters: pl.DataFrame, day: date) -> pl.DataFrame:
    """Columns of SAID from `places` (as places_on gives them) and `quarters` (columns of LISTED)."""
    by_commune = (
        places.sort("changed_at")
        .group_by("area")
        .agg(
            numerator=pl.col("counts").any().cast(pl.Int64),
            place_on=pl.col("registered_on").min(),
            entered_at=pl.col("changed_at").last(),
            entered_by=pl.col("changed_by").last(),
        )
    )
    is_living = pl.col("ended_on").is_null() | (pl.col("ended_on") > day)
    listed = quarters.filter(pl.col("listed_on") <= day)
    first = listed.group_by("area").agg(listed_on=pl.col("listed_on").min())
    living = listed.filter(is_living).select("area").unique()
    empty = living.join(by_commune, on="area", how="anti").with_columns(
        numerator=pl.lit(0, dtype=pl.Int64),
        entered_at=pl.lit(None, dtype=SAID["entered_at"]),
        entered_by=pl.lit(None, dtype=pl.String),
        place_on=pl.lit(None, dtype=pl.Date),
    )
    known = pl.concat([by_commune, empty.select(by_commune.columns)]).join(first, on="area", how="left")
    return known.with_columns(begun_on=pl.min_horizontal("place_on", "listed_on")).select(*SAID)


def _registrations(session: Session, days: Collection[date]) -> dict[date, pl.DataFrame]:
    """1 for a commune that was registered on the day for a round of that year or a later one; else 0.

    A registration holds until its round: the decree evaluates in two years of five, the plan counts every year.
    Steps are replayed up to the day, so that a later withdrawal does not change what was reported before it.
    """
    statement = (
        select(
            col(Assessment.area_id),
            col(Assessment.round_id),
            col(EvaluationRound.year),
            col(Assessment.changed_at),
            col(AssessmentStep.version),
            col(AssessmentStep.step),
            col(AssessmentStep.document_date),
            col(AssessmentStep.taken_at),
            col(Account.name),
        )
        .join(EvaluationRound, col(EvaluationRound.id) == col(Assessment.round_id))
        .outerjoin(
            AssessmentStep,
            and_(
                col(AssessmentStep.assessment_id) == col(Assessment.id),
                col(AssessmentStep.step).in_(("register", "withdraw")),
            ),
        )
        .outerjoin(Account, col(Account.id) == col(AssessmentStep.taken_by))
    )
    steps = read_frame(session, statement, REGISTRATION)
    return {day: _registered_on(steps, day) for day in days}


def _registered_on(steps: pl.DataFrame, day: date) -> pl.DataFrame:
    """Columns of SAID from `steps` (columns of REGISTRATION)."""
    # The day on the paper, or, for a step without one, the day on which it was taken.
    since = pl.coalesce("document_date", pl.col("taken_at").dt.convert_time_zone(str(LOCAL)).dt.date())
    taken = (since <= day).fill_null(value=False)
    is_registered = pl.col("step").filter(taken).last() == "register"
    return (
        steps.filter(pl.col("year") >= day.year)
        .sort("version")
        .group_by("area", "round")
        .agg(
            numerator=is_registered.fill_null(value=False).cast(pl.Int64),
            # Scores are changed every day; who registered the commune, and when, does not change with them.
            entered_at=pl.col("taken_at").filter(taken).last(),
            entered_by=pl.col("taken_by").filter(taken).last(),
            # The paper may be older: what counts is when the program came to know of it.
            begun_on=pl.coalesce("taken_at", "changed_at").dt.convert_time_zone(str(LOCAL)).dt.date().min(),
        )
        .sort("entered_at")
        .group_by("area")
        .agg(
            pl.col("numerator").max(),
            pl.col("entered_at", "entered_by").last(),
            pl.col("begun_on").min(),
        )
        .select(*SAID)
    )


REGISTERS: Final[dict[str, Callable[[Session, Collection[date]], dict[date, pl.DataFrame]]]] = {
    "play_areas": _play_areas,
    "child_friendly": _registrations,
}
