"""One test for each thing that the database itself refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import rows
from refusals import REGISTERS, named_rules, names_of, refusal
from rows import MORNING, World

from db.tables import LoginSession, Split, metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import SQLModel

    from db.engine import Database

DAY = date(2009, 8, 11)

# Constraint name -> a row that breaks it and nothing else.
REFUSED: dict[str, Callable[[World], SQLModel]] = {
    "ck_area_kind_known": lambda w: rows.area(slug="x", code="1", kind="village"),
    "ck_area_valid_order": lambda w: rows.area(slug="x", code="1", valid_to=DAY),
    "ck_area_position_whole": lambda w: rows.area(slug="x", code="1", latitude=11.8),
    "ck_area_latitude_range": lambda w: rows.area(slug="x", code="1", latitude=91, longitude=1),
    "ck_area_longitude_range": lambda w: rows.area(slug="x", code="1", latitude=1, longitude=181),
    "ck_area_tile_whole": lambda w: rows.area(slug="x", code="1", tile_row=1),
    "ck_area_parent_other": lambda w: rows.area(id=900, slug="x", code="1", parent_id=900),
    "uq_area_slug": lambda w: rows.area(code="1"),
    "uq_area_code_valid_from": lambda w: rows.area(slug="x"),
    "ck_agency_valid_order": lambda w: rows.agency(slug="x", valid_to=DAY),
    "uq_agency_slug": lambda w: rows.agency(),
    "ck_period_part_known": lambda w: rows.period(year=2022, part="month"),
    "ck_period_deadlines_together": lambda w: rows.period(year=2022, town_before=None),
    "ck_period_town_after_communes": lambda w: rows.period(year=2022, town_before=date(2021, 5, 15)),
    "ck_period_year_possible": lambda w: rows.period(year=1999),
    "ck_period_communes_before_possible": lambda w: rows.period(
        year=2022, communes_before=date(1999, 12, 31)
    ),
    "ck_period_town_before_possible": lambda w: rows.period(year=2022, town_before=date(2101, 1, 1)),
    "ck_plan_year_possible": lambda w: rows.plan(w.town, year=2101),
    "uq_period_year_part": lambda w: rows.period(),
    "ck_indicator_kind_known": lambda w: rows.indicator(w.agency, code="x", position=9, kind="mood"),
    "ck_indicator_splits_rule_known": lambda w: rows.indicator(
        w.agency, code="x", position=9, splits_rule="some"
    ),
    "ck_indicator_scope_known": lambda w: rows.indicator(w.agency, code="x", position=9, scope="moon"),
    "ck_indicator_grouping_known": lambda w: rows.indicator(w.agency, code="x", position=9, grouping="other"),
    "ck_indicator_certainty_known": lambda w: rows.indicator(
        w.agency, code="x", position=9, certainty="sure"
    ),
    "ck_indicator_direction_known": lambda w: rows.indicator(
        w.agency, code="x", position=9, direction="left"
    ),
    "ck_indicator_unit_scale_positive": lambda w: rows.indicator(
        w.agency, code="x", position=9, unit_scale=0
    ),
    "ck_indicator_ratio_has_denominator": lambda w: rows.indicator(
        w.agency, code="x", position=9, denominator_vi=""
    ),
    "uq_indicator_code": lambda w: rows.indicator(w.agency, position=9),
    "uq_indicator_position": lambda w: rows.indicator(w.agency, code="x"),
    "uq_split_indicator_id_slug": lambda w: Split(
        indicator_id=w.indicator, slug="all", name_vi="x", name_en="x"
    ),
    "ck_target_kind_known": lambda w: rows.target(w.indicator, year_from=2022, kind="most"),
    "ck_target_certainty_known": lambda w: rows.target(w.indicator, year_from=2022, certainty="sure"),
    "ck_target_value_by_kind": lambda w: rows.target(w.indicator, year_from=2022, kind="increase"),
    "ck_target_value_range": lambda w: rows.target(w.indicator, year_from=2022, value_bp=10001),
    "ck_target_near_range": lambda w: rows.target(w.indicator, year_from=2022, near_bp=-1),
    "ck_target_years_in_order": lambda w: rows.target(w.indicator, year_from=2022, year_to=2021),
    "uq_target_indicator_id_year_from": lambda w: rows.target(w.indicator),
    "ck_reference_certainty_known": lambda w: rows.reference(w.indicator, certainty="sure"),
    "ck_reference_value_range": lambda w: rows.reference(w.indicator, value_bp=-1),
    "ck_account_role_known": lambda w: rows.account(role="king"),
    "ck_account_language_known": lambda w: rows.account(language="fr"),
    "ck_account_login_lower": lambda w: rows.account(login="LanhDao"),
    "ck_account_version_positive": lambda w: rows.account(login="x", version=0),
    "ck_account_area_by_role": lambda w: rows.account(area_id=w.commune),
    "ck_account_agency_by_role": lambda w: rows.account(role="agency_officer"),
    "uq_account_login": lambda w: rows.account(login="thacmo"),
    "ck_login_session_expiry_after_start": lambda w: LoginSession(
        token_hash="x", account_id=w.officer, created_at=MORNING, last_seen_at=MORNING, expires_at=MORNING
    ),
    "ck_figure_entry_answer_known": lambda w: rows.entry(w, answer="maybe", numerator=None, denominator=None),
    "ck_figure_entry_version_positive": lambda w: rows.entry(w, version=0),
    "ck_figure_entry_numerator_not_negative": lambda w: rows.entry(w, numerator=-1),
    "ck_figure_entry_denominator_not_negative": lambda w: rows.entry(w, numerator=None, denominator=-1),
    "ck_figure_entry_numerator_within_denominator": lambda w: rows.entry(w, numerator=101),
    "ck_figure_entry_denominator_positive": lambda w: rows.entry(w, numerator=None, denominator=0),
    "ck_figure_entry_numerator_whole": lambda w: rows.entry(w, numerator=10**12 + 1, denominator=None),
    "ck_figure_entry_denominator_whole": lambda w: rows.entry(w, denominator=10**12 + 1),
    "ck_figure_entry_values_by_answer": lambda w: rows.entry(w, answer="nil"),
    "ck_report_state_known": lambda w: rows.report(w, state="lost"),
    "ck_report_version_positive": lambda w: rows.report(w, version=0),
    "ck_report_submission_whole": lambda w: rows.report(w, submitted_by=w.officer),
    "ck_report_data_as_of_possible": lambda w: rows.report(w, data_as_of=date(2121, 1, 1)),
    "ck_report_submission_by_state": lambda w: rows.report(w, state="submitted"),
    "ck_installation_only_one": lambda w: rows.installation(w.town, id=2),
    "ck_installation_day_only_in_demonstration": lambda w: rows.installation(
        w.town, id=2, demonstration_day=DAY
    ),
}
# These need a first row of their own, or repeat a rule that has a test of its own below.
ELSEWHERE = {
    "ck_report_first_submission_kept",
    "ck_report_event_version_positive",
    "ck_report_event_kind_known",
    "ck_report_event_return_has_reason",
    "uq_report_event_report_id_version",
    "uq_plan_year",
    "uq_reference_indicator_id_year",
    "uq_figure_entry_token",
    "uq_figure_entry_split_id_area_id_period_id_version",
    "uq_figure_split_id_area_id_period_id",
    "uq_figure_entry_id",
    "uq_report_area_id_period_id",
    "uq_change_hash",
    "ck_installation_demonstration_day_possible",
    *(name.replace("ck_figure_entry", "ck_figure") for name in REFUSED if name.startswith("ck_figure_entry")),
}


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_database_refuses_a_row_that_breaks(constraint: str, database: Database, world: World) -> None:
    message = refusal(database, REFUSED[constraint](world))
    # Rows that break the range break others of the same table on their way; the only row tests one more.
    assert names_of(message, constraint) or constraint == "ck_installation_day_only_in_demonstration"


@pytest.mark.parametrize("constraint", [name for name in REFUSED if name.startswith("ck_figure_entry")])
def test_the_current_value_obeys_what_its_entry_obeys(
    constraint: str, database: Database, world: World
) -> None:
    broken = REFUSED[constraint](world)
    said = {name: getattr(broken, name) for name in ("answer", "version", "numerator", "denominator")}
    with database.write() as transaction:
        entry_id = rows.stored(transaction.session, rows.entry(world))
    message = refusal(database, rows.figure(world, entry_id, **said))
    assert constraint.replace("figure_entry", "figure") in message


def test_one_plan_a_year(database: Database, world: World) -> None:
    assert names_of(refusal(database, rows.plan(world.town), rows.plan(world.town)), "uq_plan_year")


def test_one_reference_a_year(database: Database, world: World) -> None:
    message = refusal(database, rows.reference(world.indicator), rows.reference(world.indicator))
    assert names_of(message, "uq_reference_indicator_id_year")


def test_one_entry_a_token(database: Database, world: World) -> None:
    message = refusal(database, rows.entry(world), rows.entry(world, version=2))
    assert names_of(message, "uq_figure_entry_token")


def test_one_entry_a_version_of_a_cell(database: Database, world: World) -> None:
    message = refusal(database, rows.entry(world), rows.entry(world, token="two"))
    assert names_of(message, "uq_figure_entry_split_id_area_id_period_id_version")


def test_one_current_value_a_cell(database: Database, world: World) -> None:
    with database.write() as transaction:
        first = rows.stored(transaction.session, rows.entry(world))
        second = rows.stored(transaction.session, rows.entry(world, version=2, token="two"))
    message = refusal(database, rows.figure(world, first), rows.figure(world, second))
    assert names_of(message, "uq_figure_split_id_area_id_period_id")


def test_an_entry_is_the_current_value_of_one_cell_only(database: Database, world: World) -> None:
    with database.write() as transaction:
        first = rows.stored(transaction.session, rows.entry(world))
    elsewhere = rows.figure(world, first, area_id=world.other_commune)
    assert names_of(refusal(database, rows.figure(world, first), elsewhere), "uq_figure_entry_id")


def test_one_report_a_commune_and_period(database: Database, world: World) -> None:
    message = refusal(database, rows.report(world), rows.report(world))
    assert names_of(message, "uq_report_area_id_period_id")


def test_a_figure_needs_its_commune(database: Database, world: World) -> None:
    message = refusal(database, rows.entry(world, area_id=9999))
    assert "foreign key" in message.lower()


def test_a_session_that_ends_after_it_began_is_kept(database: Database, world: World) -> None:
    later = MORNING + timedelta(hours=12)
    with database.write() as transaction:
        row = LoginSession(
            token_hash="x",
            account_id=world.officer,
            created_at=MORNING,
            last_seen_at=MORNING,
            expires_at=later,
        )
        transaction.session.add(row)
    with database.read() as session:
        kept = session.get(LoginSession, "x")
        assert kept is not None
        assert kept.expires_at == later


def test_no_report_is_sent_without_the_day_on_which_it_first_was(database: Database, world: World) -> None:
    sent = rows.report(world, state="submitted", submitted_at=MORNING, submitted_by=world.officer)
    assert names_of(refusal(database, sent), "ck_report_first_submission_kept")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("ck_report_event_version_positive", {"version": 0}),
        ("ck_report_event_kind_known", {"kind": "lost"}),
        ("ck_report_event_return_has_reason", {"kind": "returned"}),
        ("uq_report_event_report_id_version", {"version": 1}),
    ],
)
def test_the_database_refuses_an_event_of_a_report_that_breaks(
    constraint: str, changes: dict[str, object], database: Database, world: World
) -> None:
    with database.write() as transaction:
        report = rows.stored(transaction.session, rows.report(world))
        rows.stored(transaction.session, rows.report_event(world, report))
    assert names_of(
        refusal(database, rows.report_event(world, report, **{"version": 2, **changes})), constraint
    )


def test_every_named_rule_of_the_tables_has_a_test_here() -> None:
    assert named_rules(metadata.tables.keys() - REGISTERS) == {*REFUSED, *ELSEWHERE}
