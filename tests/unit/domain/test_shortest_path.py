"""The shortest path to recognition, against trying every possibility."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.shortest_path import Improvable, Improvement, shortest_path


@st.composite
def criteria(draw: st.DrawFn) -> list[Improvable]:
    """Up to four criteria of at most seven points: few enough to try all of them."""
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        maximum = draw(st.integers(1, 7))
        levels = draw(st.sets(st.integers(0, maximum), max_size=3))
        points = draw(st.integers(0, maximum))
        least = draw(st.integers(1, maximum))
        made.append(Improvable(number, points, maximum, least, tuple(levels)))
    return made


def possibilities(criterion: Improvable) -> list[int]:
    levels = criterion.levels or range(criterion.maximum + 1)
    higher = [level for level in levels if criterion.points < level <= criterion.maximum]
    return [level for level in (criterion.points, *higher) if level >= criterion.least]


def cheapest(made: list[Improvable], threshold: int) -> tuple[int, int] | None:
    """(criteria, points) of the best of all combinations."""
    costs = []
    for targets in product(*(possibilities(each) for each in made)):
        if sum(targets) >= threshold:
            raised = [
                target - each.points
                for each, target in zip(made, targets, strict=True)
                if target > each.points
            ]
            costs.append((len(raised), sum(raised)))
    return min(costs, default=None)


@given(criteria(), st.integers(0, 30))
def test_no_other_way_over_the_threshold_is_cheaper(made: list[Improvable], threshold: int) -> None:
    path = shortest_path(made, threshold)
    cost = None if path is None else (len(path), sum(step.target - step.points for step in path))
    assert cost == cheapest(made, threshold)


@given(criteria(), st.integers(0, 30))
def test_whoever_follows_the_path_arrives(made: list[Improvable], threshold: int) -> None:
    path = shortest_path(made, threshold)
    if path is None:
        return
    reached = {each.number: each.points for each in made} | {step.number: step.target for step in path}
    assert sum(reached.values()) >= threshold
    for each in made:
        assert each.least <= reached[each.number] <= max(each.maximum, each.points)
        assert reached[each.number] == each.points or reached[each.number] in possibilities(each)


def test_a_commune_that_has_arrived_has_nothing_to_improve() -> None:
    assert shortest_path([Improvable(1, 90, 100)], 90) == ()


def test_a_criterion_at_zero_is_raised_even_where_the_total_suffices() -> None:
    made = [Improvable(1, 100, 100), Improvable(2, 0, 50)]
    assert shortest_path(made, 90) == (Improvement(2, 0, 1),)


def test_what_has_to_be_raised_anyway_carries_the_missing_points_too() -> None:
    made = [Improvable(1, 60, 100), Improvable(2, 0, 50)]
    assert shortest_path(made, 90) == (Improvement(2, 0, 30),)


def test_one_criterion_with_room_is_better_than_two_without() -> None:
    made = [Improvable(1, 95, 100), Improvable(2, 45, 50), Improvable(3, 20, 75)]
    assert shortest_path(made, 180) == (Improvement(3, 20, 40),)


def test_bands_are_reached_whole() -> None:
    made = [Improvable(1, 100, 100), Improvable(2, 45, 75, levels=(45, 60, 75))]
    assert shortest_path(made, 150) == (Improvement(2, 45, 60),)


def test_where_full_points_do_not_suffice_no_path_is_promised() -> None:
    assert shortest_path([Improvable(1, 10, 20)], 30) is None


def test_thirteen_criteria_with_bands_are_still_a_small_search() -> None:
    made = [Improvable(n, 10, 75, levels=(0, 20, 35, 45, 60, 75)) for n in range(1, 14)]
    path = shortest_path(made, 600)
    assert path is not None
    # Seven full raises of 65 points leave 15 of the 470 open, and no band gives fewer than ten.
    assert len(path) == 8
    assert 130 + sum(step.target - step.points for step in path) >= 600
