"""What the office sets: its standard, the classes of communes, the points of the decree, the outlines."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import streamlit as st
from saving_lines import noted, refused, said
from sqlalchemy import func, select
from sqlmodel import col

from dashboard.actions.play_rules import set_standard
from dashboard.actions.recognition_rules import set_commune_class
from dashboard.domain.permissions import Actor, Role
from dashboard.domain.play_areas import Standard
from dashboard.views.play_areas import play_register
from dashboard.views.recognition import recognition, round_years
from dashboard.views.rules import rule_sets
from db.tables import Account, Area, CommuneClass, Criterion, Outlines, PlayStandard

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

    OpenPage = Callable[..., AppTest]

SAVE_STANDARD, SAVE_POINTS = "Lưu tiêu chuẩn", "Lưu điểm tối đa"
# With the three maxima that were read (100, 125, 50) these make 1,000.
FILLED = {2: 75, 3: 75, 4: 50, 5: 75, 8: 75, 9: 50, 10: 100, 11: 75, 12: 75, 13: 75}


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The pages remember by data version, and each test's database counts from the same one."""
    st.cache_resource.clear()


@pytest.fixture
def installed(administrator: AppTest) -> AppTest:
    """The administrator's page of a real installation, without any made-up figure."""
    administrator.switch_page("../pages/rules.py").run()
    assert not administrator.exception
    return administrator


def area_id(database: Database, slug: str) -> int:
    with database.read() as session:
        found = session.scalar(select(col(Area.id)).where(col(Area.slug) == slug))
    assert found is not None
    return found


def count(database: Database, table: Any) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(col(table.id)))) or 0


def actor(database: Database, login: str) -> Actor:
    with database.read() as session:
        account = session.scalar(select(Account).where(col(Account.login) == login))
    assert account is not None
    return Actor(account.id or 0, login, account.name, Role(account.role))


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def standard_field(controls: Any, name: str) -> Any:
    fitting = [each for each in controls if re.fullmatch(rf"standard:(.+:)?{name}", each.key or "")]
    assert len(fitting) == 1
    return fitting[0]


def text(app: AppTest) -> str:
    return "\n".join([*(element.value for element in app.title), said(app)])


def counting() -> int:
    register = play_register("vi")
    assert register is not None
    return register.counting.height


# The standard ---------------------------------------------------------------------------------------------


def test_a_standard_that_is_saved_moves_the_counts(demonstration: Database, open_page: OpenPage) -> None:
    before = counting()
    app = open_page("tonghop", "rules")
    standard_field(app.text_input, "min_area_m2").set_value("400")
    standard_field(app.text_input, "document").set_value("Công văn 55/UBND")
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    assert "đã lưu" in noted(app)
    assert "Tiêu chuẩn áp dụng từ 05/11/2021: từ 400 m²" in text(app)
    assert "(Công văn 55/UBND)" in text(app)
    assert counting() < before
    app.switch_page("../pages/play_areas.py").run()
    assert not app.exception
    assert "từ 400 m²" in text(app)
    assert f"{counting()}/16 điểm được tính" in {metric.proto.delta_description for metric in app.metric}


def test_a_standard_may_ask_for_nothing(demonstration: Database, open_page: OpenPage) -> None:
    before = counting()
    app = open_page("tonghop", "rules")
    for name in ("min_area_m2", "max_check_age_months"):
        standard_field(app.text_input, name).set_value("")
    for name in ("needs_equipment", "needs_open_to_all"):
        standard_field(app.checkbox, name).set_value(False)
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    assert "từ 05/11/2021: đang hoạt động" in text(app)
    assert counting() > before


