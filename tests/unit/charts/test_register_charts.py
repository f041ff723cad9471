"""Stages, points and criteria of communes fit for children, and the maps of play areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import polars as pl
import pytest

from dashboard.charts.criteria import CriteriaWords, criteria_heatmap_chart, ramp_fill, text_on
from dashboard.charts.export import (
    criteria_alternative,
    play_map_alternative,
    points_alternative,
    stages_alternative,
)
from dashboard.charts.layout import Style
from dashboard.charts.palette import LOOKS, Theme
from dashboard.charts.play_map import (
    HALO,
    HALO_WIDTH,
    MARK_IN_PITCH,
    MARKS_HEIGHT,
    MARKS_TOP,
    SHAPES,
    TILE_IN_TEXT,
    off_the_map,
    place_dots,
    play_outline_map_chart,
    play_tile_map_chart,
)
from dashboard.charts.points import PointsWords, points_chart
from dashboard.charts.stages import StagesWords, stages_chart

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Callable[..., list[dict[str, Any]]]

STAGES: Final = ("Chưa đăng ký", "Đã đăng ký", "Đã tự chấm", "Đã thẩm định", "Đã quyết định")
# Communes in reverse order, each with the stage where it stands and that stage's look.
WAYS: Final = ((13, "Long Phước", 2, 0, "not_reported"), (12, "Phước Bình", 1, 2, "no_target"))
STAGES_WORDS: Final = StagesWords(way="Tiến trình")
POINTS_WORDS: Final = PointsWords(axis="điểm")
CRITERIA_WORDS: Final = CriteriaWords(maximum="Điểm\ntối đa")
SAID: Final = {"tooltip_title": "Thác Mơ", "tooltip_lines": "Tự chấm: 812"}


def _stage(area_id: int, name: str, position: int, current: int, status: str) -> list[dict[str, Any]]:
    return [
        {
            "area_id": area_id,
            "area_label": name,
            "position": position,
            "stage": stage,
            "stage_label": label,
            "is_reached": stage <= current,
            "is_current": stage == current,
            "status": status if stage == current else "met",
            "date_label": f"0{stage}/10/2021" if 0 < stage <= current else "",
            **SAID,
        }
        for stage, label in enumerate(STAGES)
    ]


@pytest.fixture(scope="session")
def ways() -> pl.DataFrame:
    """Three communes at the first, the third and the last stage, in no order."""
    return pl.DataFrame(
        [row for way in (*WAYS, (11, "Thác Mơ", 0, 4, "off")) for row in _stage(*way)],
    )


@pytest.fixture(scope="session")
def scores() -> pl.DataFrame:
    """Four communes: below the threshold, without a total, without a threshold, with all points."""
    columns = ["area_id", "area_label", "position", "total", "threshold", "out_of", "status", "right_label"]
    return pl.DataFrame(
        [
            (12, "Phước Bình", 1, None, 850, 1000, "not_reported", "Chưa tự chấm"),
            (11, "Thác Mơ", 0, 812, 850, 1000, "off", "812 / 850\ncòn thiếu 38 điểm"),
            (13, "Long Phước", 2, 700, None, 1000, "incomplete", "700"),
            (14, "Sơn Giang", 3, 1000, 1000, 1000, "met", "1.000 / 1.000"),
        ],
        schema=columns,
        orient="row",
    ).with_columns(*(pl.lit(text).alias(name) for name, text in SAID.items()))


@pytest.fixture(scope="session")
def marks_given() -> pl.DataFrame:
    """Two criteria of two communes, one cell of each state."""
    return pl.DataFrame(
        [
            (10, "10 Giáo dục trẻ em", "100", 12, "Phước Bình", 1, "not_reported", None, "", False),
            (10, "10 Giáo dục trẻ em", "100", 11, "Thác Mơ", 0, "off", 0.0, "0", False),
            (2, "2 Khai sinh", "50", 12, "Phước Bình", 1, "no_target", 1.0, "50", True),
            (2, "2 Khai sinh", "50", 11, "Thác Mơ", 0, "no_target", 0.2, "10", False),
        ],
        schema=[
            "criterion",
            "criterion_label",
            "max_label",
            "area_id",
            "area_label",
            "column",
            "status",
            "share",
            "value_label",
            "is_recent",
        ],
        orient="row",
    ).with_columns(*(pl.lit(text).alias(name) for name, text in SAID.items()))


def _places(count: int, area_id: int = 11) -> pl.DataFrame:
    states = list(SHAPES)
    schema = {"area_id": pl.Int64, "place_id": pl.Int64, "state": pl.String}
    rows = [(area_id, place, states[place % len(states)]) for place in range(count)]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        *(pl.lit(text).alias(name) for name, text in SAID.items()),
    )


@pytest.fixture(scope="session")
def ground() -> dict[str, pl.DataFrame]:
    """A square and a triangle beside it with a place and a name each."""
    corners = {11: ((0, 0), (0, 1), (1, 1), (1, 0)), 12: ((1, 0), (2, 0), (1, 1))}
    rings = [
        (area, f"{area}-0", order, 107.0 + x / 10, 11.8 + y / 10, "met" if area == 11 else "not_reported")
        for area, ring in corners.items()
        for order, (x, y) in enumerate(ring)
    ]
    said = [pl.lit(text).alias(name) for name, text in SAID.items()]
    return {
        "rings": pl.DataFrame(
            rings, schema=["area_id", "ring", "order", "x", "y", "status"], orient="row"
        ).with_columns(*said),
        "dots": _places(2).with_columns(x=pl.lit(107.05), y=pl.lit(11.85)),
        "labels": pl.DataFrame(
            [(11, 107.05, 11.85, "Thác Mơ", "1/2", "met"), (12, 107.12, 11.83, "Phước Bình", "", "met")],
            schema=["area_id", "x", "y", "label", "value_label", "status"],
            orient="row",
        ),
    }


@pytest.fixture(scope="session")
def stages(ways: pl.DataFrame) -> Spec:
    spec: Spec = stages_chart(ways, words=STAGES_WORDS).to_dict()
    return spec


@pytest.fixture(scope="session")
def points(scores: pl.DataFrame) -> Spec:
    spec: Spec = points_chart(scores, words=POINTS_WORDS).to_dict()
    return spec


@pytest.fixture(scope="session")
def heatmap(marks_given: pl.DataFrame) -> Spec:
    spec: Spec = criteria_heatmap_chart(marks_given, words=CRITERIA_WORDS).to_dict()
    return spec


@pytest.fixture(scope="session")
def tile_map(tiles: pl.DataFrame) -> Spec:
    spec: Spec = play_tile_map_chart(tiles, _places(5)).to_dict()
    return spec


@pytest.fixture(scope="session")
def outline_map(ground: dict[str, pl.DataFrame]) -> Spec:
    spec: Spec = play_outline_map_chart(**ground, aspect=0.5).to_dict()
    return spec


def _chosen(spec: Spec) -> tuple[str, list[str]]:
    (chosen,) = spec["params"]
    return chosen["name"], chosen["select"]["fields"]


def _contrast(fill: str, text: str) -> float:
    """Contrast by WCAG, reckoned apart from the code under test."""
    dark, light = sorted(_luminance(colour) for colour in (fill, text))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Stages


def test_communes_go_downwards_in_their_order_and_stages_rightwards(stages: Spec, rows_of: Rows) -> None:
    rows = rows_of(stages, "rect")
    assert [row["area_id"] for row in rows[::5]] == [11, 12, 13]
    assert [row["stage"] for row in rows[:5]] == [0, 1, 2, 3, 4]


def test_a_stage_that_is_not_reached_is_hollow(stages: Spec, rows_of: Rows) -> None:
    page = Style().ink.page
    hollow = {(row["area_id"], row["stage"]) for row in rows_of(stages, "point") if row["fill"] == page}
    assert hollow == {(12, 3), (12, 4), (13, 1), (13, 2), (13, 3), (13, 4)}


def test_the_thick_line_ends_where_the_commune_stands(stages: Spec, rows_of: Rows) -> None:
    done = rows_of(stages, "line", 1)
    assert [row["stage"] for row in done if row["area_id"] == 12] == [0, 1, 2]
    assert len(rows_of(stages, "line")) == 15


def test_the_current_stage_is_larger_and_holds_a_symbol(stages: Spec, rows_of: Rows) -> None:
    assert [(row["area_id"], row["symbol"]) for row in rows_of(stages, "text")] == [
        (11, "✕"),
        (12, "●"),
        (13, "●"),
    ]
    sizes = {row["is_current"]: row["dot_size"] for row in rows_of(stages, "point")}
    assert sizes[True] > 2 * sizes[False]


def test_only_stages_with_a_date_show_one(stages: Spec, rows_of: Rows) -> None:
    assert [row["date_label"] for row in rows_of(stages, "text", 1) if row["area_id"] == 12] == [
        "01/10/2021",
        "02/10/2021",
    ]


def test_every_stage_has_its_heading_on_two_lines(stages: Spec) -> None:
    axis = stages["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == [0, 1, 2, 3, 4]
    assert '["Đã tự", "chấm"]' in axis["labelExpr"]


def test_names_of_communes_break_on_a_phone_only(stages: Spec) -> None:
    expression = stages["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    phone, wide = expression.split(" ? ")[1].split(" : ")
    assert '["Phước", "Bình"]' in phone
    assert '["Phước Bình"]' in wide


# Points


def test_points_are_drawn_from_nought_to_all_of_them(points: Spec) -> None:
    x = points["layer"][0]["encoding"]["x"]
    assert x["scale"]["domain"] == [0, 1000]
    assert x["axis"]["values"] == [0, 250, 500, 750, 1000]


def test_a_commune_without_a_total_has_no_bar_and_no_band(points: Spec, rows_of: Rows) -> None:
    assert [row["area_id"] for row in rows_of(points, "rect", 2)] == [11, 13, 14]
    assert {row["area_id"] for row in rows_of(points, "rect", 1)} == {11, 13, 14}
    assert '"Chưa tự chấm"' in points["layer"][-1]["encoding"]["y"]["axis"]["labelExpr"]


def test_the_band_changes_its_grey_at_the_threshold(points: Spec, rows_of: Rows) -> None:
    edges = {(row["area_id"], row["grey"]): (row["start"], row["end"]) for row in rows_of(points, "rect", 1)}
    far, near, _ = Style().ink.bands
    assert (edges[11, far], edges[11, near]) == ((0, 850), (850, 1000))
    assert (edges[13, far], edges[14, far]) == ((0, 1000), (0, 1000))


def test_a_threshold_is_three_pixels_wide_and_only_where_there_is_one(points: Spec, rows_of: Rows) -> None:
    assert [row["threshold"] for row in rows_of(points, "rule")] == [850, 1000]
    assert next(la for la in points["layer"] if la["mark"]["type"] == "rule")["mark"]["strokeWidth"] == 3


# Criteria


def test_criteria_follow_their_numbers_and_communes_their_columns(heatmap: Spec, rows_of: Rows) -> None:
    cells = [(row["criterion"], row["area_id"]) for row in rows_of(heatmap, "rect")]
    assert cells == [(2, 11), (2, 12), (10, 11), (10, 12)]


def test_only_scored_cells_are_coloured_by_their_share(heatmap: Spec, rows_of: Rows) -> None:
    fills = [row["fill"] for row in rows_of(heatmap, "rect")]
    assert fills == [ramp_fill(0.2), ramp_fill(1), LOOKS["off"].fill, LOOKS["not_reported"].fill]


def test_an_off_cell_says_so_with_a_symbol(heatmap: Spec, rows_of: Rows) -> None:
    assert [row["text"] for row in rows_of(heatmap, "text")] == ["10", "50", "0 ✕", ""]


def test_an_unscored_cell_has_a_broken_edge_and_a_recent_one_a_ring(heatmap: Spec, rows_of: Rows) -> None:
    rows = rows_of(heatmap, "rect")
    assert [row["dash"] for row in rows] == ["1,0", "1,0", "1,0", "5,3"]
    assert [row["stroke"] == Style().ink.recent for row in rows] == [False, True, False, False]


def test_on_a_phone_only_the_numbers_of_the_criteria_remain(heatmap: Spec) -> None:
    phone, wide = heatmap["layer"][0]["encoding"]["y"]["axis"]["labelExpr"].split(" ? ")[1].split(" : ")
    assert '"0": ["2"]' in phone
    assert '["10 Giáo dục trẻ em"]' in wide


@pytest.mark.parametrize("percent", range(101))
def test_text_stands_out_from_every_shade(percent: int) -> None:
    fill = ramp_fill(percent / 100)
    assert _contrast(fill, text_on(fill)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_every_cell_of_both_themes(
    marks_given: pl.DataFrame, rows_of: Rows, theme: Theme
) -> None:
    spec = criteria_heatmap_chart(marks_given, words=CRITERIA_WORDS, style=Style(theme=theme)).to_dict()
    assert all(_contrast(row["fill"], row["ink"]) >= 4.5 for row in rows_of(spec, "rect"))


def test_more_points_are_always_darker() -> None:
    shades = [_luminance(ramp_fill(percent / 100)) for percent in range(101)]
    assert shades == sorted(shades, reverse=True)


def test_a_share_beyond_its_bounds_has_the_colour_of_the_bound() -> None:
    assert (ramp_fill(-1), ramp_fill(1.2)) == (ramp_fill(0), ramp_fill(1))


# Maps


@pytest.mark.parametrize("count", range(31))
def test_marks_stay_in_the_lower_part_of_their_tile_and_apart(count: int) -> None:
    corner = pl.DataFrame({"area_id": [11], "x": [2.0], "y": [1.0]})
    placed = place_dots(_places(count), corner)
    assert placed.height == count
    halo = HALO_WIDTH / (13 * TILE_IN_TEXT)
    for row in placed.iter_rows(named=True):
        reach = (row["pitch"] * MARK_IN_PITCH + halo) / 2
        assert row["x"] - reach >= 2.0 + 0.03
        assert row["x"] + reach <= 3.0 - 0.03
        assert row["y"] - row["pitch"] / 2 + 1e-9 >= 1.0 + MARKS_TOP
        assert row["y"] + row["pitch"] / 2 <= 1.0 + MARKS_TOP + MARKS_HEIGHT + 1e-9
    assert placed.unique(["x", "y"]).height == count


def test_up_to_twelve_places_are_marked_at_full_size() -> None:
    corner = pl.DataFrame({"area_id": [11], "x": [0.0], "y": [0.0]})
    sizes = [place_dots(_places(count), corner)["pitch"][0] for count in (1, 12, 13, 30)]
    assert sizes[0] == sizes[1] > sizes[2] > sizes[3]


def test_the_condition_of_a_place_is_a_shape_and_a_colour(tile_map: Spec, rows_of: Rows) -> None:
    marks = {row["state"]: (row["shape"], row["fill"]) for row in rows_of(tile_map, "point")}
    assert [shape for shape, _ in marks.values()] == list(SHAPES.values())
    assert len({fill for _, fill in marks.values()}) == len(SHAPES)


def test_every_mark_lies_on_a_white_halo(tile_map: Spec) -> None:
    halo, mark = (layer for layer in tile_map["layer"] if layer["mark"]["type"] == "point")
    assert halo["mark"]["stroke"] == HALO
    assert halo["mark"]["strokeWidth"] > mark["mark"]["strokeWidth"]


def test_tiles_of_the_play_map_are_squares(tile_map: Spec) -> None:
    encoding = tile_map["layer"][0]["encoding"]
    columns, rows = encoding["x"]["scale"]["domain"][1], encoding["y"]["scale"]["domain"][0]
    assert tile_map["width"] / columns == tile_map["height"] / rows


def test_marks_share_the_scales_of_their_tiles(tile_map: Spec) -> None:
    scales = {str(layer["encoding"][axis]["scale"]["domain"]) for layer in tile_map["layer"] for axis in "xy"}
    assert len(scales) == 2


def test_an_outline_map_keeps_its_shape_on_the_ground(outline_map: Spec) -> None:
    assert outline_map["height"] == pytest.approx(outline_map["width"] * 0.5)
    across, up = (outline_map["layer"][0]["encoding"][axis]["scale"]["domain"] for axis in "xy")
    margins = [(across[1] - across[0]) / 0.2, (up[1] - up[0]) / 0.1]
    assert margins[0] == pytest.approx(margins[1])


def test_areas_are_closed_rings_in_their_order(outline_map: Spec, rows_of: Rows) -> None:
    rows = [row for row in rows_of(outline_map, "area") if row["area_id"] == 11]
    assert [row["order"] for row in rows] == [0, 1, 2, 3, 4]
    assert (rows[0]["x"], rows[0]["y"]) == (rows[-1]["x"], rows[-1]["y"])
    assert {row["base"] for row in rows} == {rows[0]["y"]}


def test_an_area_is_not_split_at_its_corners(outline_map: Spec) -> None:
    encoding = outline_map["layer"][0]["encoding"]
    assert (encoding["order"]["field"], encoding["detail"]["field"]) == ("ring", "ring")


def test_outlines_are_drawn_in_the_same_order(outline_map: Spec) -> None:
    (line,) = (layer for layer in outline_map["layer"] if layer["mark"]["type"] == "line")
    assert line["mark"]["interpolate"] == "linear-closed"
    assert line["encoding"]["order"]["field"] == "order"


def test_an_outline_without_an_edge_of_its_own_has_the_page_between(outline_map: Spec, rows_of: Rows) -> None:
    edges = {row["status"]: row["edge"] for row in rows_of(outline_map, "line")}
    assert edges == {"met": Style().ink.page, "not_reported": LOOKS["not_reported"].outline}


def test_an_outline_map_writes_name_and_value(outline_map: Spec, rows_of: Rows) -> None:
    assert [row["text"] for row in rows_of(outline_map, "text")] == ["Thác Mơ\n1/2 ✓", "Phước Bình\n✓"]


def _somewhere(*positions: tuple[float | None, float | None]) -> pl.DataFrame:
    schema = {"x": pl.Float64, "y": pl.Float64}
    return _places(len(positions)).hstack(pl.DataFrame(positions, schema=schema, orient="row"))


@pytest.mark.parametrize(
    "position", [(107.05, 1.185), (10.705, 11.85), (107.05, None), (None, 11.85), (107.05, float("nan"))]
)
def test_a_place_off_the_outlines_does_not_stretch_the_map(
    ground: dict[str, pl.DataFrame], rows_of: Rows, position: tuple[float | None, float | None]
) -> None:
    dots = _somewhere((107.05, 11.85), position)
    spec = play_outline_map_chart(**{**ground, "dots": dots}, aspect=0.5).to_dict()
    assert [row["place_id"] for row in rows_of(spec, "point")] == [0]
    assert off_the_map(dots, ground["rings"]) == 1


def test_a_place_just_beyond_an_outline_is_on_the_map(ground: dict[str, pl.DataFrame]) -> None:
    assert off_the_map(_somewhere((106.995, 11.85), (107.205, 11.902)), ground["rings"]) == 0
    assert off_the_map(_somewhere((106.99, 11.85), (107.05, 11.91)), ground["rings"]) == 2


# All of them


@pytest.mark.parametrize("name", ["stages", "points", "tile_map", "outline_map"])
def test_a_click_selects_the_commune(name: str, request: pytest.FixtureRequest) -> None:
    assert _chosen(request.getfixturevalue(name)) == ("area", ["area_id"])


def test_a_click_on_a_criterion_selects_its_cell(heatmap: Spec) -> None:
    assert _chosen(heatmap) == ("cell", ["criterion", "area_id"])


@pytest.mark.parametrize("height", [None, 0])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_is_valid_in_both_themes_with_and_without_rows(
    ways: pl.DataFrame,
    scores: pl.DataFrame,
    marks_given: pl.DataFrame,
    tiles: pl.DataFrame,
    ground: dict[str, pl.DataFrame],
    theme: Theme,
    height: int | None,
) -> None:
    style = Style(theme=theme)
    some = {name: frame[:height] for name, frame in ground.items()}
    charts = [
        stages_chart(ways[:height], words=STAGES_WORDS, style=style),
        points_chart(scores[:height], words=POINTS_WORDS, style=style),
        criteria_heatmap_chart(marks_given[:height], words=CRITERIA_WORDS, style=style),
        play_tile_map_chart(tiles[:height], _places(3)[:height], style=style),
        play_outline_map_chart(**some, style=style, aspect=0.8),
    ]
    assert all(chart.to_dict()["layer"] for chart in charts)


def test_no_table_needs_whole_numbers_of_64_bits(
    ways: pl.DataFrame, scores: pl.DataFrame, marks_given: pl.DataFrame
) -> None:
    charts = [
        stages_chart(ways, words=STAGES_WORDS),
        points_chart(scores, words=POINTS_WORDS),
        criteria_heatmap_chart(marks_given, words=CRITERIA_WORDS),
        play_tile_map_chart(_tiles_of(scores), _places(3)),
    ]
    tables = [layer.data for chart in charts for layer in chart.layer if isinstance(layer.data, pl.DataFrame)]
    assert tables
    assert not [name for table in tables for name, kind in table.schema.items() if kind == pl.Int64]


def _tiles_of(scores: pl.DataFrame) -> pl.DataFrame:
    return scores.select(
        "area_id",
        "status",
        *SAID,
        row="position",
        column="position",
        label="area_label",
        value_label="right_label",
        status_word=pl.lit("Đạt"),
    )


# In words


def test_stages_in_words_say_where_every_commune_stands(ways: pl.DataFrame) -> None:
    assert stages_alternative(ways, title="Tiến trình") == (
        "Tiến trình: Thác Mơ Đã quyết định 04/10/2021; Phước Bình Đã tự chấm 02/10/2021; "
        "Long Phước Chưa đăng ký."
    )


def test_points_in_words_follow_the_rows(scores: pl.DataFrame) -> None:
    said = points_alternative(scores, title="Điểm")
    assert said.startswith("Điểm: Thác Mơ 812 / 850 còn thiếu 38 điểm; Phước Bình Chưa tự chấm;")


def test_criteria_in_words_are_those_that_are_off(marks_given: pl.DataFrame) -> None:
    assert criteria_alternative(marks_given, title="Mất điểm") == "Mất điểm: 10 Giáo dục trẻ em Thác Mơ 0."
    assert criteria_alternative(marks_given[:0], title="Mất điểm") == "Mất điểm."


def test_a_play_map_in_words_says_values_or_states(
    tiles: pl.DataFrame, ground: dict[str, pl.DataFrame]
) -> None:
    assert "Phước Bình Chưa nộp" in play_map_alternative(tiles, title="Điểm vui chơi")
    assert play_map_alternative(ground["labels"], title="Điểm") == "Điểm: Thác Mơ 1/2; Phước Bình."
