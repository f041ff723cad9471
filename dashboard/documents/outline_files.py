"""Outlines of communes from the office's own GeoJSON: checked against what is known, then simplified.

A file from another source may be in metres, with its axes swapped, or of another district; a map drawn from it
would be wrong without looking wrong.
"""

from __future__ import annotations

import json
from math import hypot, isfinite
from typing import TYPE_CHECKING, Any, Final, NoReturn

from shapely import Polygon, coverage_simplify, unary_union  # type: ignore[import-untyped]
from shapely.geometry import MultiPolygon  # type: ignore[import-untyped]
from shapely.geometry.polygon import orient  # type: ignore[import-untyped]

from dashboard.documents.outlines import MOST_BYTES, KnownArea, OutlineProblem, Outlines, OutlinesRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dashboard.documents.outlines import Point, Ring

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
# No name of a projection is longer; what is longer is not looked through.
LONGEST_CRS: Final = 200

Part = tuple["Ring", ...]


def read_as_json(content: bytes, settings: Mapping[str, Any]) -> dict[str, Any]:
    """For the process of its own: the outlines, or why they were refused."""
    known = {area["code"]: KnownArea(**area) for area in settings["known"]}
    try:
        return {"outlines": read_outlines(content, known).to_json()}
    except OutlinesRefused as refused:
        return {"refused": refused.problem, "params": refused.params}


def read_outlines(content: bytes, known: Mapping[str, KnownArea]) -> Outlines:
    """The outlines of the `known` communes (by code) in a GeoJSON file. Raises OutlinesRefused."""
    if len(content) > MOST_BYTES:
        raise OutlinesRefused(OutlineProblem.too_large, most_bytes=MOST_BYTES)
    collection = _parsed(content)
    features = _polygon_features(collection)
    _check_crs(collection)
    rings = {
        known[code].slug: _outline(geometry, known[code])
        for code, geometry in _by_code(features, known).items()
    }
    missing = tuple(area.name for area in known.values() if area.slug not in rings)
    return Outlines(rings, missing)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except OutlinesRefused:
        raise
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:
        raise OutlinesRefused(OutlineProblem.not_json) from fault
    except (RecursionError, ValueError) as fault:  # nested too deeply, or a number of thousands of digits
        raise OutlinesRefused(OutlineProblem.not_geojson) from fault


def _refuse_constant(_name: str) -> NoReturn:
    """NaN and Infinity, which Python reads although JSON does not have them."""
    raise OutlinesRefused(OutlineProblem.not_geojson)


def _polygon_features(collection: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Properties and geometry of each feature that has an area; points and lines beside them do no harm."""
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise OutlinesRefused(OutlineProblem.not_geojson)
    features = collection.get("features")
    if not isinstance(features, list):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    found = [_parts_of(feature) for feature in features]
    polygons = [
        (properties, geometry)
        for properties, geometry in found
        if geometry.get("type") in ("Polygon", "MultiPolygon")
    ]
    if not polygons:
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return polygons


def _parts_of(feature: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(feature, dict):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    # Both may be null by the standard.
    properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return properties, geometry


def _check_crs(collection: dict[str, Any]) -> None:
    """The member of an older standard with which programs still say that a file is in metres."""
    crs = collection.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    text = name.strip() if isinstance(name, str) else ""
    if len(text) > LONGEST_CRS or not _is_wgs84(text):
        raise OutlinesRefused(OutlineProblem.wrong_projection, name=_printable(text[:80]))


def _is_wgs84(name: str) -> bool:
    """EPSG:4326, urn:ogc:def:crs:EPSG::4326, urn:ogc:def:crs:OGC:1.3:CRS84, http://www.opengis.net/def/crs/EPSG/0/4326"""
    words = name.upper().replace("/", ":").split(":")
    return words[-1] == "CRS84" or (words[-1] == "4326" and "EPSG" in words[:-1])


def _printable(text: str) -> str:
    """JSON may hold half of a letter, which cannot be sent to a screen, and signs that turn a sentence round."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _by_code(
    features: Sequence[tuple[dict[str, Any], dict[str, Any]]], known: Mapping[str, KnownArea]
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    key = _code_property(features, known)
    for properties, geometry in features:
        code = _text(properties.get(key))
        if code not in known:
            continue
        if code in found:
            raise OutlinesRefused(OutlineProblem.twice, name=known[code].name)
        found[code] = geometry
    return found


def _code_property(
    features: Sequence[tuple[dict[str, Any], dict[str, Any]]], known: Mapping[str, KnownArea]
) -> str:
    """The property that holds the codes: the one with most of them, since a count of people may equal a code."""
    hits: dict[str, int] = {}
    for properties, _geometry in features:
        for key, value in properties.items():
            if _text(value) in known:
                hits[key] = hits.get(key, 0) + 1
    if not hits:
        raise OutlinesRefused(OutlineProblem.no_match)
    return max(hits, key=lambda key: hits[key])


def _text(value: Any) -> str:
    """A code as text: some programs store it as a number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def _outline(geometry: dict[str, Any], area: KnownArea) -> tuple[Ring, ...]:
    parts = _parts(geometry, area)
    _check_detail(parts, area)
    _check_place([point for part in parts for ring in part for point in ring], area)
    return _simplified(_shape(parts, area), area)


def _parts(geometry: dict[str, Any], area: KnownArea) -> list[Part]:
    """The polygons of a geometry, each its outer ring and then its holes."""
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    parts = [tuple(_ring(ring, area) for ring in _listed(polygon)) for polygon in _listed(polygons)]
    if not parts or not all(parts):
        raise OutlinesRefused(OutlineProblem.invalid_shape, name=area.name)
    return parts


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return value


def _ring(positions: Any, area: KnownArea) -> Ring:
    ring = tuple(_point(position) for position in _listed(positions))
    if len(ring) < LEAST_POINTS or ring[0] != ring[-1]:
        raise OutlinesRefused(OutlineProblem.invalid_shape, name=area.name)
    return ring


def _point(position: Any) -> Point:
    if len(_listed(position)) < 2:  # noqa: PLR2004 - longitude and latitude; a height may follow
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


def _check_place(points: Sequence[Point], area: KnownArea) -> None:
    swapped = [(y, x) for x, y in points]
    if _is_on_earth(points) and _is_near(points, area):
        return
    if _is_on_earth(swapped) and _is_near(swapped, area):
        raise OutlinesRefused(OutlineProblem.swapped, name=area.name)
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
    if shape.is_empty or not shape.is_valid:
        raise OutlinesRefused(OutlineProblem.invalid_shape, name=area.name)
    # An island in the hole of another part is covered once the holes are gone.
    return _as_parts(unary_union([Polygon(part[0]) for part in parts]))


def _as_parts(shape: Any) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])


def _simplified(shape: MultiPolygon, area: KnownArea) -> tuple[Ring, ...]:
    tolerance = TOLERANCE
    smaller = _coarser(shape, tolerance)
    while _points(smaller) > MOST_POINTS and tolerance < FARTHEST:
        tolerance *= 1.5
        smaller = _coarser(smaller, tolerance)
    rings = tuple(_largest(smaller))
    if not rings:
        raise OutlinesRefused(OutlineProblem.invalid_shape, name=area.name)
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
