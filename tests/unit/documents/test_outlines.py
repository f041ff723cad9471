"""Outlines that an office uploads: what would draw a wrong map is refused, the rest is simplified."""

from __future__ import annotations

import json
from math import cos, pi, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon

from dashboard.documents.outline_files import (
    MOST_BYTES,
    MOST_PARTS,
    MOST_POINTS,
    MOST_POINTS_READ,
    read_outlines,
)
from dashboard.documents.outlines import KnownArea, OutlineProblem, Outlines, OutlinesRefused

AREAS = (
    KnownArea("thac-mo", "25216", "Thác Mơ", 107.0335, 11.8359),
    KnownArea("long-thuy", "25217", "Long Thủy", 106.9984, 11.8567),
    KnownArea("phuoc-binh", "25219", "Phước Bình", None, None),
)
KNOWN = {area.code: area for area in AREAS}
X, Y = 107.0335, 11.8359


def square(x: float = X, y: float = Y, side: float = 0.02) -> list[list[float]]:
    half = side / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return [[x + dx, y + dy] for dx, dy in corners]


def feature(coordinates: Any, *, kind: str = "Polygon", **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties or {"code": "25216"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: object, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def refusal(content: bytes) -> OutlinesRefused:
    with pytest.raises(OutlinesRefused) as caught:
        read_outlines(content, KNOWN)
    return caught.value


def test_outlines_are_found_by_code_and_missing_communes_named() -> None:
    found = read_outlines(
        collection(
            feature([square()], ten="Phường Thác Mơ", ma=25216, dan_so=7167),
            feature([square(X, Y + 0.1)], ten="Nơi khác", ma=99999),
            feature([square(106.9655, 11.802)], ten="Phước Bình", ma="25219 "),
        ),
        KNOWN,
    )
    assert list(found.rings) == ["thac-mo", "phuoc-binh"]
    assert found.missing == ("Long Thủy",)
    (ring,) = found.rings["thac-mo"]
    assert ring[0] == ring[-1]
    assert Polygon(ring).symmetric_difference(Polygon(square())).area < 1e-9


@pytest.mark.parametrize("code", ["25216", " 25216 ", 25216, 25216.0])
def test_a_code_is_known_as_text_and_as_number(code: object) -> None:
    assert "thac-mo" in read_outlines(collection(feature([square()], id=code)), KNOWN).rings


def test_a_count_of_people_that_equals_a_code_is_not_taken_for_one() -> None:
    found = read_outlines(
        collection(
            feature([square()], dan_so=25217, ma="25216"),
            feature([square(106.9984, 11.8567)], dan_so=100, ma="25217"),
        ),
        KNOWN,
    )
    assert list(found.rings) == ["thac-mo", "long-thuy"]


def test_stored_outlines_are_read_back_the_same() -> None:
    found = read_outlines(collection(feature([square()])), KNOWN)
    assert Outlines.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    "crs",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326",
        "CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
    ],
)
def test_a_file_may_say_that_it_is_in_degrees(crs: str) -> None:
    content = collection(feature([square()]), crs={"type": "name", "properties": {"name": crs}})
    assert read_outlines(content, KNOWN).rings


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::3405", "EPSG:32648", "EPSG:14326", ""])
def test_another_projection_is_refused_by_its_name(crs: str) -> None:
    content = collection(feature([square()]), crs={"type": "name", "properties": {"name": crs}})
    found = refusal(content)
    assert (found.problem, found.params) == (OutlineProblem.wrong_projection, {"name": crs})


@pytest.mark.parametrize("name", ["EPSG:\ud800", "\udfff\ud800", "EPSG:\u202e5043\x00", "x" * 79 + "\ud83d"])
def test_what_no_screen_can_show_does_not_reach_the_sentence(name: str) -> None:
    content = collection(feature([square()]), crs={"type": "name", "properties": {"name": name}})
    shown = refusal(content).params["name"]
    assert isinstance(shown, str)
    assert shown.isprintable()
    assert shown.encode()


@pytest.mark.parametrize(
    "crs", [1, [], {"type": "link"}, {"properties": "x"}, {"properties": {"name": 4326}}]
)
def test_a_projection_that_cannot_be_read_is_refused(crs: object) -> None:
    assert refusal(collection(feature([square()]), crs=crs)).problem is OutlineProblem.wrong_projection


def test_metres_are_refused() -> None:
    metres = [[x * 5000, y * 100_000] for x, y in square()]
    assert refusal(collection(feature([metres]))).problem is OutlineProblem.wrong_projection


