"""One cell explained: every line of it, and everything that was ever said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import LOCAL
from dashboard.views.catalogue import references, splits
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import Account, FigureEntry, Indicator, Period, Split

if TYPE_CHECKING:
    from dashboard.i18n import Language

ENTRY: Schema = {
    "split": pl.Int64,
    "version": pl.Int64,
    "answer": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "reason": pl.String,
    "entered_at": pl.Datetime("us", "UTC"),
    "entered_by": pl.String,
}


@dataclass(frozen=True)
class CellHistory:
    """`entries`: columns of ENTRY with split_name, the newest first, in local time; `references`: of REFERENCE."""

    entries: pl.DataFrame
    references: pl.DataFrame


def cell_history(indicator: int, area: int, year: int, part: str, language: Language) -> CellHistory:
    with database().read() as session:
        statement = (
            select(
                col(FigureEntry.split_id),
                col(FigureEntry.version),
                col(FigureEntry.answer),
                col(FigureEntry.numerator),
                col(FigureEntry.denominator),
                col(FigureEntry.reason),
                col(FigureEntry.entered_at),
                col(Account.name),
            )
            .join(Split, col(Split.id) == col(FigureEntry.split_id))
            .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
            .join(Period, col(Period.id) == col(FigureEntry.period_id))
            .join(Account, col(Account.id) == col(FigureEntry.entered_by))
            .where(
                col(Indicator.id) == indicator,
                col(FigureEntry.area_id) == area,
                col(Period.year) == year,
                col(Period.part) == part,
            )
            .order_by(col(FigureEntry.id).desc())
        )
        entries = read_frame(session, statement, ENTRY).with_columns(
            pl.col("entered_at").dt.convert_time_zone(str(LOCAL))
        )
        names = splits(session, language).select("split", "split_name", "slug")
        national = references(session, language).filter(pl.col("indicator") == indicator)
    return CellHistory(entries.join(names, on="split", how="left", maintain_order="left"), national)
