"""The register of play areas: places, safety visits, photos, thôn and khu phố, and the Excel sheet."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import streamlit as st
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from PIL import Image
from saving_lines import refused, said
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.play_areas import save_place
from dashboard.actions.play_closures import close_place
from dashboard.actions.quarters import QuarterInput, end_quarter, save_quarter
from dashboard.documents import apart, handed_in
from dashboard.documents.play_columns import column_headings
from dashboard.documents.play_writing import write_play_sheet
from dashboard.domain.permissions import Actor, Role, Sight
from dashboard.ui.place_fields import place_input
from dashboard.ui.play_list import sheet_rows
from dashboard.views.overview import overview
from dashboard.views.play_areas import play_register
from db.tables import Account, Area, PlayArea, PlayAreaClosure, PlayPhoto, Quarter, SafetyCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from dashboard.domain.play_areas import PlayAreaInput
    from db.engine import Database

    OpenPage = Callable[..., AppTest]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVE, ADD, VISIT, QUARTER = "Lưu điểm vui chơi", "Thêm vào sổ", "Lưu lần kiểm tra", "Lưu thôn, khu phố"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The pages remember by data version, and each test's database counts from the same one."""
    st.cache_resource.clear()


def scalar(database: Database, statement: Any) -> Any:
    with database.read() as session:
        return session.scalar(statement)


def area_id(database: Database, slug: str) -> int:
    found = scalar(database, select(col(Area.id)).where(col(Area.slug) == slug))
    assert isinstance(found, int)
    return found


def place(database: Database, code: str) -> PlayArea:
    found = scalar(database, select(PlayArea).where(col(PlayArea.code) == code))
    assert isinstance(found, PlayArea)
    return found


def quarter(database: Database, area: str, name: str) -> Quarter:
    statement = select(Quarter).where(
        col(Quarter.area_id) == area_id(database, area), col(Quarter.name) == name
    )
    found = scalar(database, statement)
    assert isinstance(found, Quarter)
    return found


def count(database: Database, table: Any) -> int:
    found: int = scalar(database, select(func.count(col(table.id))))
    return found


def actor(database: Database, login: str) -> Actor:
    account = scalar(database, select(Account).where(col(Account.login) == login))
    return Actor(account.id, login, account.name, Role(account.role), account.area_id, account.agency_id)


def field(controls: Any, name: str) -> Any:
    """The field of this name in the form that is open, whatever place or thôn it belongs to."""
    fitting = [each for each in controls if re.fullmatch(rf"(fld|visit):.+:{name}(:\d+)?", each.key or "")]
    assert len(fitting) == 1
    return fitting[0]


def place_list(app: AppTest) -> Any:
    """The list of places; its key changes when a place was added."""
    return next(box for box in app.selectbox if str(box.key).startswith("place:choice"))


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def hold_still(app: AppTest) -> None:
    """Let the fields keep what they show for a second click, which is sent before the page had answered."""
    held = (*app.text_input, *app.selectbox, *app.text_area, *app.segmented_control)
    for control in held:
        control.set_value(control.value)


def tables(app: AppTest) -> str:
    return "\n".join(html.unescape(element.proto.body) for element in app.get("html"))


def rows_of(app: AppTest, sign: str) -> list[list[str]]:
    """The cells of the table in which `sign` stands, row by row."""
    body = next(body for body in tables(app).split("<style>") if sign in body)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in body.split("<tr>")]
    return [row for row in cells if row]


def stored_input(code: str) -> PlayAreaInput:
    register = play_register("vi")
    assert register is not None
    return place_input(register.places.row(by_predicate=pl.col("code") == code, named=True))


def town_of_t7() -> tuple[int, int]:
    seen = overview(2021, "year", "vi", Sight(is_everywhere=True))
    assert seen is not None
    row = seen.cells.filter(pl.col("code") == "T7", "is_town").row(0, named=True)
    return row["numerator"], row["denominator"]


# Places ---------------------------------------------------------------------------------------------------


def new_place(open_page: OpenPage, login: str = "songiang", **query: str) -> AppTest:
    """The empty form for a new place."""
    app = open_page(login, "play_register", **query)
    place_list(app).set_value(0).run()
    assert not app.exception
    return app


def test_a_place_that_is_added_stands_in_the_register(demonstration: Database, open_page: OpenPage) -> None:
    app = new_place(open_page)
    field(app.text_input, "name").set_value("Sân chơi khu phố 5")
    field(app.text_input, "area_m2").set_value("1.250")
    field(app.text_input, "latitude").set_value("11,8147")
    field(app.text_input, "longitude").set_value("106.9882")
    field(app.text_input, "opened_year").set_value("2020")
    field(app.selectbox, "is_open_to_all").set_value("yes")
    press(app, ADD)
    kept = place(demonstration, "VC-17")
    assert (kept.name, kept.area_m2, kept.opened_year) == ("Sân chơi khu phố 5", 1250, 2020)
    assert (kept.latitude, kept.longitude, kept.is_open_to_all) == (11.8147, 106.9882, True)
    assert kept.area_id == area_id(demonstration, "son-giang")
    chosen = place_list(app)
    assert chosen.value == kept.id
    assert any("VC-17 · Sân chơi khu phố 5" in option for option in chosen.options)
    assert field(app.text_input, "area_m2").value == "1.250"
    assert "không được tính: chưa kiểm tra an toàn" in said(app)
    place_list(app).set_value(0).run()
    assert field(app.text_input, "name").value == ""


def test_a_double_click_adds_one_place(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayArea)
    app = new_place(open_page)
    hold_still(app)
    field(app.text_input, "name").set_value("Sân chơi khu phố 5")
    button = next(button for button in app.button if button.label == ADD)
    button.click().run()
    button.click().run()
    assert count(demonstration, PlayArea) == before + 1


