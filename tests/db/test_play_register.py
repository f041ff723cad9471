"""The register of play areas: described by who may, conflict-safe, checked, closed and reopened, never deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import rows
from play_town import (
    ENORMOUS,
    MAY_EDIT,
    MAY_NOT,
    PASSED,
    PICTURE,
    TODAY,
    TOMORROW,
    Town,
    at_once,
    codes,
    quarter_said,
)
from sqlalchemy import select

from dashboard.actions.errors import (
    InputRefused,
    NotAllowed,
    PhotoConflict,
    PlaceConflict,
    PlaceRefused,
    TurnConflict,
)
from dashboard.actions.play_areas import SheetPlace, save_places
from dashboard.actions.play_closures import close_place, reopen_place
from dashboard.actions.play_photos import add_photo, hide_photo
from dashboard.actions.play_rules import set_standard
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter
from dashboard.domain.play_areas import CheckAnswer, CheckResult, PlayAreaInput, PlayKind, Standard
from db.tables import Change, PlayArea, PlayAreaClosure, PlayPhoto, Quarter, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Callable


# Places ------------------------------------------------------------------------------------------------


def new(town: Town, name: str = "Sân mới") -> PlayAreaInput:
    return replace(town.description, name=name)


@pytest.mark.parametrize(
    "name",
    ["Sân chơi khu phố 1", " sân chơi  KHU PHỐ 1", "Sân chơi khu phố 1\u200b", "Sa\u0302n chơi khu phố 1"],
)
def test_a_second_place_of_the_same_name_to_a_reader_is_refused_where_it_is_written(
    town: Town, name: str
) -> None:
    with pytest.raises(PlaceRefused) as refused:
        town.save(new(town, name))
    assert (codes(refused), refused.value.problems[0].params["codes"]) == (["namesake"], town.row().code)
    other = town.save(new(town))
    with pytest.raises(PlaceRefused) as refused:
        town.change(new(town, name), place=other.id)
    assert codes(refused) == ["namesake"]
    assert rows.count(town.database, PlayArea) == 2


def test_two_spellings_of_one_name_are_one_place(town: Town) -> None:
    town.save(new(town, "Sân chơi Hòa Bình"))
    with pytest.raises(PlaceRefused):
        town.save(new(town, "Sân chơi Hoà Bình"))


def test_the_same_name_stands_in_the_next_commune(town: Town) -> None:
    moved = replace(town.description, area_id=town.world.other_commune, quarter_id=None)
    assert town.save(moved, town.people["office"]).version == 1


def test_places_that_share_a_name_from_before_are_told_apart_by_their_codes(town: Town) -> None:
    with town.database.write() as transaction:
        twin = rows.stored(transaction.session, rows.play_area(town.world, code="VC-07", token="twin"))
    assert town.change(replace(town.description, notes="sửa"), place=twin).version == 2


def test_of_two_people_who_add_one_place_at_once_one_is_told(town: Town) -> None:
    deeds = [lambda n=n: town.save(new(town), token=f"form {n}") for n in range(2)]  # type: ignore[misc]
    assert at_once(*deeds) == ["kept", "told"]
    assert rows.count(town.database, PlayArea) == 2


def test_a_sheet_with_one_place_twice_stores_neither(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        save_places(actor=town.own, places=[SheetPlace(new(town), f"row {n}") for n in range(2)])
    assert codes(refused) == ["namesake"]
    assert rows.count(town.database, PlayArea) == 1


def test_a_known_token_of_another_place_or_person_is_refused(town: Town) -> None:
    town.save(new(town), token="one click")
    for said, actor in ((new(town, "Sân khác"), town.own), (new(town), town.people["office"])):
        with pytest.raises(InputRefused) as refused:
            town.save(said, actor, token="one click")
        assert refused.value.problem == "other_attempt"
    town.check(token="visit")
    for said, actor in ((replace(PASSED, note="khác"), town.own), (PASSED, town.people["office"])):
        with pytest.raises(InputRefused):
            town.check(said, actor, token="visit")


def test_a_place_described_anew_is_the_answer_to_an_attempt_that_comes_again(town: Town) -> None:
    saved = town.save(new(town), token="one click")
    office = town.people["office"]
    town.change(replace(new(town), notes="sửa"), place=saved.id, actor=office)
    with pytest.raises(PlaceConflict) as told:
        town.save(new(town), token="one click")
    assert told.value.by == office.name


def test_no_place_is_put_into_a_quarter_that_has_ended_and_who_is_in_it_stays(town: Town) -> None:
    with town.database.write() as transaction:
        quarter = transaction.session.get(Quarter, town.quarter)
        assert quarter is not None
        quarter.ended_on = TODAY
    with pytest.raises(PlaceRefused) as refused:
        town.save(new(town))
    assert codes(refused) == ["quarter_ended"]
    assert town.change(replace(town.description, notes="sửa")).version == 2


def test_a_new_place_gets_a_code_and_the_day(town: Town) -> None:
    saved = town.save(
        replace(town.description, name="Công viên", area_m2=500, latitude=11.8, longitude=107.0)
    )
    row = town.row(saved.id)
    assert (saved.code, saved.version) == ("VC-02", 1)
    assert (row.name, row.area_m2, row.kind, row.latitude) == ("Công viên", 500, "playground", 11.8)
    assert (row.registered_on, row.changed_by, row.is_synthetic) == (TODAY, town.own.id, True)


def test_the_same_form_sent_twice_adds_one_place(town: Town) -> None:
    first = town.save(new(town), token="one click")
    before = town.version()
    assert town.save(new(town), token="one click") == first
    assert rows.count(town.database, PlayArea) == 2
    assert town.version() == before


def test_the_same_form_sent_twice_at_once_adds_one_place(town: Town) -> None:
    deed = lambda: town.save(new(town), token="one click")  # noqa: E731 - it is sent twice
    assert at_once(deed, deed) == ["kept", "kept"]
    assert rows.count(town.database, PlayArea) == 2


def test_places_added_at_once_get_codes_of_their_own(town: Town) -> None:
    deeds = [lambda n=n: town.save(new(town, f"Sân {n}"), token=f"place {n}") for n in range(6)]  # type: ignore[misc]
    assert at_once(*deeds) == ["kept"] * 6
    assert len({row.code for row in town.all(PlayArea)}) == 7


def test_a_code_that_an_import_brought_is_not_given_again(town: Town) -> None:
    with town.database.write() as transaction:
        rows.stored(transaction.session, rows.play_area(town.world, code="VC-03", token="two"))
    assert [town.save(new(town, f"Sân {n}"), token=f"{n}").code for n in range(2)] == ["VC-04", "VC-05"]


def test_a_change_is_kept_with_its_author_and_a_new_version(town: Town) -> None:
    saved = town.change(replace(town.description, name="Sân chơi mới"), actor=town.people["office"])
    row = town.row()
    assert (saved.code, saved.version) == ("VC-01", 2)
    assert (row.name, row.version, row.changed_by) == ("Sân chơi mới", 2, town.people["office"].id)
    assert (row.code, row.registered_on) == ("VC-01", date(2021, 1, 15))


def test_saving_what_already_stands_changes_nothing(town: Town) -> None:
    before = town.version()
    assert town.change(town.description, version=1).version == 1
    assert town.change(town.description, version=0).version == 1
    assert town.version() == before


def test_a_change_over_an_unseen_one_is_a_conflict_that_names_it(town: Town) -> None:
    town.change(replace(town.description, name="Bản của cơ quan"), actor=town.people["office"])
    before = town.version()
    with pytest.raises(PlaceConflict) as conflict:
        town.change(replace(town.description, name="Bản của phường"))
    told = conflict.value
    assert (told.by, told.version) == (town.people["office"].name, 2)
    assert abs(told.at - town.row().changed_at) < timedelta(seconds=5)
    assert town.row().name == "Bản của cơ quan"
    assert town.version() == before


def test_a_conflict_is_with_who_described_the_place_and_not_with_who_visited_it(town: Town) -> None:
    town.change(replace(town.description, name="Bản của cơ quan"), actor=town.people["office"])
    town.check(actor=town.own)
    with pytest.raises(PlaceConflict) as conflict:
        town.change(replace(town.description, name="Bản của phường"))
    assert conflict.value.by == town.people["office"].name


def test_of_two_changes_made_at_once_one_is_kept_and_one_is_told(town: Town) -> None:
    outcomes = at_once(
        lambda: town.change(replace(town.description, name="một")),
        lambda: town.change(replace(town.description, name="hai")),
    )
    assert outcomes == ["kept", "told"]
    assert town.row().version == 2


@pytest.mark.parametrize("who", MAY_EDIT)
def test_the_register_is_kept_by(town: Town, who: str) -> None:
    actor = town.people[who]
    added = town.save(replace(town.description, name="Mới"), actor)
    town.change(replace(town.description, name="Sửa"), actor=actor)
    town.check(actor=actor)
    add_photo(actor=actor, place_id=town.place, photo=PICTURE)
    hide_photo(actor=actor, photo_id=town.all(PlayPhoto)[0].id, base_version=1)
    town.close(actor)
    town.reopen(actor)
    second = save_quarter(actor=actor, description=QuarterInput(town.world.commune, "Khu phố 2", "khu_pho"))
    end_quarter(actor=actor, quarter_id=second, base_version=1)
    assert town.row(added.id).changed_by == actor.id


@pytest.mark.parametrize("who", MAY_NOT)
def test_the_register_is_not_kept_by(town: Town, who: str) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    town.close()
    photo, actor, before = town.all(PlayPhoto)[0].id, town.people[who], town.version()
    new = QuarterInput(town.world.commune, "Khu phố 2", "khu_pho")
    deeds: list[Callable[[], object]] = [
        lambda: town.save(replace(town.description, name="Mới"), actor),
        lambda: town.change(replace(town.description, name="Sửa"), actor=actor),
        lambda: town.check(actor=actor),
        lambda: add_photo(actor=actor, place_id=town.place, photo=replace(PICTURE, sha256="b" * 64)),
        lambda: hide_photo(actor=actor, photo_id=photo, base_version=1),
        lambda: town.close(actor),
        lambda: town.reopen(actor),
        lambda: save_quarter(actor=actor, description=new),
        lambda: save_quarter(actor=actor, description=new, quarter_id=town.quarter, base_version=1),
        lambda: end_quarter(actor=actor, quarter_id=town.quarter, base_version=1),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert town.version() == before


def test_a_commune_neither_gives_a_place_away_nor_takes_one(town: Town) -> None:
    moved = replace(town.description, area_id=town.world.other_commune, quarter_id=None)
    for who in ("own", "elsewhere"):
        with pytest.raises(NotAllowed):
            town.change(moved, actor=town.people[who])
    assert town.change(moved, actor=town.people["office"]).version == 2


def test_an_agency_is_nobody_in_a_register_that_no_indicator_follows(town: Town) -> None:
    with town.database.write() as transaction:
        for row in transaction.session.scalars(select(rows.Indicator)):
            row.derived_from = row.derived_since = None
    with pytest.raises(NotAllowed):
        town.change(replace(town.description, name="Sửa"), actor=town.people["lead"])


def test_a_place_that_is_not_there_is_changed_by_nobody(town: Town) -> None:
    admin = town.people["admin"]
    with pytest.raises(NotAllowed):
        town.change(replace(town.description, name="Sửa"), actor=admin, place=99)
    with pytest.raises(NotAllowed):
        close_place(actor=admin, place_id=99, base_version=0, day=TODAY, reason="x")
    with pytest.raises(NotAllowed):
        hide_photo(actor=admin, photo_id=99, base_version=1)


def test_a_quarter_of_another_commune_is_refused(town: Town) -> None:
    for quarter in (town.other_quarter, 99):
        with pytest.raises(PlaceRefused) as refused:
            town.change(replace(town.description, quarter_id=quarter))
        assert codes(refused) == ["quarter_elsewhere"]


def test_a_description_that_cannot_be_is_refused_with_everything_wrong_at_once(town: Town) -> None:
    before = town.version()
    wrong = replace(
        town.description,
        name=" ",
        latitude=11.8,
        area_m2=0,
        opened_year=1800,
        age_from=12,
        age_to=3,
        quarter_id=99,
    )
    with pytest.raises(PlaceRefused) as refused:
        town.save(wrong)
    assert codes(refused) == [
        *("name_missing", "position_half", "size_impossible", "year_impossible", "ages_reversed"),
        "quarter_elsewhere",
    ]
    with pytest.raises(PlaceRefused):
        town.change(wrong)
    assert town.version() == before


@pytest.mark.parametrize("equipment", [-1, ENORMOUS])
def test_a_number_of_equipment_that_cannot_be_is_refused_in_words(town: Town, equipment: int) -> None:
    """Both databases must answer alike, and with a sentence."""
    with pytest.raises(PlaceRefused):
        town.change(replace(town.description, equipment_count=equipment))


def test_a_text_longer_than_its_column_is_refused_in_words(town: Town) -> None:
    """A sheet has no limits of its own: PostgreSQL would refuse the row, SQLite would keep it."""
    for name, length in {"name": 201, "address": 301, "manager": 201, "opening_hours": 121}.items():
        with pytest.raises(PlaceRefused):
            save_places(
                actor=town.own, places=[SheetPlace(replace(town.description, **{name: "x" * length}), name)]
            )


# Sheets ------------------------------------------------------------------------------------------------


def test_a_sheet_adds_and_changes_all_its_places(town: Town) -> None:
    sheet = (
        SheetPlace(replace(town.description, name="Mới"), "row 1"),
        SheetPlace(replace(town.description, name="Sửa"), "row 2", town.place, 1),
        SheetPlace(replace(town.description, name="Mới nữa"), "row 3"),
    )
    saved = save_places(actor=town.own, places=sheet)
    assert [(each.code, each.version) for each in saved] == [("VC-02", 1), ("VC-01", 2), ("VC-03", 1)]
    before = town.version()
    assert save_places(actor=town.own, places=sheet) == saved
    assert town.version() == before


@pytest.mark.parametrize("fault", ["conflict", "description", "place elsewhere"])
def test_a_sheet_with_one_bad_row_stores_none_of_them(town: Town, fault: str) -> None:
    bad = {
        "conflict": (SheetPlace(replace(town.description, name="Sửa"), "bad", town.place, 9), PlaceConflict),
        "description": (SheetPlace(replace(town.description, name=""), "bad"), PlaceRefused),
        "place elsewhere": (
            SheetPlace(replace(town.description, area_id=town.world.other_commune, quarter_id=None), "bad"),
            NotAllowed,
        ),
    }
    row, refusal = bad[fault]
    before, good = town.version(), SheetPlace(replace(town.description, name="Mới"), "good")
    with pytest.raises(refusal):
        save_places(actor=town.own, places=(good, row))
    assert rows.count(town.database, PlayArea) == 1
    assert town.version() == before
    assert save_places(actor=town.own, places=(good,))[0].code == "VC-02"


# Closures ----------------------------------------------------------------------------------------------


def test_a_place_is_closed_between_its_days(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason=" sửa chữa ")
    town.reopen(day=date(2021, 8, 1), reason="xong")
    days = [date(2021, 4, 30), date(2021, 5, 1), date(2021, 7, 31), date(2021, 8, 1)]
    assert [town.on(day)["is_closed"] for day in days] == [False, True, True, False]
    assert town.on(days[1])["closing_reason"] == "sửa chữa"
    (kept,) = town.all(PlayAreaClosure)
    assert (kept.reason, kept.reopened_reason) == ("sửa chữa", "xong")


def test_the_same_closing_sent_twice_closes_once(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    before = town.version()
    town.close(day=date(2021, 5, 1), reason="sửa chữa ", base_version=0)
    assert rows.count(town.database, PlayAreaClosure) == 1
    assert town.version() == before


@pytest.mark.parametrize("changes", [{"day": date(2021, 6, 1)}, {"reason": "cây đổ, nguy hiểm"}])
def test_another_day_or_reason_for_a_closed_place_is_told_what_stands(
    town: Town, changes: dict[str, Any]
) -> None:
    """A report that a tree fell on the playground must not be dropped behind somebody else's repair."""
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    before = town.version()
    with pytest.raises(TurnConflict) as told:
        town.close(
            actor=town.people["office"],
            base_version=0,
            **{"day": date(2021, 5, 1), "reason": "sửa chữa", **changes},
        )
    assert (told.value.by, told.value.version) == ("Lãnh đạo", 1)
    assert told.value.stands == {
        "closed_on": date(2021, 5, 1),
        "reason": "sửa chữa",
        "reopened_on": None,
        "reopened_reason": "",
    }
    assert town.version() == before


