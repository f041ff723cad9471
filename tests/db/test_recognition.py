"""The way to recognition: scores kept once, steps by who may take them, rules that decided results keep."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import rows
from rows import World
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.errors import NotAllowed, RulesRefused, ScoreConflict, ScoreRefused, StepRefused
from dashboard.actions.recognition import (
    SavedScore,
    ScoreCell,
    ScoreValue,
    StepPaper,
    record_score,
    take_step,
)
from dashboard.actions.recognition_rules import CriterionPoints, add_round, set_commune_class, set_points
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.recognition import Side, Step
from db.changes import data_version
from db.tables import (
    Assessment,
    AssessmentStep,
    Change,
    CommuneClass,
    Criterion,
    EvaluationRound,
    RuleSet,
    Score,
    ScoreEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.engine import Database

TODAY = date(2022, 11, 15)
REGISTERED = StepPaper("12/UBND-ĐK", date(2022, 3, 1))
APPRAISED = StepPaper("80/BC", date(2022, 11, 10))
DECIDED = StepPaper("300/QĐ-UBND", date(2022, 11, 14))
WHY = StepPaper(note="nhầm")
REFUSED = StepPaper("301/UBND", date(2022, 11, 14), "chưa đạt")
BARE = StepPaper()
MAXIMA = {1: 400, 2: 400, 3: 200}
FULL = {1: 350, 2: 350, 3: 150}
PAPERS = {
    Step.register: REGISTERED,
    Step.withdraw: WHY,
    Step.submit_scores: BARE,
    Step.take_back: WHY,
    Step.appraise: APPRAISED,
    Step.reopen_appraisal: WHY,
    Step.recognise: DECIDED,
    Step.refuse: REFUSED,
    Step.revoke_decision: WHY,
}
# A way that takes each step, back and forth; scores come in between (see Town.walk).
LIFE = (
    *((Step.register, "registered"), (Step.withdraw, "not_registered"), (Step.register, "registered")),
    *((Step.submit_scores, "self_scored"), (Step.take_back, "registered")),
    *((Step.submit_scores, "self_scored"), (Step.appraise, "appraised")),
    *((Step.reopen_appraisal, "self_scored"), (Step.appraise, "appraised")),
    *((Step.recognise, "recognised"), (Step.revoke_decision, "appraised")),
    *((Step.refuse, "refused"), (Step.revoke_decision, "appraised"), (Step.recognise, "recognised")),
)
COMMUNE_STEPS = (Step.register, Step.withdraw, Step.submit_scores, Step.take_back)
# Each step with the steps that lead to where it can be taken.
LEADING: dict[Step, tuple[Step, ...]] = {
    Step.register: (),
    Step.withdraw: (Step.register,),
    Step.submit_scores: (Step.register,),
    Step.take_back: (Step.register, Step.submit_scores),
    Step.appraise: (Step.register, Step.submit_scores),
    Step.reopen_appraisal: (Step.register, Step.submit_scores, Step.appraise),
    Step.recognise: (Step.register, Step.submit_scores, Step.appraise),
    Step.refuse: (Step.register, Step.submit_scores, Step.appraise),
    Step.revoke_decision: (Step.register, Step.submit_scores, Step.appraise, Step.recognise),
}


@dataclass(frozen=True)
class Town:
    """One set of three criteria with one round, and everybody who could try something."""

    database: Database
    world: World
    rule_set: int
    round: int
    criteria: dict[int, int]
    people: dict[str, Actor]

    @property
    def own(self) -> Actor:
        return self.people["own"]

    @property
    def office(self) -> Actor:
        return self.people["office"]

    @property
    def admin(self) -> Actor:
        return self.people["admin"]

    def cell(self, number: int = 1, side: Side = Side.own) -> ScoreCell:
        return ScoreCell(self.world.commune, self.round, self.criteria[number], side)

    def assessment(self) -> Assessment:
        with self.database.read() as session:
            return session.scalars(
                select(Assessment).where(col(Assessment.area_id) == self.world.commune)
            ).one()

    def version(self) -> int:
        with self.database.read() as session:
            found = select(col(Assessment.version)).where(col(Assessment.area_id) == self.world.commune)
            return session.scalar(found) or 0

    def score_all(self, actor: Actor, side: Side, points: dict[int, int]) -> None:
        for number, each in points.items():
            put(actor, self.cell(number, side), each, base_version=self.score_version(number, side))

    def score_version(self, number: int, side: Side) -> int:
        with self.database.read() as session:
            statement = select(col(Score.version)).where(
                col(Score.criterion_id) == self.criteria[number], col(Score.side) == side
            )
            return session.scalar(statement) or 0

    def step(
        self, step: Step, actor: Actor | None = None, paper: StepPaper | None = None, **changes: Any
    ) -> int:
        arguments = {"base_version": self.version(), **changes}
        return take_step(
            actor=actor or (self.own if step in COMMUNE_STEPS else self.office),
            area_id=self.world.commune,
            round_id=self.round,
            step=step,
            paper=paper or PAPERS[step],
            **arguments,
        )

    def walk(self, *steps: Step, appraised: dict[int, int] = FULL) -> None:
        """Take the steps; the scores that they hand on are there."""
        for step in steps:
            if step is Step.submit_scores:
                self.score_all(self.own, Side.own, FULL)
            elif step is Step.appraise:
                self.score_all(self.office, Side.appraised, appraised)
            self.step(step)

    def ready_for(self, step: Step) -> None:
        """Go to where `step` can be taken, with the scores that it hands on."""
        self.walk(*LEADING[step])
        if step is Step.submit_scores:
            self.score_all(self.own, Side.own, FULL)
        elif step is Step.appraise:
            self.score_all(self.office, Side.appraised, FULL)

    def traces(self) -> tuple[int, int, int]:
        tables = (AssessmentStep, Change)
        return self.version(), *(rows.count(self.database, table) for table in tables)  # type: ignore[return-value]

    def points(self, points: dict[int, CriterionPoints], actor: Actor | None = None, version: int = 1) -> int:
        return set_points(
            actor=actor or self.admin, rule_set_id=self.rule_set, base_version=version, points=points
        )

    def round_of(
        self, year: int, *, rule_set: int = 0, seen: int | None = None, actor: Actor | None = None
    ) -> int:
        rule_set = rule_set or self.rule_set
        with self.database.read() as session:
            rounds = select(func.count()).where(col(EvaluationRound.rule_set_id) == rule_set)
            there = session.scalar(rounds) or 0
        version = there if seen is None else seen
        return add_round(actor=actor or self.admin, rule_set_id=rule_set, base_version=version, year=year)

    def criterion(self, number: int) -> Criterion:
        with self.database.read() as session:
            found = session.get(Criterion, self.criteria[number])
        assert found is not None
        return found


@pytest.fixture
def town(database: Database, world: World) -> Town:
    rows.live_on(database, TODAY)
    with database.write() as transaction:
        session = transaction.session
        rules = rows.stored(session, rows.rule_set())
        rows.stored(session, rows.threshold(rules))
        rows.stored(session, rows.threshold(rules, commune_class="remote", points=800))
        criteria = {
            number: rows.stored(
                session,
                rows.criterion(
                    rules, number=number, max_points=maximum, min_points=50 if number == 3 else None
                ),
            )
            for number, maximum in MAXIMA.items()
        }
        november = rows.stored(session, rows.evaluation_round(rules))
        rows.stored(session, rows.commune_class(world.commune))
    own = Actor(world.officer, "thacmo", "Lãnh đạo", Role.commune_officer, area_id=world.commune)
    people = {
        "own": own,
        "elsewhere": rows.person(database, Role.commune_officer, area_id=world.other_commune),
        "agency": rows.person(database, Role.agency_officer, agency_id=world.agency),
        "viewer": rows.person(database, Role.viewer),
        "office": rows.person(database, Role.town_officer),
        "admin": rows.person(database, Role.administrator),
    }
    return Town(database, world, rules, november, criteria, people)


def put(actor: Actor, cell: ScoreCell, points: int | None, **changes: Any) -> SavedScore:
    words = {name: changes.pop(name) for name in ("evidence", "note") if name in changes}
    base = changes.pop("base_version", 0)
    where = f"{cell.criterion_id}/{cell.side}/{base}"
    token = changes.pop("token", f"{where}/{actor.login}/{points}{''.join(words.values())}"[:64])
    value = ScoreValue(points, **words)
    return record_score(actor=actor, cell=cell, value=value, base_version=base, token=token)


# Scores ------------------------------------------------------------------------------------------------


def test_a_first_score_opens_the_assessment(town: Town) -> None:
    saved = put(town.own, town.cell(), 90, evidence="sổ khai sinh")
    begun = town.assessment()
    assert (begun.state, begun.version, begun.registered_on, begun.threshold) == (
        *("not_registered", 1),
        *(None, None),
    )
    assert (saved.version, saved.value) == (1, ScoreValue(90, "sổ khai sinh"))
    assert saved.by == "Lãnh đạo"
    assert begun.changed_by == town.own.id
    assert saved.at == begun.changed_at


def test_scores_and_assessments_of_a_demonstration_are_marked_as_made_up(town: Town) -> None:
    saved = put(town.own, town.cell(), 90)
    with town.database.read() as session:
        assert [row.is_synthetic for row in session.scalars(select(Score))] == [True]
        assert [row.is_synthetic for row in session.scalars(select(ScoreEntry))] == [True]
    assert town.assessment().is_synthetic
    assert saved.at.date() == TODAY


def test_a_second_score_appends_and_replaces(town: Town) -> None:
    put(town.own, town.cell(), 90)
    saved = put(town.own, town.cell(), 95, base_version=1)
    with town.database.read() as session:
        current = session.scalars(select(Score)).one()
        entries = session.scalars(select(ScoreEntry).order_by(col(ScoreEntry.version))).all()
    assert (current.points, current.version, current.entry_id) == (95, 2, entries[-1].id)
    assert [entry.points for entry in entries] == [90, 95]
    assert saved.version == 2


def test_a_score_over_an_unseen_one_is_a_conflict_that_names_it_and_stores_nothing(town: Town) -> None:
    theirs = put(town.office, town.cell(), 80, note="đã xem hồ sơ")
    before = rows.count(town.database, Change)
    with pytest.raises(ScoreConflict) as conflict:
        put(town.own, town.cell(), 90)
    told = conflict.value.theirs
    assert (told.by, told.version, told.value) == (town.office.name, 1, ScoreValue(80, "", "đã xem hồ sơ"))
    assert told.at == theirs.at
    assert rows.count(town.database, ScoreEntry) == 1
    assert rows.count(town.database, Change) == before


def test_a_score_from_a_version_that_never_stood_is_a_conflict(town: Town) -> None:
    with pytest.raises(ScoreConflict) as conflict:
        put(town.own, town.cell(), 90, base_version=3)
    assert (conflict.value.theirs.version, conflict.value.theirs.value) == (0, ScoreValue())
    assert rows.count(town.database, Assessment) == 0


def test_the_same_score_sent_twice_is_kept_once(town: Town) -> None:
    first = put(town.own, town.cell(), 90, token="one click")
    second = put(town.own, town.cell(), 90, token="one click")
    assert first == second
    assert rows.count(town.database, ScoreEntry) == 1


def test_scoring_what_already_stands_adds_no_entry(town: Town) -> None:
    put(town.own, town.cell(), 90, evidence="sổ")
    saved = put(town.office, town.cell(), 90, evidence="sổ", base_version=0)
    assert (saved.version, saved.by) == (1, town.own.name)
    assert rows.count(town.database, ScoreEntry) == 1
    assert len(rows.logged(town.database, "record_score")) == 1


def test_other_words_beside_the_same_points_are_a_new_entry(town: Town) -> None:
    put(town.own, town.cell(), 90)
    assert put(town.own, town.cell(), 90, evidence="sổ", base_version=1).version == 2


def test_of_two_scores_saved_at_once_one_is_kept_and_one_is_told(town: Town) -> None:
    assert _at_once(lambda number: put(town.own, town.cell(), number), 10, 20) == ["kept", "told"]
    assert rows.count(town.database, ScoreEntry) == 1
    assert rows.count(town.database, Assessment) == 1


def _at_once(save: Callable[[int], object], *numbers: int) -> list[str]:
    outcomes: list[str] = []
    start = threading.Barrier(len(numbers))

    def attempt(number: int) -> None:
        start.wait()
        try:
            save(number)
            outcomes.append("kept")
        except (ScoreConflict, StepRefused):
            outcomes.append("told")

    threads = [threading.Thread(target=attempt, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_criteria_scored_at_once_are_both_kept(town: Town) -> None:
    assert _at_once(lambda number: put(town.own, town.cell(number), 10), 1, 2, 3) == ["kept"] * 3
    assert rows.count(town.database, Assessment) == 1


@pytest.mark.parametrize("points", [-1, 401])
def test_points_outside_the_maximum_are_refused(town: Town, points: int) -> None:
    with pytest.raises(ScoreRefused) as refused:
        put(town.own, town.cell(), points)
    assert (refused.value.problem, refused.value.params) == ("above_maximum", {"maximum": 400})
    assert rows.count(town.database, Assessment) == 0


def test_the_whole_maximum_and_nothing_at_all_are_scores(town: Town) -> None:
    put(town.own, town.cell(1), 400)
    put(town.own, town.cell(2), 0)
    assert rows.count(town.database, Score) == 2


def test_a_criterion_whose_maximum_nobody_knows_takes_words_and_no_points(town: Town) -> None:
    town.points({3: CriterionPoints(None)})
    with pytest.raises(ScoreRefused) as refused:
        put(town.own, town.cell(3), 0)
    assert refused.value.problem == "maximum_unknown"
    assert put(town.own, town.cell(3), None, evidence="đang thu thập").version == 1


def test_a_criterion_of_another_set_is_not_scored_in_this_round(town: Town) -> None:
    with town.database.write() as transaction:
        other = rows.stored(transaction.session, rows.rule_set(slug="qd-34-2014"))
        foreign = rows.stored(transaction.session, rows.criterion(other))
    cell = ScoreCell(town.world.commune, town.round, foreign, Side.own)
    with pytest.raises(NotAllowed):
        put(town.office, cell, 10)


def test_own_scores_are_the_communes_and_the_offices(town: Town) -> None:
    for who in ("elsewhere", "agency", "viewer"):
        with pytest.raises(NotAllowed):
            put(town.people[who], town.cell(), 90)
    assert rows.count(town.database, Assessment) == 0
    assert put(town.office, town.cell(1), 90).version == put(town.admin, town.cell(2), 90).version == 1


def test_the_appraisal_is_scored_by_the_office_alone(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores)
    for who in ("own", "elsewhere", "agency", "viewer"):
        with pytest.raises(NotAllowed):
            put(town.people[who], town.cell(side=Side.appraised), 90)
    assert town.score_version(1, Side.appraised) == 0


@pytest.mark.parametrize(
    ("side", "closed"),
    [
        (Side.own, (Step.register, Step.submit_scores)),
        (Side.own, (Step.register, Step.submit_scores, Step.appraise)),
        (Side.own, (Step.register, Step.submit_scores, Step.appraise, Step.refuse)),
        (Side.appraised, (Step.register,)),
        (Side.appraised, (Step.register, Step.submit_scores, Step.appraise)),
        (Side.appraised, (Step.register, Step.submit_scores, Step.appraise, Step.recognise)),
    ],
)
def test_a_side_is_closed_outside_its_own_time(town: Town, side: Side, closed: tuple[Step, ...]) -> None:
    town.walk(*closed)
    version = town.score_version(1, side)
    with pytest.raises(ScoreRefused) as refused:
        put(town.office, town.cell(side=side), 17, base_version=version)
    assert refused.value.problem == "closed_side"
    assert town.score_version(1, side) == version


def test_a_side_opens_again_with_the_step_back(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.take_back)
    assert put(town.own, town.cell(), 17, base_version=1).version == 2
    town.walk(Step.submit_scores, Step.appraise, Step.reopen_appraisal)
    assert put(town.office, town.cell(side=Side.appraised), 17, base_version=1).version == 2


# Steps -------------------------------------------------------------------------------------------------


def test_a_commune_goes_the_whole_way_and_back(town: Town) -> None:
    seen = []
    for number, (step, state) in enumerate(LIFE, start=2):
        town.walk(step)
        now = town.assessment()
        assert (now.state, now.version) == (state, number)
        assert (now.threshold is None) == (state not in ("appraised", "recognised", "refused"))
        assert now.registered_on == (None if state == "not_registered" else REGISTERED.date)
        seen.append(step.value)
    with town.database.read() as session:
        steps = session.scalars(select(AssessmentStep).order_by(col(AssessmentStep.version))).all()
    assert [each.step for each in steps] == seen
    assert [each.version for each in steps] == list(range(2, len(LIFE) + 2))
    assert set(seen) == {step.value for step in Step}


def test_a_step_keeps_its_document_its_author_and_its_moment(town: Town) -> None:
    town.step(Step.register, paper=StepPaper(" 12/UBND ", date(2022, 3, 1), " theo họp "))
    with town.database.read() as session:
        kept = session.scalars(select(AssessmentStep)).one()
    assert (kept.document_number, kept.document_date, kept.note) == (
        *("12/UBND", date(2022, 3, 1)),
        "theo họp",
    )
    assert kept.taken_by == town.own.id
    assert kept.taken_at == town.assessment().changed_at


@pytest.mark.parametrize("step", list(Step))
def test_only_who_may_takes_a_step(town: Town, step: Step) -> None:
    """An officer of the commune neither appraises nor decides; nobody acts for another commune."""
    town.ready_for(step)
    before = town.traces()
    others = ("elsewhere", "agency", "viewer", *([] if step in COMMUNE_STEPS else ["own"]))
    for who in others:
        with pytest.raises(NotAllowed):
            town.step(step, town.people[who])
    assert town.traces() == before


@pytest.mark.parametrize("who", ["office", "admin"])
def test_the_office_can_go_the_whole_way_for_a_commune(town: Town, who: str) -> None:
    actor = town.people[who]
    for step, _state in LIFE:
        if step is Step.submit_scores:
            town.score_all(actor, Side.own, FULL)
        elif step is Step.appraise:
            town.score_all(actor, Side.appraised, FULL)
        town.step(step, actor)
    assert town.assessment().state == "recognised"


@pytest.mark.parametrize("step", [Step.register, Step.appraise, Step.recognise, Step.refuse])
def test_a_step_without_its_whole_document_is_refused(town: Town, step: Step) -> None:
    town.ready_for(step)
    some = (
        StepPaper(note="x"),
        StepPaper("12/UBND", note="x"),
        StepPaper(" ", date(2022, 3, 1), "x"),
    )
    for paper in some:
        assert _refused(town, step, paper=paper).problem == "document_missing"


def _refused(town: Town, step: Step, **changes: Any) -> StepRefused:
    before = town.traces()
    with pytest.raises(StepRefused) as refused:
        town.step(step, **changes)
    assert town.traces() == before
    return refused.value


@pytest.mark.parametrize("step", [Step.withdraw, Step.take_back, Step.reopen_appraisal, Step.revoke_decision])
def test_a_step_back_without_a_word_is_refused(town: Town, step: Step) -> None:
    town.walk(*LEADING[step])
    assert _refused(town, step, paper=StepPaper(note="  ")).problem == "note_missing"


def test_a_refusal_says_why(town: Town) -> None:
    town.walk(*LEADING[Step.refuse])
    assert _refused(town, Step.refuse, paper=DECIDED).problem == "note_missing"


@pytest.mark.parametrize("step", [Step.register, Step.recognise])
def test_a_document_of_tomorrow_is_refused_and_one_of_today_is_not(town: Town, step: Step) -> None:
    town.walk(*LEADING[step])
    tomorrow = StepPaper("1/QĐ", date(2022, 11, 16))
    assert _refused(town, step, paper=tomorrow).problem == "date_in_future"
    town.step(step, paper=StepPaper("1/QĐ", TODAY))


def test_scores_are_handed_in_whole(town: Town) -> None:
    town.walk(Step.register)
    put(town.own, town.cell(2), 0)
    put(town.own, town.cell(3), None, evidence="chưa có điểm")
    refused = _refused(town, Step.submit_scores)
    assert (refused.problem, refused.params) == ("scores_missing", {"numbers": (1, 3)})


def test_an_appraisal_needs_the_appraisers_scores_and_not_the_communes(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores)
    put(town.office, town.cell(2, Side.appraised), 300)
    refused = _refused(town, Step.appraise)
    assert (refused.problem, refused.params) == ("scores_missing", {"numbers": (1, 3)})


def test_scores_are_not_handed_in_while_a_maximum_is_unknown(town: Town) -> None:
    town.points({3: CriterionPoints(None)})
    town.walk(Step.register)
    assert _refused(town, Step.submit_scores).problem == "maxima_missing"


def test_an_appraisal_needs_the_class_of_the_commune(town: Town) -> None:
    with town.database.write() as transaction:
        found = transaction.session.scalars(select(CommuneClass)).one()
        transaction.session.delete(found)
    town.walk(Step.register, Step.submit_scores)
    town.score_all(town.office, Side.appraised, FULL)
    assert _refused(town, Step.appraise).problem == "threshold_unknown"


def test_an_appraisal_needs_a_threshold_of_its_own_set(town: Town) -> None:
    """Another decree names a class that this round's does not know."""
    with town.database.write() as transaction:
        other = rows.stored(transaction.session, rows.rule_set(slug="qd-34-2014"))
        rows.stored(transaction.session, rows.threshold(other, commune_class="island"))
    set_commune_class(actor=town.office, area_id=town.world.commune, commune_class="island", base_version=1)
    town.walk(Step.register, Step.submit_scores)
    town.score_all(town.office, Side.appraised, FULL)
    assert _refused(town, Step.appraise).problem == "threshold_missing"


