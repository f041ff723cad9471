"""Charts as files and as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from dashboard.charts.bullet import BulletWords, bullet_chart
from dashboard.charts.export import (
    EXPORT_WIDTH,
    bullet_alternative,
    scorecard_alternative,
    tile_map_alternative,
    to_png,
    to_svg,
    trend_alternative,
)

if TYPE_CHECKING:
    import altair as alt


@pytest.fixture(scope="module")
def chart(bullets: pl.DataFrame) -> alt.LayerChart:
    return bullet_chart(bullets, words=BulletWords(short_axis="trục từ 80%"))


@pytest.fixture(scope="module")
def svg(chart: alt.LayerChart) -> str:
    """Drawn once: starting the renderer takes a third of a second."""
    return to_svg(chart)


@pytest.fixture(scope="module")
def png(chart: alt.LayerChart) -> bytes:
    return to_png(chart, scale=1, width=500)


def test_an_svg_has_a_width_of_its_own_and_the_names_in_it(svg: str) -> None:
    assert svg.startswith("<svg")
    assert f'width="{EXPORT_WIDTH}"' in svg
    assert "Khai sinh" in svg


@pytest.mark.parametrize("name", ["<b>x</b> & <a>", "*a* $x^2$ 'b' \"c\"", "]]> <!-- &amp; =1+1", "a\\b"])
def test_signs_in_a_name_are_letters_of_a_picture(name: str, bullets: pl.DataFrame) -> None:
    """A picture is a document of its own: what is no element there was taken for one would be seen outside."""
    named = bullets.with_columns(indicator_label=pl.lit(name))
    picture = to_svg(bullet_chart(named, words=BulletWords(short_axis=name)))
    root = ET.fromstring(picture)  # noqa: S314 - our own
    texts = {"".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text")}
    assert name in texts
    assert not [element.tag for element in root.iter() if element.tag.endswith(("}b", "}script", "}a"))]


def test_a_png_is_drawn_at_the_asked_width_and_scale(png: bytes) -> None:
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 500


def test_a_scorecard_in_words_counts_its_states(cells: pl.DataFrame) -> None:
    said = scorecard_alternative(cells.filter(cells["indicator_code"] == "BHYT"), title="Bảng điểm")
    assert said == "Bảng điểm: 2 Gần đạt, 1 Đạt."


def test_a_bullet_graph_in_words_follows_the_plan(bullets: pl.DataFrame) -> None:
    said = bullet_alternative(bullets, title="Toàn thị xã")
    assert said.startswith("Toàn thị xã: Thẻ BHYT 92,0% / 90%; Khai sinh 97,3%")


def test_a_trend_in_words_says_its_ends(course: pl.DataFrame) -> None:
    assert trend_alternative(course, title="Khai sinh") == "Khai sinh: Năm 2019 62,0%; Năm 2021 97,0%."


def test_a_tile_map_in_words_names_every_area(tiles: pl.DataFrame) -> None:
    said = tile_map_alternative(tiles, title="Bản đồ")
    assert said == "Bản đồ: Thác Mơ 100%; Phước Bình Chưa nộp; Long Phước 97,3%."


def test_nothing_to_draw_is_a_title_alone(tiles: pl.DataFrame) -> None:
    assert tile_map_alternative(tiles.head(0), title="Bản đồ") == "Bản đồ."
