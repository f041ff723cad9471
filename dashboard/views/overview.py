"""The overview's one question: which indicators are met, which are not, where, and who has yet to report?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard.clock import LOCAL, business_now, local
from dashboard.domain.attainment import with_status
from dashboard.domain.rollup import roll_up
from dashboard.domain.status import Status
from dashboard.views.catalogue import area_tree, communes, indicators, periods, plan_header, splits
from dashboard.views.derived import with_derived
from dashboard.views.figures import CELL_KEYS, stored_figures, whole_lines
from dashboard.views.reporting import reporting_by_commune
from db.changes import data_version
from db.engine import database

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from dashboard.i18n import Language
    from dashboard.views.catalogue import PlanHeader

BASELINE_YEARS = 2
COUNTED = (Status.met, Status.near, Status.off)


@dataclass(frozen=True)
class Overview:
    """One period as it stands at data version `version`.

    `cells`: one row per indicator and area (the town included) with the columns of INDICATOR, and area,
    area_name, column (the town last), tile_row, tile_column, is_town, answer, numerator, denominator, share (Float64, 0..1),
    baseline_numerator, baseline_denominator, status, gap (Int64, children short), reported, expected
    (communes; null below the town), entered_at (local time), entered_by.
    `trend`: code, position, step, year, part, share of the town over the last periods.
    `reporting`: columns of dashboard.views.reporting.REPORTING.
    `met_before`: how many indicators the town met in the period before of the same year, None without one.
    """

    version: int
    header: PlanHeader
    year: int
    part: str
    cells: pl.DataFrame
    trend: pl.DataFrame
    reporting: pl.DataFrame
    met_before: int | None
    as_of: datetime

    @property
    def town(self) -> pl.DataFrame:
        return self.cells.filter("is_town")

    def count(self, *states: Status) -> int:
        return self.town.filter(pl.col("status").is_in(list(states))).height

    @property
    def is_empty(self) -> bool:
        """Nobody has answered anything yet."""
        return self.cells.filter(pl.col("answer") != "not_reported").is_empty()

    @property
    def measured(self) -> int:
        """How many indicators have a target in this year; none in the years before the plan."""
        return self.town.filter(pl.col("target_kind") != "none").height


def overview(year: int, part: str, language: Language) -> Overview | None:
    """The overview of one period; None where the installation has no plan or no such period."""
    with database().read() as session:
        header = plan_header(session, year, language)
        period = periods(session).filter(pl.col("year") == year, pl.col("part") == part)
        if header is None or period.is_empty():
            return None
        lines = indicators(session, year, language).filter(pl.col("grouping") == "target")
        history = _history(session, year, part, language, lines)
        now = history.filter(pl.col("year") == year, pl.col("part") == part)
        cells = _named(session, year, language, now, header)
        return Overview(
            version=data_version(session),
            header=header,
            year=year,
            part=part,
            cells=cells,
            trend=_trend(history, header.area_id),
            reporting=reporting_by_commune(session, year, part, language),
            met_before=_met_before(history, year, part, header.area_id),
            as_of=_as_of(session, cells),
        )


def _history(session: Session, year: int, part: str, language: Language, lines: pl.DataFrame) -> pl.DataFrame:
    """Judged rows of all communes and the areas above, for every period up to this one."""
    figures = stored_figures(session, years=(year - BASELINE_YEARS, year))
    rules = splits(session, language).join(lines.select("indicator", "splits_rule", "kind"), on="indicator")
    known = periods(session).filter(pl.col("year").is_between(year - BASELINE_YEARS, year))
    wholes = with_derived(session, whole_lines(figures, rules), lines, known)
    grid = _grid(session, year, part, language, lines)
    filled = grid.join(wholes.drop("kind"), on=CELL_KEYS, how="left").with_columns(
        pl.col("answer").fill_null("not_reported")
    )
    known = known.select("period", "year", "part")
    below = _with_baseline(filled.join(known, on="period"))
    above = _rolled_up(below, area_tree(session, year, language))
    rows = pl.concat([below.drop("kind"), above.join(known, on="period")], how="diagonal")
    return with_status(rows.join(lines, on="indicator"))


def _rolled_up(below: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    """The areas above the communes, each with last year's figure of the very communes it now has figures of.

    Comparing three communes of this year with seven of last year would make a rise of a fall.
    """
    keys = ["indicator", "split", "kind", "area", "period", "answer", "numerator", "denominator"]
    above = roll_up(below.with_columns(split=pl.col("indicator")).select(keys), tree).drop("split", "kind")
    compared = below.filter(
        pl.col("denominator").is_not_null() & pl.col("baseline_denominator").is_not_null()
    )
    baseline = (
        compared.join(tree, on="area")
        .group_by("indicator", "period", pl.col("ancestor").alias("area"))
        .agg(pl.col("baseline_numerator", "baseline_denominator").sum())
    )
    return above.join(baseline, on=CELL_KEYS, how="left")


def _grid(session: Session, year: int, part: str, language: Language, lines: pl.DataFrame) -> pl.DataFrame:
    """Every indicator, commune and period that could have a figure: what is missing must be seen."""
    past = pl.col("year").is_between(year - BASELINE_YEARS, year - 1)
    this = (pl.col("year") == year) & ((part == "year") | (pl.col("part") == "half"))
    wanted = periods(session).filter(past | this)
    areas = communes(session, year, language)
    return (
        lines.select("indicator", "kind")
        .join(areas.select("area"), how="cross")
        .join(wanted.select("period"), how="cross")
    )


def _with_baseline(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the figure of the same period last year, where there was one."""
    last = rows.filter(pl.col("answer") == "figure").select(
        "indicator",
        "area",
        "part",
        (pl.col("year") + 1).alias("year"),
        pl.col("numerator").alias("baseline_numerator"),
        pl.col("denominator").alias("baseline_denominator"),
    )
    return rows.join(last, on=["indicator", "area", "part", "year"], how="left")


