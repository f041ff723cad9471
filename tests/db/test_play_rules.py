"""What the office counts as a play area, and the outlines: who may say it, and from when it holds."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import rows
from play_town import ENORMOUS, TODAY, Town, at_once, codes

from dashboard.actions.errors import InputRefused, NotAllowed, PlaceRefused, RulesConflict
from dashboard.actions.play_rules import set_outlines, set_standard, withdraw_outlines
from dashboard.domain.permissions import Role
from dashboard.domain.play_areas import Standard
from dashboard.views.places import standard_on
from db.tables import Outlines, PlayStandard


def state(town: Town, standard: Standard, *, who: str = "office", **changes: Any) -> date | None:
    with town.database.read() as session:
        newest = standard_on(session, TODAY).newest
    arguments = {"base_version": newest, "walking_m": 400, "valid_from": TODAY, **changes}
    return set_standard(actor=town.people[who], standard=standard, **arguments)


def test_a_standard_holds_from_its_day_and_earlier_days_keep_theirs(town: Town) -> None:
    small, large = Standard(min_area_m2=100), Standard(min_area_m2=500, needs_equipment=True)
    state(town, small, valid_from=date(2021, 3, 1), document="1/HD")
    state(town, large, walking_m=1000, valid_from=date(2021, 9, 1))
    with town.database.read() as session:
        days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 8, 31), date(2021, 9, 1)]
        in_force = [standard_on(session, day) for day in days]
    assert [each.standard for each in in_force] == [Standard(), small, small, large]
    assert [each.walking_m for each in in_force] == [400, 400, 400, 1000]
    assert [each.valid_from for each in in_force] == [None, *[date(2021, 3, 1)] * 2, date(2021, 9, 1)]
    assert in_force[1].document == "1/HD"


def test_a_standard_stated_again_for_the_same_day_takes_the_place_of_the_first(town: Town) -> None:
    for size in (100, 200):
        state(town, Standard(min_area_m2=size), valid_from=date(2021, 3, 1))
    with town.database.read() as session:
        assert standard_on(session, TODAY).standard.min_area_m2 == 200
    assert rows.count(town.database, PlayStandard) == 2


def test_a_standard_for_earlier_days_holds_up_to_the_one_that_stands_already(town: Town) -> None:
    def until(day: date) -> date | None:
        return state(town, Standard(min_area_m2=9), valid_from=day)

    assert until(date(2021, 3, 1)) is None
    assert until(date(2021, 2, 1)) == date(2021, 3, 1)
    assert until(date(2021, 2, 1)) == date(2021, 3, 1)
    assert until(date(2021, 3, 1)) is None


def test_the_standard_that_stands_already_is_not_stated_twice(town: Town) -> None:
    state(town, Standard(min_area_m2=100))
    before = town.version()
    state(town, Standard(min_area_m2=100), who="admin", base_version=0)
    assert rows.count(town.database, PlayStandard) == 1
    assert town.version() == before


def test_another_standard_stated_meanwhile_is_told_with_what_stands(town: Town) -> None:
    state(town, Standard(min_area_m2=100), document="1/HD")
    before = town.version()
    with pytest.raises(RulesConflict) as told:
        state(town, Standard(min_area_m2=200), who="admin", base_version=0)
    assert (told.value.by, told.value.problem) == (town.people["office"].name, "changed_meanwhile")
    assert (told.value.stands["min_area_m2"], told.value.stands["document"]) == (100, "1/HD")
    assert town.version() == before


def test_of_two_standards_stated_at_once_one_is_told(town: Town) -> None:
    deeds = [
        lambda size=size: state(town, Standard(min_area_m2=size), base_version=0)  # type: ignore[misc]
        for size in (100, 200)
    ]
    assert at_once(*deeds) == ["kept", "told"]
    assert rows.count(town.database, PlayStandard) == 1


def test_the_standard_is_the_offices_alone(town: Town) -> None:
    for who in ("own", "elsewhere", "lead", "agency", "viewer"):
        with pytest.raises(NotAllowed):
            state(town, Standard(), who=who)
    assert rows.count(town.database, PlayStandard) == 0


@pytest.mark.parametrize(
    ("standard", "walking_m"),
    [
        (Standard(min_area_m2=0), 400),
        (Standard(max_check_age_months=0), 400),
        (Standard(), 0),
        (Standard(min_area_m2=ENORMOUS), 400),
        (Standard(max_check_age_months=ENORMOUS), 400),
        (Standard(max_check_age_months=100_000_000), 400),
    ],
)
def test_a_standard_that_cannot_be_is_refused(town: Town, standard: Standard, walking_m: int) -> None:
    """An enormous one, too: it would be kept, and then every page that judges by it would fall over."""
    with pytest.raises(PlaceRefused) as refused:
        state(town, standard, walking_m=walking_m)
    assert codes(refused) == ["standard_impossible"]


# Outlines ----------------------------------------------------------------------------------------------


def outlined(slug: str) -> str:
    """The outlines of one commune: a triangle."""
    return json.dumps(
        {"rings": {slug: [[[107.0, 11.8], [107.1, 11.8], [107.1, 11.9], [107.0, 11.8]]]}, "missing": []}
    )


def test_outlines_are_set_and_withdrawn_by_administrators_alone(town: Town) -> None:
    admin = town.people["admin"]
    for who in ("own", "elsewhere", "lead", "agency", "viewer", "office"):
        with pytest.raises(NotAllowed):
            set_outlines(actor=town.people[who], base_version=0, content=outlined("a"))
        with pytest.raises(NotAllowed):
            withdraw_outlines(actor=town.people[who], base_version=0)
    set_outlines(actor=admin, base_version=0, content=outlined("a"), source=" Sở TN&MT ")
    set_outlines(actor=admin, base_version=1, content=outlined("b"))
    withdraw_outlines(actor=admin, base_version=2)
    before = town.version()
    withdraw_outlines(actor=admin, base_version=2)
    kept = town.all(Outlines)
    assert [(row.content, row.withdrawn_by) for row in kept] == [
        (outlined("a"), admin.id),
        (outlined("b"), admin.id),
    ]
    assert kept[0].source == "Sở TN&MT"
    assert town.version() == before


def test_the_same_outlines_sent_twice_are_kept_once(town: Town) -> None:
    for _time in range(2):
        set_outlines(actor=town.people["admin"], base_version=0, content=outlined("a"))
    assert rows.count(town.database, Outlines) == 1


def test_outlines_of_somebody_else_are_neither_replaced_nor_withdrawn_unseen(town: Town) -> None:
    admin, other = town.people["admin"], rows.person(town.database, Role.administrator, login="other")
    set_outlines(actor=other, base_version=0, content=outlined("a"), source="Sở TN&MT")
    before = town.version()
    for deed in (
        lambda: set_outlines(actor=admin, base_version=0, content=outlined("b")),
        lambda: withdraw_outlines(actor=admin, base_version=0),
    ):
        with pytest.raises(RulesConflict) as told:
            deed()
        assert (told.value.by, told.value.version) == (other.name, 1)
        assert told.value.stands == {"source": "Sở TN&MT", "is_drawn": True}
    withdraw_outlines(actor=other, base_version=1)
    with pytest.raises(RulesConflict):
        set_outlines(actor=admin, base_version=1, content=outlined("b"))
    assert town.version() == before + 1


def test_of_two_files_of_outlines_sent_at_once_one_is_told(town: Town) -> None:
    deeds = [
        lambda slug=slug: set_outlines(  # type: ignore[misc]
            actor=town.people["admin"], base_version=0, content=outlined(slug)
        )
        for slug in ("a", "b")
    ]
    assert at_once(*deeds) == ["kept", "told"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "{}", "[]", "null", "12", "no JSON", '{"rings": {}, "missing": []}', '{"rings": []}'),
        '{"rings": {"a": []}, "missing": []}',
        '{"rings": {"a": [[[107.0, 11.8]]]}, "missing": []}',
        outlined("a").replace("107.1", "NaN"),
        outlined("a").replace("107.1", "1e999"),
        outlined("a").replace("107.1", '"107"'),
        outlined("a").replace("11.9", "119"),
        outlined("a").replace("[107.0, 11.8]]]", "[107.0, 11.7]]]"),
        "[" * 100_000,
    ],
)
def test_what_is_no_outline_is_refused_in_words(town: Town, content: str) -> None:
    with pytest.raises(InputRefused):
        set_outlines(actor=town.people["admin"], base_version=0, content=content)
    assert rows.count(town.database, Outlines) == 0
