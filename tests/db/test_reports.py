"""A report is handed in as a whole, taken back by its commune or returned by the office; nothing of that is lost."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import rows
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import col

from dashboard.actions.errors import (
    NotAllowed,
    ReportConflict,
    ReportHasEmptyLines,
    ReportIncomplete,
    ReturnNeedsReason,
)
from dashboard.actions.figures import Cell, Value, record_figure
from dashboard.actions.reports import return_report, submit_report, take_back_report
from dashboard.domain.permissions import Actor, Role
from dashboard.views.reporting import reporting_by_commune
from db.tables import Report, ReportEvent, Split

if TYPE_CHECKING:
    from rows import World

    from db.engine import Database

IN_TIME, LATE = date(2021, 11, 5), date(2021, 11, 12)
WHY = "Số trẻ em dưới 6 tuổi không khớp với M2"


class Office:
    """One commune's report for the year, its officer and the office above."""

    def __init__(self, database: Database, world: World) -> None:
        self.database, self.world = database, world
        rows.live_on(database, IN_TIME)
        self.own = Actor(world.officer, "thacmo", "Lan", Role.commune_officer, area_id=world.commune)
        self.above = rows.person(database, Role.town_officer)
        self.place = {"area_id": world.commune, "period_id": world.year}

    def answer(self, split: int | None = None) -> None:
        value = Value("figure", 97, 100) if split is None else Value("nil")
        cell = Cell(split or self.world.split, self.world.commune, self.world.year)
        record_figure(actor=self.own, cell=cell, value=value, base_version=0, token=f"t{split}")

    def monitoring_line(self) -> int:
        with self.database.write() as transaction:
            session = transaction.session
            injuries = rows.stored(
                session,
                rows.indicator(self.world.agency, code="M5", position=9, kind="count", grouping="monitoring"),
            )
            whole = Split(indicator_id=injuries, slug="all", name_vi="Tổng số", name_en="Total")
            return rows.stored(session, whole)

    def submit(self, base: int = 0, **how: Any) -> int:
        return submit_report(actor=self.own, base_version=base, **self.place, **how)

    def take_back(self, base: int, actor: Actor | None = None) -> int:
        return take_back_report(actor=actor or self.own, base_version=base, **self.place)

    def give_back(self, base: int, reason: str = WHY, actor: Actor | None = None) -> int:
        return return_report(actor=actor or self.above, base_version=base, reason=reason, **self.place)

    def row(self) -> dict[str, Any]:
        with self.database.read() as session:
            frame = reporting_by_commune(session, 2021, "year", "vi")
        return frame.row(by_predicate=pl.col("area") == self.world.commune, named=True)

    def events(self) -> list[tuple[int, str, str, int]]:
        with self.database.read() as session:
            found = session.scalars(select(ReportEvent).order_by(col(ReportEvent.id))).all()
            return [(event.version, event.kind, event.reason, event.by) for event in found]


@pytest.fixture
def office(database: Database, world: World) -> Office:
    return Office(database, world)


def test_a_report_with_an_unanswered_indicator_is_not_taken_and_the_line_is_named(office: Office) -> None:
    with pytest.raises(ReportIncomplete) as refused:
        office.submit()
    assert [(line.code, line.slug) for line in refused.value.missing] == [("T2a", "all")]
    assert office.events() == []


def test_empty_monitoring_lines_are_named_before_a_report_goes_and_hold_nothing_back_after(
    office: Office,
) -> None:
    split = office.monitoring_line()
    office.answer()
    with pytest.raises(ReportHasEmptyLines) as asked:
        office.submit()
    assert [(line.code, line.grouping) for line in asked.value.empty] == [("M5", "monitoring")]
    assert office.row()["state"] == "draft"
    assert office.submit(accept_empty=True) == 1
    office.take_back(1)
    office.answer(split)
    assert office.submit(2) == 3