def _named(
    session: Session, year: int, language: Language, rows: pl.DataFrame, header: PlanHeader
) -> pl.DataFrame:
    areas = communes(session, year, language).select(
        "area", pl.col("name").alias("area_name"), "tile_row", "tile_column", "position"
    )
    columns = areas.with_columns(column=pl.col("position").rank("dense").cast(pl.Int64)).drop("position")
    town = pl.DataFrame(
        {"area": [header.area_id], "area_name": [header.area_name], "column": [areas.height + 1]}
    )
    placed = pl.concat([columns, town], how="diagonal").with_columns(is_town=pl.col("area") == header.area_id)
    in_local_time = pl.col("entered_at").dt.convert_time_zone(str(LOCAL))
    return rows.join(placed, on="area").with_columns(in_local_time).sort("position", "column")


def _trend(history: pl.DataFrame, town: int) -> pl.DataFrame:
    order = (pl.col("year") * 2 + (pl.col("part") == "year").cast(pl.Int64)).alias("order")
    return (
        history.filter(pl.col("area") == town)
        .with_columns(order)
        .with_columns(step=pl.col("order").rank("dense").cast(pl.Int64) - 1)
        .select("code", "position", "step", "year", "part", "share")
        .sort("position", "step")
    )


def _met_before(history: pl.DataFrame, year: int, part: str, town: int) -> int | None:
    """Only within the plan's year: earlier years had other targets."""
    if part != "year":
        return None
    before = history.filter(pl.col("area") == town, pl.col("year") == year, pl.col("part") == "half")
    judged = before.filter(pl.col("status").is_in(list(COUNTED)))
    return judged.filter(pl.col("status") == Status.met).height if judged.height else None


def _as_of(session: Session, cells: pl.DataFrame) -> datetime:
    """When the newest figure on the page was entered; now, where there is none yet."""
    newest = cells["entered_at"].drop_nulls().max()
    return local(newest) if newest else business_now(session)  # type: ignore[arg-type]
