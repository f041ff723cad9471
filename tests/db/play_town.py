"""A commune with a place and a khu phố in the register of play areas, and everybody who could try something."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import rows
from rows import World
from sqlalchemy import select

from dashboard.actions.errors import ActionRefused, PlaceRefused
from dashboard.actions.play_areas import SavedPlace, save_place
from dashboard.actions.play_checks import record_check
from dashboard.actions.play_closures import close_place, reopen_place
from dashboard.actions.quarters import QuarterInput
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.pictures import Photo
from dashboard.domain.play_areas import CheckInput, CheckResult, PlayAreaInput, PlayKind
from dashboard.views.places import places_on
from db.changes import data_version
from db.tables import PlayArea, Quarter

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
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
    def description(self) -> PlayAreaInput:
        return PlayAreaInput("Sân chơi khu phố 1", PlayKind.playground, self.world.commune, self.quarter)

    def save(self, said: PlayAreaInput, actor: Actor | None = None, **changes: Any) -> SavedPlace:
        return save_place(actor=actor or self.own, description=said, **{"token": said.name, **changes})

    def change(
        self, said: PlayAreaInput, version: int = 1, actor: Actor | None = None, place: int | None = None
    ) -> SavedPlace:
        return self.save(said, actor, token="", place_id=place or self.place, base_version=version)

    def check(self, said: CheckInput = PASSED, actor: Actor | None = None, token: str = "") -> None:
        token = token or f"{said.checked_on}{said.result}{said.checked_by}"
        record_check(actor=actor or self.own, place_id=self.place, visit=said, token=token)

    def close(self, actor: Actor | None = None, **changes: Any) -> None:
        arguments = {"base_version": self.turns(), "day": TODAY, "reason": "hết dùng", **changes}
        close_place(actor=actor or self.own, place_id=self.place, **arguments)

    def reopen(self, actor: Actor | None = None, **changes: Any) -> None:
        arguments = {"base_version": self.turns(), "day": TODAY, **changes}
        reopen_place(actor=actor or self.own, place_id=self.place, **arguments)

    def turns(self) -> int:
        return int(self.on(TODAY)["turns"])

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


def inhabited_town(database: Database, world: World) -> Town:
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
        except ActionRefused:
            outcomes.append("told")

    threads = [threading.Thread(target=attempt, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def quarter_said(town: Town, **changes: Any) -> QuarterInput:
    return replace(QuarterInput(town.world.commune, "Khu phố 2", "khu_pho", 250, 11.8, 107.0), **changes)