def test_a_change_is_saved_and_said(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("songiang", "play_register")
    field(app.text_input, "manager").set_value("UBND phường Sơn Giang")
    field(app.selectbox, "has_toilet").set_value("yes")
    press(app, SAVE)
    kept = place(demonstration, "VC-12")
    assert (kept.manager, kept.has_toilet, kept.version) == ("UBND phường Sơn Giang", True, 2)
    assert "✓ đã lưu" in said(app)
    assert "Đơn vị quản lý: Đoàn phường Sơn Giang → UBND phường Sơn Giang" in tables(app)


def test_saving_without_a_change_changes_nothing(demonstration: Database, open_page: OpenPage) -> None:
    """Every field of every place says back what is stored."""
    register = play_register("vi")
    assert register is not None
    app = open_page("vanhoa", "play_register")
    for row in register.places.to_dicts():
        app.selectbox(key="address:commune").set_value(row["area"]).run()
        place_list(app).set_value(row["place"]).run()
        press(app, SAVE)
        assert not refused(app)
        assert place(demonstration, row["code"]).version == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "  "}, "Chưa có tên."),
        ({"longitude": ""}, "Vị trí cần cả vĩ độ và kinh độ."),
        ({"latitude": "118.1"}, "Vĩ độ phải trong khoảng −90 đến 90"),
        ({"latitude": "11°70'"}, "không phải vị trí"),
        ({"area_m2": "abc"}, "Diện tích (m²): “abc” không phải là số."),
        ({"area_m2": "0"}, "Diện tích phải từ 1"),
        ({"area_m2": "-5"}, "Diện tích (m²): “-5” là số âm"),
        ({"area_m2": "12,5"}, "số nguyên"),
        ({"opened_year": "20"}, "Năm đưa vào sử dụng: “20” không phải là số"),
        ({"opened_year": "1066"}, "Năm 1066 không hợp lý."),
        ({"age_from": "12", "age_to": "6"}, "Tuổi từ lớn hơn tuổi đến."),
        ({"age_to": "60"}, "Độ tuổi phải từ 0 đến 16."),
        ({"equipment_count": "x"}, "Số thiết bị: “x” không phải là số"),
    ],
)
def test_what_cannot_be_of_a_place_is_refused_and_stays_in_its_fields(
    typed: dict[str, str], sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("songiang", "play_register")
    field(app.text_input, "manager").set_value("Người quản lý mới")
    for name, text in typed.items():
        field(app.text_input, name).set_value(text)
    press(app, SAVE)
    assert sentence in refused(app)
    assert "những gì đã nhập vẫn còn trên trang" in refused(app)
    assert field(app.text_input, "manager").value == "Người quản lý mới"
    for name, text in typed.items():
        assert field(app.text_input, name).value == text
    assert place(demonstration, "VC-12").version == 1


def test_a_number_that_no_database_column_holds_is_refused(
    demonstration: Database, open_page: OpenPage
) -> None:
    """SQLite takes it; PostgreSQL, whose whole numbers end at 2,147,483,647, would break the page."""
    app = open_page("songiang", "play_register")
    field(app.text_input, "equipment_count").set_value("9999999999")
    press(app, SAVE)
    assert refused(app)
    assert place(demonstration, "VC-12").version == 1


def test_a_new_place_without_a_name_is_refused_and_keeps_its_fields(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    app = new_place(open_page)
    field(app.text_input, "area_m2").set_value("300")
    press(app, ADD)
    assert "Chưa có tên." in refused(app)
    assert field(app.text_input, "area_m2").value == "300"
    assert count(demonstration, PlayArea) == before
    field(app.text_input, "name").set_value("Sân chơi mới")
    press(app, ADD)
    assert place(demonstration, "VC-17").area_m2 == 300


def somebody_changes(database: Database, **changes: Any) -> None:
    """A colleague changes VC-12 after this person's page was opened."""
    found = place(database, "VC-12")
    save_place(
        actor=actor(database, "tonghop"),
        description=replace(stored_input("VC-12"), **changes),
        token="other",
        place_id=found.id,
        base_version=found.version,
    )


def in_conflict(database: Database, open_page: OpenPage) -> AppTest:
    app = open_page("songiang", "play_register")
    somebody_changes(database, area_m2=400, has_shade=None)
    field(app.text_input, "manager").set_value("UBND phường")
    return press(app, SAVE)


def test_two_officers_on_one_place_see_field_by_field_what_differs(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = in_conflict(demonstration, open_page)
    assert "Đề nghị chọn một trong hai bản" in app.warning[0].value
    assert "Cán bộ tổng hợp" in app.warning[0].value
    assert rows_of(app, "Bản của đồng chí") == [
        ["Diện tích (m²)", "400", "360"],
        ["Đơn vị quản lý", "Đoàn phường Sơn Giang", "UBND phường"],
        ["Bóng mát", "chưa rõ", "có"],
    ]
    assert place(demonstration, "VC-12").manager == "Đoàn phường Sơn Giang"
    assert field(app.text_input, "manager").value == "UBND phường"


def test_the_stored_place_may_stand(demonstration: Database, open_page: OpenPage) -> None:
    app = press(in_conflict(demonstration, open_page), "Giữ bản đã lưu")
    assert not app.warning
    assert field(app.text_input, "area_m2").value == "400"
    assert field(app.text_input, "manager").value == "Đoàn phường Sơn Giang"
    assert field(app.selectbox, "has_shade").value == "unknown"
    assert place(demonstration, "VC-12").version == 2


def test_the_own_place_may_be_put_over_a_seen_one(demonstration: Database, open_page: OpenPage) -> None:
    app = press(in_conflict(demonstration, open_page), "Ghi bản của tôi")
    assert not app.warning
    kept = place(demonstration, "VC-12")
    assert (kept.manager, kept.area_m2, kept.has_shade, kept.version) == ("UBND phường", 360, True, 3)
    assert "✓ đã lưu" in said(app)


def test_what_is_typed_of_a_place_outlasts_a_colleagues_change(
    demonstration: Database, open_page: OpenPage
) -> None:
    """The server knows nothing of a text before its form is sent: the fields must not be drawn anew under it."""
    app = open_page("songiang", "play_register")
    typing = field(app.text_input, "manager").key
    somebody_changes(demonstration, area_m2=400)
    press(app, "Lưu ảnh")
    assert "Nội dung này vừa được người khác sửa." in said(app)
    assert field(app.text_input, "manager").key == typing
    field(app.text_input, "manager").set_value("UBND phường")
    press(app, SAVE)
    assert "Đề nghị chọn một trong hai bản" in app.warning[0].value
    assert place(demonstration, "VC-12").manager == "Đoàn phường Sơn Giang"
    press(app, "Ghi bản của tôi")
    assert (place(demonstration, "VC-12").manager, place(demonstration, "VC-12").area_m2) == (
        "UBND phường",
        360,
    )
    assert "Nội dung này vừa được người khác sửa." not in said(app)


def test_who_reads_of_a_newer_version_may_load_it(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("songiang", "play_register")
    somebody_changes(demonstration, area_m2=400)
    app.run()
    assert field(app.text_input, "area_m2").value == "360"
    press(app, "Tải bản mới")
    assert field(app.text_input, "area_m2").value == "400"
    assert "Nội dung này vừa được người khác sửa." not in said(app)


@pytest.mark.parametrize("elsewhere", ["another place", "another part", "another page"])
def test_a_place_that_is_opened_again_shows_what_stands_now(
    elsewhere: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("songiang", "play_register")
    here = place_list(app).value
    somebody_changes(demonstration, area_m2=400)
    if elsewhere == "another place":
        place_list(app).set_value(0).run()
        place_list(app).set_value(here).run()
    elif elsewhere == "another part":
        app.segmented_control(key="address:part").set_value("quarters").run()
        app.segmented_control(key="address:part").set_value("places").run()
    else:
        app.switch_page("../pages/play_areas.py").run()
        app.switch_page("../pages/play_register.py").run()
    assert not app.exception
    assert field(app.text_input, "area_m2").value == "400"
    assert "Nội dung này vừa được người khác sửa." not in said(app)


def end_its_quarter(database: Database, code: str) -> Quarter:
    """The thôn or khu phố of a place that is out of use is merged away."""
    found = place(database, code)
    by = actor(database, "tonghop")
    close_place(actor=by, place_id=found.id or 0, base_version=0, day=date(2021, 11, 4), reason="Sửa chữa")
    ended = scalar(database, select(Quarter).where(col(Quarter.id) == found.quarter_id))
    end_quarter(actor=by, quarter_id=ended.id, base_version=ended.version)
    assert isinstance(ended, Quarter)
    return ended


def test_a_place_keeps_its_khu_pho_that_has_ended(demonstration: Database, open_page: OpenPage) -> None:
    ended = end_its_quarter(demonstration, "VC-12")
    app = open_page("songiang", "play_register")
    assert field(app.selectbox, "quarter_id").value == ended.id
    assert f"{ended.name} (đã kết thúc)" in field(app.selectbox, "quarter_id").options
    field(app.text_input, "manager").set_value("UBND phường")
    press(app, SAVE)
    kept = place(demonstration, "VC-12")
    assert (kept.manager, kept.quarter_id) == ("UBND phường", ended.id)
    place_list(app).set_value(place(demonstration, "VC-13").id).run()
    assert not any("đã kết thúc" in option for option in field(app.selectbox, "quarter_id").options)


def test_the_history_says_what_was_changed_in_words(demonstration: Database, open_page: OpenPage) -> None:
    numbers = {"equipment_count": 0, "age_from": 1, "area_m2": 1200, "opened_year": 2019}
    words = {"condition": "good", "funding": None, "kind": "park", "address": ""}
    fourth = quarter(demonstration, "son-giang", "Khu phố 4").id
    changes = {**numbers, **words, "has_shade": None, "has_toilet": True, "quarter_id": fourth}
    somebody_changes(demonstration, **changes)
    told = rows_of(open_page("songiang", "play_register"), "sửa thông tin")[0][3]
    assert "Loại: Sân chơi trẻ em → Công viên, hoa viên" in told
    assert "Thôn, khu phố: Khu phố 3 → Khu phố 4" in told
    assert "Địa chỉ: Khu phố 3, phường Sơn Giang → –" in told
    assert "Diện tích (m²): 360 → 1.200" in told
    assert "Năm đưa vào sử dụng: 2018 → 2019" in told
    assert "Nguồn vốn: Kết hợp → –" in told
    assert "Số thiết bị: 5 → 0" in told
    assert "Từ tuổi: 2 → 1" in told
    assert "Bóng mát: có → chưa rõ" in told
    assert "Nhà vệ sinh: không → có" in told
    assert "Tình trạng: Cần sửa chữa → Tốt" in told


def test_the_history_names_communes_and_khu_pho_that_are_no_more(
    demonstration: Database, open_page: OpenPage
) -> None:
    end_its_quarter(demonstration, "VC-12")
    other = area_id(demonstration, "long-giang")
    somebody_changes(demonstration, area_id=other, quarter_id=None)
    found = place(demonstration, "VC-12")
    app = open_page("longgiang", "play_register", place=str(found.id))
    assert place_list(app).value == found.id
    told = rows_of(app, "sửa thông tin")[0][3]
    assert "Xã, phường: Phường Sơn Giang → Xã Long Giang" in told
    assert "Thôn, khu phố: Khu phố 3 (đã kết thúc) → –" in told


def test_a_conflict_names_khu_pho_and_words_instead_of_numbers_and_codes(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("songiang", "play_register")
    somebody_changes(
        demonstration, quarter_id=quarter(demonstration, "son-giang", "Khu phố 4").id, equipment_count=1
    )
    press(app, SAVE)
    assert rows_of(app, "Bản của đồng chí") == [
        ["Thôn, khu phố", "Khu phố 4", "Khu phố 3"],
        ["Số thiết bị", "1", "5"],
    ]


def test_a_commune_officer_finds_the_own_places_alone(demonstration: Database, open_page: OpenPage) -> None:
    foreign = place(demonstration, "VC-01")
    app = open_page("songiang", "play_register", commune=str(foreign.area_id), place=str(foreign.id))
    assert "address:commune" not in {box.key for box in app.selectbox}
    options = place_list(app).options
    assert [option[:5] for option in options] == ["VC-12", "VC-13", "+ Thê"]


def test_the_agency_that_leads_finds_all_communes(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("vanhoa", "play_register")
    communes = app.selectbox(key="address:commune")
    assert len(communes.options) == 7
    communes.set_value(area_id(demonstration, "phuoc-tin")).run()
    assert not app.exception
    assert field(app.text_input, "name").value == "Sân trường tiểu học mở cửa ngoài giờ"


# Safety visits --------------------------------------------------------------------------------------------


def answer_essentials(app: AppTest) -> None:
    for name in ("thiet-bi-chac-chan", "khong-canh-sac", "mat-nuoc-co-rao"):
        field(app.segmented_control, name).set_value("yes")


def test_a_visit_without_a_result_is_refused_and_keeps_its_fields(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, SafetyCheck)
    app = open_page("songiang", "play_register")
    field(app.text_input, "checked_on").set_value("5/11/2021").run()
    field(app.text_input, "checked_by").set_value("Đoàn kiểm tra phường")
    field(app.segmented_control, "bong-mat").set_value("yes")
    press(app, VISIT)
    assert "Đề nghị ghi ngày kiểm tra và chọn kết quả." in refused(app)
    assert field(app.text_input, "checked_by").value == "Đoàn kiểm tra phường"
    assert field(app.segmented_control, "bong-mat").value == "yes"
    assert count(demonstration, SafetyCheck) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"checked_by": " "}, "Chưa ghi người, đoàn kiểm tra."),
        ({"checked_on": "6/11/2021"}, "Ngày đã ghi ở sau ngày hôm nay."),
        ({"next_due": "5/11/2021"}, "Hạn kiểm tra tiếp theo phải sau ngày kiểm tra."),
    ],
)
def test_a_visit_that_cannot_be_is_refused(
    changes: dict[str, Any], sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, SafetyCheck)
    app = open_page("songiang", "play_register")
    field(app.text_input, "checked_on").set_value("5/11/2021").run()
    field(app.text_input, "checked_by").set_value("Đoàn kiểm tra phường")
    field(app.selectbox, "result").set_value("passed")
    answer_essentials(app)
    for name, value in changes.items():
        field(app.text_input, name).set_value(value)
    press(app, VISIT)
    assert sentence in refused(app)
    assert field(app.selectbox, "result").value == "passed"
    assert count(demonstration, SafetyCheck) == before


def test_nothing_passes_while_something_essential_is_missing(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, SafetyCheck)
    app = open_page("songiang", "play_register")
    field(app.text_input, "checked_on").set_value("5/11/2021").run()
    field(app.text_input, "checked_by").set_value("Đoàn kiểm tra phường")
    field(app.selectbox, "result").set_value("passed")
    field(app.segmented_control, "thiet-bi-chac-chan").set_value("no")
    press(app, VISIT)
    assert "Có 1 mục bắt buộc chưa đạt" in refused(app)
    assert count(demonstration, SafetyCheck) == before
    assert field(app.segmented_control, "thiet-bi-chac-chan").value == "no"
    field(app.selectbox, "result").set_value("failed")
    press(app, VISIT)
    assert not refused(app)
    assert count(demonstration, SafetyCheck) == before + 1


def pass_vc12(open_page: OpenPage) -> AppTest:
    app = open_page("songiang", "play_register")
    field(app.text_input, "checked_on").set_value("5/11/2021").run()
    field(app.text_input, "checked_by").set_value("Đoàn kiểm tra phường")
    field(app.selectbox, "result").set_value("passed")
    answer_essentials(app)
    return app


def test_a_visit_that_passes_makes_the_place_and_its_commune_count(
    demonstration: Database, open_page: OpenPage
) -> None:
    assert town_of_t7() == (6, 7)
    app = press(pass_vc12(open_page), VISIT)
    assert not refused(app)
    assert "**▲ cần sửa** · được tính" in said(app)
    assert "Đạt an toàn" in tables(app)
    assert "Đoàn kiểm tra phường" in tables(app)
    assert town_of_t7() == (7, 7)
    app.switch_page("../pages/play_areas.py").run()
    assert app.title[0].value.startswith("7/7 ")
    app.switch_page("../pages/overview.py").run()
    assert not app.exception


def test_who_writes_down_a_visit_of_a_period_that_is_over_is_told_that_its_result_moves(
    open_page: OpenPage,
) -> None:
    app = pass_vc12(open_page)
    field(app.text_input, "checked_on").set_value("20/6/2021")
    press(app, VISIT)
    assert not refused(app)
    assert "Ngày 20/06/2021 thuộc về kỳ đã qua" in app.warning[0].value
    assert "kết quả theo sổ của 6 tháng đầu năm 2021 được tính lại" in app.warning[0].value
    assert not press(pass_vc12(open_page), VISIT).warning


def test_after_a_visit_the_next_form_is_empty(demonstration: Database, open_page: OpenPage) -> None:
    app = press(pass_vc12(open_page), VISIT)
    assert field(app.text_input, "checked_by").value == ""
    assert field(app.selectbox, "result").value is None


def test_a_double_click_stores_one_visit(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, SafetyCheck)
    app = pass_vc12(open_page)
    # A place that was stopped and stays so keeps its line in the list of places.
    field(app.selectbox, "result").set_value("failed")
    hold_still(app)
    button = next(button for button in app.button if button.label == VISIT)
    button.click().run()
    button.click().run()
    assert count(demonstration, SafetyCheck) == before + 1


def test_nothing_passes_before_everything_essential_was_looked_at(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, SafetyCheck)
    app = pass_vc12(open_page)
    field(app.segmented_control, "khong-canh-sac").set_value(None)
    press(app, VISIT)
    assert "Còn 1 mục bắt buộc chưa được trả lời" in refused(app)
    assert count(demonstration, SafetyCheck) == before
    assert field(app.segmented_control, "thiet-bi-chac-chan").value == "yes"
    field(app.segmented_control, "khong-canh-sac").set_value("not_applicable")
    press(app, VISIT)
    assert not refused(app)
    assert count(demonstration, SafetyCheck) == before + 1


def test_a_visit_shows_what_was_found_wanting_and_what_was_not_looked_at(open_page: OpenPage) -> None:
    app = press(pass_vc12(open_page), VISIT)
    visits = rows_of(app, "Các lần kiểm tra an toàn")
    assert [row[:2] for row in visits] == [["05/11/2021", "Đạt an toàn"], ["12/10/2021", "Không an toàn"]]
    assert visits[0][4] == "Chưa xem xét: 6 mục"
    assert visits[1][4].split("<br>") == [
        "Chưa đạt: Thiết bị vui chơi đứng vững, chắc chắn, nguyên vẹn, được chống gỉ sét",
        "Chưa đạt: Có nội quy, biển cảnh báo tại chỗ dễ thấy",
        "Chưa đạt: Có nội dung tuyên truyền phòng, chống đuối nước cho trẻ em",
    ]
    answers = {row[0]: row[1:] for row in rows_of(app, "Nội dung kiểm tra")}
    assert len(answers) == 9
    assert answers["Có cây xanh hoặc mái che"] == ["chưa xem xét", "Đạt"]
    assert answers["Có nội quy, biển cảnh báo tại chỗ dễ thấy"] == ["chưa xem xét", "Chưa đạt"]


def test_a_pool_is_asked_what_other_places_are_not(demonstration: Database, open_page: OpenPage) -> None:
    pool = place(demonstration, "VC-03")
    app = open_page("thacmo", "play_register")
    without = {control.label for control in app.segmented_control}
    place_list(app).set_value(pool.id).run()
    assert not app.exception
    assert len({control.label for control in app.segmented_control}) > len(without)


def test_closing_a_place_on_a_day_of_a_period_that_is_over_says_that_its_result_moves(
    demonstration: Database, open_page: OpenPage
) -> None:
    key = f"closing:{place(demonstration, 'VC-14').id}:0"
    app = open_page("longgiang", "play_register")
    app.text_input(key=f"{key}:day").set_value("30/6/2021")
    app.text_area(key=f"{key}:reason").set_value("Sửa mái che")
    app.button(key=f"btn:{key}").click().run()
    assert not refused(app)
    assert "kết quả theo sổ của 6 tháng đầu năm 2021 được tính lại" in app.warning[0].value


def test_a_place_is_closed_with_a_reason_and_opened_again(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = place(demonstration, "VC-14")
    app = open_page("longgiang", "play_register")
    assert "được tính" in said(app)
    key = f"closing:{found.id}:0"
    app.text_input(key=f"{key}:day").set_value("5/11/2021")
    app.button(key=f"btn:{key}").click().run()
    assert "Chưa ghi lý do." in refused(app)
    app.text_input(key=f"{key}:day").set_value("6/11/2021")
    app.text_area(key=f"{key}:reason").set_value("Sửa mái che")
    app.button(key=f"btn:{key}").click().run()
    assert "sau ngày hôm nay" in refused(app)
    assert app.text_area(key=f"{key}:reason").value == "Sửa mái che"
    app.text_input(key=f"{key}:day").set_value("2/11/2021").run()
    app.button(key=f"btn:{key}").click().run()
    assert not app.exception
    assert not refused(app)
    assert "không được tính: ngừng hoạt động" in said(app)
    assert town_of_t7() == (5, 7)
    key = f"closing:{found.id}:1"
    app.text_input(key=f"{key}:day").set_value("1/11/2021").run()
    app.button(key=f"btn:{key}").click().run()
    assert "trước ngày ngừng" in refused(app)
    app.text_input(key=f"{key}:day").set_value("4/11/2021").run()
    app.button(key=f"btn:{key}").click().run()
    assert not refused(app)
    closure = scalar(
        demonstration, select(PlayAreaClosure).where(col(PlayAreaClosure.play_area_id) == found.id)
    )
    assert (closure.closed_on, closure.reopened_on) == (date(2021, 11, 2), date(2021, 11, 4))
    assert town_of_t7() == (6, 7)
    assert "Sửa mái che" in tables(app)


# Photos ---------------------------------------------------------------------------------------------------


def picture(*, with_position: bool = False) -> bytes:
    file, image = BytesIO(), Image.new("RGB", (320, 240), "#2f7d4f")
    exif = Image.Exif()
    if with_position:
        exif[0x010F] = "Máy ảnh của đoàn"
        exif.get_ifd(0x8825).update({1: "N", 2: (11.0, 49.0, 0.0), 3: "E", 4: (106.0, 59.0, 0.0)})
    image.save(file, "JPEG", exif=exif, comment=b"bi mat")
    return file.getvalue()


def hand_in(app: AppTest, name: str, content: bytes, mime: str = "image/jpeg") -> AppTest:
    uploader = next(each for each in app.file_uploader if (each.key or "").startswith("photo:"))
    uploader.set_value((name, content, mime)).run()
    assert not app.exception
    return press(app, "Lưu ảnh")


def test_a_script_that_is_named_a_photo_is_refused_with_a_sentence(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayPhoto)
    app = hand_in(open_page("songiang", "play_register"), "san-choi.jpg", b"<script>alert(1)</script>" * 99)
    assert "Tệp này không phải ảnh JPEG, PNG, WebP hay HEIC" in refused(app)
    assert "Chưa lưu ảnh; các ảnh trước vẫn còn." in refused(app)
    assert count(demonstration, PlayPhoto) == before


def test_half_a_photo_is_refused_with_a_sentence(demonstration: Database, open_page: OpenPage) -> None:
    app = hand_in(open_page("songiang", "play_register"), "hong.jpg", picture()[:300])
    assert "Ảnh bị hỏng" in refused(app)


def test_saving_without_a_photo_says_so(open_page: OpenPage) -> None:
    app = press(open_page("songiang", "play_register"), "Lưu ảnh")
    assert "Chưa chọn ảnh nào." in refused(app)


def test_a_photo_is_kept_without_where_and_with_what_it_was_taken(
    demonstration: Database, open_page: OpenPage
) -> None:
    taken = picture(with_position=True)
    assert Image.open(BytesIO(taken)).getexif().get_ifd(0x8825)
    before = count(demonstration, PlayPhoto)
    app = open_page("songiang", "play_register")
    caption = next(each for each in app.text_input if (each.key or "").endswith(":caption"))
    caption.set_value("Cầu trượt sau khi sửa")
    hand_in(app, "san-choi.jpg", taken)
    assert not refused(app)
    assert count(demonstration, PlayPhoto) == before + 1
    kept = scalar(demonstration, select(PlayPhoto).order_by(col(PlayPhoto.id).desc()).limit(1))
    for content in (kept.jpeg, kept.thumbnail):
        assert b"Exif" not in content
        assert b"bi mat" not in content
        assert not Image.open(BytesIO(content)).getexif()
    assert kept.caption == "Cầu trượt sau khi sửa"
    assert f"/photos/{kept.id}/small" in tables(app)
    assert "Cầu trượt sau khi sửa" in said(app)


def test_the_same_photo_twice_is_kept_once(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayPhoto)
    app = open_page("songiang", "play_register")
    hand_in(app, "a.jpg", picture())
    hand_in(app, "b.jpg", picture())
    assert count(demonstration, PlayPhoto) == before + 1


def test_a_photo_is_taken_off_the_screens_and_stays_stored(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayPhoto)
    app = press(open_page("songiang", "play_register"), "Gỡ ảnh")
    assert "Chưa có ảnh." in said(app)
    assert count(demonstration, PlayPhoto) == before


# Thôn and khu phố -----------------------------------------------------------------------------------------


def quarters(open_page: OpenPage, login: str = "songiang") -> AppTest:
    return open_page(login, "play_register", part="quarters")


def choose_quarter(app: AppTest, quarter_id: int | None) -> AppTest:
    box = next(each for each in app.selectbox if (each.key or "").startswith("quarter:choice:"))
    box.set_value(quarter_id or 0).run()
    assert not app.exception
    return app


def test_a_khu_pho_that_is_added_stands_in_the_list(demonstration: Database, open_page: OpenPage) -> None:
    app = quarters(open_page)
    field(app.text_input, "name").set_value("Khu phố 6")
    field(app.text_input, "children").set_value("1.050")
    field(app.text_input, "latitude").set_value("11,81")
    field(app.text_input, "longitude").set_value("106,99")
    press(app, QUARTER)
    assert not refused(app)
    kept = quarter(demonstration, "son-giang", "Khu phố 6")
    assert (kept.kind, kept.children, kept.latitude, kept.longitude) == ("khu_pho", 1050, 11.81, 106.99)
    assert "Khu phố 6" in tables(app)
    assert "6 thôn, khu phố" in tables(app)
    assert field(app.text_input, "name").value == ""


def test_adding_the_same_khu_pho_twice_adds_one(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, Quarter)
    app = quarters(open_page)
    for _attempt in range(2):
        field(app.text_input, "name").set_value("Khu phố 6")
        press(app, QUARTER)
    assert count(demonstration, Quarter) == before + 1


def test_a_name_that_is_taken_is_refused_and_stays_in_its_field(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    field(app.text_input, "name").set_value("Khu phố 2")
    press(app, QUARTER)
    assert "Xã, phường này đã có “Khu phố 2”." in refused(app)
    assert field(app.text_input, "name").value == "Khu phố 2"
    assert quarter(demonstration, "son-giang", "Khu phố 1").version == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Chưa có tên."),
        ({"children": "nhiều"}, "Số trẻ em: “nhiều” không phải là số"),
        ({"children": "-4"}, "số âm"),
        ({"children": "9999999999"}, ""),
        ({"latitude": ""}, "Vị trí cần cả vĩ độ và kinh độ."),
        ({"latitude": "118", "longitude": "500"}, "Vĩ độ phải trong khoảng −90 đến 90"),
    ],
)
def test_what_cannot_be_of_a_khu_pho_is_refused_and_stays_in_its_field(
    typed: dict[str, str], sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    for name, text in typed.items():
        field(app.text_input, name).set_value(text)
    press(app, QUARTER)
    assert sentence in refused(app)
    for name, text in typed.items():
        assert field(app.text_input, name).value == text
    assert quarter(demonstration, "son-giang", "Khu phố 1").version == 1


def test_a_change_of_a_khu_pho_is_saved_and_said(demonstration: Database, open_page: OpenPage) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    field(app.text_input, "children").set_value("200")
    press(app, QUARTER)
    assert quarter(demonstration, "son-giang", "Khu phố 1").children == 200
    assert "✓ đã lưu" in said(app)
    assert "1.258 trẻ em" in tables(app)


@pytest.mark.parametrize(("label", "children"), [("Giữ bản đã lưu", 210), ("Ghi bản của tôi", 220)])
def test_two_officers_on_one_khu_pho_see_both_and_choose(
    label: str, children: int, demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    theirs = QuarterInput(found.area_id, "Khu phố 1", "khu_pho", 210, found.latitude, found.longitude)
    save_quarter(
        actor=actor(demonstration, "tonghop"), description=theirs, quarter_id=found.id, base_version=1
    )
    field(app.text_input, "children").set_value("220")
    press(app, QUARTER)
    assert "Đề nghị chọn một trong hai bản" in app.warning[0].value
    assert rows_of(app, "Bản của đồng chí") == [["Số trẻ em", "210", "220"]]
    press(app, label)
    assert not app.warning
    assert quarter(demonstration, "son-giang", "Khu phố 1").children == children
    assert field(app.text_input, "children").value == str(children)


def change_quarter(database: Database, found: Quarter, **changes: Any) -> None:
    """A colleague changes a khu phố after this person's page was opened."""
    stored = QuarterInput(
        found.area_id, found.name, found.kind, found.children, found.latitude, found.longitude
    )
    by, told = actor(database, "tonghop"), replace(stored, **changes)
    save_quarter(actor=by, description=told, quarter_id=found.id, base_version=found.version)


def test_a_conflict_of_a_khu_pho_shows_every_field_that_differs(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    change_quarter(demonstration, found, kind="thon", latitude=11.8, longitude=107.1)
    field(app.text_input, "latitude").set_value("11,9")
    field(app.text_input, "longitude").set_value("107,1")
    press(app, QUARTER)
    assert rows_of(app, "Bản của đồng chí") == [["Loại", "Thôn", "Khu phố"], ["Vĩ độ", "11.8", "11.9"]]


def test_what_is_typed_of_a_khu_pho_outlasts_a_colleagues_change(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    typing = field(app.text_input, "children").key
    change_quarter(demonstration, found, children=210)
    app.run()
    assert field(app.text_input, "children").key == typing
    field(app.text_input, "children").set_value("220")
    press(app, QUARTER)
    assert "Đề nghị chọn một trong hai bản" in app.warning[0].value
    assert quarter(demonstration, "son-giang", "Khu phố 1").children == 210
    press(app, "Giữ bản đã lưu")
    assert field(app.text_input, "children").value == "210"


def test_a_khu_pho_that_is_opened_again_shows_what_stands_now(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 1")
    app = choose_quarter(quarters(open_page), found.id)
    change_quarter(demonstration, found, children=210)
    choose_quarter(choose_quarter(app, None), found.id)
    assert field(app.text_input, "children").value == "210"


def test_a_khu_pho_that_ended_is_counted_no_more_and_kept(
    demonstration: Database, open_page: OpenPage
) -> None:
    found = quarter(demonstration, "son-giang", "Khu phố 5")
    app = choose_quarter(quarters(open_page), found.id)
    app.button(key=f"btn:end:quarter:{found.id}").click().run()
    assert not app.exception
    assert quarter(demonstration, "son-giang", "Khu phố 5").ended_on == date(2021, 11, 5)
    assert "4 thôn, khu phố" in tables(app)
    assert "Khu phố 5" not in tables(app)


# Excel ----------------------------------------------------------------------------------------------------


def sheet(*rows: dict[str, Any]) -> bytes:
    """A sheet with the columns of the rows, by field."""
    headings = column_headings()
    names = [name for name in headings if any(name in row for row in rows)]
    book, file = Workbook(), BytesIO()
    page = book.active
    page.append([headings[name] for name in names])
    for row in rows:
        page.append([row.get(name) for name in names])
    book.save(file)
    return file.getvalue()


NEW_PLACE = {
    "name": "Sân chơi khu phố 5",
    "kind": "Sân chơi trẻ em",
    "commune": "Sơn Giang",
    "area_m2": 450,
    "is_open_to_all": "Có",
}


def downloaded(*codes: str, **changes: Any) -> bytes:
    """These places as the page gives them out, with changes, by field, that were typed into the first of them."""
    register = play_register("vi")
    assert register is not None
    content = write_play_sheet(sheet_rows(register.places.filter(pl.col("code").is_in(codes))), language="vi")
    book, file = load_workbook(BytesIO(content)), BytesIO()
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    for name, value in changes.items():
        page.cell(2, headings.index(column_headings()[name]) + 1).value = value
    book.save(file)
    return file.getvalue()


def upload(app: AppTest, content: bytes) -> AppTest:
    app.file_uploader[0].set_value(("so-diem.xlsx", content, EXCEL)).run()
    assert not app.exception
    return app


def importing(open_page: OpenPage, login: str = "songiang") -> AppTest:
    return open_page(login, "play_register", part="excel")


def import_buttons(app: AppTest) -> list[Any]:
    return [button for button in app.button if (button.key or "").startswith("btn:import")]


def test_a_sheet_with_problems_shows_them_all_and_writes_nothing(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    wrong = {"name": "", "kind": "Sân bay", "commune": "Sơn Giang", "area_m2": "abc"}
    app = upload(importing(open_page), sheet(NEW_PLACE, wrong))
    assert "Chưa ghi gì vào sổ." in app.warning[0].value
    assert not import_buttons(app)
    for sentence in ("“Sân bay” không có trong danh mục", "“abc” không phải là số", "Tên: chưa ghi"):
        assert sentence in tables(app)
    assert count(demonstration, PlayArea) == before


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({**NEW_PLACE, "commune": "Thác Mơ"}, "không được sửa sổ của xã, phường này"),
        ({**NEW_PLACE, "commune": "Đồng Xoài"}, "không có xã, phường “Đồng Xoài”"),
        ({**NEW_PLACE, "code": "VC-99"}, "không có điểm nào mang mã VC-99"),
        ({**NEW_PLACE, "latitude": 11.8}, "Vị trí cần cả vĩ độ và kinh độ."),
    ],
)
def test_a_row_that_cannot_be_written_says_why(
    row: dict[str, Any], sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), sheet(row))
    assert sentence in tables(app)
    assert not import_buttons(app)


def test_the_preview_of_a_new_place_shows_all_that_would_be_written(
    demonstration: Database, open_page: OpenPage
) -> None:
    new = {**NEW_PLACE, "address": "Tổ 2", "opening_hours": "6h-21h", "age_from": 3}
    app = upload(importing(open_page), sheet(new))
    (row,) = rows_of(app, "thêm mới")
    for told in (
        "Địa chỉ: Tổ 2",
        "Diện tích (m²): 450",
        "Giờ mở cửa: 6h-21h",
        "Từ tuổi: 3",
        "Tình trạng: Tốt",
    ):
        assert told in row[2]


def test_a_file_is_read_once_and_not_at_every_click(
    demonstration: Database, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    begin = handed_in.read_sheet

    def watched(content: bytes, *args: Any, **options: Any) -> Any:
        read.append(len(content))
        return begin(content, *args, **options)

    monkeypatch.setattr(handed_in, "read_sheet", watched)
    app = upload(importing(open_page), sheet(NEW_PLACE))
    app.run()
    app.run()
    assert import_buttons(app)
    assert len(read) == 1
    # A file that is refused is not read again either.
    app = upload(app, b"Ten;Loai")
    app.run()
    assert "văn bản (.csv, .txt)" in said(app)
    assert len(read) == 2


@pytest.mark.parametrize("problem", list(apart.ApartProblem))
def test_a_file_that_is_not_read_through_is_refused_with_a_sentence(
    problem: apart.ApartProblem, demonstration: Database, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_of: Any, **_options: Any) -> Any:
        raise apart.ApartRefused(problem)

    with monkeypatch.context() as patch:
        patch.setattr(handed_in, "read_apart", refused)
        app = upload(importing(open_page), sheet(NEW_PLACE))
    assert app.error[0].value.startswith("Chưa ghi gì vào sổ.")
    assert not import_buttons(app)
    # What hindered it for the moment may be over at the next click.
    app.run()
    assert bool(import_buttons(app)) is (problem is not apart.ApartProblem.too_complex)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>no sheet</html>", "trang web hoặc XML mang tên Excel"),
        (b"no sheet", "không phải tệp Excel"),
        (b"", "Tệp trống"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    content: bytes, sentence: str, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), content)
    assert sentence in refused(app)
    assert "Chưa ghi gì vào sổ." in refused(app)


def test_a_sheet_without_its_columns_names_them(open_page: OpenPage) -> None:
    app = upload(importing(open_page), sheet({"name": "Sân chơi"}))
    assert "Tệp thiếu cột bắt buộc: Loại, Xã, phường" in refused(app)


def test_a_clean_sheet_is_written_by_a_click_and_never_without(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    app = upload(importing(open_page), sheet(NEW_PLACE, {**NEW_PLACE, "name": "Sân chơi khu phố 4"}))
    assert "thêm mới" in tables(app)
    assert count(demonstration, PlayArea) == before
    import_buttons(app)[0].click().run()
    assert not app.exception
    assert app.success[0].value == "Đã ghi 2 dòng vào sổ."
    assert count(demonstration, PlayArea) == before + 2
    assert place(demonstration, "VC-17").area_m2 == 450
    assert not import_buttons(app)


def test_a_double_click_writes_a_sheet_once_and_says_so(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayArea)
    app = upload(importing(open_page), sheet(NEW_PLACE))
    button = import_buttons(app)[0]
    button.click().run()
    button.click().run()
    assert not app.exception
    assert app.success[0].value == "Đã ghi 1 dòng vào sổ."
    assert count(demonstration, PlayArea) == before + 1


def test_the_same_sheet_handed_in_again_writes_nothing_and_says_so(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    content = sheet(NEW_PLACE)
    app = upload(importing(open_page), content)
    import_buttons(app)[0].click().run()
    upload(app, content)
    assert "Chưa ghi gì vào sổ." in app.warning[0].value
    assert "đã có VC-17 cùng tên" in tables(app)
    assert not import_buttons(app)
    assert count(demonstration, PlayArea) == before + 1


def test_a_sheet_that_was_corrected_does_not_double_its_new_places(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    app = upload(importing(open_page), sheet(NEW_PLACE))
    import_buttons(app)[0].click().run()
    again = {**NEW_PLACE, "name": " SÂN CHƠI  khu phố 5", "area_m2": 480}
    upload(app, sheet(again, {**NEW_PLACE, "name": "Sân chơi khu phố 4"}))
    told, other = (row[3] for row in rows_of(app, "thêm mới"))
    assert told == (
        "đã có VC-17 cùng tên trong xã, phường này. Nếu là điểm đó, đề nghị tải danh sách mới rồi sửa dòng "
        "mang mã ấy; nếu là điểm khác, đề nghị ghi tên khác."
    )
    assert other == ""
    assert not import_buttons(app)
    assert count(demonstration, PlayArea) == before + 1


def test_two_new_rows_with_one_name_are_a_problem_of_both(open_page: OpenPage) -> None:
    rows = (
        NEW_PLACE,
        {**NEW_PLACE, "name": "Sân chơi  Khu phố 5"},
        {**NEW_PLACE, "name": "Sân chơi khu phố 4"},
    )
    app = upload(importing(open_page), sheet(*rows))
    told = [row[3] for row in rows_of(app, "thêm mới")]
    assert told[0].startswith("trùng tên với dòng 3 trong cùng xã, phường.")
    assert told[1].startswith("trùng tên với dòng 2 trong cùng xã, phường.")
    assert told[2] == ""
    assert not import_buttons(app)


def test_one_name_in_two_communes_names_two_places(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayArea)
    app = upload(importing(open_page, "tonghop"), sheet(NEW_PLACE, {**NEW_PLACE, "commune": "Long Giang"}))
    import_buttons(app)[0].click().run()
    assert app.success[0].value == "Đã ghi 2 dòng vào sổ."
    assert count(demonstration, PlayArea) == before + 2


def test_a_place_that_was_added_meanwhile_is_not_added_again(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), sheet(NEW_PLACE))
    theirs = replace(stored_input("VC-12"), name="Sân chơi Khu phố 5")
    save_place(actor=actor(demonstration, "tonghop"), description=theirs, token="theirs")
    before = count(demonstration, PlayArea)
    import_buttons(app)[0].click().run()
    assert not app.exception
    assert "Chưa ghi dòng nào: sổ vừa có VC-17 cùng tên" in refused(app)
    assert "đã có VC-17 cùng tên" in tables(app)
    assert count(demonstration, PlayArea) == before


def test_what_a_colleague_wrote_likewise_meanwhile_is_not_counted(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), downloaded("VC-12", area_m2=400))
    somebody_changes(demonstration, area_m2=400)
    import_buttons(app)[0].click().run()
    assert not app.exception
    assert not app.success
    assert "Không ghi thêm dòng nào: sổ đã có đúng như danh sách." in said(app)


def test_a_list_that_comes_back_as_it_was_changes_nothing(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), downloaded("VC-12", "VC-13"))
    assert [row[2] for row in rows_of(app, "không đổi")] == ["không đổi", "không đổi"]
    assert "Không có gì thay đổi so với sổ." in said(app)
    assert "Cột không dùng" not in tables(app)


def test_a_row_with_a_code_changes_the_place_that_is_known(
    demonstration: Database, open_page: OpenPage
) -> None:
    row = {**NEW_PLACE, "code": "VC-12", "name": "Sân chơi mới", "version": 1}
    app = upload(importing(open_page), sheet(row))
    assert "sửa VC-12" in tables(app)
    import_buttons(app)[0].click().run()
    assert not app.exception
    assert app.success[0].value == "Đã ghi 1 dòng vào sổ."
    assert place(demonstration, "VC-12").name == "Sân chơi mới"


def test_a_list_from_before_a_colleagues_change_does_not_take_it_back(
    demonstration: Database, open_page: OpenPage
) -> None:
    """Downloaded on Monday, changed by a colleague on Tuesday, handed in on Wednesday."""
    monday = downloaded("VC-12", "VC-13", manager="UBND phường")
    somebody_changes(demonstration, area_m2=400)
    app = upload(importing(open_page), monday)
    (changed, other) = rows_of(app, "sửa VC-12")
    assert re.fullmatch(
        r"VC-12 đã được sửa sau khi danh sách này được tải xuống \(lần ghi gần nhất: Cán bộ tổng hợp.*, "
        r"\d\d:\d\d 05/11/2021\)\. Đề nghị tải danh sách mới rồi sửa lại\.",
        changed[3],
    )
    assert other[2:] == ["không đổi", ""]
    assert not import_buttons(app)
    stored = place(demonstration, "VC-12")
    assert (stored.area_m2, stored.manager) == (400, "Đoàn phường Sơn Giang")


def test_an_old_row_that_says_what_stands_is_no_conflict(
    demonstration: Database, open_page: OpenPage
) -> None:
    monday = downloaded("VC-12", area_m2=400)
    somebody_changes(demonstration, area_m2=400)
    app = upload(importing(open_page), monday)
    assert "Không có gì thay đổi so với sổ." in said(app)


def test_an_old_row_that_cannot_be_read_is_told_to_be_old(
    demonstration: Database, open_page: OpenPage
) -> None:
    monday = downloaded("VC-12", area_m2="abc")
    somebody_changes(demonstration, area_m2=400)
    (row,) = rows_of(upload(importing(open_page), monday), "abc")
    assert row[1] == place(demonstration, "VC-12").name
    assert "“abc” không phải là số" in row[3]
    assert "VC-12 đã được sửa sau khi danh sách này được tải xuống" in row[3]


@pytest.mark.parametrize("version", [None, 9])
def test_a_change_of_nobody_knows_which_version_is_refused(
    version: int | None, demonstration: Database, open_page: OpenPage
) -> None:
    app = upload(importing(open_page), downloaded("VC-12", area_m2=401, version=version))
    assert "không rõ dòng này được sửa từ phiên bản nào của VC-12" in tables(app)
    assert not import_buttons(app)
    upload(app, downloaded("VC-12", version=version))
    assert "Không có gì thay đổi so với sổ." in said(app)
    assert place(demonstration, "VC-12").version == 1


def test_a_place_in_a_khu_pho_that_has_ended_comes_back_as_it_is(
    demonstration: Database, open_page: OpenPage
) -> None:
    ended = end_its_quarter(demonstration, "VC-12")
    app = upload(importing(open_page), downloaded("VC-12", "VC-13"))
    assert "Không có gì thay đổi so với sổ." in said(app)
    upload(app, downloaded("VC-12", manager="UBND phường"))
    import_buttons(app)[0].click().run()
    kept = place(demonstration, "VC-12")
    assert (kept.manager, kept.quarter_id) == ("UBND phường", ended.id)


def test_no_other_place_moves_into_a_khu_pho_that_has_ended(
    demonstration: Database, open_page: OpenPage
) -> None:
    ended = end_its_quarter(demonstration, "VC-12")
    for content in (downloaded("VC-13", quarter=ended.name), sheet({**NEW_PLACE, "quarter": ended.name})):
        app = upload(importing(open_page), content)
        assert f"không có thôn, khu phố “{ended.name}” trong xã, phường này" in tables(app)
        assert not import_buttons(app)


def test_a_change_is_told_in_names_and_words(open_page: OpenPage) -> None:
    changes = {"quarter": "Khu phố 4", "kind": "Công viên, hoa viên", "funding": None, "has_toilet": "Có"}
    app = upload(importing(open_page), downloaded("VC-12", **changes))
    assert rows_of(app, "sửa VC-12")[0][2].split("<br>") == [
        "sửa VC-12",
        "Loại: Sân chơi trẻ em → Công viên, hoa viên",
        "Thôn, khu phố: Khu phố 3 → Khu phố 4",
        "Nguồn vốn: Kết hợp → –",
        "Nhà vệ sinh: không → có",
    ]
    moved = {"commune": "Long Giang", "quarter": None}
    app = upload(importing(open_page, "tonghop"), downloaded("VC-12", **moved))
    assert rows_of(app, "sửa VC-12")[0][2].split("<br>")[1:] == [
        "Xã, phường: Phường Sơn Giang → Xã Long Giang",
        "Thôn, khu phố: Khu phố 3 → –",
    ]


def test_columns_that_a_sheet_does_not_have_stay_as_they_are_stored(
    demonstration: Database, open_page: OpenPage
) -> None:
    """Who sends back four columns has said nothing of the others."""
    before = place(demonstration, "VC-12")
    row = {"code": "VC-12", "name": "Sân chơi mới", "kind": "Sân chơi trẻ em", "commune": "Sơn Giang"}
    app = upload(importing(open_page), sheet({**row, "version": 1}))
    import_buttons(app)[0].click().run()
    after = place(demonstration, "VC-12")
    assert after.name == "Sân chơi mới"
    for name in ("latitude", "longitude", "area_m2", "equipment_count", "quarter_id", "manager"):
        assert getattr(after, name) == getattr(before, name)


def test_somebody_elses_change_meanwhile_keeps_the_whole_sheet_out(
    demonstration: Database, open_page: OpenPage
) -> None:
    before = count(demonstration, PlayArea)
    row = {**NEW_PLACE, "code": "VC-12", "name": "Sân chơi mới", "version": 1}
    app = upload(importing(open_page), sheet(NEW_PLACE, row))
    somebody_changes(demonstration, area_m2=401)
    import_buttons(app)[0].click().run()
    assert not app.exception
    assert "Chưa ghi dòng nào: Cán bộ tổng hợp" in refused(app)
    assert count(demonstration, PlayArea) == before
    assert place(demonstration, "VC-12").area_m2 == 401