def test_a_place_closed_with_the_right_version_while_it_is_closed_is_told(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    with pytest.raises(TurnConflict):
        town.close(day=date(2021, 6, 1), reason="lại", base_version=1)


def test_a_late_closing_does_not_close_what_was_opened_again_meanwhile(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    town.reopen(day=date(2021, 8, 1))
    with pytest.raises(TurnConflict) as told:
        town.close(day=date(2021, 5, 1), reason="sửa chữa", base_version=0)
    assert (told.value.version, told.value.stands["reopened_on"]) == (2, date(2021, 8, 1))
    assert not town.on(TODAY)["is_closed"]


def test_a_place_that_was_never_closed_is_not_opened_again(town: Town) -> None:
    before = town.version()
    with pytest.raises(TurnConflict) as told:
        town.reopen(day=TODAY)
    assert (told.value.version, told.value.stands) == (0, {})
    assert town.version() == before


def test_the_same_opening_sent_twice_opens_once_and_another_one_is_told(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    town.reopen(day=date(2021, 8, 1), reason="xong")
    before = town.version()
    town.reopen(day=date(2021, 8, 1), reason="xong", base_version=1)
    with pytest.raises(TurnConflict) as told:
        town.reopen(day=date(2021, 9, 1), reason="xong", base_version=1)
    assert told.value.stands["reopened_on"] == date(2021, 8, 1)
    assert town.version() == before


def test_the_register_tells_what_a_closing_is_based_on(town: Town) -> None:
    seen = [town.on(TODAY)["turns"]]
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    seen.append(town.on(TODAY)["turns"])
    town.reopen(day=date(2021, 8, 1))
    assert [*seen, town.on(TODAY)["turns"]] == [0, 1, 2]


def test_a_place_is_closed_again_from_the_day_it_was_reopened_and_no_earlier(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    town.reopen(day=date(2021, 8, 1))
    with pytest.raises(PlaceRefused) as refused:
        town.close(day=date(2021, 7, 31), reason="lại")
    assert codes(refused) == ["before_reopening"]
    town.close(day=date(2021, 8, 1), reason="lại")
    assert town.on(TODAY)["closing_reason"] == "lại"
    assert len(town.all(PlayAreaClosure)) == 2


def test_a_closure_that_cannot_be_is_refused(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        town.close(day=TOMORROW, reason="sửa chữa")
    assert codes(refused) == ["date_in_future"]
    for unseen in ("  ", "\u200b", "\n\u2060\t"):
        with pytest.raises(PlaceRefused) as refused:
            town.close(day=TODAY, reason=unseen)
        assert codes(refused) == ["reason_missing"]
    assert rows.count(town.database, PlayAreaClosure) == 0


def test_a_reopening_that_cannot_be_is_refused(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    for day, problem in ((date(2021, 4, 30), "before_closing"), (TOMORROW, "date_in_future")):
        with pytest.raises(PlaceRefused) as refused:
            town.reopen(day=day)
        assert codes(refused) == [problem]
    assert town.on(TODAY)["is_closed"]


def test_a_place_reopened_on_the_day_it_was_closed_was_not_closed_at_all(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="nhầm")
    town.reopen(day=date(2021, 5, 1))
    assert not town.on(date(2021, 5, 1))["is_closed"]


def test_a_place_closed_by_two_people_at_once_for_one_reason_is_closed_once(town: Town) -> None:
    deed = lambda: town.close(day=TODAY, reason="x", base_version=0)  # noqa: E731
    assert at_once(deed, deed) == ["kept", "kept"]
    assert rows.count(town.database, PlayAreaClosure) == 1


def test_of_two_people_who_close_a_place_at_once_for_two_reasons_one_is_told(town: Town) -> None:
    deeds = (
        lambda: town.close(day=TODAY, reason="sửa chữa", base_version=0),
        lambda: town.close(actor=town.people["office"], day=TODAY, reason="cây đổ", base_version=0),
    )
    assert at_once(*deeds) == ["kept", "told"]
    assert rows.count(town.database, PlayAreaClosure) == 1


def test_of_two_people_who_open_a_place_at_once_one_is_told(town: Town) -> None:
    town.close(day=date(2021, 5, 1), reason="sửa chữa")
    deeds = (
        lambda: town.reopen(day=date(2021, 6, 1), base_version=1),
        lambda: town.reopen(actor=town.people["office"], day=date(2021, 7, 1), base_version=1),
    )
    assert at_once(*deeds) == ["kept", "told"]


# Checks ------------------------------------------------------------------------------------------------


def test_a_visit_is_kept_with_its_answers(town: Town) -> None:
    answers = (("hang-rao", CheckAnswer.yes), ("den", CheckAnswer.not_applicable))
    town.check(replace(PASSED, answers=answers, checked_by=" Đoàn ", note=" tốt "))
    (kept,) = town.all(SafetyCheck)
    assert (kept.checked_by, kept.note, kept.result) == ("Đoàn", "tốt", "passed")
    assert json.loads(kept.answers) == {"hang-rao": "yes", "den": "not_applicable"}
    assert (kept.entered_by, kept.is_synthetic) == (town.own.id, True)
    assert town.row().version == 1
    assert town.row().changed_by == town.own.id


def test_the_same_visit_sent_twice_is_kept_once(town: Town) -> None:
    town.check(token="one click")
    before = town.version()
    town.check(token="one click")
    assert rows.count(town.database, SafetyCheck) == 1
    assert town.version() == before


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"checked_on": TOMORROW}, "date_in_future"),
        ({"next_due": date(2021, 9, 30)}, "due_before_check"),
        ({"next_due": date(2021, 10, 1)}, "due_before_check"),
        ({"checked_by": " "}, "inspector_missing"),
    ],
)
def test_a_visit_is_refused_for(town: Town, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(PlaceRefused) as refused:
        town.check(replace(PASSED, **changes))
    assert codes(refused) == [problem]
    assert rows.count(town.database, SafetyCheck) == 0


def test_a_place_without_something_essential_has_not_passed(town: Town) -> None:
    with town.database.write() as transaction:
        session = transaction.session
        rows.stored(session, rows.checklist_item(is_essential=True))
        rows.stored(session, rows.checklist_item(slug="den", position=2))
        rows.stored(session, rows.checklist_item(slug="phao", position=3, is_essential=True, for_pools=True))
    missing = (("hang-rao", CheckAnswer.no), ("den", CheckAnswer.no))
    with pytest.raises(PlaceRefused) as refused:
        town.check(replace(PASSED, answers=missing))
    assert [(each.code, each.params) for each in refused.value.problems] == [
        ("essential_missing", {"number": 1})
    ]
    town.check(replace(PASSED, answers=missing, result=CheckResult.failed))
    # What is essential for pools alone, and what is not essential, keeps no playground from passing.
    fenced = ("hang-rao", CheckAnswer.yes)
    town.check(replace(PASSED, answers=(fenced, ("den", CheckAnswer.no), ("phao", CheckAnswer.no))))


def test_a_place_where_something_essential_was_not_looked_at_has_not_passed(town: Town) -> None:
    with town.database.write() as transaction:
        rows.stored(transaction.session, rows.checklist_item(is_essential=True))
    for result in (CheckResult.passed, CheckResult.to_repair):
        with pytest.raises(PlaceRefused) as refused:
            town.check(replace(PASSED, result=result))
        assert codes(refused) == ["essential_unanswered"]
    town.check(replace(PASSED, answers=(("hang-rao", CheckAnswer.not_applicable),)))
    town.check(replace(PASSED, result=CheckResult.failed))


def test_a_pool_has_not_passed_without_what_pools_need(town: Town) -> None:
    with town.database.write() as transaction:
        pools = rows.checklist_item(slug="phao", is_essential=True, for_pools=True)
        rows.stored(transaction.session, pools)
    town.change(replace(town.description, kind=PlayKind.mobile_pool))
    with pytest.raises(PlaceRefused) as refused:
        town.check(replace(PASSED, answers=(("phao", CheckAnswer.no),)))
    assert codes(refused) == ["essential_missing"]


def test_of_two_visits_of_one_day_the_one_written_down_later_holds(town: Town) -> None:
    town.check()
    town.check(replace(PASSED, result=CheckResult.failed, next_due=None))
    assert (town.on(TODAY)["check_result"], town.on(TODAY)["counts"]) == ("failed", False)
    town.check(replace(PASSED, checked_by="Đoàn liên ngành"))
    assert (town.on(TODAY)["checked_by"], town.on(TODAY)["counts"]) == ("Đoàn liên ngành", True)
    assert rows.count(town.database, SafetyCheck) == 3


def test_an_older_visit_written_down_later_does_not_hide_the_newer_one(town: Town) -> None:
    town.check()
    town.check(replace(PASSED, checked_on=date(2021, 3, 1), result=CheckResult.failed))
    assert town.on(TODAY)["check_result"] == "passed"
    assert town.on(date(2021, 9, 30))["check_result"] == "failed"


# Photos ------------------------------------------------------------------------------------------------


def test_the_same_photo_added_twice_is_kept_once(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption=" cổng vào ")
    before = town.version()
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption="cổng vào")
    (kept,) = town.all(PlayPhoto)
    assert (kept.jpeg, kept.thumbnail, kept.caption) == (b"jpeg", b"small", "cổng vào")
    assert town.version() == before


def test_the_same_photo_may_show_two_places(town: Town) -> None:
    other = town.save(replace(town.description, name="Mới"))
    for place in (town.place, other.id):
        add_photo(actor=town.own, place_id=place, photo=PICTURE)
    assert rows.count(town.database, PlayPhoto) == 2


def test_a_photo_is_hidden_and_comes_back_as_the_same_one_to_who_knows_of_it(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption="cổng")
    number, office = town.all(PlayPhoto)[0].id, town.people["office"]
    hide_photo(actor=office, photo_id=number, base_version=1)
    (hidden,) = town.all(PlayPhoto)
    assert (hidden.hidden_by, hidden.jpeg) == (office.id, b"jpeg")
    before = town.version()
    hide_photo(actor=town.own, photo_id=number, base_version=1)
    with pytest.raises(PhotoConflict) as told:
        add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    assert (told.value.by, told.value.version, told.value.stands["is_hidden"]) == (office.name, 2, True)
    assert town.version() == before
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, base_version=2, caption="cổng mới")
    (shown,) = town.all(PlayPhoto)
    assert (shown.id, shown.hidden_at, shown.hidden_by, shown.caption) == (number, None, None, "cổng mới")
    assert [each.action for each in town.all(Change)] == ["add_photo", "hide_photo", "add_photo"]


def test_a_photo_that_came_back_is_not_hidden_by_who_saw_it_before(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    number = town.all(PlayPhoto)[0].id
    hide_photo(actor=town.own, photo_id=number, base_version=1)
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, base_version=2)
    with pytest.raises(PhotoConflict):
        hide_photo(actor=town.people["office"], photo_id=number, base_version=1)
    assert town.all(PlayPhoto)[0].hidden_at is None


def test_another_caption_for_a_picture_that_is_there_is_not_dropped_in_silence(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption="cổng")
    with pytest.raises(PhotoConflict) as told:
        add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption="hàng rào gãy")
    assert told.value.stands == {"is_hidden": False, "caption": "cổng"}


