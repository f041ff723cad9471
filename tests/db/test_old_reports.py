"""What was reported with an earlier version of the program says the same after an upgrade, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
import rows
from alembic import command
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.permissions import Role, Sight
from dashboard.views.overview import overview
from db.migrate import alembic_config, upgrade
from db.tables import Area, Figure, FigureEntry, Indicator, Period, Report, ReportEvent, Split
from seed.plan import load_plan
from seed.storing import ids

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.domain.permissions import Actor
    from db.engine import Database

DAY = date(2021, 11, 20)
FIRST = datetime(2021, 11, 3, 2, 0, tzinfo=UTC)
AGAIN = datetime(2021, 11, 12, 2, 0, tzinfo=UTC)
CODES = ("T7", "T8")


def _reported(database: Database, communes: list[int], by: Actor) -> None:
    """Every commune said yes to T7 and T8 of the year 2021 and submitted its report."""
    with database.write() as transaction:
        session = transaction.session
        period = session.scalars(
            select(col(Period.id)).where(col(Period.year) == 2021, col(Period.part) == "year")
        ).one()
        for area in communes:
            for split in _lines(session):
                said = {"split_id": split, "area_id": area, "period_id": period, "version": 1}
                said |= {"answer": "figure", "numerator": 1, "denominator": 1, "entered_by": by.id}
                entry = rows.stored(session, FigureEntry(**said, entered_at=FIRST, token=f"{area}/{split}"))
                rows.stored(session, Figure(**said, entered_at=FIRST, entry_id=entry))
            sent = {"submitted_at": FIRST, "submitted_by": by.id, "first_submitted_at": FIRST}
            rows.stored(session, Report(area_id=area, period_id=period, state="submitted", **sent))


def _lines(session: Session) -> list[int]:
    statement = (
        select(col(Split.id))
        .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
        .where(col(Indicator.code).in_(CODES))
    )
    return [split or 0 for split in session.scalars(statement)]


@pytest.fixture
def communes(database: Database) -> list[int]:
    load_plan()
    rows.live_on(database, DAY)
    with database.read() as session:
        known = ids(session, Area, "slug")
        return [
            area
            for slug, area in known.items()
            if session.get_one(Area, area).kind == "commune" and slug != "phuoc-long"
        ]


@pytest.mark.parametrize("oldest", ["0001", "0004"])
def test_t7_and_t8_that_were_reported_before_there_were_registers_stay_as_reported(
    database: Database, communes: list[int], oldest: str
) -> None:
    _reported(database, communes, rows.person(database, Role.commune_officer, area_id=communes[0]))
    command.downgrade(alembic_config(database.url), oldest)
    upgrade(database)
    found = overview(2021, "year", "vi", Sight())
    assert found is not None
    for code in CODES:
        cells = found.cells.filter(pl.col("code") == code)
        assert set(cells.filter(~pl.col("is_town"))["status"]) == {"met"}
        town = cells.filter("is_town").row(0, named=True)
        assert (town["numerator"], town["denominator"], town["status"]) == (7, 7, "met")
        assert (town["figure_state"], town["is_provisional"]) == ("submitted", False)


def _acts(database: Database, report: Report, acts: list[tuple[str, Actor]]) -> None:
    for action, by in acts:
        with database.write(actor_id=by.id, actor_login=by.login) as transaction:
            transaction.log(action, "report", f"{report.area_id}/{report.period_id}")


def test_the_events_and_the_first_day_of_old_reports_are_read_from_the_log(
    database: Database, communes: list[int]
) -> None:
    own = rows.person(database, Role.commune_officer, area_id=communes[0])
    office = rows.person(database, Role.town_officer)
    _reported(database, communes[:2], own)
    with database.write() as transaction:
        first, second = transaction.session.scalars(select(Report).order_by(col(Report.id))).all()
        first.version, first.submitted_at, first.first_submitted_at = 5, AGAIN, FIRST
        # Reopened by the office, and never submitted again.
        second.version, second.state, second.submitted_at, second.submitted_by = 2, "draft", None, None
    _acts(
        database,
        first,
        [
            ("submit_report", own),
            ("reopen_report", own),
            ("submit_report", own),
            ("reopen_report", office),
            ("submit_report", own),
        ],
    )
    _acts(database, second, [("submit_report", own), ("reopen_report", office)])
    command.downgrade(alembic_config(database.url), "0004")
    upgrade(database)
    with database.read() as session:
        events = session.scalars(select(ReportEvent).order_by(col(ReportEvent.id))).all()
        kinds = [(event.report_id, event.version, event.kind) for event in events]
        reports = session.scalars(select(Report).order_by(col(Report.id))).all()
    assert kinds == [
        (first.id, 1, "submitted"),
        (first.id, 2, "taken_back"),
        (first.id, 3, "submitted"),
        (first.id, 4, "returned"),
        (first.id, 5, "submitted"),
        (second.id, 1, "submitted"),
        (second.id, 2, "returned"),
    ]
    assert events[4].at == AGAIN
    assert all(report.first_submitted_at is not None for report in reports)
    assert reports[1].submitted_at is None


def test_a_report_of_before_without_a_log_keeps_its_submission(
    database: Database, communes: list[int]
) -> None:
    own = rows.person(database, Role.commune_officer, area_id=communes[0])
    _reported(database, communes[:1], own)
    command.downgrade(alembic_config(database.url), "0004")
    upgrade(database)
    with database.read() as session:
        event = session.scalars(select(ReportEvent)).one()
        report = session.scalars(select(Report)).one()
    assert (event.kind, event.at, event.by) == ("submitted", FIRST, own.id)
    assert report.first_submitted_at == FIRST
