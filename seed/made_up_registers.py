"""Made-up ways of the communes to recognition: who took which step and gave which points, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from seed.catalogue import shipped_catalogue
from seed.made_up_reports import TOWN_OFFICER, officer
from seed.office_hours import office_moments, some_moment
from seed.register_story import register_story
from seed.story import chance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from seed.register_story import AssessmentTold, RegisterStory, StepTold

STATES = {
    "register": "registered",
    "submit_scores": "self_scored",
    "appraise": "appraised",
    "recognise": "recognised",
    "refuse": "refused",
}
FROM_APPRAISAL_ON = ("appraised", "recognised", "refused")
OF_THE_COMMUNE = ("register", "submit_scores")


@dataclass(frozen=True)
class StepRow:
    version: int
    step: str
    document_number: str
    document_date: date | None
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ScoreRow:
    criterion: int
    side: str
    version: int
    points: int
    evidence: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class AssessmentRow:
    """`scores` oldest first: the last version of a criterion and side is what stands."""

    area: str
    round: int
    rule_set: str
    state: str
    registered_on: date | None
    threshold: int | None
    steps: tuple[StepRow, ...]
    scores: tuple[ScoreRow, ...]

    @property
    def version(self) -> int:
        return 1 + len(self.steps)

    @property
    def last(self) -> StepRow | ScoreRow:
        rows: tuple[StepRow | ScoreRow, ...] = (*self.steps, *self.scores)
        return max(rows, key=lambda row: row.at)

    def standing(self, side: str) -> dict[int, int]:
        return {row.criterion: row.points for row in self.scores if row.side == side}

    def token(self, row: ScoreRow) -> str:
        return f"demo:{self.area}:{self.round}:{row.side}:{row.criterion}:{row.version}"


def made_up_assessments() -> tuple[AssessmentRow, ...]:
    told = register_story()
    sets = rule_sets_of_rounds(told)
    return tuple(_assessment(each, sets[each.round], told) for each in told.assessments)


def rule_sets_of_rounds(told: RegisterStory) -> dict[int, str]:
    found = {one.year: one.rule_set for one in told.rounds}
    for rules in shipped_catalogue().registers.rule_sets:
        found |= {one.year: rules.slug for one in rules.rounds}
    return found


def thresholds(told: RegisterStory) -> dict[tuple[str, str], int]:
    """Totals by set and class, those that were read and those that are made up."""
    read = {
        (rules.slug, one.commune_class): one.points
        for rules in shipped_catalogue().registers.rule_sets
        for one in rules.thresholds
    }
    return read | {(one.rule_set, one.commune_class): one.points for one in told.thresholds}


def _assessment(told: AssessmentTold, rule_set: str, story: RegisterStory) -> AssessmentRow:
    luck = chance("steps", told.area, told.round)
    state = STATES[told.steps[-1].step] if told.steps else "not_registered"
    steps = [
        StepRow(
            version=version,
            step=step.step,
            document_number=step.document,
            document_date=step.on if step.document else None,
            note=step.note,
            by=officer(told.area) if step.step in OF_THE_COMMUNE else TOWN_OFFICER,
            at=some_moment(step.typed_on, luck),
        )
        for version, step in enumerate(told.steps, start=2)
    ]
    registration: StepTold | None = next(iter(told.steps), None)
    scores = [*_own_scores(told, story.evidence[rule_set]), *_appraised_scores(told)]
    return AssessmentRow(
        area=told.area,
        round=told.round,
        rule_set=rule_set,
        state=state,
        registered_on=registration.on if registration else None,
        threshold=_threshold(told.area, rule_set, story) if state in FROM_APPRAISAL_ON else None,
        steps=tuple(steps),
        scores=tuple(sorted(scores, key=lambda row: (row.at, row.criterion, row.version))),
    )


def _threshold(area: str, rule_set: str, story: RegisterStory) -> int:
    classes = {one.area: one.commune_class for one in shipped_catalogue().registers.commune_classes}
    return thresholds(story)[rule_set, classes[area]]


def _own_scores(told: AssessmentTold, evidence: tuple[str, ...]) -> Iterator[ScoreRow]:
    """Typed in the weeks before they were handed in; a criterion that was thought over has two versions."""
    before = told.typed_on("submit_scores") or told.scored_before
    if before is None:
        raise ValueError(f"{told.area} {told.round}: no day before which the scores were given")
    registered = told.typed_on("register")
    since = registered + timedelta(days=1) if registered else None
    luck = chance("scores", told.area, told.round)
    earlier = {one.criterion: one.points for one in told.earlier}
    said = [(1, number, earlier.get(number, points)) for number, points in told.points().items()]
    said += [(2, number, told.points()[number]) for number in earlier]
    moments = office_moments(len(said), before, luck, since)
    for (version, number, points), at in zip(said, moments, strict=True):
        proof = evidence[min(number, len(evidence)) - 1]
        note = told.notes.get(number, "")
        yield ScoreRow(number, "self", version, points, proof, note, officer(told.area), at)


def _appraised_scores(told: AssessmentTold) -> Iterator[ScoreRow]:
    before, submitted = told.typed_on("appraise") or told.appraised_before, told.typed_on("submit_scores")
    if before is None or submitted is None:
        return
    luck = chance("appraisal", told.area, told.round)
    changed = {one.criterion: one for one in told.changed}
    numbers = [number for number in told.points() if number <= (told.appraised_to or number)]
    moments = office_moments(len(numbers), before, luck, submitted + timedelta(days=1))
    for number, at in zip(numbers, moments, strict=True):
        other = changed.get(number)
        points = other.points if other else told.points()[number]
        note = other.note if other else ""
        yield ScoreRow(number, "appraised", 1, points, "", note, TOWN_OFFICER, at)
