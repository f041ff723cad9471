"""Small frames that stand for what the pages hand to the charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dashboard.charts.bullet import BulletWords, bullet_chart
from dashboard.charts.scorecard import ScorecardWords, scorecard_chart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INDICATORS = (
    ("KS", "Trẻ em được đăng ký khai sinh đúng hạn", 20),
    ("BHYT", "Thẻ BHYT", 10),
    ("BOI", "Biết bơi", 30),
)
AREAS = ((11, "Thác Mơ", 0, False), (12, "Phước Tín", 1, False), (1, "Thị xã", 2, True))
STATES = {
    ("BHYT", 11): ("met", "100%", "Đạt"),
    ("BHYT", 12): ("near", "97,3%", "Gần đạt"),
    ("BHYT", 1): ("near", "98,1%", "Gần đạt"),
    ("KS", 11): ("off", "81,0%", "Chưa đạt"),
    ("KS", 12): ("not_reported", "", "Chưa nộp"),
    ("BOI", 11): ("nil", "", "Không phát sinh"),
    ("BOI", 12): ("no_baseline", "35,8%", "Chưa có năm trước"),
}
REPORTS = (
    ("Năm 2019", 0.62, "62,0%"),
    ("6 tháng 2020", None, ""),
    ("Năm 2020", 0.83, "83,0%"),
    ("Năm 2021", 0.97, "97,0%"),
)


@pytest.fixture(scope="session")
def rows_of() -> Callable[..., list[dict[str, Any]]]:
    """Find the rows of data behind the first, or the nth, layer drawn with a mark."""

    def find(spec: dict[str, Any], mark: str, nth: int = 0) -> list[dict[str, Any]]:
        layer = [layer for layer in spec["layer"] if layer["mark"]["type"] == mark][nth]
        rows: list[dict[str, Any]] = spec["datasets"][layer.get("data", spec.get("data"))["name"]]
        return rows

    return find


def _cell(indicator: tuple[str, str, int], area: tuple[int, str, int, bool]) -> dict[str, Any]:
    code, label, position = indicator
    area_id, area_label, column, is_town = area
    status, value, word = STATES.get((code, area_id), ("off", "88,8%", "Chưa đạt"))
    return {
        "indicator_code": code,
        "indicator_label": label,
        "target_label": "100%",
        "position": position,
        "area_id": area_id,
        "area_label": area_label,
        "column": column,
        "is_town": is_town,
        "status": status,
        "value_label": value,
        "status_word": word,
        "tooltip_title": f"{label} · {area_label}",
        "tooltip_lines": "Tử số: 36\nMẫu số: 37",
        "is_recent": (code, area_id) == ("KS", 11),
    }


@pytest.fixture(scope="session")
def cells() -> pl.DataFrame:
    """Three indicators, two communes and the town, in no order."""
    return pl.DataFrame([_cell(indicator, area) for area in reversed(AREAS) for indicator in INDICATORS])


@pytest.fixture(scope="session")
def reports() -> pl.DataFrame:
    """Town's shares of two indicators over three reports, one of them missing."""
    shares: Iterable[tuple[str, int, int, float | None]] = (
        ("BHYT", 10, 0, 0.90),
        ("BHYT", 10, 1, None),
        ("BHYT", 10, 2, 0.98),
        ("KS", 20, 0, 0.800),
        ("KS", 20, 2, 0.801),
    )
    return pl.DataFrame(list(shares), schema=["indicator_code", "position", "step", "share"], orient="row")


@pytest.fixture(scope="session")
def bullets() -> pl.DataFrame:
    """Four indicators: reached, near, without a report, without a target."""
    return pl.DataFrame(
        [
            ("KS", "Khai sinh", 20, 0.973, 1.0, 0.95, 0.7, "near", "97,3% / 100% · còn 37 em"),
            ("BHYT", "Thẻ BHYT", 10, 0.92, 0.9, 0.85, None, "met", "92,0% / 90%"),
            ("MG", "Mẫu giáo", 30, None, 1.0, 0.95, None, "not_reported", "Chưa nộp"),
            ("BOI", "Biết bơi", 40, 0.358, None, None, 0.31, "no_baseline", "35,8% / ↑"),
        ],
        schema=[
            "indicator_code",
            "indicator_label",
            "position",
            "share",
            "target",
            "near",
            "last",
            "status",
            "right_label",
        ],
        orient="row",
    )


@pytest.fixture(scope="session")
def course() -> pl.DataFrame:
    """Four reports of one indicator against a target that rises."""
    rows = [(step, *report, 0.8 if step < 2 else 1.0) for step, report in enumerate(REPORTS)]
    return pl.DataFrame(rows, schema=["step", "period_label", "share", "value_label", "target"], orient="row")


@pytest.fixture(scope="session")
def tiles() -> pl.DataFrame:
    """Three communes on a grid that does not begin at nought."""
    return pl.DataFrame(
        [
            (11, 1, 2, "Thác Mơ", "met", "100%", "Đạt", "Thác Mơ", ""),
            (12, 2, 3, "Phước Bình", "not_reported", "", "Chưa nộp", "Phước Bình", ""),
            (13, 3, 2, "Long Phước", "near", "97,3%", "Gần đạt", "Long Phước", ""),
        ],
        schema=[
            "area_id",
            "row",
            "column",
            "label",
            "status",
            "value_label",
            "status_word",
            "tooltip_title",
            "tooltip_lines",
        ],
        orient="row",
    )


@pytest.fixture(scope="session")
def scorecard(cells: pl.DataFrame, reports: pl.DataFrame) -> dict[str, Any]:
    """Specification of the scorecard: built once, because Altair checks all of it."""
    spec: dict[str, Any] = scorecard_chart(
        cells,
        words=ScorecardWords(target="Mục tiêu", trend="Diễn biến"),
        trend=reports,
    ).to_dict()
    return spec


@pytest.fixture(scope="session")
def bullet(bullets: pl.DataFrame) -> dict[str, Any]:
    """Specification of the bullet graph."""
    spec: dict[str, Any] = bullet_chart(bullets, words=BulletWords(short_axis="trục từ 80%")).to_dict()
    return spec
