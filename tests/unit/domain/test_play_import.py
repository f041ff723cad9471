"""What a sheet of places would do: each rule on its own, without a screen or a database."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.permissions import Actor, Role
from dashboard.domain.play_areas import PlayAreaInput, PlayKind
from dashboard.domain.play_import import (
    ImportRow,
    PlannedRow,
    RowChange,
    RowFault,
    StoredPlace,
    StoredRegister,
    plan_import,
)
from dashboard.domain.positions import Commune

HERE, ELSEWHERE = 3, 4
WHEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ALL = frozenset(field.name for field in fields(PlayAreaInput))
OFFICE = Actor(1, "lan", "Lan", Role.town_officer)
OFFICER = Actor(2, "mai", "Mai", Role.commune_officer, HERE)
SWING = PlayAreaInput("Xích đu Thác Mơ", PlayKind.playground, HERE, area_m2=300, notes="có bóng cây")
POND = PlayAreaInput("Hồ bơi", PlayKind.pool, HERE)


def stored(place: PlayAreaInput = SWING, *, code: str = "VC-01", version: int = 5) -> StoredPlace:
    return StoredPlace(11, code, version, place, "Hoa", WHEN)


def row(
    place: PlayAreaInput | None, *, line: int = 2, code: str = "", version: int | None = None
) -> ImportRow:
    return ImportRow(line, code, place, version)


def plan(
    *rows: ImportRow,
    known: tuple[StoredPlace, ...] = (),
    actor: Actor = OFFICE,
    columns: frozenset[str] = ALL,
) -> tuple[PlannedRow, ...]:
    communes = {
        HERE: Commune("Phước Tín", 11.8, 107.0, 20.0),
        ELSEWHERE: Commune("Sơn Giang", 11.9, 107.1, 20.0),
    }
    register = StoredRegister(known, communes, lead_agency_id=None, today=date(2026, 6, 1))
    return plan_import(rows, register, actor, columns=columns)


def codes(planned: PlannedRow) -> list[str]:
    return [problem.code for problem in planned.problems]


def test_a_row_without_a_code_is_a_new_place() -> None:
    (planned,) = plan(row(SWING))
    assert (planned.change, planned.place, planned.stored) == (RowChange.add, SWING, None)
    assert planned.is_written


def test_a_row_like_its_stored_place_changes_nothing_whatever_its_version() -> None:
    for version in (None, 1, 5, 9):
        (planned,) = plan(row(SWING, code="VC-01", version=version), known=(stored(),))
        assert (planned.change, planned.problems, planned.is_written) == (RowChange.unchanged, (), False)


def test_a_change_made_from_what_stands_is_written_over_it() -> None:
    larger = replace(SWING, area_m2=400)
    (planned,) = plan(row(larger, code="VC-01", version=5), known=(stored(),))
    assert (planned.change, planned.place, planned.version) == (RowChange.update, larger, 5)
    assert planned.stored == stored()
    assert planned.is_written


@given(columns=st.frozensets(st.sampled_from(sorted(ALL))))
def test_a_known_place_keeps_every_field_that_the_sheet_has_no_column_for(columns: frozenset[str]) -> None:
    other = replace(SWING, name="Sân chơi mới", area_m2=1, notes="", manager="Đoàn phường", is_free=True)
    (planned,) = plan(row(other, code="VC-01", version=5), known=(stored(),), columns=columns)
    for name in ALL:
        assert getattr(planned.place, name) == getattr(other if name in columns else SWING, name)


def test_a_column_left_empty_empties_the_field() -> None:
    (planned,) = plan(row(replace(SWING, notes=""), code="VC-01", version=5), known=(stored(),))
    assert planned.place
    assert planned.place.notes == ""


def test_a_change_of_an_older_version_is_outdated_and_names_the_last_writer() -> None:
    (planned,) = plan(row(replace(SWING, notes="mới"), code="VC-01", version=4), known=(stored(),))
    assert codes(planned) == [RowFault.outdated]
    assert planned.problems[0].params == {"code": "VC-01", "who": "Hoa", "when": WHEN}
    assert not planned.is_written


@pytest.mark.parametrize("version", [None, 6, 1000])
def test_a_change_of_no_version_that_ever_stood_is_refused(version: int | None) -> None:
    (planned,) = plan(row(replace(SWING, notes="mới"), code="VC-01", version=version), known=(stored(),))
    assert codes(planned) == [RowFault.unknown_version]


def test_a_code_that_nothing_bears_is_no_new_place() -> None:
    (planned,) = plan(row(SWING, code="VC-99", version=1), known=(stored(),))
    assert (planned.change, planned.name, codes(planned)) == (
        RowChange.none,
        SWING.name,
        [RowFault.unknown_code],
    )
    assert planned.problems[0].params == {"code": "VC-99"}


def test_an_unreadable_row_is_named_by_its_stored_place_and_says_that_it_is_too_old() -> None:
    (planned,) = plan(row(None, code="VC-01", version=4), known=(stored(),))
    assert (planned.change, planned.name, codes(planned)) == (RowChange.none, SWING.name, [RowFault.outdated])
    (without_version,) = plan(row(None, code="VC-01"), known=(stored(),))
    assert (without_version.problems, without_version.is_written) == ((), False)


@pytest.mark.parametrize("name", ["xích đu thác mơ", "XÍCH ĐU  THÁC MƠ", "Xích đu Thác Mơ "])
def test_a_new_place_named_like_a_known_one_of_its_commune_may_be_that_one(name: str) -> None:
    (planned,) = plan(row(replace(SWING, name=name)), known=(stored(), stored(code="VC-07")))
    assert codes(planned) == [RowFault.namesake]
    assert planned.problems[0].params == {"codes": "VC-01, VC-07"}


def test_a_name_may_be_had_again_in_another_commune() -> None:
    (planned,) = plan(row(replace(SWING, area_id=ELSEWHERE)), known=(stored(),))
    assert planned.is_written


def test_two_new_rows_of_one_name_are_both_refused_and_name_each_other() -> None:
    first, second, third = plan(row(SWING, line=3), row(replace(SWING, notes=""), line=7), row(POND, line=8))
    assert (codes(first), first.problems[0].params) == ([RowFault.doubled], {"lines": "7"})
    assert (codes(second), second.problems[0].params) == ([RowFault.doubled], {"lines": "3"})
    assert third.is_written


def test_two_known_places_that_share_a_name_are_told_apart_by_their_codes() -> None:
    known = (stored(), stored(code="VC-02"))
    changed = replace(SWING, notes="mới")
    planned = plan(
        row(changed, code="VC-01", version=5), row(changed, line=3, code="VC-02", version=5), known=known
    )
    assert all(each.is_written for each in planned)


def test_a_row_of_a_commune_that_is_not_ones_own_is_refused() -> None:
    own, other = plan(row(SWING), row(replace(SWING, area_id=ELSEWHERE), line=3), actor=OFFICER)
    assert own.is_written
    assert codes(other) == [RowFault.forbidden]


def test_a_description_is_held_against_the_rules_of_the_form() -> None:
    (planned,) = plan(row(replace(SWING, opened_year=3000, latitude=10.0, longitude=107.0)))
    assert codes(planned) == ["year_impossible", "position_far"]


@given(lines=st.lists(st.sampled_from([None, SWING, POND, replace(SWING, area_id=ELSEWHERE)]), max_size=6))
def test_every_row_is_planned_in_its_order_and_no_name_is_added_twice(
    lines: list[PlayAreaInput | None],
) -> None:
    planned = plan(*(row(place, line=at) for at, place in enumerate(lines)), known=(stored(POND),))
    assert [each.line for each in planned] == list(range(len(lines)))
    added = [(each.place.area_id, each.place.name) for each in planned if each.is_written and each.place]
    assert len(added) == len(set(added))
    assert (HERE, POND.name) not in added
