"""From communes upwards: sums of numerators over sums of denominators, never means."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind, SplitsRule
from dashboard.domain.typed_cells import WHOLE_LINE, sum_lines

WITHOUT_DENOMINATOR: Final = [IndicatorKind.number, IndicatorKind.money]
KEYS: Final = ["indicator", "split", "period", "area"]


def roll_up(figures: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    """Figures of every area above the communes.

    `figures`: indicator, split, area, period (Int64), kind, answer (String, nullable), numerator, denominator
    (Int64, nullable); a commune without a row or without an answer has not reported. `tree`: area, ancestor
    (Int64), every commune with every area above it.
    Returns indicator, split, period, area, kind, answer (null where nobody gave a figure and somebody is silent),
    numerator, denominator, reported, elsewhere, expected (Int64): communes with an answer that counts, those of
    them where the indicator does not apply, all communes.
    A share of communes is judged over those that answered yes or no: silence is neither. Whoever shows it names
    the silent ones beside it (`reported` below `expected`).
    """
    communes = tree.group_by("ancestor").agg(expected=pl.len().cast(pl.Int64))
    grouped = (
        figures.with_columns(complete=is_complete())
        .join(tree, on="area")
        .group_by("indicator", "split", "period", "ancestor")
        .agg(
            pl.col("kind").first(),
            numerator=pl.col("numerator").filter("complete").sum(),
            denominator=pl.col("denominator").filter("complete").sum(),
            figures=pl.col("complete").sum().cast(pl.Int64),
            nils=(pl.col("answer") == Answer.nil).sum().cast(pl.Int64),
            elsewhere=(pl.col("answer") == Answer.not_applicable).sum().cast(pl.Int64),
            without=(pl.col("answer") == Answer.not_reported).sum().cast(pl.Int64),
        )
        .join(communes, on="ancestor")
        .rename({"ancestor": "area"})
        .with_columns(reported=pl.sum_horizontal("figures", "nils", "elsewhere"))
        .with_columns(denominator=_denominator())
    )
    return _with_answer(grouped).select(
        *KEYS, "kind", "answer", "numerator", "denominator", "reported", "elsewhere", "expected"
    )


def is_complete() -> pl.Expr:
    """A figure with all the numbers that its kind needs; half an entry is not counted."""
    needs_no_denominator = pl.col("kind").is_in(WITHOUT_DENOMINATOR)
    has_numbers = pl.col("numerator").is_not_null() & (
        pl.col("denominator").is_not_null() | needs_no_denominator
    )
    return (pl.col("answer") == Answer.figure).fill_null(value=False) & has_numbers


def _denominator() -> pl.Expr:
    of_communes = pl.col("kind") == IndicatorKind.share_of_communes
    return pl.when(of_communes).then("figures").otherwise("denominator")


def _with_answer(grouped: pl.DataFrame) -> pl.DataFrame:
    """A figure where any commune gave one; otherwise what all of them together said."""
    answer = (
        pl.when(pl.col("figures") > 0)
        .then(pl.lit(Answer.figure.value))
        .when(pl.col("reported") + pl.col("without") < pl.col("expected"))
        .then(pl.lit(None, dtype=pl.String))
        .when(pl.col("without") > 0)
        .then(pl.lit(Answer.not_reported.value))
        .when(pl.col("nils") > 0)
        .then(pl.lit(Answer.nil.value))
        .otherwise(pl.lit(Answer.not_applicable.value))
    )
    has_value = pl.col("answer") == Answer.figure
    has_denominator = has_value & ~pl.col("kind").is_in(WITHOUT_DENOMINATOR)
    return grouped.with_columns(answer=answer).with_columns(
        numerator=pl.when(has_value).then("numerator"),
        denominator=pl.when(has_denominator).then("denominator"),
    )


def sum_parts(parts: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The whole of indicators whose parts add up to it, one row per indicator, area and period.

    `parts`: indicator, split, slug, area, period, kind, answer, numerator, denominator.
    `lines`: split, indicator, slug, splits_rule of the whole catalogue: a part that nobody answered counts
    as missing. The sum is complete where every part has an answer; with a part missing the whole is a
    figure without numbers, which is judged incomplete, or no answer at all where no part has a figure.
    """
    expected = (
        lines.filter((pl.col("splits_rule") == SplitsRule.parts) & ~sum_lines())
        .group_by("indicator")
        .agg(expected=pl.len())
    )
    is_figure = pl.col("answer") == Answer.figure
    is_silent = (pl.col("answer") == Answer.not_reported) | (is_figure & ~is_complete())
    grouped = (
        parts.filter(pl.col("slug") != WHOLE_LINE)
        .group_by("indicator", "area", "period")
        .agg(
            pl.col("kind").first(),
            numerator=pl.col("numerator").filter(is_figure).sum(),
            denominator=pl.col("denominator").filter(is_figure).sum(),
            figures=is_figure.sum(),
            nils=(pl.col("answer") == Answer.nil).sum(),
            silent=is_silent.sum(),
            said=pl.col("answer").count(),
        )
        .join(expected, on="indicator")
        .with_columns(whole=(pl.col("said") == pl.col("expected")) & (pl.col("silent") == 0))
    )
    has_sum = pl.col("whole") & (pl.col("figures") > 0)
    has_denominator = has_sum & ~pl.col("kind").is_in(WITHOUT_DENOMINATOR)
    return grouped.select(
        "indicator",
        "area",
        "period",
        "kind",
        answer=_whole_answer(),
        numerator=pl.when(has_sum).then("numerator"),
        denominator=pl.when(has_denominator).then("denominator"),
    )


def _whole_answer() -> pl.Expr:
    return (
        pl.when(pl.col("figures") > 0)
        .then(pl.lit(Answer.figure.value))
        .when(pl.col("said") < pl.col("expected"))
        .then(pl.lit(None, dtype=pl.String))
        .when(~pl.col("whole"))
        .then(pl.lit(Answer.not_reported.value))
        .when(pl.col("nils") > 0)
        .then(pl.lit(Answer.nil.value))
        .otherwise(pl.lit(Answer.not_applicable.value))
    )
