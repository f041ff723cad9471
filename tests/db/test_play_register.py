"""The register of play areas: described by who may, conflict-safe, checked, closed and reopened, never deleted."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import rows
from rows import World
from sqlalchemy import select

from dashboard.actions.errors import NotAllowed, PlaceConflict, PlaceRefused
from dashboard.actions.play_areas import (
    SavedPlace,
    SheetPlace,
    add_photo,
    close_place,
    hide_photo,
    record_check,
    reopen_place,
    save_place,
    save_places,
)
from dashboard.actions.play_rules import set_outlines, set_standard, withdraw_outlines
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter
from dashboard.documents.photos import Photo
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.play_areas import (
    CheckAnswer,
    CheckInput,
    CheckResult,
    PlayAreaInput,
    PlayKind,
    Standard,
)
from dashboard.views.places import places_on, standard_on
from db.changes import data_version
from db.tables import (
    Change,
    Outlines,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    SafetyCheck,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import SQLModel

    from db.engine import Database

TODAY = date(2021, 11, 5)
TOMORROW = date(2021, 11, 6)
PICTURE = Photo(b"jpeg", b"small", 100, 80, "a" * 64)
MAY_EDIT = ("own", "lead", "office", "admin")
MAY_NOT = ("elsewhere", "agency", "viewer")
PASSED = CheckInput(date(2021, 10, 1), "Đoàn kiểm tra", CheckResult.passed, date(2022, 10, 1))
# More than an integer column of PostgreSQL holds, less than a person may type into a field.
ENORMOUS = 3_000_000_000


@dataclass(frozen=True)
class Town:
    """One place and one khu phố in the commune, one khu phố in another, and everybody who could try something."""

    database: Database
    world: World
    place: int
    quarter: int
    other_quarter: int
    people: dict[str, Actor]

    @property
    def own(self) -> Actor:
        return self.people["own"]

    @property
    def said(self) -> PlayAreaInput:
        return PlayAreaInput("Sân chơi khu phố 1", PlayKind.playground, self.world.commune, self.quarter)

    def save(self, said: PlayAreaInput, actor: Actor | None = None, **changes: Any) -> SavedPlace:
        return save_place(actor=actor or self.own, said=said, **{"token": said.name, **changes})

    def change(
        self, said: PlayAreaInput, version: int = 1, actor: Actor | None = None, place: int | None = None
    ) -> SavedPlace:
        return self.save(said, actor, token="", place_id=place or self.place, base_version=version)

    def check(self, said: CheckInput = PASSED, actor: Actor | None = None, token: str = "") -> None:
        token = token or f"{said.checked_on}{said.result}{said.checked_by}"
        record_check(actor=actor or self.own, place_id=self.place, said=said, token=token)

    def close(self) -> None:
        close_place(actor=self.own, place_id=self.place, day=TODAY, reason="hết dùng")

    def row(self, place: int | None = None) -> PlayArea:
        with self.database.read() as session:
            found = session.get(PlayArea, place or self.place)
        assert found is not None
        return found

    def quarter_row(self, quarter: int | None = None) -> Quarter:
        with self.database.read() as session:
            found = session.get(Quarter, quarter or self.quarter)
        assert found is not None
        return found

    def on(self, day: date) -> dict[str, Any]:
        """The place as it was judged on that day."""
        with self.database.read() as session:
            return places_on(session, day).row(by_predicate=pl.col("place") == self.place, named=True)

    def all(self, table: type[SQLModel]) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def version(self) -> int:
        with self.database.read() as session:
            return data_version(session)


@pytest.fixture
def town(database: Database, world: World) -> Town:
    rows.live_on(database, TODAY)
    with database.write() as transaction:
        session = transaction.session
        play = rows.indicator(
            world.agency,
            code="T7",
            position=7,
            kind="share_of_communes",
            derived_from="play_areas",
            derived_since=2021,
        )
        rows.stored(session, play)
        quarter = rows.stored(session, rows.quarter(world))
        elsewhere = rows.stored(session, rows.quarter(world, area_id=world.other_commune))
        place = rows.stored(session, rows.play_area(world, quarter_id=quarter))
        names = {"name_vi": "x", "name_en": "x", "short_vi": "x", "short_en": "x"}
        other = rows.stored(session, rows.agency(slug="tu-phap", position=5, **names))
    own = Actor(world.officer, "thacmo", "Lãnh đạo", Role.commune_officer, area_id=world.commune)
    people = {
        "own": own,
        "elsewhere": rows.person(database, Role.commune_officer, area_id=world.other_commune),
        "lead": rows.person(database, Role.agency_officer, agency_id=world.agency),
        "agency": rows.person(database, Role.agency_officer, agency_id=other),
        "viewer": rows.person(database, Role.viewer),
        "office": rows.person(database, Role.town_officer),
        "admin": rows.person(database, Role.administrator),
    }
    return Town(database, world, place, quarter, elsewhere, people)


def codes(refused: pytest.ExceptionInfo[PlaceRefused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What came of deeds that were begun at the same moment, sorted."""
    outcomes: list[str] = []
    start = threading.Barrier(len(deeds))

    def attempt(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
            outcomes.append("kept")
        except (PlaceConflict, PlaceRefused):
            outcomes.append("told")

    threads = [threading.Thread(target=attempt, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


# Places ------------------------------------------------------------------------------------------------


def test_a_new_place_gets_a_code_and_the_day(town: Town) -> None:
    saved = town.save(replace(town.said, name="Công viên", area_m2=500, latitude=11.8, longitude=107.0))
    row = town.row(saved.id)
    assert (saved.code, saved.version) == ("VC-02", 1)
    assert (row.name, row.area_m2, row.kind, row.latitude) == ("Công viên", 500, "playground", 11.8)
    assert (row.registered_on, row.changed_by, row.is_synthetic) == (TODAY, town.own.id, True)


def test_the_same_form_sent_twice_adds_one_place(town: Town) -> None:
    first = town.save(town.said, token="one click")
    before = town.version()
    assert town.save(town.said, token="one click") == first
    assert rows.count(town.database, PlayArea) == 2
    assert town.version() == before


def test_the_same_form_sent_twice_at_once_adds_one_place(town: Town) -> None:
    deed = lambda: town.save(town.said, token="one click")  # noqa: E731 - it is sent twice
    assert at_once(deed, deed) == ["kept", "kept"]
    assert rows.count(town.database, PlayArea) == 2


def test_places_added_at_once_get_codes_of_their_own(town: Town) -> None:
    deeds = [lambda n=n: town.save(town.said, token=f"place {n}") for n in range(6)]  # type: ignore[misc]
    assert at_once(*deeds) == ["kept"] * 6
    assert len({row.code for row in town.all(PlayArea)}) == 7


def test_a_code_that_an_import_brought_is_not_given_again(town: Town) -> None:
    with town.database.write() as transaction:
        rows.stored(transaction.session, rows.play_area(town.world, code="VC-03", token="two"))
    assert [town.save(town.said, token=f"{n}").code for n in range(2)] == ["VC-04", "VC-05"]


def test_a_change_is_kept_with_its_author_and_a_new_version(town: Town) -> None:
    saved = town.change(replace(town.said, name="Sân chơi mới"), actor=town.people["office"])
    row = town.row()
    assert (saved.code, saved.version) == ("VC-01", 2)
    assert (row.name, row.version, row.changed_by) == ("Sân chơi mới", 2, town.people["office"].id)
    assert (row.code, row.registered_on) == ("VC-01", date(2021, 1, 15))


def test_saving_what_already_stands_changes_nothing(town: Town) -> None:
    before = town.version()
    assert town.change(town.said, version=1).version == 1
    assert town.change(town.said, version=0).version == 1
    assert town.version() == before


def test_a_change_over_an_unseen_one_is_a_conflict_that_names_it(town: Town) -> None:
    town.change(replace(town.said, name="Bản của cơ quan"), actor=town.people["office"])
    before = town.version()
    with pytest.raises(PlaceConflict) as conflict:
        town.change(replace(town.said, name="Bản của phường"))
    told = conflict.value
    assert (told.by, told.version) == (town.people["office"].name, 2)
    assert abs(told.at - town.row().changed_at) < timedelta(seconds=5)
    assert town.row().name == "Bản của cơ quan"
    assert town.version() == before


def test_a_conflict_is_with_who_described_the_place_and_not_with_who_visited_it(town: Town) -> None:
    town.change(replace(town.said, name="Bản của cơ quan"), actor=town.people["office"])
    town.check(actor=town.own)
    with pytest.raises(PlaceConflict) as conflict:
        town.change(replace(town.said, name="Bản của phường"))
    assert conflict.value.by == town.people["office"].name


def test_of_two_changes_made_at_once_one_is_kept_and_one_is_told(town: Town) -> None:
    outcomes = at_once(
        lambda: town.change(replace(town.said, name="một")),
        lambda: town.change(replace(town.said, name="hai")),
    )
    assert outcomes == ["kept", "told"]
    assert town.row().version == 2


@pytest.mark.parametrize("who", MAY_EDIT)
def test_the_register_is_kept_by(town: Town, who: str) -> None:
    actor = town.people[who]
    added = town.save(replace(town.said, name="Mới"), actor)
    town.change(replace(town.said, name="Sửa"), actor=actor)
    town.check(actor=actor)
    add_photo(actor=actor, place_id=town.place, photo=PICTURE)
    hide_photo(actor=actor, photo_id=town.all(PlayPhoto)[0].id)
    close_place(actor=actor, place_id=town.place, day=TODAY, reason="sửa chữa")
    reopen_place(actor=actor, place_id=town.place, day=TODAY)
    second = save_quarter(actor=actor, said=QuarterInput(town.world.commune, "Khu phố 2", "khu_pho"))
    end_quarter(actor=actor, quarter_id=second, base_version=1)
    assert town.row(added.id).changed_by == actor.id


@pytest.mark.parametrize("who", MAY_NOT)
def test_the_register_is_not_kept_by(town: Town, who: str) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    close_place(actor=town.own, place_id=town.place, day=TODAY, reason="sửa chữa")
    photo, actor, before = town.all(PlayPhoto)[0].id, town.people[who], town.version()
    new = QuarterInput(town.world.commune, "Khu phố 2", "khu_pho")
    deeds: list[Callable[[], object]] = [
        lambda: town.save(replace(town.said, name="Mới"), actor),
        lambda: town.change(replace(town.said, name="Sửa"), actor=actor),
        lambda: town.check(actor=actor),
        lambda: add_photo(actor=actor, place_id=town.place, photo=replace(PICTURE, sha256="b" * 64)),
        lambda: hide_photo(actor=actor, photo_id=photo),
        lambda: close_place(actor=actor, place_id=town.place, day=TODAY, reason="x"),
        lambda: reopen_place(actor=actor, place_id=town.place, day=TODAY),
        lambda: save_quarter(actor=actor, said=new),
        lambda: save_quarter(actor=actor, said=new, quarter_id=town.quarter, base_version=1),
        lambda: end_quarter(actor=actor, quarter_id=town.quarter, base_version=1),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert town.version() == before


def test_a_commune_neither_gives_a_place_away_nor_takes_one(town: Town) -> None:
    moved = replace(town.said, area_id=town.world.other_commune, quarter_id=None)
    for who in ("own", "elsewhere"):
        with pytest.raises(NotAllowed):
            town.change(moved, actor=town.people[who])
    assert town.change(moved, actor=town.people["office"]).version == 2


def test_an_agency_is_nobody_in_a_register_that_no_indicator_follows(town: Town) -> None:
    with town.database.write() as transaction:
        for row in transaction.session.scalars(select(rows.Indicator)):
            row.derived_from = row.derived_since = None
    with pytest.raises(NotAllowed):
        town.change(replace(town.said, name="Sửa"), actor=town.people["lead"])


def test_a_place_that_is_not_there_is_changed_by_nobody(town: Town) -> None:
    admin = town.people["admin"]
    with pytest.raises(NotAllowed):
        town.change(replace(town.said, name="Sửa"), actor=admin, place=99)
    with pytest.raises(NotAllowed):
        close_place(actor=admin, place_id=99, day=TODAY, reason="x")
    with pytest.raises(NotAllowed):
        hide_photo(actor=admin, photo_id=99)


def test_a_quarter_of_another_commune_is_refused(town: Town) -> None:
    for quarter in (town.other_quarter, 99):
        with pytest.raises(PlaceRefused) as refused:
            town.change(replace(town.said, quarter_id=quarter))
        assert codes(refused) == ["quarter_elsewhere"]


def test_a_description_that_cannot_be_is_refused_with_everything_wrong_at_once(town: Town) -> None:
    before = town.version()
    wrong = replace(
        town.said, name=" ", latitude=11.8, area_m2=0, opened_year=1800, age_from=12, age_to=3, quarter_id=99
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
        town.change(replace(town.said, equipment_count=equipment))


def test_a_text_longer_than_its_column_is_refused_in_words(town: Town) -> None:
    """A sheet has no limits of its own: PostgreSQL would refuse the row, SQLite would keep it."""
    for name, length in {"name": 201, "address": 301, "manager": 201, "opening_hours": 121}.items():
        with pytest.raises(PlaceRefused):
            save_places(actor=town.own, places=[SheetPlace(replace(town.said, **{name: "x" * length}), name)])


# Sheets ------------------------------------------------------------------------------------------------


def test_a_sheet_adds_and_changes_all_its_places(town: Town) -> None:
    sheet = (
        SheetPlace(replace(town.said, name="Mới"), "row 1"),
        SheetPlace(replace(town.said, name="Sửa"), "row 2", town.place, 1),
        SheetPlace(replace(town.said, name="Mới nữa"), "row 3"),
    )
    saved = save_places(actor=town.own, places=sheet)
    assert [(each.code, each.version) for each in saved] == [("VC-02", 1), ("VC-01", 2), ("VC-03", 1)]
    before = town.version()
    assert save_places(actor=town.own, places=sheet) == saved
    assert town.version() == before


@pytest.mark.parametrize("fault", ["conflict", "description", "place elsewhere"])
def test_a_sheet_with_one_bad_row_stores_none_of_them(town: Town, fault: str) -> None:
    bad = {
        "conflict": (SheetPlace(replace(town.said, name="Sửa"), "bad", town.place, 9), PlaceConflict),
        "description": (SheetPlace(replace(town.said, name=""), "bad"), PlaceRefused),
        "place elsewhere": (
            SheetPlace(replace(town.said, area_id=town.world.other_commune, quarter_id=None), "bad"),
            NotAllowed,
        ),
    }
    row, refusal = bad[fault]
    before, good = town.version(), SheetPlace(replace(town.said, name="Mới"), "good")
    with pytest.raises(refusal):
        save_places(actor=town.own, places=(good, row))
    assert rows.count(town.database, PlayArea) == 1
    assert town.version() == before
    assert save_places(actor=town.own, places=(good,))[0].code == "VC-02"


# Closures ----------------------------------------------------------------------------------------------


def test_a_place_is_closed_between_its_days(town: Town) -> None:
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason=" sửa chữa ")
    reopen_place(actor=town.own, place_id=town.place, day=date(2021, 8, 1), reason="xong")
    days = [date(2021, 4, 30), date(2021, 5, 1), date(2021, 7, 31), date(2021, 8, 1)]
    assert [town.on(day)["is_closed"] for day in days] == [False, True, True, False]
    assert town.on(days[1])["closing_reason"] == "sửa chữa"
    (kept,) = town.all(PlayAreaClosure)
    assert (kept.reason, kept.reopened_reason) == ("sửa chữa", "xong")


def test_a_place_closed_twice_is_closed_once_from_the_first_day(town: Town) -> None:
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason="sửa chữa")
    before = town.version()
    close_place(actor=town.own, place_id=town.place, day=date(2021, 6, 1), reason="lại")
    (kept,) = town.all(PlayAreaClosure)
    assert (kept.closed_on, kept.reason) == (date(2021, 5, 1), "sửa chữa")
    assert town.version() == before


def test_a_place_reopened_twice_or_never_closed_stays_as_it_is(town: Town) -> None:
    before = town.version()
    reopen_place(actor=town.own, place_id=town.place, day=TODAY)
    assert town.version() == before
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason="sửa chữa")
    reopen_place(actor=town.own, place_id=town.place, day=date(2021, 8, 1))
    before = town.version()
    reopen_place(actor=town.own, place_id=town.place, day=date(2021, 9, 1))
    assert town.all(PlayAreaClosure)[0].reopened_on == date(2021, 8, 1)
    assert town.version() == before


def test_a_place_is_closed_again_from_the_day_it_was_reopened_and_no_earlier(town: Town) -> None:
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason="sửa chữa")
    reopen_place(actor=town.own, place_id=town.place, day=date(2021, 8, 1))
    with pytest.raises(PlaceRefused) as refused:
        close_place(actor=town.own, place_id=town.place, day=date(2021, 7, 31), reason="lại")
    assert codes(refused) == ["before_reopening"]
    close_place(actor=town.own, place_id=town.place, day=date(2021, 8, 1), reason="lại")
    assert town.on(TODAY)["closing_reason"] == "lại"
    assert len(town.all(PlayAreaClosure)) == 2


def test_a_closure_that_cannot_be_is_refused(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        close_place(actor=town.own, place_id=town.place, day=TOMORROW, reason="sửa chữa")
    assert codes(refused) == ["date_in_future"]
    with pytest.raises(PlaceRefused) as refused:
        close_place(actor=town.own, place_id=town.place, day=TODAY, reason="  ")
    assert codes(refused) == ["reason_missing"]
    assert rows.count(town.database, PlayAreaClosure) == 0


def test_a_reopening_that_cannot_be_is_refused(town: Town) -> None:
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason="sửa chữa")
    for day, problem in ((date(2021, 4, 30), "before_closing"), (TOMORROW, "date_in_future")):
        with pytest.raises(PlaceRefused) as refused:
            reopen_place(actor=town.own, place_id=town.place, day=day)
        assert codes(refused) == [problem]
    assert town.on(TODAY)["is_closed"]


def test_a_place_reopened_on_the_day_it_was_closed_was_not_closed_at_all(town: Town) -> None:
    close_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1), reason="nhầm")
    reopen_place(actor=town.own, place_id=town.place, day=date(2021, 5, 1))
    assert not town.on(date(2021, 5, 1))["is_closed"]


