"""Loading the plan and the demonstration, on both kinds of database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from rows import account
from sqlalchemy import delete, func, select
from sqlmodel import SQLModel, col

from dashboard.actions.passwords import is_password
from dashboard.clock import business_now
from dashboard.domain.typed_cells import cell_problem
from dashboard.plan_cells import line_of, places
from db.changes import broken_links, data_version
from db.tables import (
    Account,
    Agency,
    Area,
    Assessment,
    AssessmentStep,
    Change,
    ChecklistItem,
    CommuneClass,
    Criterion,
    CriterionItem,
    EvaluationRound,
    Figure,
    FigureEntry,
    Indicator,
    Installation,
    Period,
    Plan,
    PlayArea,
    PlayAreaClosure,
    PlayPhoto,
    PlayStandard,
    Quarter,
    RecognitionThreshold,
    Reference,
    Report,
    RuleSet,
    SafetyCheck,
    Score,
    ScoreEntry,
    ScoringBand,
    Split,
    Target,
)
from seed.demonstration import PASSWORD, DemonstrationRefused, load_demonstration
from seed.plan import load_plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from db.engine import Database

SEED_TABLES: tuple[type[SQLModel], ...] = (
    *(Area, Agency, Plan, Period, Indicator, Split, Target, Reference),
    *(RuleSet, RecognitionThreshold, Criterion, CriterionItem, ScoringBand),
    *(EvaluationRound, CommuneClass, ChecklistItem),
)
# What only communes and offices fill.
REGISTER_TABLES: tuple[type[SQLModel], ...] = (
    *(Assessment, AssessmentStep, ScoreEntry, Score),
    *(Quarter, PlayArea, PlayAreaClosure, SafetyCheck, PlayPhoto, PlayStandard),
)


def count(session: Session, table: type[SQLModel]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def contents(session: Session) -> dict[str, list[dict[str, Any]]]:
    return {
        str(table.__tablename__): [row.model_dump() for row in session.scalars(select(table))]
        for table in (*SEED_TABLES, *REGISTER_TABLES, Installation, Change)
    }


@pytest.fixture
def demonstration(database: Database) -> Database:
    load_demonstration()
    return database


def test_the_plan_is_stored_with_one_change_for_each_table(database: Database) -> None:
    load_plan()
    with database.read() as session:
        assert [count(session, table) for table in (Area, Agency, Period, Target)] == [9, 10, 6, 14]
        assert count(session, Split) == 37 + 2 + 4 * 2 + 14 + 11 + 2
        logged = list(session.scalars(select(col(Change.subject)).order_by(col(Change.id))))
    tables = [str(table.__tablename__) for table in (*SEED_TABLES, Installation)]
    assert logged == [*tables, "database"]


def test_a_second_loading_changes_nothing(database: Database) -> None:
    load_plan()
    with database.read() as session:
        before = contents(session)
    load_plan()
    with database.read() as session:
        assert contents(session) == before


def test_what_an_administrator_changed_is_not_set_back(database: Database) -> None:
    load_plan()
    with database.write() as transaction:
        town = transaction.session.scalars(select(Agency).where(col(Agency.slug) == "y-te")).one()
        town.short_vi = "TTYT"
    load_plan()
    with database.read() as session:
        assert session.scalar(select(col(Agency.short_vi)).where(col(Agency.slug) == "y-te")) == "TTYT"


def test_a_row_that_is_missing_comes_back_with_a_change_of_its_own(database: Database) -> None:
    load_plan()
    with database.write() as transaction:
        transaction.session.delete(transaction.session.scalars(select(Reference)).first())
    load_plan()
    with database.read() as session:
        assert count(session, Reference) == 16
        # The last change of all notes what the rows hold now.
        assert session.get_one(Change, data_version(session) - 1).subject == "reference"
        assert session.get_one(Change, data_version(session)).action == "note_rows"


def test_an_indicator_that_is_new_in_the_files_finds_a_place_in_a_database_in_use(database: Database) -> None:
    load_plan()
    with database.write() as transaction:
        session = transaction.session
        newest = session.scalars(select(Indicator).where(col(Indicator.code) == "M15")).one()
        session.execute(delete(Split).where(col(Split.indicator_id) == newest.id))
        session.delete(newest)
    load_plan()
    with database.read() as session:
        assert session.scalar(select(func.max(col(Indicator.position)))) == 37
        assert count(session, Split) == 37 + 2 + 4 * 2 + 14 + 11 + 2


def test_every_line_all_comes_first(database: Database) -> None:
    load_plan()
    with database.read() as session:
        first = session.execute(
            select(col(Split.slug), col(Split.name_vi)).where(col(Split.position) == 0)
        ).all()
    assert set(first) == {("all", "Tổng số")}
    assert len(first) == 37


def test_a_real_installation_is_no_demonstration(database: Database) -> None:
    load_plan()
    with database.read() as session:
        installed = session.scalars(select(Installation)).one()
        assert not installed.is_demonstration
        assert installed.demonstration_day is None
        assert session.get_one(Area, installed.area_id).slug == "phuoc-long"
        assert (count(session, Account), count(session, Figure)) == (0, 0)


def test_a_real_installation_starts_with_empty_registers_and_ten_maxima_to_enter(database: Database) -> None:
    load_plan()
    with database.read() as session:
        assert [count(session, table) for table in REGISTER_TABLES] == [0] * len(REGISTER_TABLES)
        maxima = session.execute(
            select(col(Criterion.number), col(Criterion.max_points))
            .join(RuleSet, col(RuleSet.id) == col(Criterion.rule_set_id))
            .where(col(RuleSet.slug) == "qd-06-2019")
        ).all()
        assert not session.scalar(select(func.count()).where(col(Criterion.is_illustrative)))
        assert not session.scalar(select(func.count()).where(col(EvaluationRound.is_synthetic)))
        assert [count(session, table) for table in (RuleSet, Criterion, EvaluationRound)] == [2, 28, 3]
    assert {number: points for number, points in maxima if points} == {1: 100, 6: 125, 7: 50}
    assert len(maxima) == 13


def test_points_that_an_administrator_changed_do_not_come_back(database: Database) -> None:
    load_plan()
    with database.write() as transaction:
        session = transaction.session
        for rules in session.scalars(select(RuleSet)):
            rules.version = 2
        for band in session.scalars(select(ScoringBand)):
            band.at_least_bp -= 100
    load_plan()
    with database.read() as session:
        assert set(session.scalars(select(col(ScoringBand.at_least_bp)))) == {9_400, 9_700}


def test_a_demonstration_marks_all_points_that_were_not_read(demonstration: Database) -> None:
    with demonstration.read() as session:
        criteria = session.execute(
            select(Criterion, col(RuleSet.slug)).join(RuleSet, col(RuleSet.id) == col(Criterion.rule_set_id))
        ).all()
        items = session.scalars(select(CriterionItem).where(col(CriterionItem.is_illustrative))).all()
        rounds = dict(
            session.execute(select(col(EvaluationRound.year), col(EvaluationRound.is_synthetic))).all()
        )
        old = session.scalars(
            select(RecognitionThreshold)
            .join(RuleSet, col(RuleSet.id) == col(RecognitionThreshold.rule_set_id))
            .where(col(RuleSet.slug) == "qd-34-2014")
        ).one()
    for slug in ("qd-06-2019", "qd-34-2014"):
        assert sum(each.max_points or 0 for each, owner in criteria if owner == slug) == 1000
    plain = [each.number for each, owner in criteria if not each.is_illustrative]
    assert plain == [1, 6, 7]
    assert sorted(item.points or 0 for item in items) == [75, 100]
    assert rounds == {2017: True, 2019: False, 2022: False, 2024: False}
    assert (old.points, old.certainty) == (850, "not_found")


def test_the_registers_of_the_demonstration_are_full_and_marked_as_made_up(demonstration: Database) -> None:
    marked = (Assessment, ScoreEntry, Score, Quarter, PlayArea, SafetyCheck, PlayStandard)
    with demonstration.read() as session:
        for table in marked:
            assert set(session.scalars(select(col(table.is_synthetic)))) == {True}
        counted = [
            count(session, table) for table in (Assessment, Quarter, PlayArea, PlayPhoto, PlayStandard)
        ]
    assert counted == [21, 43, 16, 3, 1]


def test_each_score_is_its_last_entry(demonstration: Database) -> None:
    shared = (
        *("assessment_id", "criterion_id", "side", "version", "points", "evidence", "note"),
        *("entered_by", "entered_at"),
    )
    with demonstration.read() as session:
        pairs = session.execute(select(Score, ScoreEntry).join(ScoreEntry)).all()
        newest = session.scalars(
            select(func.max(col(ScoreEntry.version))).group_by(
                col(ScoreEntry.assessment_id), col(ScoreEntry.criterion_id), col(ScoreEntry.side)
            )
        ).all()
    for score, entry in pairs:
        assert [getattr(score, name) for name in shared] == [getattr(entry, name) for name in shared]
    assert sorted(newest) == sorted(score.version for score, _entry in pairs)


def test_the_versions_of_an_assessment_are_its_steps(demonstration: Database) -> None:
    with demonstration.read() as session:
        versions = dict(session.execute(select(col(Assessment.id), col(Assessment.version))).all())
        steps = session.execute(select(col(AssessmentStep.assessment_id), col(AssessmentStep.version))).all()
    for assessment, version in versions.items():
        taken = sorted(after for owner, after in steps if owner == assessment)
        assert taken == list(range(2, version + 1))


def test_each_table_of_the_registers_is_logged_once_for_each_commune(demonstration: Database) -> None:
    tables = [str(table.__tablename__) for table in REGISTER_TABLES]
    with demonstration.read() as session:
        logged = session.execute(
            select(col(Change.subject), col(Change.subject_id)).where(col(Change.subject).in_(tables))
        ).all()
    assert len(logged) == len(set(logged))
    of_communes = {area for subject, area in logged if subject == "assessment"}
    assert of_communes == {area for subject, area in logged if subject == "play_area"}
    assert len(of_communes) == 7


def test_the_demonstration_stands_on_its_day(demonstration: Database) -> None:
    with demonstration.read() as session:
        installed = session.scalars(select(Installation)).one()
    assert installed.is_demonstration
    assert installed.demonstration_day == date(2021, 11, 5)


def test_every_figure_of_the_demonstration_is_marked_as_made_up(demonstration: Database) -> None:
    with demonstration.read() as session:
        for table in (FigureEntry, Figure):
            assert set(session.scalars(select(col(table.is_synthetic)))) == {True}


def test_each_figure_is_its_last_entry(demonstration: Database) -> None:
    shared = (
        "split_id",
        "area_id",
        "period_id",
        "version",
        "answer",
        "numerator",
        "denominator",
        "entered_at",
    )
    with demonstration.read() as session:
        pairs = session.execute(select(Figure, FigureEntry).join(FigureEntry)).all()
        newest = session.scalars(
            select(func.max(col(FigureEntry.version))).group_by(
                col(FigureEntry.split_id), col(FigureEntry.area_id), col(FigureEntry.period_id)
            )
        ).all()
    for figure, entry in pairs:
        assert [getattr(figure, name) for name in shared] == [getattr(entry, name) for name in shared]
    assert sorted(newest) == sorted(figure.version for figure, _entry in pairs)


def test_reports_stand_as_told(demonstration: Database) -> None:
    with demonstration.read() as session:
        states = list(session.scalars(select(col(Report.state))))
        open_ones = session.scalar(select(func.count()).where(col(Report.submitted_at).is_(None)))
    assert (states.count("submitted"), states.count("draft"), open_ones) == (38, 2, 2)


def test_the_log_has_one_change_for_each_report_and_its_chain_holds(demonstration: Database) -> None:
    with demonstration.read() as session:
        reports = session.scalars(select(col(Change.subject_id)).where(col(Change.subject) == "report")).all()
        assert list(broken_links(session)) == []
    assert len(reports) == len(set(reports)) == 7 * 5 + 5 + 5  # the town's own money has five periods too


def test_everybody_signs_in_with_the_demonstration_password(demonstration: Database) -> None:
    with demonstration.read() as session:
        hashes = set(session.scalars(select(col(Account.password_hash))))
        assert count(session, Account) == 14
    assert [is_password(each, PASSWORD) for each in hashes] == [True]


def test_a_second_demonstration_changes_nothing(demonstration: Database) -> None:
    with demonstration.read() as session:
        before = data_version(session), contents(session)
    load_demonstration()
    with demonstration.read() as session:
        assert (data_version(session), contents(session)) == before


def test_made_up_figures_never_enter_a_database_in_use(database: Database) -> None:
    load_plan()
    with database.write() as transaction:
        transaction.session.add(account())
    with pytest.raises(DemonstrationRefused):
        load_demonstration()
    with database.read() as session:
        assert count(session, Figure) == 0
        assert not session.scalar(select(col(Installation.is_demonstration)))


def test_a_plan_without_people_may_become_a_demonstration(database: Database) -> None:
    load_plan()
    load_demonstration()
    with database.read() as session:
        assert session.scalar(select(col(Installation.is_demonstration)))


def test_every_figure_of_the_demonstration_stands_in_a_cell_that_is_typed(demonstration: Database) -> None:
    with demonstration.read() as session:
        known = places(session)
        rows = session.execute(
            select(Figure, Split, Indicator, Period)
            .join(Split, col(Split.id) == col(Figure.split_id))
            .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
            .join(Period, col(Period.id) == col(Figure.period_id))
        ).all()
        today = business_now(session).date()
    assert len(rows) > 1000
    found = {
        cell_problem(line_of(indicator, split), known[figure.area_id], period.year, period.part, today=today)
        for figure, split, indicator, period in rows
    }
    assert found == {None}
