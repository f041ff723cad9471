"""Every page opens for every role in both languages, and says who may not use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

LOGINS = ("lanhdao", "thacmo", "longgiang", "giaoduc", "tonghop", "quantri")
PAGES = ("overview", "entry")


def words(app: AppTest) -> str:
    shown = (*app.title, *app.markdown, *app.caption, *app.info, *app.error, *app.warning)
    return "\n".join(element.value for element in shown)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("login", LOGINS)
def test_the_page_opens(login: str, page: str, language: str, open_page: Callable[..., AppTest]) -> None:
    app = open_page(login, page, lang=language)
    assert len(app.title) == 1


@pytest.mark.parametrize("page", PAGES)
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


def test_a_session_that_has_ended_says_so_and_shows_nothing(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("lanhdao")
    monkeypatch.setattr("dashboard.ui.session.session_token", lambda: None)
    app.run()
    assert "kết thúc" in app.error[0].value
    assert not app.title
