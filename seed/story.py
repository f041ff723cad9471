"""What the demonstration tells: sizes of the communes, how shares move, who has reported, what was corrected."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - pydantic reads the annotations when the program runs
from functools import cache
from random import Random
from typing import Self

from pydantic import BaseModel, ConfigDict

from seed.files import FOLDER

PARTS = ("half", "year")


@dataclass(frozen=True, order=True)
class Cell:
    """A line of an indicator in one area and period, by their names: `T10/tieu-hoc` is code and split."""

    area: str
    year: int
    part: str
    code: str
    split: str = "all"

    @property
    def line(self) -> str:
        return self.code if self.split == "all" else f"{self.code}/{self.split}"

    @classmethod
    def parse(cls, text: str) -> Self:
        area, line, year, part = text.split()
        code, _, split = line.partition("/")
        return cls(area, int(year), part, code, split or "all")


@dataclass(frozen=True)
class Point:
    """One commune at one reporting day: the place in the lists of the story, and the moment."""

    area: str
    index: int
    year: int
    part: str

    @property
    def is_year(self) -> bool:
        return self.part == "year"

    @property
    def elapsed(self) -> float:
        """Years since the first half of 2019."""
        return self.year - 2019 + (0.5 if self.is_year else 0.0)

    @property
    def school_year(self) -> int:
        """The year in which it began: a report of May and the one of November before it share a school year."""
        return self.year if self.is_year else self.year - 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class People(_Part):
    """One value per commune, in the order of the story."""

    under16: list[int]
    under6: list[int]
    births: list[int]
    special: list[int]
    at_risk: list[int]
    growth: list[int]
    minority: list[int]
    collaborators: list[int]
    injuries: list[int]
    documents: list[tuple[int, int]]
    budget: list[int]
    fund: list[int]


class Town(_Part):
    budget: int
    fund: int


class Share(_Part):
    """Per mille: `level` in the first half of 2021, `step` a year."""

    level: list[int]
    step: list[int]


class Short(_Part):
    cell: str
    children: int


class Cells(_Part):
    cells: list[str]
    reason: str = ""


class Halfway(_Part):
    lines: list[str]
    first_number: list[str]


class Correction(_Part):
    """`off`: how far the earlier entries lay from the last one; one reason for each later entry."""

    cell: str
    off: list[tuple[int, int]]
    reasons: list[str]


class Story(_Part):
    communes: list[str]
    years: list[int]
    day: date
    people: People
    town: Town
    shares: dict[str, Share]
    short: list[Short]
    not_yet: dict[str, list[str]]
    nil: Cells
    not_applicable: Cells
    single: dict[str, list[str]]
    submitted: dict[str, dict[str, date]]
    halfway: dict[str, Halfway]
    corrections: list[Correction]

    def points(self) -> list[Point]:
        return [
            Point(area, index, year, part)
            for year in self.years
            for part in PARTS
            for index, area in enumerate(self.communes)
        ]


@cache
def story() -> Story:
    return Story.model_validate(tomllib.loads((FOLDER / "demonstration.toml").read_text(encoding="utf-8")))


def chance(*about: object) -> Random:
    """Randomness that depends on nothing but what it is about: the same everywhere, in any order of asking."""
    return Random("/".join(str(word) for word in ("phuoc-long", *about)))  # noqa: S311 - nothing secret
