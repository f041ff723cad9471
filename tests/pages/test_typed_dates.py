"""Days typed as people write them: the day that was meant is stored, or nothing is and the page says why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from saving_lines import refused
from sqlalchemy import select
from sqlmodel import col

from db.tables import PlayArea, PlayAreaClosure, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database


def open_closing(open_page: Callable[..., AppTest], database: Database) -> tuple[AppTest, str, int]:
    with database.read() as session:
        place = session.scalars(select(col(PlayArea.id)).where(col(PlayArea.code) == "VC-14")).one()
    app = open_page("longgiang", "play_register")
    key = next(str(each.key) for each in app.text_input if str(each.key).startswith(f"closing:{place}:"))
    app.text_area(key=key.replace(":day", ":reason")).set_value("Sửa mái che")
    return app, key, place


def closed_on(database: Database, place: int) -> list[date]:
    with database.read() as session:
        days = select(col(PlayAreaClosure.closed_on)).where(col(PlayAreaClosure.play_area_id) == place)
        return list(session.scalars(days))


def sentences(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.error, *app.caption))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5/1/2021", date(2021, 1, 5)),
        ("31-1-2021", date(2021, 1, 31)),
        ("1.2.21", date(2021, 2, 1)),
        ("ngày 3 tháng 10 năm 2021", date(2021, 10, 3)),
        ("\u200b1/1/2021\u00a0", date(2021, 1, 1)),
    ],
)
def test_the_day_that_was_typed_is_shown_and_stored(
    typed: str, day: date, demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app, key, place = open_closing(open_page, demonstration)
    app.text_input(key=key).set_value(typed).run()
    assert f"ngày {day:%d/%m/%Y} (" in sentences(app)
    app.button(key=f"btn:{key.removesuffix(':day')}").click().run()
    assert not refused(app)
    assert closed_on(demonstration, place) == [day]


@pytest.mark.parametrize(
    "typed", ["5/1", "31/2/2021", "12/25/2021", "5/1/1850", "hôm qua", "", "[5](http://vi.du)"]
)
def test_what_is_no_day_is_not_stored_and_stays_in_the_field(
    typed: str, demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app, key, place = open_closing(open_page, demonstration)
    assert app.text_input(key=key).value == ""
    app.text_input(key=key).set_value(typed).run()
    app.button(key=f"btn:{key.removesuffix(':day')}").click().run()
    assert "Chưa lưu" in refused(app)
    assert "](" not in sentences(app).replace(":color[]", "")
    assert app.text_input(key=key).value == typed
    assert closed_on(demonstration, place) == []


def visit_field(app: AppTest, name: str) -> AppTest:
    return next(each for each in app.text_input if str(each.key).endswith(f":{name}"))  # type: ignore[return-value]


def test_the_next_check_is_proposed_from_the_day_of_the_visit(open_page: Callable[..., AppTest]) -> None:
    app = open_page("songiang", "play_register")
    assert [visit_field(app, name).value for name in ("checked_on", "next_due")] == ["", ""]
    visit_field(app, "checked_on").set_value("31/8/2021").run()
    assert visit_field(app, "next_due").value == "31/08/2022"
    visit_field(app, "checked_on").set_value("1/9/2021").run()
    assert visit_field(app, "next_due").value == "01/09/2022"
    visit_field(app, "next_due").set_value("1/3/2022").run()
    visit_field(app, "checked_on").set_value("2/9/2021").run()
    assert visit_field(app, "next_due").value == "1/3/2022"


def test_a_visit_whose_day_cannot_be_read_is_not_stored(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("songiang", "play_register")
    visit_field(app, "checked_on").set_value("5/1").run()
    visit_field(app, "checked_by").set_value("Đoàn kiểm tra")
    next(each for each in app.selectbox if str(each.key).endswith(":result")).set_value("failed")
    with demonstration.read() as session:
        before = len(session.scalars(select(col(SafetyCheck.id))).all())
    next(each for each in app.button if each.label == "Lưu lần kiểm tra").click().run()
    assert not app.exception
    assert "chưa có năm" in sentences(app)
    assert "những gì đã nhập vẫn còn" in refused(app)
    with demonstration.read() as session:
        assert len(session.scalars(select(col(SafetyCheck.id))).all()) == before
