"""One cell explained: every line of it, and everything that was ever said of it, but for what its reader may not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.clock import LOCAL
from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import SplitsRule
from dashboard.domain.small_counts import Mask, is_seen, is_small_count
from dashboard.views.catalogue import indicators, references, splits
from dashboard.views.figures import stored_figures
from dashboard.views.small_counts import masked_wholes
from db.engine import database
from db.frames import Schema, read_frame
from db.tables import Account, FigureEntry, Indicator, Period, Split

if TYPE_CHECKING:
    from sqlalchemy import Select

    from dashboard.domain.permissions import Sight
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
    """`entries`: columns of ENTRY with split_name, slug and mask, the newest first, in local time.

    `mask` says why an entry has no numbers (dashboard.domain.small_counts.Mask), or null. `references`: of REFERENCE.
    """

    entries: pl.DataFrame
    references: pl.DataFrame


def cell_history(
    indicator: int, area: int, year: int, part: str, language: Language, sight: Sight
) -> CellHistory:
    """What was said of all lines of `indicator` in `area`, as the reader of this `sight` may see it."""
    with database().read() as session:
        entries = read_frame(session, _entries_of(indicator, area, year, part), ENTRY).with_columns(
            pl.col("entered_at").dt.convert_time_zone(str(LOCAL))
        )
        catalogue = indicators(session, year, language).filter(pl.col("indicator") == indicator)
        facts = catalogue.select("indicator", "lead", "splits_rule")
        names = splits(session, language).join(facts, on="indicator")
        wholes = stored_figures(session, years=(year, year), grouping=catalogue["grouping"].item())
        national = references(session, language).filter(pl.col("indicator") == indicator)
    now = wholes.filter(pl.col("slug") == "all", pl.col("part") == part, pl.col("indicator") == indicator)
    judged = masked_wholes(
        now.join(catalogue.select("indicator", "lead", "is_sensitive"), on="indicator"), sight
    )
    hidden = judged.filter(pl.col("area") == area, pl.col("mask").is_not_null()).select("split", "mask")
    named = (
        entries.join(names.drop("indicator", "split_position"), on="split", how="left", maintain_order="left")
        .join(hidden, on="split", how="left", maintain_order="left")
        .with_columns(area=pl.lit(area, dtype=pl.Int64))
    )
    return CellHistory(_masked(named, sight), national)


def _entries_of(indicator: int, area: int, year: int, part: str) -> Select[*tuple[Any, ...]]:
    """What was entered there, newest first: columns of ENTRY."""
    return (
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


def _masked(entries: pl.DataFrame, sight: Sight) -> pl.DataFrame:
    """Hide the numbers of small sensitive counts, and what was written about any number of such a line.

    `mask` comes with the lines that the overview hides. Of parts that add up to a whole all are hidden, noughts too:
    their sum stands on other pages.
    """
    is_hidden = pl.col("is_sensitive_split") & ~is_seen(sight)
    small = is_hidden & is_small_count()
    is_part = pl.col("splits_rule") == SplitsRule.parts
    taints = pl.when(is_part).then(small.any()).otherwise(small.any().over("split"))
    hides = is_hidden & (taints | pl.col("mask").is_not_null())
    mask = (
        pl.when(small & ~is_part)
        .then(pl.lit(Mask.small.value))
        .when(hides & (is_part | pl.col("mask").is_not_null()))
        .then(pl.lit(Mask.other.value))
    )
    return entries.with_columns(mask=mask, hides=hides).select(
        "split",
        "split_name",
        "slug",
        "version",
        "mask",
        "entered_at",
        "entered_by",
        pl.when(pl.col("mask").is_null()).then(pl.col("numerator", "denominator")),
        answer=pl.when(pl.col("mask").is_null()).then("answer").otherwise(pl.lit(Answer.figure.value)),
        reason=pl.when("hides").then(pl.lit("")).otherwise("reason"),
    )