def test_swapped_axes_are_refused() -> None:
    swapped = [[y, x] for x, y in square()]
    found = refusal(collection(feature([swapped])))
    assert (found.problem, found.params) == (OutlineProblem.swapped, {"name": "Thác Mơ"})
    # Without a known centre the axes alone give it away: there is no latitude of 107 degrees.
    assert refusal(collection(feature([swapped], code="25219"))).problem is OutlineProblem.swapped


@pytest.mark.parametrize("outline", [square(X + 0.6, Y), square(105, 21), square(side=2)])
def test_an_outline_somewhere_else_is_refused(outline: list[list[float]]) -> None:
    found = refusal(collection(feature([outline])))
    assert (found.problem, found.params) == (OutlineProblem.far_away, {"name": "Thác Mơ"})


def test_other_codes_are_refused() -> None:
    assert refusal(collection(feature([square()], code="1"))).problem is OutlineProblem.no_match
    assert refusal(collection(feature([square()], code=True))).problem is OutlineProblem.no_match


def test_two_outlines_of_one_commune_are_refused() -> None:
    found = refusal(collection(feature([square()]), feature([square(X + 0.1, Y)])))
    assert (found.problem, found.params) == (OutlineProblem.twice, {"name": "Thác Mơ"})


BOW = [[X, Y], [X + 0.01, Y + 0.01], [X + 0.01, Y], [X, Y + 0.01], [X, Y]]


@pytest.mark.parametrize(
    "coordinates",
    [[], [[]], [BOW], [square()[:3]], [square()[:4]], [[[X, Y]] * 5], [square(), square(X + 0.1, Y)]],
)
def test_a_shape_that_cannot_be_is_refused(coordinates: object) -> None:
    assert refusal(collection(feature(coordinates))).problem is OutlineProblem.invalid_shape


def test_what_is_smaller_than_a_doormat_is_no_outline() -> None:
    assert refusal(collection(feature([square(side=1e-8)]))).problem is OutlineProblem.invalid_shape


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"PK\x03\x04", "<kml>Thác Mơ</kml>".encode(), b"[1,]"]
)
def test_what_is_not_json_is_refused(content: bytes) -> None:
    assert refusal(content).problem is OutlineProblem.not_json


@pytest.mark.parametrize(
    "content",
    [
        b"1",
        b"null",
        b"NaN",
        b"[" * 100_000,
        b"1" * 5000,
        b"{}",
        json.dumps(feature([square()])).encode(),
        b'{"type": "FeatureCollection"}',
        collection(),
        collection(1),
        collection(feature(square(), kind="LineString")),
        collection({"type": "Feature", "properties": None, "geometry": None}),
        collection({"type": "Feature", "properties": [1], "geometry": {}}),
        collection(feature(None)),
        collection(feature([[[X], [X], [X], [X]]])),
        collection(feature([[["1", "2"]] * 4])),
        collection(feature([[[True, False]] * 4])),
        collection(feature([[[10**400, 1]] * 4])),
        collection(feature([[[0.5, 1]] * 4])).replace(b"0.5", b"1e999"),
        collection(feature([[[0.5, 1]] * 4])).replace(b"0.5", b"NaN"),
        collection(feature([[[0.5, 1]] * 4])).replace(b"0.5", b"-Infinity"),
    ],
)
def test_what_is_not_geojson_is_refused(content: bytes) -> None:
    assert refusal(content).problem is OutlineProblem.not_geojson


def test_a_large_file_is_refused_by_its_length_alone() -> None:
    found = refusal(b" " * (MOST_BYTES + 1))
    assert (found.problem, found.params) == (OutlineProblem.too_large, {"most_bytes": MOST_BYTES})


def test_points_and_lines_beside_the_outlines_do_no_harm() -> None:
    content = collection(feature([X, Y], kind="Point"), feature([square()]))
    assert "thac-mo" in read_outlines(content, KNOWN).rings


def test_holes_go_and_what_lies_in_them_is_covered() -> None:
    ring_with_island = [
        [square(side=0.1), square(side=0.05)],
        [square(side=0.02)],
        [square(X + 0.2, Y)],
    ]
    found = read_outlines(collection(feature(ring_with_island, kind="MultiPolygon")), KNOWN)
    assert [round(Polygon(ring).area, 6) for ring in found.rings["thac-mo"]] == [0.01, 0.0004]


def jagged(points: int, *, radius: float = 0.1, depth: float = 0.02) -> list[list[float]]:
    """A star of many rays."""
    ring = [
        [X + far * cos(2 * pi * n / points), Y + far * sin(2 * pi * n / points)]
        for n in range(points)
        for far in [radius - depth * (n % 2)]
    ]
    return [*ring, ring[0]]


