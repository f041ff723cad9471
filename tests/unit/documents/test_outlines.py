"""Outlines that an office uploads: what would draw a wrong map is refused, the rest is simplified."""

from __future__ import annotations

import json
from io import BytesIO
from math import cos, pi, sin
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon

from dashboard.documents.outline_files import MOST_FEATURES, read_outlines
from dashboard.documents.outline_shapes import MOST_PARTS, MOST_POINTS, MOST_POINTS_READ
from dashboard.documents.outlines import MOST_BYTES, KnownArea, OutlineProblem, Outlines, OutlinesRefused

AREAS = (
    KnownArea("thac-mo", "25216", "Thác Mơ", 107.0335, 11.8359),
    KnownArea("long-thuy", "25217", "Long Thủy", 106.9984, 11.8567),
    KnownArea("phuoc-binh", "25219", "Phước Bình", None, None),
)
KNOWN = {area.code: area for area in AREAS}
# For outlines larger than the ward: they would cover the middle of its neighbour.
ALONE = {"25216": AREAS[0]}
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
    """VN-2000 in the zone of the province, east before north as programs write it, or the other way round."""
    for metres in (
        [[557_000 + 100 * x, 1_308_000 + y] for x, y in square()],
        [[1_308_000 + y, 557_000.0] for _x, y in square()],
    ):
        found = refusal(collection(feature([metres])))
        assert (found.problem, found.params) == (OutlineProblem.metres, {"name": "Thác Mơ"})


def test_degrees_of_no_place_on_earth_are_refused() -> None:
    assert refusal(collection(feature([square(200, 100)]))).problem is OutlineProblem.wrong_projection


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


def area_of(rings: Any) -> float:
    total: float = sum(Polygon(ring).area for ring in rings)
    return total


def test_features_of_one_commune_are_its_parts() -> None:
    """Layers of boundaries often have a feature for each part, some of them touching, some apart."""
    found = read_outlines(
        collection(
            feature([square()], ma="25216", ten="Thác Mơ"),
            feature([square(X + 0.02, Y)], ma=25216.0, ten="P. Thac Mo"),
            feature([square(X - 0.05, Y)], ma="25216.0", ten="KHU PHỐ 5"),
        ),
        ALONE,
    )
    assert len(found.rings["thac-mo"]) == 2
    assert area_of(found.rings["thac-mo"]) == pytest.approx(3 * 0.02**2)


def test_a_part_in_the_hole_of_another_is_no_second_version() -> None:
    content = collection(
        feature([square(side=0.06), square(side=0.02)], code="25216"),
        feature([square(side=0.02)], code="25216"),
    )
    assert area_of(read_outlines(content, ALONE).rings["thac-mo"]) == pytest.approx(0.06**2)


@pytest.mark.parametrize("other", [square(), square(X + 0.005, Y), square(side=0.04)])
def test_two_versions_of_one_commune_are_refused(other: list[list[float]]) -> None:
    found = refusal(collection(feature([square()]), feature([other])))
    assert (found.problem, found.params) == (OutlineProblem.twice, {"name": "Thác Mơ"})


@pytest.mark.parametrize("code", ["25216.0", "25216.00", "025216", 25216, 25216.0, " 25216\t"])
def test_a_code_is_the_same_however_a_program_stored_it(code: object) -> None:
    assert "thac-mo" in read_outlines(collection(feature([square()], bat_ky=code)), KNOWN).rings
    by_id = {**feature([square()], ten="x"), "id": code}
    assert "thac-mo" in read_outlines(collection(by_id), KNOWN).rings


@pytest.mark.parametrize(
    "code", ["25216.5", "2521", "252160", "-25216", "２５２１６x", "1" * 5000, None, [25216], True]
)
def test_what_is_nearly_a_code_is_none(code: object) -> None:
    assert refusal(collection(feature([square()], ma=code))).problem is OutlineProblem.no_match


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "Phước Long", "fullName": "Phường Phước Long"},
        {"ten_xa": "Xã Đắk Ơ"},
        {"NAME_3": "Long Thuy"},
        {"ward": "Phuoc Long Ward"},
        {"bất kỳ": "P. Tân Đồng"},
        {"ten": "Phước Bình"},
    ],
)
def test_a_code_that_another_ward_carries_is_refused_by_the_name(properties: dict[str, object]) -> None:
    """Since July 2025 25217 and 25220 are those of other wards."""
    found = refusal(collection(feature([square()], code="25216", **properties)))
    assert (found.problem, found.params["name"]) == (OutlineProblem.other_name, "Thác Mơ")
    assert found.params["other"] in properties.values()