@pytest.mark.parametrize(("step", "before"), [(Step.appraise, Step.register), (Step.refuse, Step.appraise)])
def test_no_paper_is_older_than_the_one_it_rests_on(town: Town, step: Step, before: Step) -> None:
    town.ready_for(step)
    day = PAPERS[before].date
    assert day
    early = replace(PAPERS[step], date=day - timedelta(days=1))
    refused = _refused(town, step, paper=early)
    assert (refused.problem, refused.params) == ("date_too_early", {"earliest": day})
    assert town.step(step, paper=replace(early, date=day)) == town.version()


def test_a_registration_made_anew_may_carry_an_earlier_day(town: Town) -> None:
    town.walk(Step.register, Step.withdraw)
    day = PAPERS[Step.register].date
    assert day
    town.step(Step.register, paper=replace(PAPERS[Step.register], date=day - timedelta(days=30)))
    assert town.assessment().registered_on == day - timedelta(days=30)


@pytest.mark.parametrize(
    "points",
    [{1: 400, 2: 400, 3: 49}, {1: 400, 2: 0, 3: 200}, {1: 0, 2: 400, 3: 200}, {1: 350, 2: 350, 3: 149}],
    ids=["a criterion below its least", "a zero", "another zero", "one point short"],
)
def test_recognition_is_refused_where_a_condition_is_not_met(town: Town, points: dict[int, int]) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise, appraised=points)
    assert _refused(town, Step.recognise).problem == "conditions_not_met"
    assert town.step(Step.refuse) == town.version()


