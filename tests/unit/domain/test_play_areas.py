"""When a place counts as a play area for children, and what is refused of its description."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.play_areas import (
    CheckAnswer,
    CheckInput,
    CheckResult,
    PlayAreaInput,
    PlayKind,
    Reason,
    Standard,
    check_play_area,
    check_visit,
    judge_places,
)
from dashboard.domain.walking import nearest_place

DAY = date(2021, 11, 5)
STRICT = Standard(min_area_m2=200, needs_equipment=True, needs_open_to_all=True, max_check_age_months=12)
GOOD: dict[str, Any] = {
    "condition": "good",
    "opened_year": 2018,
    "area_m2": 300,
    "equipment_count": 4,
    "is_open_to_all": True,
    "is_closed": False,
    "check_result": "passed",
    "checked_on": date(2021, 6, 1),
    "next_due": date(2022, 6, 1),
}
SCHEMA = {
    "condition": pl.String,
    "opened_year": pl.Int64,
    "area_m2": pl.Int64,
    "equipment_count": pl.Int64,
    "is_open_to_all": pl.Boolean,
    "is_closed": pl.Boolean,
    "check_result": pl.String,
    "checked_on": pl.Date,
    "next_due": pl.Date,
}
SAID = PlayAreaInput("Sân chơi khu phố 1", PlayKind.playground, 3)


def judged(standard: Standard = STRICT, day: date = DAY, **changes: Any) -> dict[str, Any]:
    return judge_places(pl.DataFrame([{**GOOD, **changes}], schema=SCHEMA), standard, day).row(0, named=True)


def test_a_place_that_has_everything_counts() -> None:
    assert judged() == {**GOOD, "reasons": [], "counts": True, "map_state": "usable"}


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (Reason.closed, {"is_closed": True}),
        (Reason.under_construction, {"condition": "under_construction"}),
        (Reason.not_open_yet, {"opened_year": 2022}),
        (Reason.check_failed, {"check_result": "failed"}),
        (Reason.check_overdue, {"next_due": DAY - timedelta(days=1)}),
        (Reason.never_checked, {"check_result": None, "checked_on": None, "next_due": None}),
        (Reason.check_too_old, {"checked_on": date(2020, 11, 4)}),
        (Reason.too_small, {"area_m2": 199}),
        (Reason.too_small, {"area_m2": None}),
        (Reason.no_equipment, {"equipment_count": 0}),
        (Reason.no_equipment, {"equipment_count": None}),
        (Reason.not_for_all, {"is_open_to_all": False}),
        (Reason.not_for_all, {"is_open_to_all": None}),
    ],
)
def test_one_thing_that_is_missing_takes_a_place_out(reason: Reason, changes: dict[str, Any]) -> None:
    row = judged(**changes)
    assert row["reasons"] == [reason]
    assert not row["counts"]


@pytest.mark.parametrize(
    "changes",
    [{"check_result": "failed"}, {"next_due": DAY - timedelta(days=1)}, {"is_closed": True}],
)
def test_a_failed_or_expired_check_counts_out_whatever_the_standard_says(changes: dict[str, Any]) -> None:
    assert not judged(Standard(), **changes)["counts"]


def test_without_a_standard_a_place_in_use_counts() -> None:
    unknown = {"area_m2": None, "equipment_count": None, "is_open_to_all": None, "check_result": None}
    assert judged(Standard(), **unknown, checked_on=None, next_due=None)["counts"]


def test_a_check_holds_on_the_very_day_on_which_it_falls_due() -> None:
    assert judged(next_due=DAY)["counts"]
    assert judged(checked_on=date(2020, 11, 5))["counts"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"condition": "degraded"}, "to_repair"),
        ({"check_result": "to_repair"}, "to_repair"),
        ({"check_result": "failed"}, "stopped"),
        ({"is_closed": True, "condition": "needs_repair"}, "stopped"),
        ({"next_due": date(2021, 1, 1)}, "usable"),
    ],
)
def test_the_map_says_what_children_find_there(changes: dict[str, Any], state: str) -> None:
    assert judged(**changes)["map_state"] == state


@given(
    st.fixed_dictionaries(
        {
            "is_closed": st.booleans(),
            "check_result": st.sampled_from([None, "passed", "to_repair", "failed"]),
            "area_m2": st.none() | st.integers(1, 1000),
            "equipment_count": st.none() | st.integers(0, 5),
            "is_open_to_all": st.none() | st.booleans(),
        }
    )
)
def test_what_counts_by_a_strict_standard_counts_by_none(changes: dict[str, Any]) -> None:
    if judged(STRICT, **changes)["counts"]:
        assert judged(Standard(), **changes)["counts"]


def test_a_plain_description_is_accepted() -> None:
    assert check_play_area(SAID, today=DAY) == ()


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("name_missing", {"name": "  "}),
        ("position_half", {"latitude": 11.8}),
        ("position_impossible", {"latitude": 91.0, "longitude": 107.0}),
        ("position_impossible", {"latitude": 11.8, "longitude": -181.0}),
        ("size_impossible", {"area_m2": 0}),
        ("size_impossible", {"area_m2": 10_000_001}),
        ("year_impossible", {"opened_year": 1899}),
        ("year_impossible", {"opened_year": 2027}),
        ("age_impossible", {"age_from": -1}),
        ("age_impossible", {"age_to": 17}),
        ("ages_reversed", {"age_from": 10, "age_to": 6}),
    ],
)
def test_what_cannot_be_true_is_refused(code: str, changes: dict[str, Any]) -> None:
    assert [problem.code for problem in check_play_area(replace(SAID, **changes), today=DAY)] == [code]


ESSENTIALS, FOR_POOLS = frozenset({"rao", "phao"}), frozenset({"phao"})
SEEN = (("rao", CheckAnswer.yes), ("phao", CheckAnswer.yes), ("bong-mat", CheckAnswer.no))
VISIT = CheckInput(DAY, "Đoàn kiểm tra", CheckResult.passed, date(2022, 11, 5), SEEN)
USED = (CheckResult.passed, CheckResult.to_repair)


def found(said: CheckInput) -> list[tuple[str, dict[str, object]]]:
    problems = check_visit(said, essentials=ESSENTIALS, pool_essentials=FOR_POOLS, today=DAY)
    return [(problem.code, dict(problem.params)) for problem in problems]


@pytest.mark.parametrize("result", CheckResult)
def test_a_visit_that_saw_everything_essential_is_accepted(result: CheckResult) -> None:
    assert found(replace(VISIT, result=result)) == []


@pytest.mark.parametrize("result", USED)
def test_children_are_let_in_only_where_everything_essential_was_looked_at(result: CheckResult) -> None:
    assert found(replace(VISIT, result=result, answers=())) == [("essential_unanswered", {"number": 2})]
    assert found(replace(VISIT, result=result, answers=SEEN[:1])) == [("essential_unanswered", {"number": 1})]
    assert found(replace(VISIT, result=CheckResult.failed, answers=())) == []


@pytest.mark.parametrize("result", USED)
def test_what_is_essential_and_missing_keeps_children_out(result: CheckResult) -> None:
    """What was not looked at besides does not matter then: "unsafe" may be said at once."""
    said = replace(VISIT, result=result, answers=(("rao", CheckAnswer.no),))
    assert found(said) == [("essential_missing", {"number": 1})]
    assert found(replace(said, result=CheckResult.failed)) == []


@pytest.mark.parametrize("result", USED)
def test_nothing_excuses_a_pool_from_what_pools_need(result: CheckResult) -> None:
    excused = (("rao", CheckAnswer.not_applicable), ("phao", CheckAnswer.not_applicable))
    assert found(replace(VISIT, result=result, answers=excused)) == [("essential_excused", {"number": 1})]
    elsewhere = check_visit(replace(VISIT, answers=excused), essentials=ESSENTIALS, today=DAY)
    assert elsewhere == ()


@pytest.mark.parametrize(("name", "longest"), [("checked_by", 200), ("note", 2000)])
def test_a_text_of_a_visit_that_no_column_holds_is_refused(name: str, longest: int) -> None:
    assert found(replace(VISIT, **{name: "x" * longest})) == []  # type: ignore[arg-type]
    said = replace(VISIT, **{name: "x" * (longest + 1)})  # type: ignore[arg-type]
    assert found(said) == [("too_long", {"text": "x" * 30, "longest": longest})]


QUARTERS = pl.DataFrame(
    {"quarter": [1, 2, 3], "latitude": [11.80, 11.90, None], "longitude": [107.0, 107.0, None]}
)


def test_the_nearest_place_is_found_by_the_distance_on_the_globe() -> None:
    places = pl.DataFrame(
        {"place": [7, 8, 9], "latitude": [11.801, 11.85, None], "longitude": [107.0, 107.0, None]}
    )
    found = nearest_place(QUARTERS, places).sort("quarter")
    assert found.select("quarter", "place").rows() == [(1, 7), (2, 8)]
    # A thousandth of a degree of latitude is 111.2 m everywhere.
    assert found["distance_m"].to_list() == pytest.approx([111.2, 5559.8], abs=0.1)


def test_a_step_east_is_shorter_away_from_the_equator() -> None:
    places = pl.DataFrame({"place": [7], "latitude": [11.80], "longitude": [107.001]})
    distance = nearest_place(QUARTERS.head(1), places)["distance_m"].item()
    assert distance == pytest.approx(108.8, abs=0.1)


def test_without_positions_nothing_is_said_about_walking() -> None:
    places = pl.DataFrame(
        {"place": [9], "latitude": [None], "longitude": [None]},
        schema={"place": pl.Int64, "latitude": pl.Float64, "longitude": pl.Float64},
    )
    assert nearest_place(QUARTERS, places).is_empty()
