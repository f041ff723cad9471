"""A position pasted into a form: a pair fills both fields, one that no commune reaches is refused in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from saving_lines import refused
from sqlalchemy import select
from sqlmodel import col

from db.tables import PlayArea, Quarter

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

PAIR = "11.818412, 106.994876"


def field(app: AppTest, name: str) -> AppTest:
    return next(each for each in app.text_input if f":{name}:" in str(each.key))  # type: ignore[return-value]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


@pytest.mark.parametrize("name", ["latitude", "longitude"])
def test_a_pair_pasted_into_either_field_of_a_place_fills_both(
    name: str, demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("songiang", "play_register")
    field(app, "latitude").set_value("")
    field(app, "longitude").set_value("")
    field(app, name).set_value(PAIR)
    press(app, "Lưu điểm vui chơi")
    assert (field(app, "latitude").value, field(app, "longitude").value) == ("11.818412", "106.994876")
    with demonstration.read() as session:
        stored = session.execute(
            select(col(PlayArea.latitude), col(PlayArea.longitude)).where(col(PlayArea.code) == "VC-12")
        ).one()
    assert tuple(stored) == (11.818412, 106.994876)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("1.818412", "106.994876"), "cách Sơn Giang khoảng"),
        (("106.994876, 11.818412", ""), "bị đổi chỗ"),
        (("https://maps.app.goo.gl/abc", ""), "không chứa vĩ độ, kinh độ"),
        (("11.8.1", "106.9"), "không phải vị trí"),
    ],
)
def test_a_position_that_cannot_be_is_not_stored(
    typed: tuple[str, str], sentence: str, demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    with demonstration.read() as session:
        statement = select(col(PlayArea.latitude)).where(col(PlayArea.code) == "VC-12")
        before = session.scalars(statement).one()
    app = open_page("songiang", "play_register")
    field(app, "latitude").set_value(typed[0])
    field(app, "longitude").set_value(typed[1])
    press(app, "Lưu điểm vui chơi")
    assert sentence in refused(app)
    with demonstration.read() as session:
        assert session.scalars(statement).one() == before


def test_a_pair_fills_both_fields_of_a_thon(
    demonstration: Database, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("songiang", "play_register", part="quarters")
    field(app, "name").set_value("Khu phố 99")
    field(app, "longitude").set_value("11,818412; 106,994876")
    press(app, "Lưu thôn, khu phố")
    with demonstration.read() as session:
        row = session.scalars(select(Quarter).where(col(Quarter.name) == "Khu phố 99")).one()
    assert (row.latitude, row.longitude) == (11.818412, 106.994876)