def test_the_threshold_itself_is_enough(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise, Step.recognise)
    assert sum(FULL.values()) == town.assessment().threshold == 850


def test_recognition_looks_at_the_appraisal_and_not_at_the_commune(town: Town) -> None:
    town.walk(Step.register)
    town.score_all(town.own, Side.own, {1: 1, 2: 0, 3: 1})
    town.step(Step.submit_scores)
    town.walk(Step.appraise, Step.recognise)
    assert town.assessment().state == "recognised"


@pytest.mark.parametrize("step", list(Step))
def test_a_double_click_takes_a_step_once(town: Town, step: Step) -> None:
    town.ready_for(step)
    base = town.version()
    first = town.step(step, base_version=base)
    before = rows.count(town.database, Change)
    assert town.step(step, base_version=base) == first == max(base, 1) + 1
    assert rows.count(town.database, Change) == before


def test_of_two_different_steps_taken_at_once_one_is_told(town: Town) -> None:
    town.walk(*LEADING[Step.recognise])
    base = town.version()
    steps = {1: Step.recognise, 2: Step.refuse}
    assert _at_once(lambda number: town.step(steps[number], base_version=base), 1, 2) == ["kept", "told"]
    assert town.version() == base + 1


def test_a_step_that_does_not_lead_from_here_is_refused_with_the_state(town: Town) -> None:
    town.walk(Step.register)
    refused = _refused(town, Step.recognise)
    assert (refused.problem, refused.params) == ("state_changed", {"state": "registered"})