def test_of_two_people_who_hide_and_bring_back_a_photo_at_once_nobody_is_overruled(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    number = town.all(PlayPhoto)[0].id
    deed = lambda: hide_photo(actor=town.own, photo_id=number, base_version=1)  # noqa: E731
    back = lambda: add_photo(actor=town.people["office"], place_id=town.place, photo=PICTURE)  # noqa: E731
    assert at_once(deed, back) in (["kept", "kept"], ["kept", "told"])
    assert town.all(PlayPhoto)[0].hidden_by == town.own.id


# The log -----------------------------------------------------------------------------------------------


def test_a_change_is_logged_with_only_what_it_changed(town: Town) -> None:
    town.change(replace(town.description, name="Sân chơi mới", area_m2=300), actor=town.people["lead"])
    (change,) = rows.logged(town.database, "save_place")
    assert (change.actor_login, change.subject_id) == (town.people["lead"].login, str(town.place))
    assert json.loads(change.before or "") == {"name": "Sân chơi khu phố 1", "area_m2": None}
    assert json.loads(change.after or "") == {"name": "Sân chơi mới", "area_m2": 300}


def test_every_deed_in_a_places_life_is_in_the_sealed_log(town: Town) -> None:
    office = town.people["office"]
    town.save(replace(town.description, name="Mới"))
    town.check()
    close_place(actor=office, place_id=town.place, base_version=0, day=TODAY, reason="sửa chữa")
    reopen_place(actor=town.own, place_id=town.place, base_version=1, day=TODAY, reason="xong")
    new = save_quarter(actor=town.own, description=quarter_said(town))
    save_quarter(actor=office, description=quarter_said(town, children=9), quarter_id=new, base_version=1)
    end_quarter(actor=town.own, quarter_id=new, base_version=2)
    set_standard(actor=office, base_version=0, standard=Standard(), walking_m=400, valid_from=TODAY)
    changes = {each.action: each for each in town.all(Change)}
    deeds = [
        *("save_place", "record_check", "close_place", "reopen_place", "save_quarter", "end_quarter"),
        "set_standard",
    ]
    assert list(changes) == deeds
    assert json.loads(changes["save_place"].after or "")["code"] == "VC-02"
    assert json.loads(changes["record_check"].after or "") == {
        "checked_on": "2021-10-01",
        "checked_by": "Đoàn kiểm tra",
        "result": "passed",
        "next_due": "2022-10-01",
    }
    assert json.loads(changes["close_place"].after or "") == {
        "closed_on": "2021-11-05",
        "reason": "sửa chữa",
    }
    assert json.loads(changes["reopen_place"].after or "")["reopened_on"] == "2021-11-05"
    assert json.loads(changes["save_quarter"].before or "")["children"] == 250
    assert json.loads(changes["save_quarter"].after or "")["children"] == 9
    assert json.loads(changes["end_quarter"].after or "") == {"ended_on": "2021-11-05"}
    assert json.loads(changes["set_standard"].after or "")["walking_m"] == 400
    who = {action: changes[action].actor_id for action in deeds}
    assert {action for action, number in who.items() if number == office.id} == {
        *("close_place", "save_quarter", "set_standard")
    }
    assert len(rows.logged(town.database, "save_quarter")) == 2
