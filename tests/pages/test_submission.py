"""Handing a report in: nothing empty goes unseen, nothing returned goes unexplained, and what was sent can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saving_lines import parts, refused, said
from sqlalchemy import delete, select
from sqlmodel import col

from db.tables import Area, Figure, Indicator, Period, Report, Split

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

    OpenPage = Callable[..., AppTest]


def figure_of(database: Database, code: str, area: str) -> int:
    """The id of what stands in a whole line of the year 2021."""
    with database.read() as session:
        found = session.scalar(
            select(col(Figure.id))
            .join(Split, col(Split.id) == col(Figure.split_id))
            .join(Indicator, col(Indicator.id) == col(Split.indicator_id))
            .join(Area, col(Area.id) == col(Figure.area_id))
            .join(Period, col(Period.id) == col(Figure.period_id))
            .where(col(Indicator.code) == code, col(Split.slug) == "all", col(Area.slug) == area)
            .where(col(Period.year) == 2021, col(Period.part) == "year")
        )
    assert found
    return found


def test_an_unfinished_report_is_not_sent_and_says_what_is_missing(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("longgiang", "entry")
    app.button(key="btn:submit").click().run()
    assert "T2a · Thẻ BHYT trẻ em dưới 6 tuổi" in refused(app)
    assert "T4 · Trẻ em 6 tuổi vào lớp một: Tổng số, Trẻ em dân tộc thiểu số" in refused(app)
    with demonstration.read() as session:
        sent = session.scalars(select(Report).where(col(Report.state) == "submitted")).all()
        area = session.scalar(select(col(Area.id)).where(col(Area.slug) == "long-giang"))
        period = session.scalar(
            select(col(Period.id)).where(col(Period.year) == 2021, col(Period.part) == "year")
        )
    assert all((report.area_id, report.period_id) != (area, period) for report in sent)


def test_each_missing_line_is_a_press_away_also_from_another_section(
    demonstration: Database, open_page: OpenPage
) -> None:
    """The first line of T4, among 14 cards: brought into sight by the browser, which gets its key."""
    with demonstration.read() as session:
        whole = session.scalar(
            select(col(Split.id)).join(Indicator).where(col(Indicator.code) == "T4", col(Split.slug) == "all")
        )
        area = session.scalar(select(col(Area.id)).where(col(Area.slug) == "long-giang"))
    app = open_page("longgiang", "entry")
    app.segmented_control(key="address:section").set_value("money").run()
    app.button(key="btn:submit").click().run()
    app.button(key="btn:to-T4").click().run()
    assert not app.exception
    assert app.segmented_control(key="address:section").value == "target"
    assert [part["key"] for part in parts(app) if "once" in part] == [f"line:{whole}:{area}"]


def test_a_sent_report_is_locked_until_it_is_taken_back(demonstration: Database, open_page: OpenPage) -> None:
    """What was sent is text to read: a greyed field has too little contrast for the record of a report."""
    app = open_page("thacmo", "entry")
    assert not app.text_input
    assert any("<table" in element.proto.body and "T2a" in element.proto.body for element in app.get("html"))
    app.button(key="btn:take-back").click().run()
    assert not app.exception
    assert any(not text.disabled for text in app.text_input)
    assert "Ngày nộp lần đầu vẫn được giữ" in said(app)
    app.button(key="btn:submit").click().run()
    assert not app.exception
    assert not app.text_input


def test_a_report_with_empty_sections_is_sent_only_when_they_have_been_named(
    demonstration: Database, open_page: OpenPage
) -> None:
    """Thác Mơ has filled in everything: one line is emptied to see it named."""
    courses = figure_of(demonstration, "M9", "thac-mo")
    app = open_page("thacmo", "entry")
    app.button(key="btn:take-back").click().run()
    with demonstration.write() as transaction:
        transaction.session.execute(delete(Figure).where(col(Figure.id) == courses))
    app.run()
    app.button(key="btn:submit").click().run()
    assert "1 mục theo dõi" in app.warning[0].value
    assert "M9 · Lớp tập huấn" in app.warning[0].value
    app.button(key="btn:to-M9").click().run()
    assert app.segmented_control(key="address:section").value == "monitoring"
    assert any("M9" in heading.value for heading in app.markdown)
    app.button(key="btn:submit-not").click().run()
    assert not app.warning
    app.button(key="btn:submit").click().run()
    app.button(key="btn:submit-anyway").click().run()
    assert not app.exception
    assert not app.text_input


def test_the_office_returns_a_report_with_a_reason_that_the_commune_reads(open_page: OpenPage) -> None:
    office = open_page("tonghop", "entry")
    office.button(key="btn:return").click().run()
    assert "ghi rõ nội dung cần chỉnh sửa" in refused(office)
    office.text_area[0].set_value("Số thẻ **BHYT** chưa khớp").run()
    office.button(key="btn:return").click().run()
    assert not office.exception
    commune = open_page("thacmo", "entry")
    assert "Số thẻ" in commune.warning[0].value
    assert "**BHYT**" not in commune.warning[0].value
    assert "trả lại lúc" in said(commune)
    assert any(not text.disabled for text in commune.text_input)
