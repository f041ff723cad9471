"""Figures with everything that judging them needs: the grid behind the overview, a cell and the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.catalogue import SplitsRule
from dashboard.domain.rollup import sum_parts
from dashboard.domain.typed_cells import WHOLE_LINE, sum_lines
from db.frames import Schema, read_frame
from db.tables import Account, Figure, Indicator, Period, Split

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


FIGURE: Schema = {
    "indicator": pl.Int64,
    "split": pl.Int64,
    "slug": pl.String,
    "kind": pl.String,
    "splits_rule": pl.String,
    "area": pl.Int64,
    "period": pl.Int64,
    "year": pl.Int64,
    "part": pl.String,
    "answer": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "version": pl.Int64,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
}
CELL_KEYS = ["indicator", "area", "period"]


def stored_figures(session: Session, *, years: tuple[int, int], grouping: str = "target") -> pl.DataFrame:
    """Current values of all cells of the years from..to (inclusive); columns of FIGURE."""
    statement = (
        select(
            col(Split.indicator_id),
            col(Figure.split_id),
            col(Split.slug),
            col(Indicator.kind),
            col(Indicator.splits_rule),
            col(Figure.area_id),
            col(Figure.period_id),
            col(Period.year),
            col(Period.part),
            col(Figure.answer),
            col(Figure.numerator),
            col(Figure.denominator),
            col(Figure.version),
            col(Figure.entered_at),
            col(Account.name),
        )
        .join(Split, col(Split.id) == col(Figure.split_id))
        .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
        .join(Period, col(Period.id) == col(Figure.period_id))
        .join(Account, col(Account.id) == col(Figure.entered_by))
        .where(col(Period.year).between(*years), col(Indicator.grouping) == grouping)
    )
    return read_frame(session, statement, FIGURE)


def whole_lines(figures: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per indicator, area and period: the `all` line as typed, or the sum of its parts.

    `figures` has the columns of FIGURE, `lines` those of SPLIT with `splits_rule`. The moment and the
    author are those of the line that changed last.
    """
    latest = figures.sort("entered_at").group_by(CELL_KEYS).agg(pl.col("entered_at", "entered_by").last())
    typed = figures.filter((pl.col("slug") == WHOLE_LINE) & ~sum_lines())
    summed = sum_parts(figures.filter(pl.col("splits_rule") == SplitsRule.parts), lines)
    columns = [*CELL_KEYS, "kind", "answer", "numerator", "denominator"]
    return pl.concat([typed.select(columns), summed.select(columns)]).join(latest, on=CELL_KEYS, how="left")