def test_a_step_from_an_old_version_is_refused_with_the_state(town: Town) -> None:
    """Withdrawn and registered anew by somebody else: the same state, but not what this person saw."""
    town.walk(Step.register)
    seen = town.version()
    town.walk(Step.withdraw, Step.register)
    refused = _refused(town, Step.withdraw, base_version=seen)
    assert (refused.problem, refused.params) == ("state_changed", {"state": "registered"})


def test_a_refused_first_step_begins_nothing(town: Town) -> None:
    assert _refused(town, Step.register, paper=BARE).problem == "document_missing"
    assert rows.count(town.database, Assessment) == 0


def test_an_appraised_commune_keeps_its_threshold_when_its_class_changes(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise)
    set_commune_class(actor=town.office, area_id=town.world.commune, commune_class="remote", base_version=1)
    assert town.assessment().threshold == 850
    town.walk(Step.recognise, Step.revoke_decision)
    assert town.assessment().threshold == 850


def test_an_appraisal_made_anew_takes_the_class_of_its_day(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise)
    set_commune_class(actor=town.office, area_id=town.world.commune, commune_class="remote", base_version=1)
    town.walk(Step.reopen_appraisal, Step.appraise)
    assert town.assessment().threshold == 800


# Classes -----------------------------------------------------------------------------------------------


