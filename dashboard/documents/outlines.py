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
    # What the file is.
    too_large = "too_large"
    empty_file = "empty_file"
    not_json = "not_json"
    topojson = "topojson"
    kml = "kml"
    shapefile = "shapefile"
    geopackage = "geopackage"
    archive = "archive"
    not_geojson = "not_geojson"
    too_many_features = "too_many_features"
    no_polygons = "no_polygons"
    no_match = "no_match"
    # Whose outline it is, and where it lies.
    too_detailed = "too_detailed"
    wrong_projection = "wrong_projection"
    metres = "metres"
    swapped = "swapped"
    far_away = "far_away"
    other_name = "other_name"
    wrong_size = "wrong_size"
    holds_another = "holds_another"
    off_centre = "off_centre"
    twice = "twice"
    overlap = "overlap"
    not_closed = "not_closed"
    empty_shape = "empty_shape"
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
    """A commune as the catalogue knows it, with its centre in degrees and its size where they are known.

    `name` is the short one: Thác Mơ, not Phường Thác Mơ.
    """

    slug: str
    code: str
    name: str
    longitude: float | None
    latitude: float | None
    area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outer rings by slug, closed and counter-clockwise, in degrees; names of communes that have none.

    `small` names communes of which less than half is drawn: a part may be missing.
    """

    rings: dict[str, tuple[Ring, ...]]
    missing: tuple[str, ...]
    small: tuple[str, ...] = ()

    def to_json(self) -> str:
        told = {"rings": self.rings, "missing": self.missing, "small": self.small}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Outlines:
        stored = json.loads(text)
        rings = {
            slug: tuple(tuple((x, y) for x, y in ring) for ring in rings)
            for slug, rings in stored["rings"].items()
        }
        # Files from before this was noticed say nothing of it.
        return cls(rings, tuple(stored["missing"]), tuple(stored.get("small", ())))
