"""Is the target met? The same rule for one figure and, vectorised, for a frame of them; exact in integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind, TargetKind
from dashboard.domain.status import Status

BASIS: Final = 10_000
# To answer that there is no figure yet is something else than not to answer (null in a frame).
WITHOUT_FIGURE: Final = {
    Answer.nil: Status.nil,
    Answer.not_applicable: Status.not_applicable,
    Answer.not_reported: Status.no_figure,
}
Baseline = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """Values in basis points (10000 = 100 %). `near_bp`: how many points short still counts as near."""

    kind: TargetKind
    value_bp: int | None = None
    near_bp: int = 0


def judge(numerator: int, denominator: int, target: Target, *, baseline: Baseline | None = None) -> Status:
    """The state of an answered ratio. Nothing of nothing is no shortfall: it did not arise."""
    if denominator == 0:
        return Status.nil
    if target.kind is TargetKind.increase:
        return _judge_increase(numerator, denominator, baseline)
    if target.value_bp is None:
        return Status.no_target
    reached = numerator * BASIS
    if reached >= target.value_bp * denominator:
        return Status.met
    return Status.near if reached >= (target.value_bp - target.near_bp) * denominator else Status.off


def _judge_increase(numerator: int, denominator: int, baseline: Baseline | None) -> Status:
    """Up on the same period last year is met, equal is near, down is off (plan II.2: "tăng dần tỷ lệ")."""
    if baseline is None or baseline[1] == 0:
        return Status.no_baseline
    now, before = numerator * baseline[1], baseline[0] * denominator
    if now > before:
        return Status.met
    return Status.near if now == before else Status.off


def status_of(
    answer: Answer,
    numerator: int | None,
    denominator: int | None,
    target: Target,
    kind: IndicatorKind,
    *,
    baseline: Baseline | None = None,
) -> Status:
    if answer is not Answer.figure:
        return WITHOUT_FIGURE[answer]
    if kind in (IndicatorKind.number, IndicatorKind.money):
        return Status.incomplete if numerator is None else Status.no_target
    if numerator is None or denominator is None:
        return Status.incomplete
    return judge(numerator, denominator, target, baseline=baseline)


def gap(numerator: int, denominator: int, target_bp: int) -> int:
    """How many are missing for the target: children, communes, documents; rounded up, never below 0."""
    return max(0, -(-target_bp * denominator // BASIS) - numerator)


def with_status(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `status`, `share` (Float64, 0..1) and `gap` (Int64, null where no number of target is set).

    Needs answer (null where nobody answered), kind, target_kind (String), numerator, denominator, target_bp,
    near_bp, baseline_numerator, baseline_denominator, compared_numerator, compared_denominator (Int64, nullable).
    An increase is judged from the baseline to the `compared` figure: that of the areas which have both.
    """
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    is_measured = (pl.col("answer") == Answer.figure) & numerator.is_not_null() & (denominator > 0)
    missing = ((_wide("target_bp") * denominator + BASIS - 1) // BASIS - numerator).clip(0).cast(pl.Int64)
    return frame.with_columns(
        status=_status(),
        share=pl.when(is_measured).then(numerator / denominator),
        gap=pl.when(is_measured & pl.col("target_bp").is_not_null()).then(missing),
    )


def _wide(name: str) -> pl.Expr:
    """Products of two large figures leave 64 bits, and would come back with another sign."""
    return pl.col(name).cast(pl.Int128)


def _status() -> pl.Expr:
    numerator, denominator, answer = pl.col("numerator"), pl.col("denominator"), pl.col("answer")
    counts = pl.col("kind").is_in([IndicatorKind.number, IndicatorKind.money])
    half_entered = numerator.is_null() | (denominator.is_null() & ~counts)
    return (
        pl.when(answer.is_null())
        .then(pl.lit(Status.not_reported.value))
        .when(answer != Answer.figure)
        .then(answer.replace({said.value: status.value for said, status in WITHOUT_FIGURE.items()}))
        .when(half_entered)
        .then(pl.lit(Status.incomplete.value))
        .when(counts)
        .then(pl.lit(Status.no_target.value))
        .when(denominator == 0)
        .then(pl.lit(Status.nil.value))
        .when(pl.col("target_kind") == TargetKind.increase)
        .then(_increase())
        .when(pl.col("target_bp").is_null())
        .then(pl.lit(Status.no_target.value))
        .otherwise(_attained())
    )


def _increase() -> pl.Expr:
    before_numerator, before_denominator = pl.col("baseline_numerator"), pl.col("baseline_denominator")
    compared = pl.col("compared_denominator")
    now, before = _wide("compared_numerator") * before_denominator, _wide("baseline_numerator") * compared
    is_known = before_numerator.is_not_null() & (before_denominator > 0) & (compared > 0)
    return (
        pl.when(~is_known.fill_null(value=False))
        .then(pl.lit(Status.no_baseline.value))
        .when(now > before)
        .then(pl.lit(Status.met.value))
        .when(now == before)
        .then(pl.lit(Status.near.value))
        .otherwise(pl.lit(Status.off.value))
    )


def _attained() -> pl.Expr:
    reached, target = _wide("numerator") * BASIS, _wide("target_bp")
    return (
        pl.when(reached >= target * pl.col("denominator"))
        .then(pl.lit(Status.met.value))
        .when(reached >= (target - pl.col("near_bp")) * pl.col("denominator"))
        .then(pl.lit(Status.near.value))
        .otherwise(pl.lit(Status.off.value))
    )
