"""Every page opens for every role in both languages, and says who may not use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlmodel import col

from dashboard.domain.permissions import Actor, Role
from dashboard.ui.data import can_keep_register
from db.tables import Account

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from db.engine import Database

LOGINS = ("lanhdao", "thacmo", "songiang", "longgiang", "giaoduc", "vanhoa", "tonghop", "quantri")
PERIOD_PAGES = ("overview", "entry")
REGISTER_PAGES = ("child_friendly", "scoring", "play_areas", "play_register", "rules")
PAGES = (*PERIOD_PAGES, *REGISTER_PAGES)
# Who finds nothing to fill in on a page, and what the page says instead.
CLOSED = {
    "scoring": (("lanhdao", "giaoduc", "vanhoa"), "chỉ xem, không chấm điểm"),
    "play_register": (("lanhdao", "giaoduc"), "chỉ xem, không sửa sổ điểm vui chơi"),
    "rules": (("lanhdao", "songiang", "giaoduc", "vanhoa"), "Chỉ cơ quan thường trực và quản trị"),
}
# The language stands beside every page and is no field of it.
LANGUAGE = "address:lang"


def words(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return "\n".join(element.value for element in shown)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("login", LOGINS)
def test_the_page_opens(login: str, page: str, language: str, open_page: Callable[..., AppTest]) -> None:
    app = open_page(login, page, lang=language)
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PERIOD_PAGES)
@pytest.mark.parametrize("period", ["half", "year"])
@pytest.mark.parametrize("year", ["2019", "2020", "2021"])
def test_every_period_opens(year: str, period: str, page: str, open_page: Callable[..., AppTest]) -> None:
    app = open_page("tonghop", page, year=year, period=period)
    assert year in words(app)


def test_nonsense_in_the_address_opens_the_current_period(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao", lang="xx", year="1066", period="month", section="?")
    assert "2021" in words(app)


def test_every_page_says_that_the_figures_are_made_up(open_page: Callable[..., AppTest]) -> None:
    for page in PAGES:
        app = open_page("tonghop", page)
        assert any("giả định" in element.value for element in app.markdown)


def test_a_viewer_is_told_that_this_account_only_looks(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao", "entry")
    assert "chỉ xem" in app.info[0].value
    assert not app.text_input


@pytest.mark.parametrize(
    ("page", "login"), [(page, login) for page, (logins, _said) in CLOSED.items() for login in logins]
)
def test_a_page_that_is_not_for_somebody_says_so_and_offers_no_field(
    page: str, login: str, open_page: Callable[..., AppTest]
) -> None:
    app = open_page(login, page)
    assert CLOSED[page][1] in app.info[0].value
    offered = (
        *app.text_input,
        *app.text_area,
        *app.selectbox,
        *app.checkbox,
        *app.file_uploader,
        *app.button,
        *(control for control in app.segmented_control if control.key != LANGUAGE),
    )
    assert not offered


@pytest.mark.parametrize("login", LOGINS)
def test_the_menu_leads_to_the_register_only_who_may_keep_it(login: str, demonstration: Database) -> None:
    with demonstration.read() as session:
        found = session.scalars(select(Account).where(col(Account.login) == login)).one()
        actor = Actor(found.id or 0, login, found.name, Role(found.role), found.area_id, found.agency_id)
    assert can_keep_register(actor) is (login not in CLOSED["play_register"][0])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", ["2017", "2019", "2022"])
@pytest.mark.parametrize("page", ["child_friendly", "scoring"])
def test_every_round_opens(page: str, year: str, language: str, open_page: Callable[..., AppTest]) -> None:
    app = open_page("tonghop", page, round=year, lang=language)
    assert year in words(app)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("part", ["places", "quarters", "excel"])
def test_every_part_of_the_register_opens(
    part: str, language: str, open_page: Callable[..., AppTest]
) -> None:
    app = open_page("vanhoa", "play_register", part=part, lang=language)
    assert app.segmented_control(key="address:part").value == part


@pytest.mark.parametrize("page", REGISTER_PAGES)
def test_nonsense_in_the_address_opens_what_is_usual(page: str, open_page: Callable[..., AppTest]) -> None:
    nonsense = dict.fromkeys(
        ("round", "commune", "side", "part", "place", "in", "kind", "state", "counted"), "<?>"
    )
    app = open_page("tonghop", page, **nonsense)
    assert len(app.title) == 1
    assert "<?>" not in words(app)


def test_a_session_that_has_ended_says_so_and_shows_nothing(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("lanhdao")
    monkeypatch.setattr("dashboard.ui.session.session_token", lambda: None)
    app.run()
    assert "kết thúc" in app.error[0].value
    assert not app.title


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opened_by_its_address_is_the_page_that_the_menu_opens(
    page: str, open_page: Callable[..., AppTest]
) -> None:
    """The tests open their pages at once; whoever comes from the overview finds the same page in the same frame."""
    app = open_page("tonghop", page)
    overview = open_page("tonghop")
    overview.switch_page(f"../pages/{page}.py").run()
    assert not overview.exception
    assert shown(overview) == shown(app)


def shown(app: AppTest) -> list[tuple[str, str, object]]:
    """Everything beside and on the page, in its order."""
    return [
        (node.type, str(getattr(node, "label", "")), getattr(node, "value", None))
        for part in (app.sidebar, app.main)
        for node in part
    ]
