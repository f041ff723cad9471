"""Shares of children with a place to play speak of what is known alone: unknown is never zero."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboard.domain.coverage import provision, walk

COMMUNE = {
    "name": "A",
    "quarters": 2,
    "uncounted": 0,
    "children": 1000,
    "counting": 1,
    "unmeasured": 0,
    "square_metres": 500,
}


def communes(*changes: dict[str, Any]) -> pl.DataFrame:
    kinds = dict.fromkeys(COMMUNE, pl.Int64) | {"name": pl.String}
    return pl.DataFrame([{**COMMUNE, **each} for each in changes], schema=kinds)


def test_places_are_set_against_the_children_of_the_same_communes() -> None:
    silent = {"name": "B", "quarters": 0, "children": None, "counting": 5}
    half = {"name": "C", "uncounted": 1, "children": 10, "counting": 2}
    had = provision(communes({}, silent, half))
    assert (had.children_per_place, had.square_metres_per_child) == (1000, 0.5)
    assert had.left_out == ("B", "C")


def test_places_of_unknown_size_make_the_space_a_least() -> None:
    had = provision(communes({"counting": 2, "unmeasured": 1}))
    assert (had.square_metres_per_child, had.unmeasured) == (0.5, 1)


@pytest.mark.parametrize(
    "changes", [{"children": 0}, {"counting": 1, "unmeasured": 1, "square_metres": 0}, {"uncounted": 1}]
)
def test_no_space_is_told_where_nothing_is_known(changes: dict[str, Any]) -> None:
    assert provision(communes(changes)).square_metres_per_child is None


def test_communes_without_a_counting_place_have_no_children_per_place_and_no_space() -> None:
    had = provision(communes({"counting": 0, "square_metres": 0}))
    assert (had.children_per_place, had.square_metres_per_child) == (None, 0)


def quarters(*rows: tuple[float | None, int | None, bool | None]) -> pl.DataFrame:
    kinds = {"latitude": pl.Float64, "children": pl.Int64, "is_near": pl.Boolean}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def places(*latitudes: float | None) -> pl.DataFrame:
    return pl.DataFrame({"latitude": latitudes}, schema={"latitude": pl.Float64})


def test_the_walk_is_told_of_quarters_with_position_and_number() -> None:
    told = walk(
        quarters((11.8, 100, True), (11.9, 300, False), (None, 50, None), (11.8, None, True)), places(11.8)
    )
    assert (told.near, told.children, told.known, told.quarters) == (100, 400, 2, 4)
    assert (told.can_be_told, told.is_whole) == (True, False)


def test_places_without_a_position_are_not_far_away_but_unknown() -> None:
    around = quarters((11.8, 100, None))
    assert not walk(around, places(None)).can_be_told
    some = walk(around, places(None, 11.9))
    assert (some.can_be_told, some.unplaced) == (True, 1)


def test_without_any_counting_place_nobody_is_near_one() -> None:
    told = walk(quarters((11.8, 100, None)), places())
    assert (told.can_be_told, told.is_whole, told.near) == (True, True, 0)