def test_a_place_closed_by_two_people_at_once_is_closed_once(town: Town) -> None:
    deed = lambda: close_place(actor=town.own, place_id=town.place, day=TODAY, reason="x")  # noqa: E731
    assert at_once(deed, deed) == ["kept", "kept"]
    assert rows.count(town.database, PlayAreaClosure) == 1


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
    town.change(replace(town.said, kind=PlayKind.mobile_pool))
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
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE, caption="lại")
    (kept,) = town.all(PlayPhoto)
    assert (kept.jpeg, kept.thumbnail, kept.caption) == (b"jpeg", b"small", "cổng vào")
    assert town.version() == before


def test_the_same_photo_may_show_two_places(town: Town) -> None:
    other = town.save(replace(town.said, name="Mới"))
    for place in (town.place, other.id):
        add_photo(actor=town.own, place_id=place, photo=PICTURE)
    assert rows.count(town.database, PlayPhoto) == 2


def test_a_photo_is_hidden_and_comes_back_as_the_same_one(town: Town) -> None:
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    number = town.all(PlayPhoto)[0].id
    hide_photo(actor=town.people["office"], photo_id=number)
    (hidden,) = town.all(PlayPhoto)
    assert (hidden.hidden_by, hidden.jpeg) == (town.people["office"].id, b"jpeg")
    before = town.version()
    hide_photo(actor=town.own, photo_id=number)
    assert town.version() == before
    add_photo(actor=town.own, place_id=town.place, photo=PICTURE)
    (shown,) = town.all(PlayPhoto)
    assert (shown.id, shown.hidden_at, shown.hidden_by) == (number, None, None)
    assert [each.action for each in town.all(Change)] == ["add_photo", "hide_photo", "add_photo"]