def test_the_office_sets_the_class_of_a_commune(town: Town) -> None:
    place = {"area_id": town.world.other_commune, "commune_class": "remote"}
    assert set_commune_class(actor=town.office, base_version=0, **place) == 1
    assert set_commune_class(actor=town.office, base_version=0, **place) == 1
    with town.database.read() as session:
        row = session.scalars(
            select(CommuneClass).where(col(CommuneClass.area_id) == town.world.other_commune)
        ).one()
    assert (row.commune_class, row.certainty, row.version) == ("remote", "quoted", 1)
    assert len(rows.logged(town.database, "set_commune_class")) == 1


def test_the_class_is_set_by_the_office_alone(town: Town) -> None:
    for who in ("own", "elsewhere", "agency", "viewer"):
        with pytest.raises(NotAllowed):
            set_commune_class(
                actor=town.people[who], area_id=town.world.commune, commune_class="remote", base_version=1
            )


@pytest.mark.parametrize(
    ("commune_class", "version", "problem"),
    [("island", 1, "class_unknown"), ("remote", 0, "changed_meanwhile"), ("remote", 7, "changed_meanwhile")],
)
def test_a_class_is_refused_that_is(town: Town, commune_class: str, version: int, problem: str) -> None:
    with pytest.raises(RulesRefused) as refused:
        set_commune_class(
            actor=town.office,
            area_id=town.world.commune,
            commune_class=commune_class,
            base_version=version,
        )
    assert refused.value.problem == problem


