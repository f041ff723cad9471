"""All indicators of all communes and of the areas above them, judged, for one period and those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.attainment import with_status
from dashboard.domain.rollup import is_complete, roll_up
from dashboard.views.catalogue import area_tree, communes, periods, splits
from dashboard.views.derived import with_derived
from dashboard.views.figures import CELL_KEYS, stored_figures, whole_lines
from db.frames import Schema, read_frame
from db.tables import Report

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.i18n import Language

BASELINE_YEARS: Final = 2
SUBMITTED: Schema = {"area": pl.Int64, "period": pl.Int64}
PAIR: Final = ("numerator", "denominator")


def history(session: Session, year: int, part: str, language: Language, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per indicator, area and period up to this one, with the columns of INDICATOR and of with_status.

    And year, part, entered_at, entered_by; reported, elsewhere, expected (communes; null below the areas above);
    is_derived (a register says it); figure_state: `register`, `submitted`, `draft` (a figure of a report that is
    not submitted; above the communes: one of them is), null where nobody answered; is_provisional: a draft, or a
    sum that somebody's answer is missing from.
    """
    figures = stored_figures(session, years=(year - BASELINE_YEARS, year))
    rules = splits(session, language).join(lines.select("indicator", "splits_rule", "kind"), on="indicator")
    known = periods(session).filter(pl.col("year").is_between(year - BASELINE_YEARS, year))
    wholes = with_derived(session, whole_lines(figures, rules), lines, known)
    grid = _grid(session, year, part, language, lines)
    filled = grid.join(wholes.drop("kind"), on=CELL_KEYS, how="left")
    known = known.select("period", "year", "part")
    below = _with_baseline(_with_state(session, filled).join(known, on="period"))
    above = _rolled_up(below, area_tree(session, year, language)).join(known, on="period")
    rows = pl.concat([below.drop("kind"), above], how="diagonal")
    return with_status(rows.join(lines, on="indicator"))


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


def _with_state(session: Session, rows: pl.DataFrame) -> pl.DataFrame:
    statement = select(col(Report.area_id), col(Report.period_id)).where(col(Report.state) == "submitted")
    submitted = read_frame(session, statement, SUBMITTED).with_columns(is_submitted=pl.lit(value=True))
    state = (
        pl.when(pl.col("answer").is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when("is_derived")
        .then(pl.lit("register"))
        .when(pl.col("is_submitted"))
        .then(pl.lit("submitted"))
        .otherwise(pl.lit("draft"))
    )
    return (
        rows.join(submitted, on=["area", "period"], how="left")
        .with_columns(pl.col("is_derived").fill_null(value=False), figure_state=state)
        .with_columns(is_provisional=(pl.col("figure_state") == "draft").fill_null(value=False))
        .drop("is_submitted")
    )


def _with_baseline(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the figure of the same period last year, and this year's as it is compared with it."""
    last = rows.filter(is_complete()).select(
        "indicator",
        "area",
        "part",
        (pl.col("year") + 1).alias("year"),
        *(pl.col(name).alias(f"baseline_{name}") for name in PAIR),
    )
    compared = {f"compared_{name}": pl.col(name) for name in PAIR}
    return rows.join(last, on=["indicator", "area", "part", "year"], how="left").with_columns(**compared)


def _rolled_up(below: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    """The areas above the communes, each with last year's figure of the very communes it now has figures of.

    Comparing three communes of this year with seven of last year would make a rise of a fall.
    """
    keys = ["indicator", "split", "kind", "area", "period", "answer", *PAIR]
    above = roll_up(below.with_columns(split=pl.col("indicator")).select(keys), tree).drop("split", "kind")
    comparable = below.filter(is_complete(), pl.col("baseline_denominator").is_not_null())
    sums = [f"{figure}_{name}" for figure in ("baseline", "compared") for name in PAIR]
    pairs = _above(comparable, tree).agg(pl.col(sums).sum())
    states = _above(below.filter(pl.col("answer").is_not_null()), tree).agg(
        is_derived=pl.col("is_derived").any(),
        drafts=pl.col("is_provisional").any(),
        registers=(pl.col("figure_state") == "register").all(),
    )
    joined = above.join(pairs, on=CELL_KEYS, how="left").join(states, on=CELL_KEYS, how="left")
    state = pl.when("drafts").then(pl.lit("draft")).when("registers").then(pl.lit("register"))
    is_open = pl.col("reported") < pl.col("expected")
    has_answer = pl.col("answer").is_not_null()
    return joined.with_columns(
        pl.col("is_derived").fill_null(value=False),
        figure_state=pl.when(has_answer).then(state.otherwise(pl.lit("submitted"))),
        is_provisional=has_answer & (pl.col("drafts") | is_open).fill_null(value=False),
    ).drop("drafts", "registers")


def _above(rows: pl.DataFrame, tree: pl.DataFrame) -> pl.dataframe.group_by.GroupBy:
    return rows.join(tree, on="area").group_by("indicator", "period", pl.col("ancestor").alias("area"))
