"""From communes upwards: sums of numerators over sums of denominators, never means."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind

KEYS: Final = ["indicator", "split", "period", "area"]


def roll_up(figures: pl.DataFrame, tree: pl.DataFrame) -> pl.DataFrame:
    """Figures of every area above the communes.

    `figures`: indicator, split, area, period (Int64), kind, answer (String), numerator, denominator (Int64,
    nullable), one row for every commune, unreported ones too. `tree`: area, ancestor (Int64).
    Returns indicator, split, period, area, kind, answer, numerator, denominator, reported, expected (Int64).
    A share of communes counts all communes but those where it does not apply: silence is not a yes.
    """
    complete = (
        (pl.col("answer") == Answer.figure)
        & pl.col("numerator").is_not_null()
        & (
            pl.col("denominator").is_not_null()
            | pl.col("kind").is_in([IndicatorKind.number, IndicatorKind.money])
        )
    )
    applies = pl.col("answer") != Answer.not_applicable
    answered = complete | pl.col("answer").is_in([Answer.nil, Answer.not_applicable])
    of_communes = pl.col("kind") == IndicatorKind.share_of_communes
    grouped = (
        figures.with_columns(complete=complete, applies=applies, answered=answered)
        .join(tree, on="area")
        .group_by("indicator", "split", "period", pl.col("ancestor").alias("area"))
        .agg(
            pl.col("kind").first(),
            numerator=pl.col("numerator").filter("complete").sum(),
            denominator=pl.when(of_communes.first())
            .then(pl.col("applies").sum().cast(pl.Int64))
            .otherwise(pl.col("denominator").filter("complete").sum()),
            figures=pl.col("complete").sum(),
            nils=(pl.col("answer") == Answer.nil).sum(),
            applying=pl.col("applies").sum(),
            reported=pl.col("answered").sum().cast(pl.Int64),
            expected=pl.len().cast(pl.Int64),
        )
    )
    return _with_answer(grouped).select(
        *KEYS, "kind", "answer", "numerator", "denominator", "reported", "expected"
    )


def _with_answer(grouped: pl.DataFrame) -> pl.DataFrame:
    """A figure where any commune gave one; otherwise what all of them together said."""
    answer = (
        pl.when(pl.col("figures") > 0)
        .then(pl.lit(Answer.figure.value))
        .when(pl.col("reported") < pl.col("expected"))
        .then(pl.lit(Answer.not_reported.value))
        .when(pl.col("nils") > 0)
        .then(pl.lit(Answer.nil.value))
        .otherwise(pl.lit(Answer.not_applicable.value))
    )
    has_value = pl.col("answer") == Answer.figure
    has_denominator = has_value & ~pl.col("kind").is_in([IndicatorKind.number, IndicatorKind.money])
    return grouped.with_columns(answer=answer).with_columns(
        numerator=pl.when(has_value).then("numerator"),
        denominator=pl.when(has_denominator).then("denominator"),
    )


def sum_parts(parts: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The whole of indicators whose parts add up to it, one row per indicator, area and period.

    `parts`: indicator, split, slug, area, period, kind, answer, numerator, denominator.
    `lines`: split, indicator, slug, splits_rule of the whole catalogue: a part that nobody answered counts
    as missing. The sum is complete where every part has an answer; with a part missing the whole is a
    figure without numbers, which is judged incomplete.
    """
    expected = (
        lines.filter((pl.col("splits_rule") == "parts") & (pl.col("slug") != "all"))
        .group_by("indicator")
        .agg(expected=pl.len())
    )
    is_figure = pl.col("answer") == Answer.figure
    is_half = is_figure & (pl.col("numerator").is_null() | pl.col("denominator").is_null())
    grouped = (
        parts.filter(pl.col("slug") != "all")
        .group_by("indicator", "area", "period")
        .agg(
            pl.col("kind").first(),
            numerator=pl.col("numerator").filter(is_figure).sum(),
            denominator=pl.col("denominator").filter(is_figure).sum(),
            figures=is_figure.sum(),
            nils=(pl.col("answer") == Answer.nil).sum(),
            silent=(pl.col("answer") == Answer.not_reported).sum() + is_half.sum(),
            said=pl.len(),
        )
        .join(expected, on="indicator")
        .with_columns(whole=(pl.col("said") == pl.col("expected")) & (pl.col("silent") == 0))
    )
    return grouped.select(
        "indicator",
        "area",
        "period",
        "kind",
        answer=_whole_answer(),
        numerator=pl.when(pl.col("whole") & (pl.col("figures") > 0)).then("numerator"),
        denominator=pl.when(pl.col("whole") & (pl.col("figures") > 0)).then("denominator"),
    )


def _whole_answer() -> pl.Expr:
    return (
        pl.when(pl.col("figures") > 0)
        .then(pl.lit(Answer.figure.value))
        .when(~pl.col("whole"))
        .then(pl.lit(Answer.not_reported.value))
        .when(pl.col("nils") > 0)
        .then(pl.lit(Answer.nil.value))
        .otherwise(pl.lit(Answer.not_applicable.value))
    )
