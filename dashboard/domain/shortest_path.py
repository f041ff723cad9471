"""The cheapest way over the threshold: fewest criteria to work on, then fewest points to win."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Improvable:
    """A criterion as it stands. `levels` are the points that it can give (scoring bands); empty: any up to `maximum`.

    A criterion without a score counts as one with no points.
    """

    number: int
    points: int
    maximum: int
    least: int = 1
    levels: tuple[int, ...] = ()

    @property
    def is_owed(self) -> bool:
        """It must be raised whatever the total is."""
        return self.points < self.least


@dataclass(frozen=True, slots=True)
class Improvement:
    number: int
    points: int
    target: int


@dataclass(frozen=True, slots=True, order=True)
class _Cost:
    criteria: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    cost: _Cost
    targets: tuple[tuple[int, int], ...]

    @property
    def key(self) -> tuple[_Cost, tuple[tuple[int, int], ...]]:
        return self.cost, self.targets


def shortest_path(criteria: Sequence[Improvable], threshold: int) -> tuple[Improvement, ...] | None:
    """The improvements that lead to all criteria met and the total at the threshold; () where it is reached.

    Exact: of all sets that get there, one with the fewest criteria, and among those the fewest points.
    None where even the full points do not suffice.
    """
    stepped = [each for each in criteria if each.levels]
    free = [each for each in criteria if not each.levels]
    short = threshold - sum(each.points for each in criteria)
    finished = (_with_free(plan, free, short) for plan in _stepped_plans(stepped))
    best = min((plan for plan in finished if plan), key=lambda plan: plan.key, default=None)
    if best is None:
        return None
    points = {each.number: each.points for each in criteria}
    return tuple(Improvement(number, points[number], target) for number, target in sorted(best.targets))


def _stepped_plans(criteria: Iterable[Improvable]) -> Iterable[_Plan]:
    """The best plan over criteria with bands for every gain that they can give together."""
    plans: Mapping[int, _Plan] = {0: _Plan(_Cost(), ())}
    for criterion in criteria:
        grown: dict[int, _Plan] = {}
        for gain, plan in plans.items():
            for level in _choices(criterion):
                won = level - criterion.points
                candidate = _raised(plan, criterion, level) if won else plan
                known = grown.get(gain + won)
                if known is None or candidate.key < known.key:
                    grown[gain + won] = candidate
        plans = grown
    return plans.values()


def _choices(criterion: Improvable) -> tuple[int, ...]:
    higher = tuple(
        sorted({level for level in criterion.levels if criterion.points < level <= criterion.maximum})
    )
    if criterion.is_owed:
        return tuple(level for level in higher if level >= criterion.least)
    return (criterion.points, *higher)


def _raised(plan: _Plan, criterion: Improvable, target: int) -> _Plan:
    cost = _Cost(plan.cost.criteria + 1, plan.cost.points + target - criterion.points)
    return _Plan(cost, (*plan.targets, (criterion.number, target)))


def _with_free(plan: _Plan, free: Sequence[Improvable], short: int) -> _Plan | None:
    """Complete a plan with criteria that can take any points: those that are owed, then the roomiest."""
    owed = [each for each in free if each.is_owed]
    if any(each.least > each.maximum for each in owed):
        return None
    targets = {each.number: each.least for each in owed}
    missing = short - plan.cost.points - sum(each.least - each.points for each in owed)
    roomy = sorted(
        (each for each in free if not each.is_owed),
        key=lambda each: (each.points - each.maximum, each.number),
    )
    for each in (*owed, *roomy):
        if missing <= 0:
            break
        stands = targets.get(each.number, each.points)
        won = min(each.maximum - stands, missing)
        if won > 0:
            targets[each.number] = stands + won
            missing -= won
    if missing > 0:
        return None
    points = {each.number: each.points for each in free}
    won = sum(target - points[number] for number, target in targets.items())
    cost = _Cost(plan.cost.criteria + len(targets), plan.cost.points + won)
    return _Plan(cost, (*plan.targets, *targets.items()))