# The points of the decree ------------------------------------------------------------------------------


def test_the_points_of_the_decree_are_entered_by_administrators_alone(town: Town) -> None:
    for who in ("own", "elsewhere", "agency", "viewer", "office"):
        with pytest.raises(NotAllowed):
            town.points({1: CriterionPoints(300), 2: CriterionPoints(500)}, town.people[who])
    assert town.points({1: CriterionPoints(300), 2: CriterionPoints(500)}, town.admin) == 2


def test_points_that_add_up_are_kept_with_a_new_version(town: Town) -> None:
    assert town.points({1: CriterionPoints(300), 2: CriterionPoints(500, 100)}) == 2
    assert (town.criterion(1).max_points, town.criterion(2).min_points) == (300, 100)
    assert (town.criterion(3).max_points, town.criterion(3).min_points) == (200, 50)
    assert town.criterion(2).certainty == "quoted"
    assert town.criterion(3).certainty == "not_found"


def test_points_that_were_made_up_are_marked_no_longer_once_entered(town: Town) -> None:
    with town.database.write() as transaction:
        row = transaction.session.get(Criterion, town.criteria[1])
        assert row is not None
        row.is_illustrative = True
    town.points({1: CriterionPoints(300), 2: CriterionPoints(500)})
    assert not town.criterion(1).is_illustrative


