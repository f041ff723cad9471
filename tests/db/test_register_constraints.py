"""One test for each thing that the database refuses of the two registers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import rows
from refusals import REGISTERS, named_rules, names_of, refusal
from rows import MORNING, Registers, World
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from db.tables import PlayAreaClosure

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import SQLModel

    from db.engine import Database

DAY = date(2019, 1, 3)
APPENDED = ("assessment_step", "score_entry", "safety_check", "play_standard")

# Constraint name -> a row that breaks it and nothing else.
REFUSED: dict[str, Callable[[World, Registers], SQLModel]] = {
    "uq_rule_set_slug": lambda w, r: rows.rule_set(),
    "ck_rule_set_certainty_known": lambda w, r: rows.rule_set(slug="x", certainty="sure"),
    "ck_rule_set_total_positive": lambda w, r: rows.rule_set(slug="x", total_points=0),
    "ck_rule_set_valid_order": lambda w, r: rows.rule_set(slug="x", valid_to=DAY),
    "ck_rule_set_version_positive": lambda w, r: rows.rule_set(slug="x", version=0),
    "ck_rule_set_total_points_whole": lambda w, r: rows.rule_set(slug="x", total_points=100_001),
    "ck_recognition_threshold_points_whole": lambda w, r: rows.threshold(
        r.rule_set, commune_class="x", points=100_001
    ),
    "ck_criterion_max_points_whole": lambda w, r: rows.criterion(r.rule_set, number=2, max_points=10_001),
    "ck_evaluation_round_year_possible": lambda w, r: rows.evaluation_round(r.rule_set, year=9999),
    "ck_assessment_threshold_whole": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="appraised", registered_on=DAY, threshold=100_001
    ),
    "ck_assessment_registered_on_possible": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="registered", registered_on=date(1999, 12, 31)
    ),
    "ck_assessment_step_document_date_possible": lambda w, r: rows.step(
        w, r.assessment, document_date=date(1850, 1, 1)
    ),
    "ck_score_entry_points_whole": lambda w, r: rows.score_entry(w, r, points=10_001),
    "ck_quarter_children_whole": lambda w, r: rows.quarter(w, name="x", children=1_000_001),
    "ck_quarter_listed_on_possible": lambda w, r: rows.quarter(w, name="x", listed_on=date(1999, 12, 31)),
    "ck_quarter_ended_on_possible": lambda w, r: rows.quarter(w, name="x", ended_on=date(2101, 1, 1)),
    "ck_play_area_area_m2_whole": lambda w, r: _place(w, area_m2=10_000_001),
    "ck_play_area_equipment_count_whole": lambda w, r: _place(w, equipment_count=10_001),
    "ck_play_area_opened_year_whole": lambda w, r: _place(w, opened_year=2201),
    "ck_play_area_opened_year_not_before": lambda w, r: _place(w, opened_year=1899),
    "ck_play_area_registered_on_possible": lambda w, r: _place(w, registered_on=date(2101, 1, 1)),
    "ck_play_area_closure_closed_on_possible": lambda w, r: rows.closure(r.place, closed_on=date(1850, 1, 1)),
    "ck_play_area_closure_reopened_on_possible": lambda w, r: rows.closure(
        r.place, reopened_on=date(2121, 1, 1)
    ),
    "ck_safety_check_checked_on_possible": lambda w, r: rows.safety_check(
        w, r.place, checked_on=date(1850, 1, 1)
    ),
    "ck_safety_check_next_due_possible": lambda w, r: rows.safety_check(
        w, r.place, next_due=date(2121, 1, 1)
    ),
    "ck_play_photo_version_positive": lambda w, r: rows.photo(w, r.place, version=0),
    "ck_play_standard_min_area_m2_whole": lambda w, r: rows.standard(w, min_area_m2=10_000_001),
    "ck_play_standard_max_check_age_months_whole": lambda w, r: rows.standard(w, max_check_age_months=121),
    "ck_play_standard_walking_m_whole": lambda w, r: rows.standard(w, walking_m=100_001),
    "ck_play_standard_valid_from_possible": lambda w, r: rows.standard(w, valid_from=date(1999, 12, 31)),
    "uq_recognition_threshold_rule_set_id_commune_class": lambda w, r: rows.threshold(r.rule_set),
    "ck_recognition_threshold_certainty_known": lambda w, r: rows.threshold(
        r.rule_set, commune_class="x", certainty="sure"
    ),
    "ck_recognition_threshold_points_positive": lambda w, r: rows.threshold(
        r.rule_set, commune_class="x", points=0
    ),
    "uq_criterion_rule_set_id_number": lambda w, r: rows.criterion(r.rule_set),
    "ck_criterion_certainty_known": lambda w, r: rows.criterion(r.rule_set, number=2, certainty="sure"),
    "ck_criterion_number_positive": lambda w, r: rows.criterion(r.rule_set, number=0),
    "ck_criterion_max_positive": lambda w, r: rows.criterion(r.rule_set, number=2, max_points=0),
    "ck_criterion_min_within_max": lambda w, r: rows.criterion(r.rule_set, number=2, min_points=101),
    "ck_criterion_illustrative_has_points": lambda w, r: rows.criterion(
        r.rule_set, number=2, max_points=None, is_illustrative=True
    ),
    "uq_criterion_item_criterion_id_position": lambda w, r: rows.item(r.criterion),
    "ck_criterion_item_certainty_known": lambda w, r: rows.item(r.criterion, position=2, certainty="sure"),
    "ck_criterion_item_points_positive": lambda w, r: rows.item(r.criterion, position=2, points=0),
    "ck_criterion_item_illustrative_has_points": lambda w, r: rows.item(
        r.criterion, position=2, points=None, is_illustrative=True
    ),
    "uq_scoring_band_item_id_at_least_bp": lambda w, r: rows.band(r.item),
    "ck_scoring_band_share_range": lambda w, r: rows.band(r.item, at_least_bp=10001),
    "ck_scoring_band_points_not_negative": lambda w, r: rows.band(r.item, at_least_bp=1, points=-1),
    "uq_evaluation_round_year": lambda w, r: rows.evaluation_round(r.rule_set),
    "ck_evaluation_round_certainty_known": lambda w, r: rows.evaluation_round(
        r.rule_set, year=2024, certainty="sure"
    ),
    "ck_evaluation_round_month_range": lambda w, r: rows.evaluation_round(r.rule_set, year=2024, month=13),
    "ck_commune_class_certainty_known": lambda w, r: rows.commune_class(w.commune, certainty="sure"),
    "ck_commune_class_version_positive": lambda w, r: rows.commune_class(w.commune, version=0),
    "uq_assessment_area_id_round_id": lambda w, r: rows.assessment(w, r.round),
    "ck_assessment_state_known": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="lost", registered_on=DAY
    ),
    "ck_assessment_version_positive": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, version=0
    ),
    "ck_assessment_threshold_positive": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="appraised", registered_on=DAY, threshold=0
    ),
    "ck_assessment_threshold_from_appraisal": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="appraised", registered_on=DAY
    ),
    "ck_assessment_registration_by_state": lambda w, r: rows.assessment(
        w, r.round, area_id=w.other_commune, state="registered"
    ),
    "ck_assessment_step_step_known": lambda w, r: rows.step(w, r.assessment, step="jump"),
    "ck_assessment_step_version_follows": lambda w, r: rows.step(w, r.assessment, version=1),
    "ck_score_entry_side_known": lambda w, r: rows.score_entry(w, r, side="mine"),
    "ck_score_entry_version_positive": lambda w, r: rows.score_entry(w, r, version=0),
    "ck_score_entry_points_not_negative": lambda w, r: rows.score_entry(w, r, points=-1),
    "uq_quarter_area_id_name": lambda w, r: rows.quarter(w),
    "ck_quarter_kind_known": lambda w, r: rows.quarter(w, name="x", kind="ap"),
    "ck_quarter_children_not_negative": lambda w, r: rows.quarter(w, name="x", children=-1),
    "ck_quarter_ended_after_listed": lambda w, r: rows.quarter(w, name="x", ended_on=date(2021, 1, 1)),
    "ck_quarter_version_positive": lambda w, r: rows.quarter(w, name="x", version=0),
    "ck_quarter_position_whole": lambda w, r: rows.quarter(w, name="x", latitude=11.8),
    "ck_quarter_latitude_range": lambda w, r: rows.quarter(w, name="x", latitude=91, longitude=107),
    "ck_quarter_longitude_range": lambda w, r: rows.quarter(w, name="x", latitude=11, longitude=181),
    "uq_play_area_code": lambda w, r: rows.play_area(w, token="two"),
    "uq_play_area_token": lambda w, r: rows.play_area(w, code="x"),
    "ck_play_area_kind_known": lambda w, r: _place(w, kind="casino"),
    "ck_play_area_condition_known": lambda w, r: _place(w, condition="fine"),
    "ck_play_area_equipment_condition_known": lambda w, r: _place(w, equipment_condition="fine"),
    "ck_play_area_funding_known": lambda w, r: _place(w, funding="gift"),
    "ck_play_area_size_positive": lambda w, r: _place(w, area_m2=0),
    "ck_play_area_equipment_not_negative": lambda w, r: _place(w, equipment_count=-1),
    "ck_play_area_age_from_range": lambda w, r: _place(w, age_from=17),
    "ck_play_area_age_to_range": lambda w, r: _place(w, age_to=17),
    "ck_play_area_ages_in_order": lambda w, r: _place(w, age_from=9, age_to=6),
    "ck_play_area_version_positive": lambda w, r: _place(w, version=0),
    "ck_play_area_position_whole": lambda w, r: _place(w, latitude=11.8),
    "ck_play_area_latitude_range": lambda w, r: _place(w, latitude=91, longitude=107),
    "ck_play_area_longitude_range": lambda w, r: _place(w, latitude=11, longitude=181),
    "ck_play_area_closure_reopened_after_closed": lambda w, r: rows.closure(
        r.place, reopened_on=date(2021, 4, 30)
    ),
    "ck_safety_check_result_known": lambda w, r: rows.safety_check(w, r.place, result="fine"),
    "ck_safety_check_due_after_check": lambda w, r: rows.safety_check(w, r.place, next_due=date(2021, 5, 1)),
    "ck_checklist_item_certainty_known": lambda w, r: rows.checklist_item(certainty="sure"),
    "ck_play_photo_hiding_whole": lambda w, r: rows.photo(w, r.place, hidden_at=MORNING),
    "ck_play_standard_size_positive": lambda w, r: rows.standard(w, min_area_m2=0),
    "ck_play_standard_check_age_positive": lambda w, r: rows.standard(w, max_check_age_months=0),
    "ck_play_standard_walking_positive": lambda w, r: rows.standard(w, walking_m=0),
    "ck_outlines_withdrawal_whole": lambda w, r: rows.outlines(w, withdrawn_at=MORNING),
}
# Constraint name -> two rows of which the second repeats the first.
REPEATED: dict[str, Callable[[World, Registers], tuple[SQLModel, SQLModel]]] = {
    "uq_commune_class_area_id": lambda w, r: (rows.commune_class(w.commune), rows.commune_class(w.commune)),
    "uq_assessment_step_assessment_id_version": lambda w, r: (
        rows.step(w, r.assessment),
        rows.step(w, r.assessment),
    ),
    "uq_score_entry_token": lambda w, r: (rows.score_entry(w, r), rows.score_entry(w, r, version=2)),
    "uq_score_entry_assessment_id_criterion_id_side_version": lambda w, r: (
        rows.score_entry(w, r),
        rows.score_entry(w, r, token="two"),
    ),
    "uq_safety_check_token": lambda w, r: (rows.safety_check(w, r.place), rows.safety_check(w, r.place)),
    "uq_checklist_item_slug": lambda w, r: (rows.checklist_item(), rows.checklist_item()),
    "uq_play_photo_play_area_id_sha256": lambda w, r: (rows.photo(w, r.place), rows.photo(w, r.place)),
}
# The current score obeys what its entry obeys, and is one for each criterion and side.
ELSEWHERE = {
    "ck_score_side_known",
    "ck_score_version_positive",
    "ck_score_points_not_negative",
    "ck_score_points_whole",
    # The most points of a criterion are no less than its least, the ages of a place lie within their own range.
    "ck_criterion_min_points_whole",
    "ck_play_area_age_from_whole",
    "ck_play_area_age_to_whole",
    "uq_score_assessment_id_criterion_id_side",
    "uq_score_entry_id",
}
NAMED = {*REFUSED, *REPEATED, *ELSEWHERE}


def _place(world: World, **changes: object) -> SQLModel:
    return rows.play_area(world, code="VC-02", token="two", **changes)


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_database_refuses_a_row_of_a_register_that_breaks(
    constraint: str, database: Database, world: World, registers: Registers
) -> None:
    assert names_of(refusal(database, REFUSED[constraint](world, registers)), constraint)


@pytest.mark.parametrize("constraint", REPEATED)
def test_the_database_refuses_a_repetition_against(
    constraint: str, database: Database, world: World, registers: Registers
) -> None:
    assert names_of(refusal(database, *REPEATED[constraint](world, registers)), constraint)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("ck_score_side_known", {"side": "mine"}),
        ("ck_score_version_positive", {"version": 0}),
        ("ck_score_points_not_negative", {"points": -1}),
        ("ck_score_points_whole", {"points": 10_001}),
    ],
)
def test_the_current_score_obeys_what_its_entry_obeys(
    constraint: str, changes: dict[str, object], database: Database, world: World, registers: Registers
) -> None:
    with database.write() as transaction:
        entry = rows.stored(transaction.session, rows.score_entry(world, registers))
    assert names_of(refusal(database, rows.score(world, registers, entry, **changes)), constraint)


def test_one_current_score_a_criterion_and_side(
    database: Database, world: World, registers: Registers
) -> None:
    with database.write() as transaction:
        first = rows.stored(transaction.session, rows.score_entry(world, registers))
        second = rows.stored(transaction.session, rows.score_entry(world, registers, version=2, token="two"))
    message = refusal(database, rows.score(world, registers, first), rows.score(world, registers, second))
    assert names_of(message, "uq_score_assessment_id_criterion_id_side")


def test_an_entry_is_the_current_score_of_one_side_only(
    database: Database, world: World, registers: Registers
) -> None:
    with database.write() as transaction:
        entry = rows.stored(transaction.session, rows.score_entry(world, registers))
    elsewhere = rows.score(world, registers, entry, side="appraised")
    message = refusal(database, rows.score(world, registers, entry), elsewhere)
    assert names_of(message, "uq_score_entry_id")


def test_a_place_is_closed_once_at_a_time(database: Database, registers: Registers) -> None:
    message = refusal(
        database, rows.closure(registers.place), rows.closure(registers.place, closed_on=date(2021, 6, 1))
    )
    assert "uq_play_area_closure" in message or "play_area_closure.play_area_id" in message


def test_a_place_that_was_reopened_can_be_closed_again(database: Database, registers: Registers) -> None:
    summer, autumn = date(2021, 6, 1), date(2021, 9, 1)
    with database.write() as transaction:
        first = rows.stored(transaction.session, rows.closure(registers.place, reopened_on=summer))
        second = rows.stored(transaction.session, rows.closure(registers.place, closed_on=autumn))
    with database.read() as session:
        kept = {row.id: (row.closed_on, row.reopened_on) for row in session.scalars(select(PlayAreaClosure))}
    assert (kept[first][1], kept[second]) == (summer, (autumn, None))
    assert "play_area_closure" in refusal(database, rows.closure(registers.place, closed_on=autumn))


@pytest.mark.parametrize("table", APPENDED)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_said_is_neither_changed_nor_deleted(
    table: str, deed: str, database: Database, world: World, registers: Registers
) -> None:
    with database.write() as transaction:
        for row in (
            rows.step(world, registers.assessment),
            rows.score_entry(world, registers),
            rows.safety_check(world, registers.place),
            rows.standard(world),
        ):
            rows.stored(transaction.session, row)
    with pytest.raises(DBAPIError, match="only ever added"), database.engine.begin() as connection:
        connection.exec_driver_sql(deed.format(table))


def test_every_named_rule_of_the_registers_has_a_test_here() -> None:
    assert named_rules(REGISTERS) == NAMED
