"""The shape of the seed files of a plan. The shapes for its two registers stand in `registers`."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations when the program runs
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from seed.files import (
    FOLDER,
    BasisPoints,
    Certainty,
    Entry,
    SeedProblem,
    Slug,
    Text,
    document,
    read_entries,
    read_entry,
)
from seed.registers import Registers, read_registers, refuse_unknown_names

if TYPE_CHECKING:
    from pathlib import Path

SHORT_NAME = 34  # what the scorecard's row label holds


class AreaSeed(Entry):
    slug: Slug
    kind: Literal["country", "province", "town", "commune"]
    parent: Slug | None = None
    code: Text
    name: Text
    full_name_vi: Text
    full_name_en: Text
    valid_from: date
    valid_to: date | None = None
    tile_row: int | None = None
    tile_column: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None


class AgencySeed(Entry):
    slug: Slug
    clause: Text
    name_vi: Text
    name_en: Text
    short_vi: Text
    short_en: Text
    is_standing: bool = False
    valid_from: date
    valid_to: date | None = None


class PlanSeed(Entry):
    year: int
    area: Slug
    number: str | None = None
    signed_on: date | None = None
    title_vi: Text
    title_en: Text
    issuer_vi: Text
    issuer_en: Text
    basis_vi: Text
    basis_en: Text


class PeriodSeed(Entry):
    year: int
    part: Literal["half", "year"]
    communes_before: date | None = None
    town_before: date | None = None
    clause: str = ""


class SplitSeed(Entry):
    slug: Slug
    name_vi: Annotated[str, Field(min_length=1, max_length=120)]
    name_en: Annotated[str, Field(min_length=1, max_length=120)]
    # What the fields of this line ask for: under the words of the whole an officer would type the total.
    numerator_vi: Text
    numerator_en: Text
    denominator_vi: str = ""
    denominator_en: str = ""
    is_sensitive: bool = False


class TargetSeed(Entry):
    kind: Literal["at_least", "share_of_communes", "increase"]
    value_bp: BasisPoints | None = None
    near_bp: BasisPoints = 0
    certainty: Certainty = "quoted"

    @model_validator(mode="after")
    def _an_increase_has_no_number(self) -> Self:
        if (self.kind == "increase") != (self.value_bp is None):
            raise ValueError("value_bp belongs to every kind of target except increase")
        return self


class ReferenceSeed(Entry):
    year: int
    value_bp: BasisPoints
    source_vi: Text
    source_en: Text
    note_vi: str = ""
    note_en: str = ""
    is_same_definition: bool = True
    certainty: Certainty = "quoted"


class IndicatorSeed(Entry):
    code: Text
    kind: Literal["ratio", "share_of_communes", "count", "money"]
    grouping: Literal["target", "monitoring", "budget", "fund"]
    scope: Literal["commune", "town"] = "commune"
    direction: Literal["up", "down"] = "up"
    clause: Text
    name_vi: Text
    name_en: Text
    short_vi: Annotated[str, Field(min_length=1, max_length=SHORT_NAME)]
    short_en: Annotated[str, Field(min_length=1, max_length=SHORT_NAME)]
    unit_vi: Text
    unit_en: Text
    unit_scale: Annotated[int, Field(ge=1)] = 1
    numerator_vi: Text
    numerator_en: Text
    denominator_vi: str = ""
    denominator_en: str = ""
    definition_vi: Text
    definition_en: Text
    is_cumulative: bool
    is_sensitive: bool = False
    splits_rule: Literal["none", "subsets", "parts"] = "none"
    derived_from: str | None = None
    derived_since: int | None = None
    lead: Slug
    # Section V says who does the work; that the same body answers for the number is our reading of it.
    lead_certainty: Certainty = "inferred"
    certainty: Certainty = "quoted"
    target: TargetSeed | None = None
    splits: tuple[SplitSeed, ...] = ()
    references: tuple[ReferenceSeed, ...] = ()

    @model_validator(mode="after")
    def _splits_follow_their_rule(self) -> Self:
        if (self.splits_rule == "none") != (not self.splits):
            raise ValueError("splits stand exactly where splits_rule is subsets or parts")
        return self

    @model_validator(mode="after")
    def _a_ratio_has_a_denominator(self) -> Self:
        if self.kind == "ratio" and not (self.denominator_vi and self.denominator_en):
            raise ValueError("a ratio needs denominator_vi and denominator_en")
        if any(bool(split.denominator_vi) != bool(self.denominator_vi) for split in self.splits):
            raise ValueError("each split has words for both fields of a ratio, as the whole has")
        return self

    @model_validator(mode="after")
    def _a_register_speaks_from_a_year_on(self) -> Self:
        if (self.derived_from is None) != (self.derived_since is None):
            raise ValueError("derived_from and derived_since stand together")
        return self

    @model_validator(mode="after")
    def _a_target_stands_where_it_is_judged(self) -> Self:
        if (self.grouping == "target") != (self.target is not None):
            raise ValueError("a target stands exactly where grouping is target")
        return self


class Catalogue(Entry):
    """Everything of one yearly plan, before it is stored. The order of the files is the order on screen."""

    areas: tuple[AreaSeed, ...]
    agencies: tuple[AgencySeed, ...]
    plan: PlanSeed
    periods: tuple[PeriodSeed, ...]
    indicators: tuple[IndicatorSeed, ...]
    registers: Registers


def read_catalogue(folder: Path = FOLDER, plan: str = "plan_2021.toml") -> Catalogue:
    """The seed files of one plan, checked; raises SeedProblem."""
    catalogue = Catalogue(
        areas=read_entries(folder / "areas.toml", "areas", AreaSeed),
        agencies=read_entries(folder / "agencies.toml", "agencies", AgencySeed),
        plan=read_entry(folder / plan, "plan", PlanSeed, document(folder / plan).get("plan", {})),
        periods=read_entries(folder / plan, "periods", PeriodSeed),
        indicators=read_entries(folder / plan, "indicators", IndicatorSeed),
        registers=read_registers(folder),
    )
    _refuse_dangling_names(catalogue, plan)
    return catalogue


@cache
def shipped_catalogue() -> Catalogue:
    """The files that stand here, read once."""
    return read_catalogue()


def _refuse_dangling_names(catalogue: Catalogue, plan: str) -> None:
    known_areas: set[str] = set()
    for area in catalogue.areas:
        if area.parent and area.parent not in known_areas:
            raise SeedProblem(f"areas.toml, areas {area.slug}: parent {area.parent} does not stand before it")
        known_areas.add(area.slug)
    if catalogue.plan.area not in known_areas:
        raise SeedProblem(f"{plan}, plan: area {catalogue.plan.area} is not in areas.toml")
    known_agencies = {agency.slug for agency in catalogue.agencies}
    for indicator in catalogue.indicators:
        if indicator.lead not in known_agencies:
            raise SeedProblem(
                f"{plan}, indicators {indicator.code}: lead {indicator.lead} is not in agencies.toml"
            )
    refuse_unknown_names(catalogue.registers, known_areas, {each.code for each in catalogue.indicators})