def test_an_unfinished_list_of_points_is_kept(town: Town) -> None:
    assert town.points({1: CriterionPoints(None), 2: CriterionPoints(150)}) == 2
    assert [town.criterion(number).max_points for number in MAXIMA] == [None, 150, 200]


@pytest.mark.parametrize(
    ("points", "total"),
    [
        ({1: CriterionPoints(399)}, 999),
        ({1: CriterionPoints(401)}, 1001),
        ({1: CriterionPoints(None), 2: CriterionPoints(801)}, 1001),
    ],
    ids=["finished and short", "finished and over", "unfinished and over already"],
)
def test_points_with_a_wrong_sum_are_refused(
    town: Town, points: dict[int, CriterionPoints], total: int
) -> None:
    refused = _points_refused(town, points)
    assert (refused.problem, refused.params) == ("wrong_sum", {"sum": total, "total": 1000})


def _points_refused(town: Town, points: dict[int, CriterionPoints], version: int = 1) -> RulesRefused:
    before = [town.criterion(number).max_points for number in MAXIMA], rows.count(town.database, Change)
    with pytest.raises(RulesRefused) as refused:
        town.points(points, version=version)
    after = [town.criterion(number).max_points for number in MAXIMA], rows.count(town.database, Change)
    assert before == after
    return refused.value


@pytest.mark.parametrize("said", [CriterionPoints(400, 401), CriterionPoints(None, 1)])
def test_a_least_above_the_maximum_is_refused(town: Town, said: CriterionPoints) -> None:
    refused = _points_refused(town, {1: said})
    assert (refused.problem, refused.params) == ("least_above_maximum", {"number": 1})


@pytest.mark.parametrize("said", [CriterionPoints(0), CriterionPoints(400, 0)])
def test_points_of_nothing_are_refused_in_words(town: Town, said: CriterionPoints) -> None:
    """Both fields take a typed 0, which the database refuses: the action has to say so before."""
    _points_refused(town, {1: said, 2: CriterionPoints(None)})


@pytest.mark.parametrize("maximum", [89, None])
def test_a_maximum_below_what_was_given_already_is_refused(town: Town, maximum: int | None) -> None:
    put(town.own, town.cell(1), 90)
    refused = _points_refused(town, {1: CriterionPoints(maximum), 2: CriterionPoints(None)})
    assert (refused.problem, refused.params) == ("below_scores", {"number": 1, "highest": 90})


def test_points_changed_by_somebody_else_meanwhile_are_not_overwritten(town: Town) -> None:
    town.points({1: CriterionPoints(300), 2: CriterionPoints(500)})
    refused = _points_refused(town, {1: CriterionPoints(200), 2: CriterionPoints(600)})
    assert refused.problem == "changed_meanwhile"


def test_points_that_stand_already_change_nothing(town: Town) -> None:
    points = {1: CriterionPoints(300), 2: CriterionPoints(500)}
    town.points(points)
    before = rows.count(town.database, Change)
    assert town.points(points, version=1) == 2
    assert rows.count(town.database, Change) == before


@pytest.mark.parametrize("end", [None, Step.recognise, Step.refuse])
def test_a_set_that_results_were_decided_under_stays_as_it_is(town: Town, end: Step | None) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise, *([end] if end else []))
    refused = _points_refused(town, {1: CriterionPoints(380), 2: CriterionPoints(420)})
    assert refused.problem == "in_use"


def test_a_set_is_free_again_once_its_only_appraisal_is_taken_up_anew(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise, Step.reopen_appraisal)
    assert town.points({1: CriterionPoints(380), 2: CriterionPoints(420)}) == 2


def test_points_of_an_unknown_set_are_entered_nowhere(town: Town) -> None:
    with pytest.raises(NotAllowed):
        set_points(actor=town.admin, rule_set_id=99, base_version=1, points={})


# The log -----------------------------------------------------------------------------------------------


