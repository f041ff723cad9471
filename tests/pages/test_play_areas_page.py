"""Play areas: where children have one, where they have none, what counts and by which standard."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from sqlalchemy import select
from sqlmodel import col

from dashboard.actions.play_closures import close_place
from dashboard.actions.play_rules import set_standard
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.play_areas import Standard
from dashboard.views import play_areas as play_view
from db.tables import Account, Area, PlayArea, Quarter

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

    OpenPage = Callable[..., AppTest]

STANDARD = (
    "Tiêu chuẩn áp dụng từ 01/01/2021: từ 200 m², có thiết bị, mở cho mọi trẻ em, "
    "kiểm tra an toàn trong 12 tháng (Tiêu chuẩn minh họa)"
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The pages remember by data version, and each test's database counts from the same one."""
    st.cache_resource.clear()


def area_id(database: Database, slug: str) -> int:
    with database.read() as session:
        found = session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))
    assert found is not None
    return found


def office(database: Database) -> Actor:
    with database.read() as session:
        account = session.scalar(select(Account).where(col(Account.login) == "tonghop"))
    assert account is not None
    return Actor(account.id or 0, "tonghop", account.name, Role.town_officer)


def text(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(element.value for element in shown)


def table(app: AppTest, heading: str) -> str:
    """The table with this text in its caption or headings."""
    bodies = (html.unescape(element.proto.body) for element in app.get("html"))
    return next(body for body in bodies if heading in body.partition("<tbody>")[0])


def listing(app: AppTest) -> str:
    bodies = (html.unescape(element.proto.body) for element in app.get("html"))
    return next((body for body in bodies if "Mã</th>" in body), "")


def listed(app: AppTest) -> list[str]:
    """Codes of the places in the list as it is shown."""
    return [line[:5] for line in re.split("<tr><td[^>]*>", listing(app))[1:]]


def choose(app: AppTest, name: str, value: str | int) -> AppTest:
    app.selectbox(key=f"address:{name}").set_value(value).run()
    assert not app.exception
    return app


def test_the_title_states_where_children_have_a_place_and_where_not(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas")
    assert app.title[0].value == "6/7 xã, phường có điểm vui chơi đạt tiêu chuẩn; 34 thôn, khu phố chưa có"


def test_the_key_figures_agree_with_the_register(demonstration: Database, open_page: OpenPage) -> None:
    register = play_view.play_register("vi")
    assert register is not None
    app = open_page("lanhdao", "play_areas")
    communes, quarters, children, overdue = (metric.value for metric in app.metric)
    assert communes == f"{register.covered_communes}/7" == "6/7"
    assert quarters == "9/43"
    per_place = round(register.quarters["children"].sum() / register.counting.height)
    assert children.replace(".", "") == str(per_place)
    assert overdue == str(register.overdue.height) == "1"


def test_the_standard_stands_beside_the_shares(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas")
    captions = [caption.value for caption in app.caption]
    assert STANDARD in captions
    assert STANDARD in captions[-2]


def test_without_a_standard_the_page_says_what_counts(demonstration: Database, open_page: OpenPage) -> None:
    """A standard that asks for nothing is still a standard; what is never counted stays out."""
    set_standard(
        actor=office(demonstration),
        base_version=1,
        standard=Standard(),
        walking_m=400,
        valid_from=date(2021, 11, 5),
    )
    app = open_page("lanhdao", "play_areas")
    assert "Tiêu chuẩn áp dụng từ 05/11/2021: đang hoạt động" in text(app)
    choose(app, "counted", "yes")
    found = listed(app)
    assert "VC-05" in found
    assert not {"VC-11", "VC-12", "VC-13", "VC-16"} & set(found)


def test_the_list_has_every_place(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas")
    assert listed(app) == [f"VC-{number:02}" for number in range(1, 17)]


def test_the_list_is_narrowed_by_commune(demonstration: Database, open_page: OpenPage) -> None:
    app = choose(open_page("lanhdao", "play_areas"), "in", area_id(demonstration, "son-giang"))
    assert listed(app) == ["VC-12", "VC-13"]
    assert app.query_params["in"] == str(area_id(demonstration, "son-giang"))


def test_the_list_is_narrowed_by_kind(open_page: OpenPage) -> None:
    app = choose(open_page("lanhdao", "play_areas"), "kind", "playground")
    assert listed(app) == ["VC-04", "VC-12", "VC-16"]


def test_the_list_is_narrowed_by_state(open_page: OpenPage) -> None:
    app = choose(open_page("lanhdao", "play_areas"), "state", "stopped")
    assert listed(app) == ["VC-12", "VC-13", "VC-16"]
    choose(app, "state", "to_repair")
    assert listed(app) == ["VC-06", "VC-11"]


def test_the_list_is_narrowed_by_whether_a_place_counts(open_page: OpenPage) -> None:
    app = choose(open_page("lanhdao", "play_areas"), "counted", "no")
    without = listed(app)
    assert without == ["VC-05", "VC-07", "VC-09", "VC-11", "VC-12", "VC-13", "VC-16"]
    choose(app, "counted", "yes")
    assert sorted((*without, *listed(app))) == [f"VC-{number:02}" for number in range(1, 17)]


def test_filters_work_together_and_may_leave_nothing(demonstration: Database, open_page: OpenPage) -> None:
    app = choose(open_page("lanhdao", "play_areas"), "in", area_id(demonstration, "son-giang"))
    choose(app, "counted", "yes")
    assert listed(app) == []
    choose(app, "in", 0)
    assert len(listed(app)) == 9


def test_an_empty_selection_does_not_say_that_the_register_is_empty(
    demonstration: Database, open_page: OpenPage
) -> None:
    """Sixteen places stand in the register; the filters leave none of them."""
    app = choose(open_page("lanhdao", "play_areas"), "in", area_id(demonstration, "son-giang"))
    choose(app, "counted", "yes")
    assert "trong sổ" not in "\n".join(
        caption.value for caption in app.caption if caption.value.startswith("Chưa có điểm")
    )


def test_a_filter_in_the_address_is_followed(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas", kind="pool", counted="yes")
    assert listed(app) == ["VC-03"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("VC-05", "chưa đủ diện tích hoặc chưa rõ diện tích; chưa có thiết bị hoặc chưa rõ"),
        ("VC-09", "không mở cho mọi trẻ em hoặc chưa rõ"),
        ("VC-11", "quá hạn kiểm tra an toàn"),
        ("VC-12", "kiểm tra an toàn không đạt"),
        ("VC-13", "đang xây dựng"),
        ("VC-16", "ngừng hoạt động"),
    ],
)
def test_what_does_not_count_says_why(code: str, reason: str, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas")
    line = next(line for line in listing(app).split("<tr>") if f">{code}<" in line)
    assert f"✕ {reason}" in line
    assert "✓" not in line


def test_thon_and_khu_pho_without_a_place_are_listed_with_most_children_first(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("lanhdao", "play_areas")
    assert "**34 thôn, khu phố, 11.341 trẻ em**" in text(app)
    bodies = [html.unescape(element.proto.body) for element in app.get("html")]
    found = [body for body in bodies if "Điểm gần nhất" in body]
    rows = [row for body in found for row in body.split("<tr><td>")[1:]]
    assert len(rows) == 34
    assert app.expander[0].label == "Xem đủ 34 thôn, khu phố"
    register = play_view.play_register("vi")
    assert register is not None
    children = register.uncovered["children"].to_list()
    assert children == sorted(children, reverse=True)
    assert rows[0].startswith(f"{register.uncovered['name'][0]}</td>")
    # Nothing in Sơn Giang counts, so all five are in the list.
    assert sum("Sơn Giang" in row for row in rows) == 5


def test_the_national_references_stand_with_their_source(open_page: OpenPage) -> None:
    said = text(open_page("lanhdao", "play_areas"))
    assert "Mục tiêu toàn quốc 2025: 40% số xã (Quyết định số 23/QĐ-TTg" in said
    assert "Mục tiêu toàn quốc 2030: 45% số xã" in said
    assert "Chỉ tiêu quốc gia nói về điểm văn hóa, vui chơi dành cho trẻ em." in said


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_chart_says_its_answer_in_words(language: str, open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas", lang=language)
    shown = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert len(shown) == 2
    assert "Sơn Giang 0/2" in shown[0]
    assert "Thác Mơ 3/3" in shown[0]
    assert "6/7" in shown[1]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_not_known_is_left_out_and_named(
    language: str, demonstration: Database, open_page: OpenPage
) -> None:
    """An unknown number of children, size or position is no zero."""
    with demonstration.write() as transaction:
        session = transaction.session
        quarter = session.scalars(
            select(Quarter).where(col(Quarter.area_id) == area_id(demonstration, "thac-mo"))
        )
        quarter.first().children = None  # type: ignore[union-attr]
        for place in session.scalars(select(PlayArea)):
            place.latitude = place.longitude = None
        transaction.log("test", "play_area", 0)
    app = open_page("lanhdao", "play_areas", lang=language)
    said = text(app)
    names = {"vi": "chưa gồm nơi chưa đủ số trẻ em: Thác Mơ", "en": "are not complete: Thác Mơ"}
    walks = {"vi": "chưa có vị trí để tính khoảng cách", "en": "no positions to measure"}
    assert names[language] in said
    assert "42/43" in said
    assert "0/9" in said
    assert app.metric[1].proto.delta_description.startswith(walks[language])


def test_kinds_and_states_add_up(open_page: OpenPage) -> None:
    rows = table(open_page("lanhdao", "play_areas"), "Theo loại và tình trạng").split("<tr><td>")[1:]
    numbers = [[int(cell.partition("<")[0]) for cell in row.split('number">')[1:]] for row in rows]
    assert all(usable + repair + stopped == total for usable, repair, stopped, _counts, total in numbers)
    assert sum(row[4] for row in numbers) == 16
    assert sum(row[3] for row in numbers) == 9


def test_a_place_that_is_closed_takes_its_commune_off_the_count(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("lanhdao", "play_areas")
    with demonstration.read() as session:
        place = session.scalar(select(col(PlayArea.id)).where(col(PlayArea.code) == "VC-14"))
    close_place(
        actor=office(demonstration),
        place_id=place or 0,
        base_version=0,
        day=date(2021, 11, 5),
        reason="Sửa chữa lớn",
    )
    app.run()
    assert not app.exception
    assert app.title[0].value.startswith("5/7 ")
    assert app.metric[0].value == "5/7"


def test_nobody_is_offered_a_field_to_change_the_register_here(open_page: OpenPage) -> None:
    app = open_page("quantri", "play_areas")
    assert not app.text_input
    assert not app.button
    assert {box.key for box in app.selectbox} == {
        f"address:{name}" for name in ("in", "kind", "state", "counted")
    }


def test_the_list_is_offered_as_a_sheet(open_page: OpenPage) -> None:
    app = open_page("lanhdao", "play_areas")
    assert "Tải danh sách (Excel)" in {button.label for button in app.download_button}
