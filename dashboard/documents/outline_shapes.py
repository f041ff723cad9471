"""From the coordinates of GeoJSON to shapes, and from shapes to the few points that a map of the town needs."""

from __future__ import annotations

from math import hypot, isfinite
from typing import TYPE_CHECKING, Any, Final

from shapely import Polygon, coverage_simplify, unary_union  # type: ignore[import-untyped]
from shapely.geometry import MultiPolygon  # type: ignore[import-untyped]
from shapely.geometry.polygon import orient  # type: ignore[import-untyped]

from dashboard.documents.outlines import OutlineProblem, OutlinesRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dashboard.documents.outlines import KnownArea, Point, Ring

MOST_POINTS: Final = 400
# Of one commune, as it is handed in: beyond these a file small enough takes minutes.
MOST_POINTS_READ: Final = 50_000
MOST_PARTS: Final = 2_000
# About 33 metres, finer than a pen on a printed map of the town.
TOLERANCE: Final = 0.0003
# From its centre no commune reaches this far (some 55 kilometres), whatever its shape.
FARTHEST: Final = 0.5
DECIMALS: Final = 6
LEAST_POINTS: Final = 4
EAST, NORTH = 180, 90
# Beyond this no degrees are meant, whatever went wrong with them.
LEAST_METRES: Final = 1000
# Where the last point misses the first by no more than this (a centimetre), rounding did it.
CLOSED: Final = 1e-7
# Two features of one commune may share a border that each has rounded for itself.
MOST_SHARED: Final = 0.01

Part = tuple["Ring", ...]


def outline_of(features: Sequence[Sequence[Any]], area: KnownArea) -> MultiPolygon:
    """One outline of all features of a commune, each given by the coordinates of its polygons; holes are filled.

    Raises OutlinesRefused where it is too detailed, lies elsewhere, is no shape, or where two features overlap.
    """
    parts_of = [[_part(polygon, area) for polygon in polygons] for polygons in features]
    parts = [part for each in parts_of for part in each]
    _check_detail(parts, area)
    _check_position([point for part in parts for ring in part for point in ring], area)
    _check_apart([_shape(each, area) for each in parts_of], area)
    # An island in the hole of another part is covered once the holes are gone.
    return _as_parts(unary_union([Polygon(part[0]) for part in parts]))


def _part(polygon: Any, area: KnownArea) -> Part:
    """A polygon: its outer ring and then its holes."""
    rings = tuple(_ring(ring, area) for ring in listed(polygon))
    if not rings:
        raise OutlinesRefused(OutlineProblem.empty_shape, name=area.name)
    return rings


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return value


def _ring(positions: Any, area: KnownArea) -> Ring:
    ring = tuple(_point(position) for position in listed(positions))
    if not ring:
        raise OutlinesRefused(OutlineProblem.empty_shape, name=area.name)
    (first_x, first_y), (last_x, last_y) = ring[0], ring[-1]
    if hypot(last_x - first_x, last_y - first_y) > CLOSED:
        raise OutlinesRefused(OutlineProblem.not_closed, name=area.name)
    if len(ring) < LEAST_POINTS:
        raise OutlinesRefused(OutlineProblem.empty_shape, name=area.name)
    return (*ring[:-1], ring[0])


def _point(position: Any) -> Point:
    if len(listed(position)) < 2:  # noqa: PLR2004 - longitude and latitude; a height may follow
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return _number(position[0]), _number(position[1])


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    try:
        number = float(value)
    except OverflowError as fault:
        raise OutlinesRefused(OutlineProblem.not_geojson) from fault
    if not isfinite(number):  # 1e999
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return number


def _check_detail(parts: Sequence[Part], area: KnownArea) -> None:
    """A hole is as much work as a part."""
    rings = [ring for part in parts for ring in part]
    if len(rings) > MOST_PARTS or sum(len(ring) for ring in rings) > MOST_POINTS_READ:
        limits = {"most_points": MOST_POINTS_READ, "most_parts": MOST_PARTS}
        raise OutlinesRefused(OutlineProblem.too_detailed, name=area.name, **limits)


def _check_position(points: Sequence[Point], area: KnownArea) -> None:
    swapped = [(y, x) for x, y in points]
    if _is_on_earth(points) and _is_near(points, area):
        return
    if _is_on_earth(swapped) and _is_near(swapped, area):
        raise OutlinesRefused(OutlineProblem.swapped, name=area.name)
    if any(abs(x) > LEAST_METRES or abs(y) > LEAST_METRES for x, y in points):
        raise OutlinesRefused(OutlineProblem.metres, name=area.name)
    if not _is_on_earth(points):
        raise OutlinesRefused(OutlineProblem.wrong_projection, name="")
    raise OutlinesRefused(OutlineProblem.far_away, name=area.name)


def _is_on_earth(points: Sequence[Point]) -> bool:
    return all(abs(x) <= EAST and abs(y) <= NORTH for x, y in points)


def _is_near(points: Sequence[Point], area: KnownArea) -> bool:
    """Every point, so that an outline of the whole province is not taken for that of a commune."""
    longitude, latitude = area.longitude, area.latitude
    if longitude is None or latitude is None:
        return True
    return all(hypot(x - longitude, y - latitude) <= FARTHEST for x, y in points)


def _shape(parts: Sequence[Part], area: KnownArea) -> MultiPolygon:
    shape = MultiPolygon([(part[0], part[1:]) for part in parts])
    if shape.is_empty:
        raise OutlinesRefused(OutlineProblem.empty_shape, name=area.name)
    if not shape.is_valid:
        raise OutlinesRefused(OutlineProblem.invalid_shape, name=area.name)
    return shape


def _check_apart(shapes: Sequence[MultiPolygon], area: KnownArea) -> None:
    """Files often have a feature for each part of a commune; two that lie over each other are two versions of it."""
    if len(shapes) > 1:
        together = sum(shape.area for shape in shapes)
        if together > unary_union(list(shapes)).area * (1 + MOST_SHARED):
            raise OutlinesRefused(OutlineProblem.twice, name=area.name)


def _as_parts(shape: Any) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])


def rings_of(shape: MultiPolygon, area: KnownArea) -> tuple[Ring, ...]:
    """The outer rings of a shape, simplified until they have few enough points."""
    tolerance = TOLERANCE
    smaller = _coarser(shape, tolerance)
    while _points(smaller) > MOST_POINTS and tolerance < FARTHEST:
        tolerance *= 1.5
        smaller = _coarser(smaller, tolerance)
    rings = tuple(_largest(smaller))
    if not rings:
        raise OutlinesRefused(OutlineProblem.empty_shape, name=area.name)
    return rings


def _coarser(shape: MultiPolygon, tolerance: float) -> MultiPolygon:
    """By the size of corners, not by their distance: that takes minutes where there are many long thin ones."""
    (coarser,) = coverage_simplify([shape], tolerance)
    return _as_parts(coarser)


def _points(shape: MultiPolygon) -> int:
    return sum(len(part.exterior.coords) for part in shape.geoms)


def _largest(shape: MultiPolygon) -> Iterator[Ring]:
    """The largest parts that fit: hundreds of islets cannot be simplified away."""
    room = MOST_POINTS
    for part in sorted(shape.geoms, key=lambda part: part.area, reverse=True):
        ring = tuple(
            (round(x, DECIMALS), round(y, DECIMALS))
            for x, y in orient(Polygon(part.exterior)).exterior.coords
        )
        room -= len(ring)
        # What rounding leaves nothing of is smaller than a doormat.
        if room >= 0 and Polygon(ring).area > 0:
            yield ring