@pytest.mark.parametrize(
    "name",
    [
        "Thác Mơ",
        "Phường Thác Mơ",
        "PHUONG THAC MO",
        "Thac Mo",
        "Thac Mo ward",
        "P. Thác Mơ",
        "Tha\u0301c Mơ",
        "",
        "??c M?",
    ],
)
def test_its_own_name_in_any_writing_is_none_of_another(name: str) -> None:
    content = collection(
        feature([square()], code="25216", ten=name, huyen="Thị xã Phước Long", tinh="Bình Phước")
    )
    assert read_outlines(content, KNOWN).rings


def test_an_old_name_beside_its_own_does_no_harm() -> None:
    content = collection(feature([square()], code="25216", ten="Thác Mơ", truoc_day="Xã Phước Tín"))
    assert read_outlines(content, KNOWN).rings


SIZED = {"25216": KnownArea("thac-mo", "25216", "Thác Mơ", X, Y, 20.47)}


def test_an_outline_of_more_than_double_the_size_is_refused() -> None:
    """0.04° make about 19 km², 0.06° some 44."""
    assert read_outlines(collection(feature([square(side=0.04)])), SIZED).small == ()
    with pytest.raises(OutlinesRefused) as caught:
        read_outlines(collection(feature([square(side=0.06)])), SIZED)
    assert caught.value.problem is OutlineProblem.wrong_size
    assert caught.value.params["known_km2"] == 20.47


def test_an_outline_that_may_lack_a_part_is_drawn_and_named() -> None:
    found = read_outlines(collection(feature([square(side=0.025)])), SIZED)
    assert found.small == ("Thác Mơ",)
    assert Outlines.from_json(found.to_json()) == found


def test_an_outline_away_from_its_centre_is_refused() -> None:
    found = refusal(collection(feature([square(X - 0.1, Y)])))
    assert (found.problem, found.params) == (OutlineProblem.off_centre, {"name": "Thác Mơ"})


def test_an_outline_over_the_middle_of_a_commune_that_is_not_drawn_is_refused() -> None:
    found = refusal(collection(feature([square(side=0.12)])))
    assert found.problem is OutlineProblem.holds_another
    assert found.params == {"name": "Thác Mơ", "other": "Long Thủy"}


def test_outlines_that_lie_over_each_other_are_refused() -> None:
    x, y = 106.9984, 11.8567
    found = refusal(
        collection(feature([square(side=0.06)]), feature([square(x + 0.01, y, 0.05)], code="25217"))
    )
    assert found.problem is OutlineProblem.overlap
    assert found.params == {"name": "Thác Mơ", "other": "Long Thủy"}