# Thôn and khu phố --------------------------------------------------------------------------------------


def quarter_said(town: Town, **changes: Any) -> QuarterInput:
    return replace(QuarterInput(town.world.commune, "Khu phố 2", "khu_pho", 250, 11.8, 107.0), **changes)


def test_a_quarter_is_added_once(town: Town) -> None:
    first = save_quarter(actor=town.own, said=quarter_said(town, name=" Khu phố 2 "))
    before = town.version()
    assert save_quarter(actor=town.own, said=quarter_said(town)) == first
    row = town.quarter_row(first)
    assert (row.name, row.children, row.latitude, row.version) == ("Khu phố 2", 250, 11.8, 1)
    assert town.version() == before


def test_a_quarter_is_changed_with_a_new_version(town: Town) -> None:
    said = quarter_said(town, name="Khu phố 1A")
    assert save_quarter(actor=town.own, said=said, quarter_id=town.quarter, base_version=1) == town.quarter
    row = town.quarter_row()
    assert (row.name, row.children, row.version) == ("Khu phố 1A", 250, 2)
    before = town.version()
    save_quarter(actor=town.own, said=said, quarter_id=town.quarter, base_version=1)
    assert town.version() == before


def test_a_name_is_taken_once_in_a_commune_and_free_in_the_next(town: Town) -> None:
    with pytest.raises(PlaceRefused) as refused:
        save_quarter(actor=town.own, said=quarter_said(town, name="Khu phố 1 "))
    assert [(each.code, each.params) for each in refused.value.problems] == [
        ("quarter_taken", {"name": "Khu phố 1"})
    ]
    second = save_quarter(actor=town.own, said=quarter_said(town))
    with pytest.raises(PlaceRefused) as refused:
        save_quarter(
            actor=town.own,
            said=quarter_said(town, name="Khu phố 1"),
            quarter_id=second,
            base_version=1,
        )
    assert codes(refused) == ["quarter_taken"]
    elsewhere = quarter_said(town, area_id=town.world.other_commune)
    assert save_quarter(actor=town.people["office"], said=elsewhere) != second


