"""Outlines of communes from the office's own GeoJSON: checked against what is known, then simplified.

A file from another source may be in metres, with its axes swapped, or of another district, or of the communes that
were given the same codes later; a map drawn from it would be wrong without looking wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from dashboard.documents.file_kinds import FileKind, kind_of
from dashboard.documents.outline_checks import (
    check_against_each_other,
    check_centre,
    check_name,
    check_size,
    is_small,
    printable,
)
from dashboard.documents.outline_shapes import listed, outline_of, rings_of
from dashboard.documents.outlines import MOST_BYTES, KnownArea, OutlineProblem, Outlines, OutlinesRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry import MultiPolygon  # type: ignore[import-untyped]

# All communes of the country are some ten thousand.
MOST_FEATURES: Final = 20_000
DEEPEST_COLLECTION: Final = 5
# No name of a projection is longer; what is longer is not looked through.
LONGEST_CRS: Final = 200
# By what a property that holds codes is called, where two hold equally many.
_CODE_WORDS: Final = ("ma", "code", "gso", "id")
_REFUSED_KINDS: Final = {
    FileKind.nothing: OutlineProblem.empty_file,
    FileKind.kml: OutlineProblem.kml,
    FileKind.shapefile: OutlineProblem.shapefile,
    FileKind.geopackage: OutlineProblem.geopackage,
    FileKind.archive: OutlineProblem.archive,
    FileKind.broken_archive: OutlineProblem.archive,
}


@dataclass(frozen=True, slots=True)
class _Feature:
    """One feature that has an area: `polygons` as the coordinates of GeoJSON. Its id is the property "" (RFC 7946)."""

    properties: dict[str, Any]
    polygons: list[Any]


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
    features = _features(collection)
    _check_crs(collection)
    shapes = {
        area.slug: (area, _shape(parts, area, known)) for area, parts in _by_area(features, known).items()
    }
    check_against_each_other(list(shapes.values()), known.values())
    rings = {slug: rings_of(shape, area) for slug, (area, shape) in shapes.items()}
    missing = tuple(area.name for area in known.values() if area.slug not in rings)
    small = tuple(area.name for area, shape in shapes.values() if is_small(shape, area))
    return Outlines(rings, missing, small)


def _shape(features: Sequence[_Feature], area: KnownArea, known: Mapping[str, KnownArea]) -> MultiPolygon:
    """One outline of all features of a commune: files often have a feature for each part."""
    for feature in features:
        check_name(feature.properties.values(), area, known.values())
    shape = outline_of([feature.polygons for feature in features], area)
    check_size(shape, area)
    check_centre(shape, area)
    return shape


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except OutlinesRefused:
        raise
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:
        lines = _features_by_line(content)
        if lines is None:
            raise OutlinesRefused(_REFUSED_KINDS.get(kind_of(content), OutlineProblem.not_json)) from fault
        return {"type": "FeatureCollection", "features": lines}
    except (RecursionError, ValueError) as fault:  # nested too deeply, or a number of thousands of digits
        raise OutlinesRefused(OutlineProblem.not_geojson) from fault


def _refuse_constant(_name: str) -> NoReturn:
    """NaN and Infinity, which Python reads although JSON does not have them."""
    raise OutlinesRefused(OutlineProblem.not_geojson)


def _features_by_line(content: bytes) -> list[Any] | None:
    """A feature on each line, as programs write for streams (RFC 8142: each behind a sign of its own)."""
    try:
        text = content.decode(json.detect_encoding(content))
        lines = [line.strip("\x1e \t") for line in text.splitlines()]
        features = [json.loads(line, parse_constant=_refuse_constant) for line in lines if line]
    except (ValueError, RecursionError):
        return None
    is_features = all(isinstance(each, dict) and each.get("type") == "Feature" for each in features)
    return features if features and is_features else None


def _features(collection: Any) -> list[_Feature]:
    """Each feature that has an area; points, lines and empty ones beside them do no harm."""
    kind = collection.get("type") if isinstance(collection, dict) else None
    if kind == "Topology":
        raise OutlinesRefused(OutlineProblem.topojson)
    features = (
        [collection]
        if kind == "Feature"
        else collection.get("features")
        if kind == "FeatureCollection"
        else None
    )
    if not isinstance(features, list):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    if len(features) > MOST_FEATURES:
        raise OutlinesRefused(OutlineProblem.too_many_features, most_features=MOST_FEATURES)
    with_area = [found for found in map(_feature, features) if found.polygons]
    if not with_area:
        raise OutlinesRefused(OutlineProblem.no_polygons)
    return with_area


def _feature(feature: Any) -> _Feature:
    if not isinstance(feature, dict):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    # Both may be null by the standard.
    properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise OutlinesRefused(OutlineProblem.not_geojson)
    return _Feature({**properties, "": feature.get("id")}, list(_polygons(geometry, DEEPEST_COLLECTION)))


def _polygons(geometry: Any, deepest: int) -> Iterator[Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        yield geometry.get("coordinates")
    elif kind == "MultiPolygon":
        yield from listed(geometry.get("coordinates"))
    elif kind == "GeometryCollection" and deepest:
        for each in listed(geometry.get("geometries")):
            yield from _polygons(each, deepest - 1)


def _check_crs(collection: dict[str, Any]) -> None:
    """The member of an older standard with which programs still say that a file is in metres."""
    crs = collection.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    text = name.strip() if isinstance(name, str) else ""
    if len(text) > LONGEST_CRS or not _is_wgs84(text):
        raise OutlinesRefused(OutlineProblem.wrong_projection, name=printable(text[:80]))


def _is_wgs84(name: str) -> bool:
    """EPSG:4326, urn:ogc:def:crs:EPSG::4326, urn:ogc:def:crs:OGC:1.3:CRS84, http://www.opengis.net/def/crs/EPSG/0/4326"""
    words = name.upper().replace("/", ":").split(":")
    return words[-1] in ("CRS84", "CRS84H") or (words[-1] in ("4326", "4979") and "EPSG" in words[:-1])


def _by_area(features: Sequence[_Feature], known: Mapping[str, KnownArea]) -> dict[KnownArea, list[_Feature]]:
    areas = {_plain_code(code): area for code, area in known.items()}
    key = _code_property(features, areas)
    found: dict[KnownArea, list[_Feature]] = {}
    for feature in features:
        area = areas.get(_plain_code(feature.properties.get(key)))
        if area:
            found.setdefault(area, []).append(feature)
    return found


def _code_property(features: Sequence[_Feature], areas: Mapping[str, KnownArea]) -> str:
    """The property that holds the codes: the one with most of them, since a count of people may equal a code."""
    hits: dict[str, set[str]] = {}
    for feature in features:
        for key, value in feature.properties.items():
            code = _plain_code(value)
            if code in areas:
                hits.setdefault(key, set()).add(code)
    if not hits:
        raise OutlinesRefused(OutlineProblem.no_match)
    return max(hits, key=lambda key: (len(hits[key]), any(word in key.lower() for word in _CODE_WORDS)))


def _plain_code(value: Any) -> str:
    """A code as text: programs store it as a number, with a fraction of nothing, with or without zeros before it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and not value.is_integer():
        return ""
    whole, point, fraction = (
        str(value).strip().partition(".") if not isinstance(value, float) else (str(int(value)), "", "")
    )
    is_whole = not point or not fraction.strip("0")
    # A number of thousands of digits is no code; to compare it would cost its length only.
    return whole.lstrip("0") if is_whole and whole.isascii() and whole.isdigit() else ""
