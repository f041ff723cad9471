"""What is looked at before a figure is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind
from dashboard.domain.checks import CheckContext, FigureInput, Pair, check_figure

RATIO = CheckContext(IndicatorKind.ratio, is_cumulative=True)
YES_NO = CheckContext(IndicatorKind.share_of_communes)
COUNT = CheckContext(IndicatorKind.number)
COUNTS = st.integers(min_value=0, max_value=10_000)


def codes(entry: FigureInput, context: CheckContext = RATIO) -> list[str]:
    return [problem.code for problem in check_figure(entry, context)]


def figure(numerator: int | None, denominator: int | None = None, *, reason: str = "") -> FigureInput:
    return FigureInput(Answer.figure, numerator, denominator, reason)


@pytest.mark.parametrize("entry", [figure(97, 100), figure(0, 100), figure(100, 100)])
def test_a_plausible_figure_passes(entry: FigureInput) -> None:
    assert codes(entry) == []


@pytest.mark.parametrize(
    ("entry", "context", "code"),
    [
        (figure(101, 100), RATIO, "numerator_above_denominator"),
        (figure(-1, 100), RATIO, "negative"),
        (figure(None, -1), RATIO, "negative"),
        (figure(3, 0), RATIO, "zero_denominator"),
        (figure(0, 0), RATIO, "zero_denominator"),
        (figure(2, 1), YES_NO, "yes_no_only"),
        (figure(1, 7), YES_NO, "yes_no_only"),
        (figure(-1), COUNT, "negative"),
    ],
)
def test_a_figure_at_odds_with_itself_is_refused(
    entry: FigureInput, context: CheckContext, code: str
) -> None:
    problems = check_figure(entry, context)
    assert [(problem.code, problem.severity) for problem in problems] == [(code, "refuse")]


@pytest.mark.parametrize("answer", [Answer.nil, Answer.not_applicable, Answer.not_reported])
def test_numbers_beside_another_answer_are_refused(answer: Answer) -> None:
    assert codes(FigureInput(answer, 3)) == ["values_without_answer"]
    assert codes(FigureInput(answer)) == []


@pytest.mark.parametrize("numerator", [0, 1])
def test_yes_and_no_pass(numerator: int) -> None:
    assert codes(figure(numerator, 1), YES_NO) == []


def test_a_cumulative_year_is_not_below_its_six_months() -> None:
    context = replace(RATIO, half_year=Pair(60, 70))
    assert codes(figure(60, 70), context) == []
    assert codes(figure(59, 70), context) == ["year_below_half"]
    assert codes(figure(59, 69), context) == ["year_below_half", "year_below_half"]
    assert codes(figure(59, 69), replace(context, is_cumulative=False)) == []


def test_cumulative_six_months_are_not_above_the_year_already_entered() -> None:
    (problem,) = check_figure(figure(61, 70), replace(RATIO, year=Pair(60, 70)))
    assert (problem.code, problem.params) == ("half_above_year", {"half": 61, "year": 60})


def test_a_subset_lies_within_its_whole() -> None:
    whole = replace(RATIO, whole=Pair(40, 50))
    assert codes(figure(41, 50), whole) == ["subset_above_whole"]
    assert codes(figure(40, 50), whole) == []


def test_a_whole_holds_each_of_its_subsets_which_may_overlap() -> None:
    context = replace(RATIO, subsets=(Pair(30, 35), Pair(25, None)))
    assert codes(figure(30, 35), context) == []
    assert codes(figure(29, 35), context) == ["whole_below_subset"]


@pytest.mark.parametrize(
    ("now", "last", "asks"),
    [(61, 40, True), (60, 40, False), (19, 0, False), (20, 0, True), (10, 31, True), (150, 100, False)],
)
def test_a_jump_is_half_of_last_year_and_at_least_twenty(now: int, last: int, *, asks: bool) -> None:
    context = replace(COUNT, last=Pair(last, None))
    assert codes(figure(now), context) == (["jump"] if asks else [])


def test_a_jump_passes_once_a_reason_is_given_and_blanks_are_none() -> None:
    context = replace(COUNT, last=Pair(10, None))
    assert codes(figure(99, reason="Thêm một trường"), context) == []
    assert codes(figure(99, reason="  "), context) == ["jump"]


def test_a_reason_does_not_excuse_what_is_refused() -> None:
    assert codes(figure(101, 100, reason="Đúng")) == ["numerator_above_denominator"]


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_either_order_of_entering_half_and_year_finds_the_same_fault(a: int, b: int, c: int, d: int) -> None:
    half, year = sorted((a, b + 1)), sorted((c, d + 1))
    late = codes(figure(*year), replace(RATIO, half_year=Pair(*half)))
    early = codes(figure(*half), replace(RATIO, year=Pair(*year)))
    assert (late == []) == (early == [])


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_either_order_of_entering_whole_and_subset_finds_the_same_fault(
    a: int, b: int, c: int, d: int
) -> None:
    subset, whole = sorted((a, b + 1)), sorted((c, d + 1))
    inner = codes(figure(*subset), replace(RATIO, whole=Pair(*whole)))
    outer = codes(figure(*whole), replace(RATIO, subsets=(Pair(*subset),)))
    assert (inner == []) == (outer == [])