def test_a_quarter_changed_meanwhile_is_a_conflict_that_names_it(town: Town) -> None:
    office = town.people["office"]
    save_quarter(actor=office, said=quarter_said(town, children=1), quarter_id=town.quarter, base_version=1)
    with pytest.raises(PlaceConflict) as conflict:
        save_quarter(actor=town.own, said=quarter_said(town), quarter_id=town.quarter, base_version=1)
    assert (conflict.value.by, conflict.value.version) == (office.name, 2)
    with pytest.raises(PlaceConflict):
        end_quarter(actor=town.own, quarter_id=town.quarter, base_version=1)
    assert (town.quarter_row().children, town.quarter_row().ended_on) == (1, None)


def test_a_quarter_stays_in_its_commune(town: Town) -> None:
    moved = quarter_said(town, area_id=town.world.other_commune)
    for who in ("own", "elsewhere", "office"):
        with pytest.raises(NotAllowed):
            save_quarter(actor=town.people[who], said=moved, quarter_id=town.quarter, base_version=1)


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
        save_quarter(actor=town.own, said=quarter_said(town, **changes))
    assert codes(refused) == [problem]


def test_more_children_than_the_database_can_hold_are_refused_in_words(town: Town) -> None:
    with pytest.raises(PlaceRefused):
        save_quarter(actor=town.own, said=quarter_said(town, children=ENORMOUS))


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
        save_quarter(actor=town.own, said=unchanged, quarter_id=town.quarter, base_version=1)
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
            actor=town.own, said=QuarterInput(town.world.commune, "Khu phố 1", "khu_pho", 300)
        )
    assert again is None or town.quarter_row(again).ended_on is None