def test_each_score_is_in_the_sealed_log_with_what_stood_before(town: Town) -> None:
    put(town.own, town.cell(2), 90, evidence="sổ")
    put(town.office, town.cell(2), 80, base_version=1)
    first, second = rows.logged(town.database, "record_score")
    number = town.assessment().id
    assert (first.actor_id, first.actor_login) == (town.own.id, "thacmo")
    assert (first.subject, first.subject_id, first.before) == ("score", f"{number}/2/self", None)
    assert (second.actor_id, second.actor_login) == (town.office.id, town.office.login)
    assert json.loads(second.before or "") == {"points": 90, "evidence": "sổ", "note": ""}
    assert json.loads(second.after or "") == {"points": 80, "evidence": "", "note": "", "version": 2}
    with town.database.read() as session:
        assert data_version(session) == second.id


def test_each_step_is_in_the_sealed_log_with_its_states_and_papers(town: Town) -> None:
    town.walk(Step.register, Step.submit_scores, Step.appraise, Step.recognise)
    changes = rows.logged(town.database, "take_step")
    told = [(json.loads(each.before or ""), json.loads(each.after or "")) for each in changes]
    assert [(before["state"], after["state"], after["step"]) for before, after in told] == [
        ("not_registered", "registered", "register"),
        ("registered", "self_scored", "submit_scores"),
        ("self_scored", "appraised", "appraise"),
        ("appraised", "recognised", "recognise"),
    ]
    assert (told[-1][1]["number"], told[-1][1]["date"]) == ("300/QĐ-UBND", "2022-11-14")
    assert [each.actor_id for each in changes] == [town.own.id] * 2 + [town.office.id] * 2
    assert {(each.subject, each.subject_id) for each in changes} == {
        ("assessment", str(town.assessment().id))
    }


def test_a_round_is_added_once_and_only_while_its_set_is_in_force(town: Town) -> None:
    with town.database.write() as transaction:
        ended = rows.rule_set(slug="qd-34-2014", valid_from=date(2014, 5, 30), valid_to=date(2020, 1, 3))
        older = rows.stored(transaction.session, ended)
    added = town.round_of(2024)
    assert town.round_of(2024, seen=1) == added
    assert len(rows.logged(town.database, "add_round")) == 1
    for rule_set, year, problem in (
        (older, 2024, "round_taken"),
        (older, 2020, "set_not_in_force"),
        (town.rule_set, 2018, "set_not_in_force"),
    ):
        with pytest.raises(RulesRefused) as refused:
            town.round_of(year, rule_set=rule_set)
        assert (refused.value.problem, refused.value.params) == (problem, {"year": str(year)})
    assert town.round_of(2019, rule_set=older) != added


def test_a_round_is_added_by_the_administrator_alone(town: Town) -> None:
    for who in ("own", "elsewhere", "agency", "viewer", "office"):
        with pytest.raises(NotAllowed):
            town.round_of(2024, actor=town.people[who])


def test_a_class_that_was_looked_up_is_confirmed_once(town: Town) -> None:
    place = {"area_id": town.world.commune, "commune_class": "other"}
    assert set_commune_class(actor=town.office, base_version=1, **place) == 2
    assert set_commune_class(actor=town.office, base_version=1, **place) == 2
    with town.database.read() as session:
        certainty = select(col(CommuneClass.certainty)).where(col(CommuneClass.area_id) == town.world.commune)
        assert session.scalar(certainty) == "quoted"


def test_points_and_classes_are_in_the_sealed_log(town: Town) -> None:
    town.points({1: CriterionPoints(300), 2: CriterionPoints(500, 100)})
    set_commune_class(actor=town.office, area_id=town.world.commune, commune_class="remote", base_version=1)
    (points,) = rows.logged(town.database, "set_points")
    assert (points.actor_login, points.subject) == (town.admin.login, "rule_set")
    assert json.loads(points.before or "") == {"1": [400, None], "2": [400, None], "3": [200, 50]}
    assert json.loads(points.after or "") == {"1": [300, None], "2": [500, 100], "3": [200, 50]}
    (classes,) = rows.logged(town.database, "set_commune_class")
    assert (classes.actor_login, classes.subject) == (town.office.login, "area")
    assert json.loads(classes.before or "") == {"commune_class": "other", "certainty": "inferred"}
    assert json.loads(classes.after or "") == {"commune_class": "remote", "certainty": "quoted"}
    with town.database.read() as session:
        assert session.scalar(select(col(RuleSet.version))) == 2


def test_a_refused_deed_leaves_no_trace(town: Town) -> None:
    with town.database.read() as session:
        before = data_version(session)
    with pytest.raises(ScoreRefused):
        put(town.own, town.cell(), 401)
    with pytest.raises(StepRefused):
        town.step(Step.register, paper=BARE)
    with pytest.raises(RulesRefused):
        town.points({1: CriterionPoints(1000)})
    with town.database.read() as session:
        assert data_version(session) == before
    assert rows.count(town.database, Assessment) == 0
