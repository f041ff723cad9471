"""No figure of the overview is taken for more than it is: silence, drafts, no figure yet, last year's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.permissions import Sight
from dashboard.ui.cell_notes import NAMES_SHOWN, named, notes, silent_note
from dashboard.ui.overview import _bullet_legend, _bullet_rows, _table
from dashboard.ui.places import _steps
from dashboard.views.overview import Overview, overview
from db.tables import Area, Figure, Indicator, Period, Split

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database


def seen(year: int = 2021, part: str = "year") -> Overview:
    found = overview(year, part, "vi", Sight(is_everywhere=True))
    assert found is not None
    return found


def cell(found: Overview, code: str, area: str) -> dict[str, Any]:
    wanted = (pl.col("code") == code) & (pl.col("area_name") == area)
    return found.cells.row(by_predicate=wanted, named=True)


def town(found: Overview, code: str) -> dict[str, Any]:
    return found.town.row(by_predicate=pl.col("code") == code, named=True)


def test_five_that_said_yes_are_no_failure_while_two_are_silent(demonstration: Database) -> None:
    found = seen()
    plan = town(found, "T1")
    assert (plan["numerator"], plan["denominator"], plan["status"]) == (5, 5, "met")
    assert plan["is_provisional"]
    assert silent_note(found, plan) == "2 xã, phường chưa trả lời: Long Giang, Phước Tín"
    said = "\n".join(notes(found, plan))
    assert "chưa nộp: Long Giang, Phước Tín" in said
    assert "tạm tính, gồm số liệu của báo cáo chưa nộp: Long Thủy, Phước Bình" in said


def test_a_draft_is_provisional_and_a_submitted_figure_and_a_register_are_not(
    demonstration: Database,
) -> None:
    found = seen()
    states = {
        area: cell(found, "T1", area)["figure_state"] for area in ("Thác Mơ", "Long Thủy", "Long Giang")
    }
    assert states == {"Thác Mơ": "submitted", "Long Thủy": "draft", "Long Giang": None}
    register = cell(found, "T8", "Long Thủy")
    assert (register["figure_state"], register["is_provisional"]) == ("register", False)
    assert not seen(part="half").is_provisional


def test_no_figure_yet_is_neither_silence_nor_an_answer_that_counts(demonstration: Database) -> None:
    with demonstration.write() as transaction:
        session = transaction.session
        figure = session.scalars(
            select(Figure)
            .join(Split, col(Split.id) == col(Figure.split_id))
            .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
            .join(Area, col(Area.id) == col(Figure.area_id))
            .join(Period, col(Period.id) == col(Figure.period_id))
            .where(col(Indicator.code) == "T1", col(Area.slug) == "thac-mo")
            .where(col(Period.year) == 2021, col(Period.part) == "year")
        ).one()
        figure.answer, figure.numerator, figure.denominator = "not_reported", None, None
    found = seen()
    assert cell(found, "T1", "Thác Mơ")["status"] == "no_figure"
    assert cell(found, "T1", "Long Giang")["status"] == "not_reported"
    plan = town(found, "T1")
    assert (plan["numerator"], plan["denominator"]) == (4, 4)
    assert "chưa có số liệu: Thác Mơ" in notes(found, plan)


def test_what_does_not_apply_leaves_the_denominator_with_a_word_about_it(demonstration: Database) -> None:
    found = seen(2020)
    registered = town(found, "T8")
    assert (registered["denominator"], registered["elsewhere"], registered["expected"]) == (6, 1, 7)
    assert notes(found, registered) == ["không áp dụng, không tính vào mẫu số: Phước Bình"]


def test_last_years_value_is_never_drawn_or_named_as_a_target(demonstration: Database) -> None:
    now, before = seen(), seen(2020)
    rows = {row["indicator_code"]: row for row in _bullet_rows(now).to_dicts()}
    assert rows["T11a"]["target"] is None
    assert rows["T11a"]["last"] is not None
    assert "/" not in rows["T11a"]["right_label"]
    assert _bullet_rows(before)["target"].null_count() == before.town.height
    assert "mục tiêu:" not in _bullet_legend(before)
    assert _bullet_legend(before).startswith("◇ cùng kỳ năm trước")


def test_the_table_says_how_final_each_figure_is(demonstration: Database) -> None:
    table = {row["Mã"]: row for row in _table(seen()).to_dicts()}
    assert table["T1"]["Tình trạng số liệu"] == "tạm tính"
    assert table["T1"]["Long Thủy"] == "Có Đạt, tạm tính"
    assert table["T1"]["Thác Mơ"] == "Có Đạt"
    assert table["T8"]["Tình trạng số liệu"] == "tính từ sổ theo dõi"
    assert "Long Giang" in table["T1"]["Ghi chú số liệu"]


def test_a_communes_panel_shows_the_communes_own_course(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("lanhdao")
    area = cell(seen(), "T2a", "Sơn Giang")["area"]
    app.selectbox(key="explain:indicator").set_value("T2a").run()
    app.selectbox(key="explain:area").set_value(area).run()
    assert not app.exception
    found = seen()
    row = cell(found, "T2a", "Sơn Giang")
    known = found.trend.filter(pl.col("code") == "T2a", pl.col("area") == area)
    steps = _steps(found, known, row)
    assert steps["share"][-1] == row["share"]
    assert steps["behind"][-1] == town(found, "T2a")["share"]
    assert steps["share"].to_list() != steps["behind"].to_list()
    assert any("Sơn Giang qua các kỳ" in caption.value for caption in app.caption)


def test_very_many_names_are_counted_after_the_first() -> None:
    names = [f"Xã {n}" for n in range(NAMES_SHOWN + 3)]
    assert named(names).endswith("Xã 7 và 3 xã, phường khác")
    assert named(names[:2]) == "Xã 0, Xã 1"


def test_the_chosen_yes_stays_when_it_is_clicked_again(open_page: Callable[..., AppTest]) -> None:
    app = open_page("longgiang", "entry")
    choice = next(each for each in app.segmented_control if "đã có chưa" in each.label)
    assert "Long Giang" in choice.label
    assert choice.proto.required