def test_shapes_in_a_collection_and_with_heights_are_read() -> None:
    high = [[x, y, 120.5] for x, y in square()]
    inner = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [high]}]}
    outer = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [X, Y]}, inner]}
    content = collection({"type": "Feature", "properties": {"ma": "25216"}, "geometry": outer})
    assert area_of(read_outlines(content, KNOWN).rings["thac-mo"]) == pytest.approx(0.02**2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_unicode_writing_is_read(encoding: str) -> None:
    content = json.dumps(
        {"type": "FeatureCollection", "features": [feature([square()], ma="25216", ten="Thác Mơ")]},
        ensure_ascii=False,
    )
    assert read_outlines(content.encode(encoding), KNOWN).rings


@pytest.mark.parametrize("sign", ["", "\x1e"])
def test_a_feature_on_each_line_is_read(sign: str) -> None:
    lines = [sign + json.dumps(feature([square()], ma=code)) for code in ("25216", "99999")]
    assert list(read_outlines(("\n".join(lines) + "\n").encode(), KNOWN).rings) == ["thac-mo"]


def test_one_feature_alone_is_read() -> None:
    assert read_outlines(json.dumps(feature([square()])).encode(), KNOWN).rings


def test_so_many_features_are_refused() -> None:
    content = b'{"type": "FeatureCollection", "features": [' + b"{}," * MOST_FEATURES + b"{}]}"
    assert refusal(content).problem is OutlineProblem.too_many_features


@pytest.mark.timeout(30)
def test_a_projection_of_any_length_is_looked_at_once() -> None:
    content = collection(feature([square()]), crs={"properties": {"name": "EPSG:" * 900_000}})
    assert refusal(content).problem is OutlineProblem.wrong_projection


BOW = [[X, Y], [X + 0.01, Y + 0.01], [X + 0.01, Y], [X, Y + 0.01], [X, Y]]


@pytest.mark.parametrize(
    ("coordinates", "problem"),
    [
        ([], OutlineProblem.empty_shape),
        ([[]], OutlineProblem.empty_shape),
        ([[[X, Y], [X, Y]]], OutlineProblem.empty_shape),
        ([square()[:3]], OutlineProblem.not_closed),
        ([square()[:4]], OutlineProblem.not_closed),
        ([BOW], OutlineProblem.invalid_shape),
        ([[[X, Y]] * 5], OutlineProblem.invalid_shape),
        ([square(), square(X + 0.1, Y)], OutlineProblem.invalid_shape),
        ([square(side=1e-8)], OutlineProblem.empty_shape),
    ],
)
def test_a_shape_that_cannot_be_is_refused_by_its_cause(coordinates: object, problem: OutlineProblem) -> None:
    found = refusal(collection(feature(coordinates)))
    assert (found.problem, found.params) == (problem, {"name": "Thác Mơ"})


def test_a_ring_that_rounding_left_open_is_closed() -> None:
    ring = square()
    ring[-1] = [ring[-1][0] + 1e-9, ring[-1][1]]
    assert read_outlines(collection(feature([ring])), KNOWN).rings


def archive_of(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", OutlineProblem.empty_file),
        (b"\n \n", OutlineProblem.empty_file),
        (b"{", OutlineProblem.not_json),
        (b"\xff\xfe\x00", OutlineProblem.not_json),
        (b"[1,]", OutlineProblem.not_json),
        (b"code,wkt\n25216,POLYGON", OutlineProblem.not_json),
        (b"PK\x03\x04", OutlineProblem.archive),
        (archive_of("a.txt"), OutlineProblem.archive),
        (archive_of("Ranh/xa.SHP", "Ranh/xa.dbf"), OutlineProblem.shapefile),
        (archive_of("doc.kml"), OutlineProblem.kml),
        ("<kml>Thác Mơ</kml>".encode(), OutlineProblem.kml),
        (b'<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">', OutlineProblem.kml),
        (b"\0\0\x27\x0a" + b"\0" * 96, OutlineProblem.shapefile),
        (b"SQLite format 3\0" + b"\0" * 100, OutlineProblem.geopackage),
        (b'{"type": "Topology", "objects": {}}', OutlineProblem.topojson),
        (collection(), OutlineProblem.no_polygons),
        (collection(feature(square(), kind="LineString")), OutlineProblem.no_polygons),
        (collection({"type": "Feature", "properties": None, "geometry": None}), OutlineProblem.no_polygons),
    ],
)
def test_what_is_something_else_is_called_what_it_is(content: bytes, problem: OutlineProblem) -> None:
    assert refusal(content).problem is problem


@pytest.mark.parametrize(
    "content",
    [
        b"1",
        b"null",
        b"NaN",
        b"[" * 100_000,
        b"1" * 5000,
        b"{}",
        b'{"type": "FeatureCollection"}',
        collection(1),
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
    found = read_outlines(collection(feature(ring_with_island, kind="MultiPolygon")), ALONE)
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
    (ring,) = read_outlines(collection(feature([outline])), ALONE).rings["thac-mo"]
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