@pytest.mark.parametrize(("points", "depth"), [(5000, 0.0), (3000, 0.001), (2000, 0.05)])
def test_many_points_become_few(points: int, depth: float) -> None:
    outline = jagged(points, depth=depth)
    (ring,) = read_outlines(collection(feature([outline])), KNOWN).rings["thac-mo"]
    assert 4 < len(ring) <= MOST_POINTS
    assert all(x == round(x, 6) and y == round(y, 6) for x, y in ring)
    if depth < 0.01:
        assert Polygon(ring).symmetric_difference(Polygon(outline)).area < 0.02 * Polygon(outline).area


def test_of_hundreds_of_islets_the_largest_are_kept() -> None:
    islets = [
        [square(X + 0.01 * (n % 30 - 15), Y + 0.01 * (n // 30), side=0.002 + n / 1e6)] for n in range(300)
    ]
    rings = read_outlines(collection(feature(islets, kind="MultiPolygon")), KNOWN).rings["thac-mo"]
    assert sum(len(ring) for ring in rings) <= MOST_POINTS
    assert len(rings) >= 80
    assert min(y for ring in rings for _x, y in ring) > Y + 0.05


def comb(teeth: int) -> list[list[float]]:
    """Long thin teeth, of which a simplification by distance alone can leave out none."""
    ring = [[X + 0.3 * n / teeth, Y + 0.1 * (n % 2)] for n in range(teeth)]
    return [*ring, [X + 0.3, Y - 0.1], [X, Y - 0.1], ring[0]]


def triangles(count: int) -> list[list[list[list[float]]]]:
    corners = [(X + 0.001 * (n % 250 - 125), Y + 0.001 * (n // 250)) for n in range(count)]
    lines = [[(x, y), (x + 0.0005, y), (x, y + 0.0005), (x, y)] for x, y in corners]
    return [[[[round(x, 4), round(y, 4)] for x, y in line]] for line in lines]


# What took minutes takes seconds, also on a slow machine with other work to do.
@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("coordinates", "kind"),
    [
        ([comb(200_000)], "Polygon"),
        ([comb(MOST_POINTS_READ)], "Polygon"),
        (triangles(60_000), "MultiPolygon"),
        (triangles(MOST_PARTS + 1), "MultiPolygon"),
        ([square(side=0.9), *(hole for (hole,) in triangles(MOST_PARTS))], "Polygon"),
    ],
)
def test_an_outline_too_detailed_is_refused_before_work_is_done_on_it(coordinates: object, kind: str) -> None:
    found = refusal(collection(feature(coordinates, kind=kind)).replace(b" ", b""))
    assert found.problem is OutlineProblem.too_detailed
    limits = {"most_points": MOST_POINTS_READ, "most_parts": MOST_PARTS}
    assert found.params == {"name": "Thác Mơ", **limits}


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("coordinates", "kind"),
    [([comb(MOST_POINTS_READ - 3)], "Polygon"), (triangles(MOST_PARTS), "MultiPolygon")],
)
def test_the_most_detailed_outlines_are_read_in_seconds(coordinates: object, kind: str) -> None:
    rings = read_outlines(collection(feature(coordinates, kind=kind)), KNOWN).rings["thac-mo"]
    assert 4 <= sum(len(ring) for ring in rings) <= MOST_POINTS


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["Polygon", "25216", "Feature"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), inner),
    max_leaves=12,
)
GEOMETRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(["Polygon", "MultiPolygon"]), "coordinates": JSON}
)
NEAR = st.tuples(st.floats(106.9, 107.1), st.floats(11.7, 11.9)).map(list)
RINGS = st.lists(NEAR | st.lists(st.floats(allow_nan=False), min_size=2, max_size=3), max_size=8).map(
    lambda points: [*points, *points[:1]]
)


def read_or_refused(content: bytes) -> None:
    try:
        found = read_outlines(content, KNOWN)
    except OutlinesRefused:
        return
    assert Outlines.from_json(found.to_json()) == found


@given(content=st.binary())
def test_any_bytes_are_refused_and_nothing_else(content: bytes) -> None:
    read_or_refused(content)


@given(value=JSON, features=JSON, geometry=GEOMETRIES | JSON, crs=JSON)
def test_any_json_is_read_or_refused(value: object, features: object, geometry: object, crs: object) -> None:
    read_or_refused(json.dumps(value).encode())
    read_or_refused(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    one = {"type": "Feature", "properties": {"code": "25216"}, "geometry": geometry}
    read_or_refused(collection(one))
    read_or_refused(collection(one, feature([square()]), crs=crs))


@given(parts=st.lists(st.lists(RINGS, max_size=3), max_size=3), code=st.sampled_from(["25216", "25219"]))
def test_any_shape_is_read_or_refused(parts: list[Any], code: str) -> None:
    read_or_refused(collection(feature(parts, kind="MultiPolygon", code=code)))