def test_the_first_day_of_submission_stays_whoever_gives_the_report_back(office: Office) -> None:
    office.answer()
    office.submit()
    office.take_back(1)
    rows.live_on(office.database, LATE)
    assert office.row()["is_in_time"]
    office.submit(2)
    office.give_back(3)
    office.submit(4)
    row = office.row()
    assert (row["first_submitted_at"].date(), row["submitted_at"].date()) == (IN_TIME, LATE)
    assert row["is_in_time"]
    kinds = ["submitted", "taken_back", "submitted", "returned", "submitted"]
    assert [(version, kind) for version, kind, _why, _by in office.events()] == list(
        enumerate(kinds, start=1)
    )


def test_a_report_first_submitted_too_late_is_late_for_ever(office: Office) -> None:
    rows.live_on(office.database, LATE)
    office.answer()
    office.submit()
    office.take_back(1)
    rows.live_on(office.database, IN_TIME)
    office.submit(2)
    assert office.row()["is_in_time"] is False


def test_the_commune_reads_who_returned_its_report_when_and_why(office: Office) -> None:
    office.answer()
    office.submit()
    office.give_back(1)
    row = office.row()
    assert (row["state"], row["event"], row["event_reason"]) == ("returned", "returned", WHY)
    assert (row["event_by"], row["event_at"].date()) == (office.above.name, IN_TIME)
    assert [change.actor_id for change in rows.logged(office.database, "return_report")] == [office.above.id]


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_the_office_returns_nothing_without_a_reason(office: Office, reason: str) -> None:
    office.answer()
    office.submit()
    with pytest.raises(ReturnNeedsReason):
        office.give_back(1, reason)
    assert office.row()["state"] == "submitted"


@pytest.mark.parametrize("role", Role)
def test_each_gives_a_report_back_in_the_own_way_only(office: Office, role: Role) -> None:
    """The commune takes back without a reason, the office returns with one, everybody else does neither."""
    office.answer()
    office.submit()
    place = {Role.agency_officer: {"agency_id": office.world.agency}}.get(role, {})
    if role is Role.commune_officer:
        place = {"area_id": office.world.other_commune}
    person = rows.person(office.database, role, login="ai", **place)
    with pytest.raises(NotAllowed):
        office.take_back(1, person)
    if role in (Role.town_officer, Role.administrator):
        assert office.give_back(1, actor=person) == 2
    else:
        with pytest.raises(NotAllowed):
            office.give_back(1, actor=person)


def test_the_commune_itself_does_not_return(office: Office) -> None:
    office.answer()
    office.submit()
    with pytest.raises(NotAllowed):
        office.give_back(1, actor=office.own)


def test_whoever_acts_on_an_older_state_is_told_so_and_changes_nothing(office: Office) -> None:
    office.answer()
    office.submit()
    office.take_back(1)
    for act in (lambda: office.give_back(1), lambda: office.take_back(2), lambda: office.submit(1)):
        with pytest.raises(ReportConflict):
            act()
    assert len(office.events()) == 2


def test_what_is_done_twice_by_a_double_click_happens_once(office: Office) -> None:
    office.answer()
    assert (office.submit(), office.submit()) == (1, 1)
    assert (office.give_back(1), office.give_back(1)) == (2, 2)
    assert (office.submit(2), office.submit(2)) == (3, 3)
    assert (office.take_back(3), office.take_back(3)) == (4, 4)
    assert [version for version, *_rest in office.events()] == [1, 2, 3, 4]


def test_an_act_of_somebody_else_is_not_answered_as_ones_own(office: Office) -> None:
    office.answer()
    office.submit()
    with pytest.raises(ReportConflict):
        submit_report(actor=office.above, base_version=0, **office.place)
    office.give_back(1)
    with pytest.raises(ReportConflict):
        office.give_back(1, actor=rows.person(office.database, Role.administrator))
    with pytest.raises(ReportConflict):
        office.give_back(1, "Một lý do khác")


def test_what_happened_to_a_report_cannot_be_rewritten(office: Office) -> None:
    office.answer()
    office.submit()
    with pytest.raises((IntegrityError, DatabaseError)), office.database.write() as transaction:
        transaction.session.execute(update(ReportEvent).values(reason="khác"))


def test_a_submission_without_a_first_one_is_refused_by_the_database(office: Office) -> None:
    office.answer()
    office.submit()
    with pytest.raises(IntegrityError), office.database.write() as transaction:
        transaction.session.execute(update(Report).values(first_submitted_at=None))
