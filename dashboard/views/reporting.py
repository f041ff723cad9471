"""Who has reported: each commune's report of one period against its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import and_, func, select
from sqlmodel import col

from dashboard.clock import LOCAL
from dashboard.views.catalogue import communes, periods
from db.frames import Schema, read_frame
from db.indicators import is_typed
from db.tables import Figure, Indicator, Report, Split

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language

REPORT: Schema = {
    "area": pl.Int64,
    "state": pl.String,
    "version": pl.Int64,
    "submitted_at": pl.Datetime("us", "UTC"),
}
REPORTING: Schema = {
    "area": pl.Int64,
    "name": pl.String,
    "full_name": pl.String,
    "position": pl.Int64,
    "state": pl.String,
    "version": pl.Int64,
    "submitted_at": pl.Datetime("us", str(LOCAL)),
    "is_in_time": pl.Boolean,
    "answered": pl.Int64,
    "expected": pl.Int64,
}


def reporting_by_commune(session: Session, year: int, part: str, language: Language) -> pl.DataFrame:
    """One row per commune, columns of REPORTING, in the plan's order.

    `state` is submitted, draft (some lines answered) or not_begun; `answered` of `expected` lines of the
    plan's indicators have an answer. `is_in_time` is null before submission and where no deadline is known.
    """
    period = periods(session).filter(pl.col("year") == year, pl.col("part") == part).row(0, named=True)
    return (
        communes(session, year, language)
        .join(_reports(session, period["period"]), on="area", how="left")
        .join(_answered(session, period["period"], year), on="area", how="left")
        .with_columns(
            pl.col("answered").fill_null(0),
            pl.col("version").fill_null(0),
            pl.col("submitted_at").dt.convert_time_zone(str(LOCAL)),
            expected=pl.lit(_expected(session, year), dtype=pl.Int64),
            before=pl.lit(period["communes_before"], dtype=pl.Date),
        )
        .with_columns(
            state=pl.when(pl.col("state") == "submitted")
            .then(pl.lit("submitted"))
            .when(pl.col("answered") > 0)
            .then(pl.lit("draft"))
            .otherwise(pl.lit("not_begun")),
            is_in_time=pl.col("submitted_at").dt.date() < pl.col("before"),
        )
        .select(*REPORTING)
    )


def _reports(session: Session, period: int) -> pl.DataFrame:
    statement = select(
        col(Report.area_id), col(Report.state), col(Report.version), col(Report.submitted_at)
    ).where(col(Report.period_id) == period)
    return read_frame(session, statement, REPORT)


def _answered(session: Session, period: int, year: int) -> pl.DataFrame:
    statement = (
        select(col(Figure.area_id), func.count(col(Figure.id)))
        .join(Split, col(Split.id) == col(Figure.split_id))
        .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
        .where(col(Figure.period_id) == period, col(Indicator.grouping) == "target", is_typed(year))
        .group_by(col(Figure.area_id))
    )
    return read_frame(session, statement, {"area": pl.Int64, "answered": pl.Int64})


def _expected(session: Session, year: int) -> int:
    """Lines to answer: the parts of indicators that are summed from parts, all lines of the others."""
    typed = and_(
        col(Indicator.grouping) == "target",
        is_typed(year),
        (col(Indicator.splits_rule) != "parts") | (col(Split.slug) != "all"),
    )
    statement = select(func.count(col(Split.id))).join(
        Indicator, col(Indicator.id) == col(Split.indicator_id)
    )
    return session.scalar(statement.where(typed)) or 0