def test_a_standard_of_tomorrow_changes_nothing_today(demonstration: Database, open_page: OpenPage) -> None:
    before = counting()
    app = open_page("tonghop", "rules")
    standard_field(app.text_input, "min_area_m2").set_value("5.000")
    standard_field(app.text_input, "valid_from").set_value("6/11/2021")
    press(app, SAVE_STANDARD)
    assert counting() == before
    assert "từ 01/01/2021: từ 200 m²" in text(app)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("min_area_m2", "abc", "không phải là số"),
        ("min_area_m2", "-5", "số âm"),
        ("min_area_m2", "12,5", "số nguyên"),
        ("min_area_m2", "0", "Các mức của tiêu chuẩn không hợp lý"),
        ("max_check_age_months", "0", "Các mức của tiêu chuẩn không hợp lý"),
        ("max_check_age_months", "một năm", "để trống nếu không quy định: “một năm” không phải là số"),
        ("max_check_age_months", "999999999", ""),
        ("min_area_m2", "9999999999", ""),
    ],
)
def test_nonsense_in_the_standard_is_refused_and_the_old_one_holds(
    name: str, typed: str, sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    before, judged = count(demonstration, PlayStandard), counting()
    app = open_page("tonghop", "rules")
    standard_field(app.text_input, name).set_value(typed)
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    assert "Chưa lưu" in refused(app)
    assert sentence in refused(app)
    assert standard_field(app.text_input, name).value == typed
    assert count(demonstration, PlayStandard) == before
    assert counting() == judged


def test_a_standard_without_its_day_is_refused(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayStandard)
    app = open_page("tonghop", "rules")
    press(app, SAVE_STANDARD)
    assert "đề nghị ghi ngày áp dụng" in refused(app)
    assert count(demonstration, PlayStandard) == before


def test_a_double_click_saves_one_standard(demonstration: Database, open_page: OpenPage) -> None:
    before = count(demonstration, PlayStandard)
    app = open_page("tonghop", "rules")
    standard_field(app.text_input, "min_area_m2").set_value("400")
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    press(app, SAVE_STANDARD)
    assert count(demonstration, PlayStandard) == before + 1


def test_the_walking_distance_of_the_standard_is_used(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("tonghop", "rules")
    standard_field(app.selectbox, "walking_m").set_value(1000)
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    app.switch_page("../pages/play_areas.py").run()
    assert any("trong 1.000 m" in metric.proto.delta_description for metric in app.metric)


def test_a_standard_that_a_colleague_has_just_set_is_not_put_back_unseen(
    demonstration: Database, open_page: OpenPage
) -> None:
    """This page was opened under 200 m² and shows them still; its officer changes something else."""
    app = open_page("tonghop", "rules")
    before = count(demonstration, PlayStandard)
    set_standard(
        actor=actor(demonstration, "quantri"),
        base_version=1,
        standard=Standard(300, needs_equipment=True, needs_open_to_all=True, max_check_age_months=12),
        walking_m=400,
        valid_from=date(2021, 11, 5),
    )
    standard_field(app.text_input, "document").set_value("Công văn 55/UBND")
    standard_field(app.text_input, "valid_from").set_value("5/11/2021")
    press(app, SAVE_STANDARD)
    register = play_register("vi")
    assert register is not None
    assert register.standard.standard.min_area_m2 == 300
    assert count(demonstration, PlayStandard) == before + 1
    assert "người khác vừa thay đổi mục này" in text(app)


def test_a_standard_for_days_before_the_one_in_force_says_up_to_when_it_holds(
    demonstration: Database, open_page: OpenPage
) -> None:
    with demonstration.read() as session:
        in_force = session.scalars(select(PlayStandard.valid_from)).one()
    app = open_page("tonghop", "rules")
    standard_field(app.text_input, "valid_from").set_value(f"{in_force - timedelta(days=1):%d/%m/%Y}")
    press(app, SAVE_STANDARD)
    assert "đến trước ngày" in noted(app)
    assert f"{in_force:%d/%m/%Y} là ngày tiêu chuẩn sau bắt đầu" in noted(app)
    assert "kỳ đã qua" in app.warning[0].value


# Classes --------------------------------------------------------------------------------------------------


def class_of(database: Database, area: int) -> tuple[str, int]:
    with database.read() as session:
        row = session.scalar(select(CommuneClass).where(col(CommuneClass.area_id) == area))
    assert row is not None
    return row.commune_class, row.version


def test_a_changed_class_changes_the_threshold(demonstration: Database, open_page: OpenPage) -> None:
    area = area_id(demonstration, "son-giang")
    app = open_page("tonghop", "rules")
    box = app.selectbox(key=f"class:{area}:1")
    assert any(option.startswith("800 · ") for option in box.options)
    box.set_value("remote").run()
    assert not app.exception
    assert "đã lưu" in noted(app)
    assert class_of(demonstration, area) == ("remote", 2)
    seen = recognition(2022, "vi")
    assert seen is not None
    commune = seen.commune(area)
    assert commune is not None
    assert commune.verdict.threshold == 800
    app.switch_page("../pages/child_friendly.py").run()
    assert not app.exception


def test_a_class_that_somebody_changed_meanwhile_is_not_overwritten(
    demonstration: Database, open_page: OpenPage
) -> None:
    area = area_id(demonstration, "son-giang")
    app = open_page("tonghop", "rules")
    set_commune_class(
        actor=actor(demonstration, "quantri"), area_id=area, commune_class="central_ward", base_version=1
    )
    app.selectbox(key=f"class:{area}:1").set_value("remote").run()
    assert not app.exception
    assert "người khác vừa thay đổi mục này" in refused(app)
    assert class_of(demonstration, area)[0] == "central_ward"


def test_what_is_not_confirmed_says_so_beside_its_commune(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("tonghop", "rules")
    boxes = [box for box in app.selectbox if (box.key or "").startswith("class:")]
    assert len(boxes) == 7
    assert all("cần đối chiếu" in box.label for box in boxes)
    area = area_id(demonstration, "son-giang")
    app.selectbox(key=f"class:{area}:1").set_value("remote").run()
    assert app.selectbox(key=f"class:{area}:2").label == "Phường Sơn Giang"


# Points ---------------------------------------------------------------------------------------------------


def points_field(app: AppTest, number: int, name: str = "maximum") -> Any:
    fitting = [
        each
        for each in app.text_input
        if (each.key or "").startswith("points:") and (each.key or "").endswith(f":{number}:{name}")
    ]
    assert len(fitting) == 1
    return fitting[0]


def fill(app: AppTest, points: dict[int, int | str]) -> AppTest:
    for number, value in points.items():
        points_field(app, number).set_value(str(value))
    return press(app, SAVE_POINTS)


def maxima() -> list[int | None]:
    return rule_sets("vi")[0].criteria["maximum"].to_list()


def test_the_maxima_that_were_read_stand_there_and_the_others_are_asked_for(installed: AppTest) -> None:
    assert "Đã có 3/13 điểm tối đa, cộng lại 275/1.000." in text(installed)
    assert [points_field(installed, number).value for number in (1, 6, 7)] == ["100", "125", "50"]
    assert all(points_field(installed, number).value == "" for number in FILLED)
    assert sum("cần nhập theo bản in" in line.value for line in installed.markdown) == len(FILLED)


def test_a_part_of_the_points_is_kept(installed: AppTest) -> None:
    fill(installed, {2: 75, 3: 70})
    assert "✓ đã lưu" in noted(installed)
    assert "Đã có 5/13 điểm tối đa, cộng lại 420/1.000." in text(installed)
    assert maxima()[:3] == [100, 75, 70]
    assert points_field(installed, 2).value == "75"
    fill(installed, {4: 50})
    assert "Đã có 6/13" in text(installed)


def test_a_wrong_sum_is_refused_with_both_numbers_and_keeps_what_was_typed(installed: AppTest) -> None:
    fill(installed, {**FILLED, 13: 76})
    assert "cộng lại là 1.001" in refused(installed)
    assert "là 1.000" in refused(installed)
    assert points_field(installed, 13).value == "76"
    assert points_field(installed, 2).value == "75"
    assert maxima().count(None) == len(FILLED)


def test_exactly_a_thousand_is_accepted(installed: AppTest, installation: Database) -> None:
    fill(installed, dict(FILLED))
    assert "✓ đã lưu" in noted(installed)
    assert "Đã có 13/13 điểm tối đa, cộng lại 1.000/1.000." in text(installed)
    with installation.read() as session:
        kept = session.scalars(select(Criterion).where(col(Criterion.max_points).is_not(None))).all()
    assert {(each.certainty, each.is_illustrative) for each in kept} == {("quoted", False)}
    installed.switch_page("../pages/scoring.py").run()
    assert not installed.exception
    assert not any("cần nhập theo bản in" in warning.value for warning in installed.warning)


@pytest.mark.parametrize(
    ("typed", "sentence"), [("abc", "không phải là số"), ("-5", "số âm"), ("7,5", "số nguyên")]
)
def test_nonsense_in_the_points_is_refused_and_stays(typed: str, sentence: str, installed: AppTest) -> None:
    fill(installed, {2: 75, 3: typed})
    assert sentence in refused(installed)
    assert "3. Tối đa: “" in refused(installed)
    assert "những gì đã nhập vẫn còn trên trang" in refused(installed)
    assert points_field(installed, 3).value == typed
    assert points_field(installed, 2).value == "75"
    assert maxima()[1] is None


@pytest.mark.parametrize("typed", ["0", "1001"])
def test_points_that_no_criterion_can_have_are_refused_with_a_sentence(
    typed: str, installed: AppTest
) -> None:
    fill(installed, {2: typed})
    assert "Chưa lưu" in refused(installed)
    assert maxima()[1] is None


def test_a_least_above_its_maximum_is_refused(installed: AppTest) -> None:
    points_field(installed, 2, "least").set_value("80")
    fill(installed, {2: 75})
    assert "điểm tối thiểu của tiêu chí 2 lớn hơn điểm tối đa" in refused(installed)
    assert maxima()[1] is None


def test_a_least_of_nothing_is_refused_with_a_sentence(installed: AppTest) -> None:
    points_field(installed, 2, "least").set_value("0")
    fill(installed, {2: 75})
    assert "Chưa lưu" in refused(installed)
    assert maxima()[1] is None


def add_a_round(app: AppTest, year: str) -> AppTest:
    next(field for field in app.text_input if (field.key or "").startswith("round:")).set_value(year)
    return press(app, "Thêm kỳ đánh giá")


def test_an_administrator_adds_the_rounds_of_the_next_plan(installed: AppTest) -> None:
    assert "Kỳ đánh giá theo bộ tiêu chí này: 2019, 2022, 2024." in text(installed)
    app = add_a_round(installed, "2027")
    assert "Kỳ đánh giá theo bộ tiêu chí này: 2019, 2022, 2024, 2027." in text(app)
    assert round_years()[0] == (2019, 2022, 2024, 2027)


@pytest.mark.parametrize(
    ("year", "sentence"), [("27", "bốn chữ số"), ("abcd", "bốn chữ số"), ("2018", "không có hiệu lực")]
)
def test_a_round_that_cannot_be_is_refused_with_a_sentence(
    year: str, sentence: str, installed: AppTest
) -> None:
    app = add_a_round(installed, year)
    assert sentence in text(app)
    assert round_years()[0] == (2019, 2022, 2024)


def test_a_class_that_was_looked_up_is_confirmed_with_a_click(
    demonstration: Database, open_page: OpenPage
) -> None:
    app = open_page("tonghop", "rules")
    asked = [button for button in app.button if button.label == "Đã đối chiếu"]
    assert len(asked) == 7
    asked[-1].click().run()
    assert not app.exception
    assert len([button for button in app.button if button.label == "Đã đối chiếu"]) == 6
    assert class_of(demonstration, area_id(demonstration, "phuoc-tin")) == ("other", 2)


def test_a_set_that_results_were_decided_under_is_closed(open_page: OpenPage) -> None:
    app = open_page("quantri", "rules")
    assert "Đã có kết quả thẩm định theo bộ tiêu chí này" in text(app)
    fields = [each for each in app.text_input if (each.key or "").startswith("points:")]
    assert len(fields) == 26
    assert all(each.disabled for each in fields)
    assert next(button for button in app.button if button.label == SAVE_POINTS).disabled


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_town_officer_sees_neither_points_nor_outlines(language: str, open_page: OpenPage) -> None:
    app = open_page("tonghop", "rules", lang=language)
    assert not app.file_uploader
    keys = {each.key or "" for each in (*app.text_input, *app.selectbox, *app.button)}
    assert not any(key.startswith(("points:", "outlines:", "btn:outlines")) for key in keys)
    assert standard_field(app.text_input, "min_area_m2").value == "200"


# Outlines -------------------------------------------------------------------------------------------------


def outlines(*, swapped: bool = False, moved: float = 0, only: int | None = None) -> bytes:
    """A square around the middle of each commune, of somewhat more than half its size."""
    register = play_register("vi")
    assert register is not None
    features = []
    for row in register.communes.to_dicts()[:only]:
        x, y, half = row["longitude"] + moved, row["latitude"], 0.375 * sqrt(row["area_km2"]) / 111
        ring = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
        points = [[b, a] if swapped else [a, b] for a, b in (*ring, ring[0])]
        features.append(
            {
                "type": "Feature",
                "properties": {"ma": row["code"], "ten": row["full_name"]},
                "geometry": {"type": "Polygon", "coordinates": [points]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def hand_in(app: AppTest, content: bytes) -> AppTest:
    app.file_uploader(key="outlines:file").set_value(("ranh-gioi.geojson", content, "application/json"))
    app.run()
    return press(app, "Dùng tệp này")


def map_columns(app: AppTest) -> set[str]:
    chart = app.get("vega_lite_chart")[0].proto
    return {name for part in chart.datasets for name in pl.read_ipc_stream(part.data.data).columns}


def test_without_a_file_nothing_is_drawn_anew(demonstration: Database, open_page: OpenPage) -> None:
    app = press(open_page("quantri", "rules"), "Dùng tệp này")
    assert "Chưa chọn tệp nào." in refused(app)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<script>alert(1)</script>", "không phải GeoJSON"),
        (b"", "Tệp trống"),
        (b'{"type": "Point"}', "không phải GeoJSON gồm các vùng"),
        (b'{"type": "FeatureCollection", "features": []}', "không có vùng nào"),
    ],
)
def test_nonsense_for_outlines_is_refused_with_a_sentence(
    content: bytes, sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = hand_in(open_page("quantri", "rules"), content)
    assert sentence in refused(app)
    assert "bản đồ vẫn như trước" in refused(app)
    assert count(demonstration, Outlines) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"swapped": True}, "bị đổi chỗ"), ({"moved": 2.0}, "nằm xa vị trí đã biết")],
)
def test_outlines_of_elsewhere_are_refused_with_a_sentence(
    changes: dict[str, Any], sentence: str, demonstration: Database, open_page: OpenPage
) -> None:
    app = hand_in(open_page("quantri", "rules"), outlines(**changes))
    assert sentence in refused(app)
    assert count(demonstration, Outlines) == 0


def test_outlines_are_drawn_until_they_are_withdrawn(demonstration: Database, open_page: OpenPage) -> None:
    app = open_page("quantri", "rules")
    hand_in(app, outlines())
    assert "Đã dùng ranh giới mới." in noted(app)
    assert "Đang vẽ theo ranh giới đã tải lên." in text(app)
    assert count(demonstration, Outlines) == 1
    app.switch_page("../pages/play_areas.py").run()
    assert not app.exception
    assert "ring" in map_columns(app)
    app.switch_page("../pages/rules.py").run()
    press(app, "Trở lại bản đồ ô vuông")
    assert "Đang dùng bản đồ ô vuông." in text(app)
    app.switch_page("../pages/play_areas.py").run()
    assert not app.exception
    assert "ring" not in map_columns(app)
    assert count(demonstration, Outlines) == 1


def test_outlines_of_some_communes_name_the_others(demonstration: Database, open_page: OpenPage) -> None:
    app = hand_in(open_page("quantri", "rules"), outlines(only=5))
    assert "Chưa có ranh giới của: Long Giang, Phước Tín." in noted(app)
    app.switch_page("../pages/play_areas.py").run()
    assert not app.exception


def test_outlines_that_lack_a_part_are_drawn_and_named(demonstration: Database, open_page: OpenPage) -> None:
    content = json.loads(outlines())
    (ring,) = content["features"][0]["geometry"]["coordinates"]
    (left, low), (right, high) = ring[0], ring[2]
    middle = left + (right - left) / 3
    content["features"][0]["geometry"]["coordinates"] = [
        [[left, low], [middle, low], [middle, high], [left, high], [left, low]]
    ]
    app = hand_in(open_page("quantri", "rules"), json.dumps(content).encode())
    assert "có thể thiếu một phần: Thác Mơ." in noted(app)


def test_new_outlines_take_the_place_of_old_ones(demonstration: Database, open_page: OpenPage) -> None:
    app = hand_in(open_page("quantri", "rules"), outlines(only=5))
    hand_in(app, outlines())
    assert "Đã dùng ranh giới mới." in noted(app)
    press(app, "Trở lại bản đồ ô vuông")
    assert "Đang dùng bản đồ ô vuông." in text(app)
