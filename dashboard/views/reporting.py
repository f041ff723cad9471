"""Who has reported: each commune's report of one period against its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from sqlalchemy import and_, select
from sqlmodel import col

from dashboard.clock import LOCAL
from dashboard.domain.reports import was_in_time
from dashboard.domain.typed_cells import COMMUNE, answered
from dashboard.plan_cells import reporting_communes, typed_lines
from dashboard.views.catalogue import communes, periods
from db.frames import Schema, read_frame
from db.tables import Account, Figure, Indicator, Report, ReportEvent, Split

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language

REPORT: Schema = {
    "area": pl.Int64,
    "state": pl.String,
    "version": pl.Int64,
    "submitted_at": pl.Datetime("us", "UTC"),
    "first_submitted_at": pl.Datetime("us", "UTC"),
    "event": pl.String,
    "event_reason": pl.String,
    "event_at": pl.Datetime("us", "UTC"),
    "event_by": pl.String,
}
FIGURE: Schema = {
    "area": pl.Int64,
    "kind": pl.String,
    "answer": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
}
# Monitoring counts and money do not hold a report back: the plan sets no target for them.
REPORTED: Final = "target"
MOMENTS = ("submitted_at", "first_submitted_at", "event_at")
REPORTING: Schema = {
    "area": pl.Int64,
    "name": pl.String,
    "full_name": pl.String,
    "position": pl.Int64,
    "state": pl.String,
    "version": pl.Int64,
    "submitted_at": pl.Datetime("us", str(LOCAL)),
    "first_submitted_at": pl.Datetime("us", str(LOCAL)),
    "event": pl.String,
    "event_reason": pl.String,
    "event_at": pl.Datetime("us", str(LOCAL)),
    "event_by": pl.String,
    "is_in_time": pl.Boolean,
    "answered": pl.Int64,
    "expected": pl.Int64,
}


def reporting_by_commune(session: Session, year: int, part: str, language: Language) -> pl.DataFrame:
    """One row per commune, columns of REPORTING, in the plan's order.

    `state` is submitted, returned or taken_back (to be submitted again), draft (some lines answered) or not_begun;
    `answered` of `expected` lines of the plan's indicators are answered in full. `event`, `event_reason`, `event_at`,
    `event_by`: what happened last to the report. `is_in_time` goes by the first submission (domain.reports), and is
    null before it and where no deadline is known.
    """
    period = periods(session).filter(pl.col("year") == year, pl.col("part") == part).row(0, named=True)
    lines = typed_lines(session, year, grouping=REPORTED, scope=COMMUNE)
    return (
        communes(session, year, language)
        .filter(pl.col("area").is_in(reporting_communes(session, year, part)))
        .join(_reports(session, period["period"]), on="area", how="left")
        .join(_answered(session, period["period"], lines), on="area", how="left")
        .with_columns(
            pl.col("answered").fill_null(0),
            pl.col("version").fill_null(0),
            pl.col(MOMENTS).dt.convert_time_zone(str(LOCAL)),
            expected=pl.lit(len(lines), dtype=pl.Int64),
            before=pl.lit(period["communes_before"], dtype=pl.Date),
        )
        .with_columns(
            state=pl.when(pl.col("state") == "submitted")
            .then(pl.lit("submitted"))
            .when(pl.col("event").is_in(["returned", "taken_back"]))
            .then("event")
            .when(pl.col("answered") > 0)
            .then(pl.lit("draft"))
            .otherwise(pl.lit("not_begun")),
            is_in_time=was_in_time(),
        )
        .select(*REPORTING)
    )


def _reports(session: Session, period: int) -> pl.DataFrame:
    last = and_(col(ReportEvent.report_id) == col(Report.id), col(ReportEvent.version) == col(Report.version))
    statement = (
        select(
            col(Report.area_id),
            col(Report.state),
            col(Report.version),
            col(Report.submitted_at),
            col(Report.first_submitted_at),
            col(ReportEvent.kind),
            col(ReportEvent.reason),
            col(ReportEvent.at),
            col(Account.name),
        )
        .outerjoin(ReportEvent, last)
        .outerjoin(Account, col(Account.id) == col(ReportEvent.by))
        .where(col(Report.period_id) == period)
    )
    return read_frame(session, statement, REPORT)


def _answered(session: Session, period: int, lines: tuple[int, ...]) -> pl.DataFrame:
    """`area`, `answered` (Int64): how many of `lines` are answered in full."""
    statement = (
        select(
            col(Figure.area_id),
            col(Indicator.kind),
            col(Figure.answer),
            col(Figure.numerator),
            col(Figure.denominator),
        )
        .join(Split, col(Split.id) == col(Figure.split_id))
        .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
        .where(col(Figure.period_id) == period, col(Figure.split_id).in_(lines))
    )
    figures = read_frame(session, statement, FIGURE)
    return figures.filter(answered()).group_by("area").agg(answered=pl.len().cast(pl.Int64))