# The standard ------------------------------------------------------------------------------------------


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


# The log -----------------------------------------------------------------------------------------------


def test_a_change_is_logged_with_only_what_it_changed(town: Town) -> None:
    town.change(replace(town.said, name="Sân chơi mới", area_m2=300), actor=town.people["lead"])
    (change,) = rows.logged(town.database, "save_place")
    assert (change.actor_login, change.subject_id) == (town.people["lead"].login, str(town.place))
    assert json.loads(change.before or "") == {"name": "Sân chơi khu phố 1", "area_m2": None}
    assert json.loads(change.after or "") == {"name": "Sân chơi mới", "area_m2": 300}


def test_every_deed_in_a_places_life_is_in_the_sealed_log(town: Town) -> None:
    office = town.people["office"]
    town.save(replace(town.said, name="Mới"))
    town.check()
    close_place(actor=office, place_id=town.place, day=TODAY, reason="sửa chữa")
    reopen_place(actor=town.own, place_id=town.place, day=TODAY, reason="xong")
    new = save_quarter(actor=town.own, said=quarter_said(town))
    save_quarter(actor=office, said=quarter_said(town, children=9), quarter_id=new, base_version=1)
    end_quarter(actor=town.own, quarter_id=new, base_version=2)
    set_standard(actor=office, standard=Standard(), walking_m=400, valid_from=TODAY)
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
