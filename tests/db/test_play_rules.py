"""What the office counts as a play area, and the outlines: who may say it, and from when it holds."""

from __future__ import annotations

from datetime import date

import pytest
import rows
from play_town import ENORMOUS, TODAY, Town, codes

from dashboard.actions.errors import NotAllowed, PlaceRefused
from dashboard.actions.play_rules import set_outlines, set_standard, withdraw_outlines
from dashboard.domain.play_areas import Standard
from dashboard.views.places import standard_on
from db.tables import Outlines, PlayStandard


def test_a_standard_holds_from_its_day_and_earlier_days_keep_theirs(town: Town) -> None:
    state = set_standard
    office = town.people["office"]
    small, large = Standard(min_area_m2=100), Standard(min_area_m2=500, needs_equipment=True)
    state(actor=office, standard=small, walking_m=400, valid_from=date(2021, 3, 1), document="1/HD")
    state(actor=office, standard=large, walking_m=1000, valid_from=date(2021, 9, 1))
    with town.database.read() as session:
        days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 8, 31), date(2021, 9, 1)]
        in_force = [standard_on(session, day) for day in days]
    assert [each.standard for each in in_force] == [Standard(), small, small, large]
    assert [each.walking_m for each in in_force] == [400, 400, 400, 1000]
    assert [each.valid_from for each in in_force] == [None, *[date(2021, 3, 1)] * 2, date(2021, 9, 1)]
    assert in_force[1].document == "1/HD"


def test_a_standard_stated_again_for_the_same_day_takes_the_place_of_the_first(town: Town) -> None:
    office = town.people["office"]
    for size in (100, 200):
        set_standard(
            actor=office, standard=Standard(min_area_m2=size), walking_m=400, valid_from=date(2021, 3, 1)
        )
    with town.database.read() as session:
        assert standard_on(session, TODAY).standard.min_area_m2 == 200
    assert rows.count(town.database, PlayStandard) == 2


def test_a_standard_for_earlier_days_holds_up_to_the_one_that_stands_already(town: Town) -> None:
    def until(day: date) -> date | None:
        office = town.people["office"]
        return set_standard(actor=office, standard=Standard(min_area_m2=9), walking_m=400, valid_from=day)

    assert until(date(2021, 3, 1)) is None
    assert until(date(2021, 2, 1)) == date(2021, 3, 1)
    assert until(date(2021, 2, 1)) == date(2021, 3, 1)
    assert until(date(2021, 3, 1)) is None


def test_the_standard_that_stands_already_is_not_stated_twice(town: Town) -> None:
    stated = {"standard": Standard(min_area_m2=100), "walking_m": 400, "valid_from": TODAY}
    set_standard(actor=town.people["office"], **stated)
    before = town.version()
    set_standard(actor=town.people["admin"], **stated)
    assert rows.count(town.database, PlayStandard) == 1
    assert town.version() == before


def test_the_standard_is_the_offices_alone(town: Town) -> None:
    for who in ("own", "elsewhere", "lead", "agency", "viewer"):
        with pytest.raises(NotAllowed):
            set_standard(actor=town.people[who], standard=Standard(), walking_m=400, valid_from=TODAY)
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
        set_standard(actor=town.people["office"], standard=standard, walking_m=walking_m, valid_from=TODAY)
    assert codes(refused) == ["standard_impossible"]


# Outlines ----------------------------------------------------------------------------------------------


def test_outlines_are_set_and_withdrawn_by_administrators_alone(town: Town) -> None:
    admin = town.people["admin"]
    for who in ("own", "elsewhere", "lead", "agency", "viewer", "office"):
        with pytest.raises(NotAllowed):
            set_outlines(actor=town.people[who], content="{}")
        with pytest.raises(NotAllowed):
            withdraw_outlines(actor=town.people[who])
    set_outlines(actor=admin, content='{"a": 1}', source=" Sở TN&MT ")
    set_outlines(actor=admin, content='{"a": 2}')
    withdraw_outlines(actor=admin)
    before = town.version()
    withdraw_outlines(actor=admin)
    kept = town.all(Outlines)
    assert [(row.content, row.withdrawn_by) for row in kept] == [
        ('{"a": 1}', admin.id),
        ('{"a": 2}', admin.id),
    ]
    assert kept[0].source == "Sở TN&MT"
    assert town.version() == before
