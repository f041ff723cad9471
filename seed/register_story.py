"""What the demonstration tells of the two registers: illustrative points, ways to recognition, places to play."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations when the program runs
from functools import cache
from typing import Literal

from pydantic import Field

from seed.files import FOLDER, Entry, document, read_entry

StepName = Literal["register", "submit_scores", "appraise", "recognise", "refuse"]


class IllustrativeItem(Entry):
    criterion: int
    points: int
    bands: dict[int, int]


class Illustrative(Entry):
    """Points for a set of criteria whose own were not found, by number of the criterion."""

    rule_set: str
    maxima: dict[int, int]
    items: tuple[IllustrativeItem, ...] = ()


class IllustrativeThreshold(Entry):
    rule_set: str
    commune_class: str
    name_vi: str
    name_en: str
    points: int


class MadeUpRound(Entry):
    rule_set: str
    year: int


class StepTold(Entry):
    """`entered` is when it was typed, where that was later than the deed itself."""

    step: StepName
    on: date
    entered: date | None = None
    document: str = ""
    note: str = ""

    @property
    def typed_on(self) -> date:
        return self.entered or self.on


class OtherPoints(Entry):
    """What was said of one criterion before, or by the appraiser instead."""

    criterion: int
    points: int
    note: str = ""


class AssessmentTold(Entry):
    """`own` goes through `criteria`, which are all of the set where none are named."""

    round: int
    area: str
    criteria: tuple[int, ...] = ()
    own: tuple[int, ...]
    notes: dict[int, str] = Field(default_factory=dict)
    earlier: tuple[OtherPoints, ...] = ()
    changed: tuple[OtherPoints, ...] = ()
    appraised_to: int | None = None
    scored_before: date | None = None
    appraised_before: date | None = None
    steps: tuple[StepTold, ...] = ()

    def points(self) -> dict[int, int]:
        return dict(zip(self.criteria or range(1, len(self.own) + 1), self.own, strict=True))

    def typed_on(self, step: str) -> date | None:
        return next((each.typed_on for each in self.steps if each.step == step), None)


class StandardTold(Entry):
    valid_from: date
    set_on: date
    min_area_m2: int
    needs_equipment: bool
    needs_open_to_all: bool
    max_check_age_months: int
    walking_m: int
    document: str


class ClosureTold(Entry):
    on: date
    reason: str
    reopened: date | None = None
    reopened_reason: str = ""

    def days(self) -> list[date]:
        """On which it was closed, and opened again."""
        return [day for day in (self.on, self.reopened) if day]


class CheckTold(Entry):
    """Every item that is asked there is answered yes, but for those named here."""

    on: date
    result: Literal["passed", "to_repair", "failed"]
    next_due: date
    no: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    note: str = ""


class PlaceTold(Entry):
    """The fields of a place as they are stored; `quarter` is its number."""

    code: str
    name: str
    kind: str
    area: str
    quarter: int
    area_m2: int
    opened_year: int
    funding: str
    manager: str
    equipment_count: int
    equipment_condition: str | None = None
    equipment_note: str = ""
    is_free: bool = True
    opening_hours: str = ""
    age_from: int | None = None
    age_to: int | None = None
    is_open_to_all: bool = True
    is_accessible: bool | None = None
    has_shade: bool | None = None
    has_toilet: bool | None = None
    has_water: bool | None = None
    has_drowning_prevention: bool | None = None
    condition: str = "good"
    notes: str = ""
    picture: Literal["swing", "slide", "seesaw"] | None = None
    closures: tuple[ClosureTold, ...] = ()
    checks: tuple[CheckTold, ...] = ()


class RegisterStory(Entry):
    illustrative: tuple[Illustrative, ...]
    thresholds: tuple[IllustrativeThreshold, ...]
    rounds: tuple[MadeUpRound, ...]
    evidence: dict[str, tuple[str, ...]]
    assessments: tuple[AssessmentTold, ...]
    quarters: dict[str, int]
    standard: StandardTold
    places: tuple[PlaceTold, ...]


@cache
def register_story() -> RegisterStory:
    path = FOLDER / "demonstration_registers.toml"
    return read_entry(path, "registers", RegisterStory, document(path))
