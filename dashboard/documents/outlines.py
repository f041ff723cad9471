"""Outlines of communes as they are kept, and why a file of them was refused.

Apart from the reading of files (see outline_files), so that a screen that draws a map does not load Shapely.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 5 * 1024 * 1024

Point = tuple[float, float]
Ring = tuple[Point, ...]


class OutlineProblem(StrEnum):
    too_large = "too_large"
    too_detailed = "too_detailed"
    not_json = "not_json"
    not_geojson = "not_geojson"
    wrong_projection = "wrong_projection"
    swapped = "swapped"
    far_away = "far_away"
    no_match = "no_match"
    twice = "twice"
    invalid_shape = "invalid_shape"
    # Of the process in which it is read (see apart).
    too_complex = "too_complex"
    busy = "busy"
    unavailable = "unavailable"


class OutlinesRefused(ValueError):
    """`params` name the commune or the projection, or hold the limits that were passed."""

    def __init__(self, problem: OutlineProblem, **params: str | float) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params


@dataclass(frozen=True, slots=True)
class KnownArea:
    """A commune as the catalogue knows it, with its centre in degrees where that is known."""

    slug: str
    code: str
    name: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outer rings by slug, closed and counter-clockwise, in degrees; names of communes that have none."""

    rings: dict[str, tuple[Ring, ...]]
    missing: tuple[str, ...]

    def to_json(self) -> str:
        return json.dumps({"rings": self.rings, "missing": self.missing}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Outlines:
        stored = json.loads(text)
        rings = {
            slug: tuple(tuple((x, y) for x, y in ring) for ring in rings)
            for slug, rings in stored["rings"].items()
        }
        return cls(rings, tuple(stored["missing"]))
