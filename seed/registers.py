"""The shape of the seed files for the registers: sets of criteria, classes of communes, the checklist."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations when the program runs
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from seed.files import BasisPoints, Certainty, Entry, SeedProblem, Slug, Text, read_entries

if TYPE_CHECKING:
    from pathlib import Path

CommuneClass = Literal["central_ward", "remote", "other"]
Points = Annotated[int, Field(gt=0)]


class ThresholdSeed(Entry):
    commune_class: CommuneClass
    name_vi: Text
    name_en: Text
    points: Points
    certainty: Certainty = "quoted"


class BandSeed(Entry):
    at_least_bp: BasisPoints
    points: Annotated[int, Field(ge=0)]


class ItemSeed(Entry):
    text_vi: Text
    text_en: Text
    points: Points | None = None
    indicator_code: str | None = None
    figure_note_vi: str = ""
    figure_note_en: str = ""
    certainty: Certainty = "not_found"
    bands: tuple[BandSeed, ...] = ()

    @model_validator(mode="after")
    def _bands_stay_within_the_points(self) -> Self:
        if any(band.points > (self.points or 0) for band in self.bands):
            raise ValueError("a band cannot give more points than its item has")
        return self


class CriterionSeed(Entry):
    """Its number is its place in the file."""

    name_vi: Text
    name_en: Text
    basis_vi: str = ""
    basis_en: str = ""
    max_points: Points | None = None
    min_points: Points | None = None
    certainty: Certainty = "not_found"
    items: tuple[ItemSeed, ...] = ()

    @model_validator(mode="after")
    def _points_that_were_not_found_are_empty(self) -> Self:
        if (self.certainty == "not_found") != (self.max_points is None):
            raise ValueError("max_points is empty exactly where certainty is not_found")
        return self

    @model_validator(mode="after")
    def _items_share_out_no_more_than_there_is(self) -> Self:
        given = sum(item.points or 0 for item in self.items)
        if given > (self.max_points or 0):
            raise ValueError(f"its items have {given} points, more than the criterion")
        return self


class RoundSeed(Entry):
    year: int
    month: Annotated[int, Field(ge=1, le=12)] = 11
    certainty: Certainty = "quoted"


class RuleSetSeed(Entry):
    slug: Slug
    name_vi: Text
    name_en: Text
    note_vi: str = ""
    note_en: str = ""
    valid_from: date
    valid_to: date | None = None
    total_points: Points = 1000
    certainty: Certainty
    thresholds: tuple[ThresholdSeed, ...] = ()
    criteria: tuple[CriterionSeed, ...]
    rounds: tuple[RoundSeed, ...] = ()


class CommuneClassSeed(Entry):
    area: Slug
    commune_class: CommuneClass
    certainty: Certainty


class ChecklistSeed(Entry):
    slug: Slug
    for_pools: bool = False
    text_vi: Text
    text_en: Text
    source_vi: Text
    source_en: Text
    formerly_vi: str = ""
    formerly_en: str = ""
    is_essential: bool = False
    certainty: Certainty


class Registers(Entry):
    """What the two registers start with, before anybody has entered a commune's scores or a place."""

    rule_sets: tuple[RuleSetSeed, ...]
    commune_classes: tuple[CommuneClassSeed, ...]
    checklist: tuple[ChecklistSeed, ...]


def read_registers(folder: Path) -> Registers:
    return Registers(
        rule_sets=read_entries(folder / "criteria.toml", "rule_sets", RuleSetSeed),
        commune_classes=read_entries(folder / "criteria.toml", "commune_classes", CommuneClassSeed),
        checklist=read_entries(folder / "checklist.toml", "items", ChecklistSeed),
    )


def refuse_unknown_names(registers: Registers, areas: set[str], indicators: set[str]) -> None:
    for one in registers.commune_classes:
        if one.area not in areas:
            raise SeedProblem(f"criteria.toml, commune_classes: area {one.area} is not in areas.toml")
    for rules in registers.rule_sets:
        for criterion in rules.criteria:
            for item in criterion.items:
                if item.indicator_code and item.indicator_code not in indicators:
                    where = f"criteria.toml, rule_sets {rules.slug}, {criterion.name_vi}"
                    raise SeedProblem(f"{where}: {item.indicator_code} is no indicator of the plan")
