"""The list of thôn and khu phố: added once, changed without overwriting, ended but never deleted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from play_town import ENORMOUS, TODAY, Town, codes, quarter_said

from dashboard.actions.errors import NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter


def test_a_quarter_is_added_once(town: Town) -> None:
    first = save_quarter(actor=town.own, description=quarter_said(town, name=" Khu phố 2 "))
    before = town.version()
    assert save_quarter(actor=town.own, description=quarter_said(town)) == first
    row = town.quarter_row(first)
    assert (row.name, row.children, row.latitude, row.version) == ("Khu phố 2", 250, 11.8, 1)
    assert town.version() == before


def test_a_quarter_is_changed_with_a_new_version(town: Town) -> None:
    said = quarter_said(town, name="Khu phố 1A")
    assert (
        save_quarter(actor=town.own, description=said, quarter_id=town.quarter, base_version=1)
        == town.quarter
    )
    row = town.quarter_row()
    assert (row.name, row.children, row.version) == ("Khu phố 1A", 250, 2)
    before = town.version()
    save_quarter(actor=town.own, description=said, quarter_id=town.quarter, base_version=1)
    assert town.version() == before


def test_a_name_is_taken_once_in_a_commune_and_free_in_the_next(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        save_quarter(actor=town.own, description=quarter_said(town, name="Khu phố 1 "))
    assert [(each.code, each.params) for each in refused.value.problems] == [
        ("quarter_taken", {"name": "Khu phố 1"})
    ]
    second = save_quarter(actor=town.own, description=quarter_said(town))
    with pytest.raises(PlaceRefused) as refused:
        save_quarter(
            actor=town.own,
            description=quarter_said(town, name="Khu phố 1"),
            quarter_id=second,
            base_version=1,
        )
    assert codes(refused) == ["quarter_taken"]
    elsewhere = quarter_said(town, area_id=town.world.other_commune)
    assert save_quarter(actor=town.people["office"], description=elsewhere) != second


def test_a_quarter_changed_meanwhile_is_a_conflict_that_names_it(town: Town) -> None:
    office = town.people["office"]
    save_quarter(
        actor=office, description=quarter_said(town, children=1), quarter_id=town.quarter, base_version=1
    )
    with pytest.raises(PlaceConflict) as conflict:
        save_quarter(actor=town.own, description=quarter_said(town), quarter_id=town.quarter, base_version=1)
    assert (conflict.value.by, conflict.value.version) == (office.name, 2)
    with pytest.raises(PlaceConflict):
        end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    assert (town.quarter_row().children, town.quarter_row().ended_on) == (1, None)


def test_a_quarter_stays_in_its_commune(town: Town) -> None:
    moved = quarter_said(town, area_id=town.world.other_commune)
    for who in ("own", "elsewhere", "office"):
        with pytest.raises(NotAllowed):
            save_quarter(actor=town.people[who], description=moved, quarter_id=town.quarter, base_version=1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": "  "}, "name_missing"),
        ({"children": -1}, "children_impossible"),
        ({"longitude": None}, "position_half"),
        ({"latitude": 91.0}, "position_impossible"),
        ({"longitude": 181.0}, "position_impossible"),
    ],
)
def test_a_quarter_is_refused_for(town: Town, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        save_quarter(actor=town.own, description=quarter_said(town, **changes))
    assert codes(refused) == [problem]


def test_more_children_than_the_database_can_hold_are_refused_in_words(town: Town) -> None:
    with pytest.raises(PlaceRefused):
        save_quarter(actor=town.own, description=quarter_said(town, children=ENORMOUS))


def test_a_quarter_that_was_merged_away_ends_once_and_keeps_its_row(town: Town) -> None:
    town.close()
    end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    before = town.version()
    end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    row = town.quarter_row()
    assert (row.ended_on, row.version, row.name) == (TODAY, 2, "Khu phố 1")
    assert town.row().quarter_id == town.quarter
    assert town.version() == before
    with pytest.raises(NotAllowed):
        end_quarter(actor=town.own, quarter_id=99, base_version=1)


def test_a_screen_that_is_late_does_not_bring_an_ended_quarter_back(town: Town) -> None:
    town.close()
    end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    unchanged = QuarterInput(town.world.commune, "Khu phố 1", "khu_pho", 300)
    with pytest.raises(PlaceConflict):
        save_quarter(actor=town.own, description=unchanged, quarter_id=town.quarter, base_version=1)
    assert town.quarter_row().ended_on == TODAY


def test_a_quarter_does_not_end_while_places_in_use_belong_to_it(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    assert [(each.code, each.params) for each in refused.value.problems] == [
        ("quarter_has_places", {"codes": town.row().code})
    ]
    assert town.quarter_row().ended_on is None
    town.close()
    end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    assert town.quarter_row().ended_on == TODAY


def test_adding_an_ended_quarter_again_brings_it_back_or_is_refused(town: Town) -> None:
    """Otherwise the form says "saved" of a khu phố that no list shows."""
    town.close()
    end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    again = None
    with suppress(PlaceRefused):
        again = save_quarter(
            actor=town.own, description=QuarterInput(town.world.commune, "Khu phố 1", "khu_pho", 300)
        )
    assert again is None or town.quarter_row(again).ended_on is None
