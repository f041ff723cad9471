"""Is the target met: exact, with a state of its own for everything that is no figure."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.answers import Answer
from dashboard.domain.attainment import BASIS, Target, gap, judge, status_of, with_status
from dashboard.domain.catalogue import IndicatorKind, TargetKind
from dashboard.domain.status import Status

ALL = Target(TargetKind.at_least, 10_000, 500)
NINETY = Target(TargetKind.at_least, 9000, 500)
RISING = Target(TargetKind.increase)
COUNTS = st.integers(min_value=0, max_value=10**12)
# Round values beside small counts: figures that lie exactly on a target.
POINTS = st.one_of(st.sampled_from([0, 500, 5000, 10_000]), st.integers(min_value=0, max_value=BASIS))
SCHEMA = {
    "answer": pl.String,
    "kind": pl.String,
    "target_kind": pl.String,
    **dict.fromkeys(("numerator", "denominator", "target_bp", "near_bp"), pl.Int64),
    **dict.fromkeys(("baseline_numerator", "baseline_denominator"), pl.Int64),
    **dict.fromkeys(("compared_numerator", "compared_denominator"), pl.Int64),
}


@st.composite
def cells(draw: st.DrawFn) -> dict[str, Any]:
    """Any row that storage allows, small and huge figures alike."""
    counts = st.one_of(st.integers(min_value=0, max_value=12), COUNTS)
    figure = st.tuples(counts, counts).map(sorted)
    numerator, denominator = draw(figure)
    before_numerator, before_denominator = draw(st.one_of(st.just((None, None)), figure))
    target_kind = draw(st.sampled_from(TargetKind))
    has_value = target_kind in (TargetKind.at_least, TargetKind.share_of_communes)
    numerator = draw(st.sampled_from([numerator, numerator, numerator, None]))
    denominator = draw(st.sampled_from([denominator, denominator, denominator, None]))
    return {
        "answer": draw(st.sampled_from([*Answer, *[Answer.figure] * 6])),
        "kind": draw(st.sampled_from([*IndicatorKind, *[IndicatorKind.ratio] * 3])),
        "target_kind": target_kind,
        "numerator": numerator,
        "denominator": denominator,
        "compared_numerator": numerator,
        "compared_denominator": denominator,
        "target_bp": draw(POINTS) if has_value else None,
        "near_bp": draw(POINTS),
        "baseline_numerator": before_numerator,
        "baseline_denominator": before_denominator,
    }


def judged_alone(cell: dict[str, Any]) -> Status:
    has_baseline = cell["baseline_denominator"] is not None
    baseline = (cell["baseline_numerator"], cell["baseline_denominator"]) if has_baseline else None
    target = Target(cell["target_kind"], cell["target_bp"], cell["near_bp"])
    return status_of(
        cell["answer"], cell["numerator"], cell["denominator"], target, cell["kind"], baseline=baseline
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "status"),
    [
        (100, 100, ALL, Status.met),
        (99, 100, ALL, Status.near),
        (95, 100, ALL, Status.near),
        (94, 100, ALL, Status.off),
        (90, 100, NINETY, Status.met),
        (89, 100, NINETY, Status.near),
        (6, 7, ALL, Status.off),
        (0, 0, ALL, Status.nil),
        (0, 5, ALL, Status.off),
        (3, 5, Target(TargetKind.none), Status.no_target),
    ],
)
def test_a_share_is_judged_against_its_target(
    numerator: int, denominator: int, target: Target, status: Status
) -> None:
    assert judge(numerator, denominator, target) is status


def test_one_child_in_a_million_keeps_a_target_from_being_met() -> None:
    assert judge(999_999, 1_000_000, ALL) is Status.near
    assert judge(10**12 - 1, 10**12, ALL) is Status.near


@pytest.mark.parametrize(
    ("now", "baseline", "status"),
    [
        ((2, 3), (1, 2), Status.met),
        ((2, 4), (1, 2), Status.near),
        ((1, 3), (1, 2), Status.off),
        ((1, 3), None, Status.no_baseline),
        ((1, 3), (0, 0), Status.no_baseline),
        ((1, 3), (0, 9), Status.met),
        ((0, 0), (1, 2), Status.nil),
    ],
)
def test_an_increase_is_seen_against_the_same_period_last_year(
    now: tuple[int, int], baseline: tuple[int, int] | None, status: Status
) -> None:
    assert judge(*now, RISING, baseline=baseline) is status


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer.nil, Status.nil),
        (Answer.not_applicable, Status.not_applicable),
        (Answer.not_reported, Status.no_figure),
    ],
)
def test_an_answer_without_a_figure_is_its_own_state(answer: Answer, status: Status) -> None:
    assert status_of(answer, None, None, ALL, IndicatorKind.ratio) is status


def test_no_figure_yet_is_another_state_than_no_answer() -> None:
    cell = {"kind": "ratio", "target_kind": "at_least", "target_bp": 10_000, "near_bp": 0}
    frame = pl.DataFrame([cell | {"answer": answer} for answer in ("not_reported", None)], schema=SCHEMA)
    assert with_status(frame)["status"].to_list() == [Status.no_figure, Status.not_reported]


def test_a_rise_is_judged_over_the_communes_that_can_be_compared() -> None:
    """Four tenths of three communes last year; this year five tenths of them, and a fourth one without last year."""
    cell = {"answer": "figure", "kind": "ratio", "target_kind": "increase", "near_bp": 0}
    last, whole = (
        {"baseline_numerator": 4, "baseline_denominator": 10},
        {"numerator": 5, "denominator": 110},
    )
    same = {"compared_numerator": 5, "compared_denominator": 10}
    frame = pl.DataFrame([cell | last | whole | same], schema=SCHEMA)
    assert with_status(frame)["status"].item() == Status.met


@pytest.mark.parametrize(("numerator", "denominator"), [(3, None), (None, 3)])
def test_half_an_entry_is_incomplete(numerator: int | None, denominator: int | None) -> None:
    status = status_of(Answer.figure, numerator, denominator, ALL, IndicatorKind.ratio)
    assert status is Status.incomplete


@pytest.mark.parametrize("kind", [IndicatorKind.number, IndicatorKind.money])
def test_a_count_needs_no_denominator_and_has_no_target(kind: IndicatorKind) -> None:
    assert status_of(Answer.figure, 3, None, ALL, kind) is Status.no_target
    assert status_of(Answer.figure, None, None, ALL, kind) is Status.incomplete


@pytest.mark.parametrize(
    ("numerator", "denominator", "target_bp", "missing"),
    [(97, 100, 10_000, 3), (90, 100, 9000, 0), (95, 100, 9000, 0), (9, 11, 9000, 1), (0, 0, 10_000, 0)],
)
def test_the_gap_counts_children_and_is_rounded_up(
    numerator: int, denominator: int, target_bp: int, missing: int
) -> None:
    assert gap(numerator, denominator, target_bp) == missing


@given(COUNTS, COUNTS, st.integers(min_value=0, max_value=BASIS))
def test_filling_the_gap_is_just_enough_to_meet_the_target(one: int, two: int, target_bp: int) -> None:
    numerator, denominator = sorted((one, two + 1))
    target = Target(TargetKind.at_least, target_bp)
    missing = gap(numerator, denominator, target_bp)
    assert judge(numerator + missing, denominator, target) is Status.met
    assert missing == 0 or judge(numerator + missing - 1, denominator, target) is not Status.met


@given(COUNTS, COUNTS, st.integers(min_value=0, max_value=BASIS), st.integers(min_value=0, max_value=BASIS))
def test_one_child_more_never_makes_a_state_worse(one: int, two: int, target_bp: int, near_bp: int) -> None:
    numerator, denominator = sorted((one, two + 1))
    target = Target(TargetKind.at_least, target_bp, near_bp)
    order = [Status.off, Status.near, Status.met]
    now, then = judge(numerator, denominator, target), judge(numerator + 1, denominator, target)
    assert order.index(then) >= order.index(now)


@given(st.lists(cells(), max_size=12))
@settings(max_examples=30)
def test_a_frame_is_judged_exactly_as_each_of_its_figures_alone(rows: list[dict[str, Any]]) -> None:
    judged = with_status(pl.DataFrame(rows, schema=SCHEMA))
    assert judged["status"].to_list() == [judged_alone(row).value for row in rows]


@given(st.lists(cells(), max_size=12))
@settings(max_examples=30)
def test_the_gap_of_a_frame_is_the_gap_of_each_measured_figure(rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA)
    for row in with_status(frame).iter_rows(named=True):
        is_measured = row["answer"] == Answer.figure and row["numerator"] is not None and row["denominator"]
        numbers = (row["numerator"], row["denominator"], row["target_bp"])
        assert row["gap"] == (gap(*numbers) if is_measured and row["target_bp"] is not None else None)
        assert row["share"] == (row["numerator"] / row["denominator"] if is_measured else None)


def test_an_empty_frame_keeps_its_types() -> None:
    judged = with_status(pl.DataFrame(schema=SCHEMA))
    types = {name: judged.schema[name] for name in ("status", "share", "gap")}
    assert types == {"status": pl.String, "share": pl.Float64, "gap": pl.Int64}


def test_products_of_huge_figures_do_not_turn_over() -> None:
    huge = {
        "numerator": 10**12,
        "denominator": 10**12,
        "baseline_numerator": 1,
        "baseline_denominator": 10**12,
        "compared_numerator": 10**12,
        "compared_denominator": 10**12,
    }
    cell = {"answer": "figure", "kind": "ratio", "target_kind": "increase", "target_bp": None, "near_bp": 0}
    assert with_status(pl.DataFrame([cell | huge], schema=SCHEMA))["status"].item() == Status.met


@pytest.mark.parametrize(
    ("numerator", "status"), [(8, Status.off), (9, Status.near), (10, Status.met), (11, Status.met)]
)
def test_a_frame_counts_a_figure_that_lies_exactly_on_its_target_as_met(
    numerator: int, status: Status
) -> None:
    cell = {"answer": "figure", "kind": "ratio", "target_kind": "at_least", "target_bp": 5000, "near_bp": 500}
    frame = pl.DataFrame([cell | {"numerator": numerator, "denominator": 20}], schema=SCHEMA)
    assert with_status(frame)["status"].item() == status
