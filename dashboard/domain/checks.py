"""What is looked at before a figure is stored: against itself, its neighbours, and last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from dashboard.domain.answers import Answer
from dashboard.domain.catalogue import IndicatorKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Our own convention, not a rule of the plan: more than half of last year's value, and at least twenty.
JUMP_SHARE: Final = 2
JUMP_LEAST: Final = 20
Severity = Literal["refuse", "ask_reason", "warn"]


@dataclass(frozen=True, slots=True)
class Pair:
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, slots=True)
class FigureInput:
    answer: Answer
    numerator: int | None = None
    denominator: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Figures to agree with: the six months of this year when entering the year and the reverse, the same
    period last year, the whole of a subset and the subsets of a whole."""

    kind: IndicatorKind
    is_cumulative: bool = False
    half_year: Pair | None = None
    year: Pair | None = None
    last: Pair | None = None
    whole: Pair | None = None
    subsets: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """`refuse` is not stored, `ask_reason` is stored once a reason is given, `warn` is only shown."""

    code: str
    severity: Severity
    params: Mapping[str, object]


def check_figure(entry: FigureInput, context: CheckContext) -> tuple[Problem, ...]:
    """Problems of one entry, in the order in which they should be read; empty where all is well."""
    if entry.answer is not Answer.figure:
        has_value = entry.numerator is not None or entry.denominator is not None
        return (Problem("values_without_answer", "refuse", {}),) if has_value else ()
    own = tuple(_own_problems(entry, context))
    return own or (*_neighbour_problems(entry, context), *_jump(entry, context))


def _own_problems(entry: FigureInput, context: CheckContext) -> Iterator[Problem]:
    numerator, denominator = entry.numerator, entry.denominator
    if any(value is not None and value < 0 for value in (numerator, denominator)):
        yield Problem("negative", "refuse", {})
        return
    misshapen = _misshapen(entry, context.kind)
    if misshapen:
        yield Problem(misshapen, "refuse", {})
        return
    if denominator == 0:
        yield Problem("zero_denominator", "refuse", {})
    elif numerator is not None and denominator is not None and numerator > denominator:
        yield Problem(
            "numerator_above_denominator", "refuse", {"numerator": numerator, "denominator": denominator}
        )


def _misshapen(entry: FigureInput, kind: IndicatorKind) -> str | None:
    """Why these are not the numbers of such an indicator: a ratio has two, a count and money have one."""
    numerator, denominator = entry.numerator, entry.denominator
    if kind == IndicatorKind.share_of_communes:
        return None if numerator in (0, 1) and denominator == 1 else "yes_no_only"
    if numerator is None:
        return "numerator_missing"
    if kind == IndicatorKind.ratio:
        return "denominator_missing" if denominator is None else None
    return None if denominator is None else "denominator_unwanted"


def _neighbour_problems(entry: FigureInput, context: CheckContext) -> Iterator[Problem]:
    mine = Pair(entry.numerator, entry.denominator)
    if context.is_cumulative:
        for half, year in _both(context.half_year, mine):
            yield Problem("year_below_half", "refuse", {"year": year, "half": half})
        for half, year in _both(mine, context.year):
            yield Problem("half_above_year", "refuse", {"year": year, "half": half})
    for subset, whole in _both(mine, context.whole):
        yield Problem("subset_above_whole", "refuse", {"subset": subset, "whole": whole})
    for one in context.subsets:
        for subset, whole in _both(one, mine):
            yield Problem("whole_below_subset", "refuse", {"subset": subset, "whole": whole})


def _both(smaller: Pair | None, larger: Pair | None) -> Iterator[tuple[int, int]]:
    """Pairs of numbers in which what should be the smaller one is above the larger one."""
    if smaller is None or larger is None:
        return
    for low, high in (
        (smaller.numerator, larger.numerator),
        (smaller.denominator, larger.denominator),
    ):
        if low is not None and high is not None and low > high:
            yield low, high


def _jump(entry: FigureInput, context: CheckContext) -> Iterator[Problem]:
    if context.last is None or entry.reason.strip():
        return
    for value, last in (
        (entry.numerator, context.last.numerator),
        (entry.denominator, context.last.denominator),
    ):
        if value is not None and last is not None and _is_jump(value, last):
            yield Problem("jump", "ask_reason", {"value": value, "last": last})
            return


def _is_jump(value: int, last: int) -> bool:
    change = abs(value - last)
    return change >= JUMP_LEAST and change * JUMP_SHARE > last
