"""Every address that a person opens leads to a page of ours, or to a sentence of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.addresses import PAGES
from dashboard.web.addresses import KnownPages

NAVIGATION = {"sec-fetch-mode": "navigate", "accept": "text/html"}


async def streamlit_page(_request: object) -> HTMLResponse:
    return HTMLResponse("<title>Streamlit</title>")


async def own_page(_request: object) -> HTMLResponse:
    return HTMLResponse("ours", headers={"Content-Security-Policy": "default-src 'none'"})


routes = [Route("/account", own_page), Route("/{rest:path}", streamlit_page)]
client = TestClient(
    Starlette(routes=routes, middleware=[Middleware(KnownPages)]), follow_redirects=False, headers=NAVIGATION
)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "overview"])
def test_the_pages_of_the_menu_are_answered(page: str) -> None:
    assert "Streamlit" in client.get(f"/{page}?lang=en").text
    assert client.get("/").status_code == 200


def test_the_first_page_is_found_under_its_name_too() -> None:
    answer = client.get("/overview?year=2020&period=half")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?year=2020&period=half")


@given(st.text("abcdefghijklmnopqrstuvwxyzăâêôơư0123456789-_/", min_size=1, max_size=30))
def test_any_other_address_says_so_in_words(path: str) -> None:
    if path.strip("/") in (*PAGES, "account", "") or path.startswith("/"):
        return
    answer = client.get(f"/{path}")
    assert (answer.status_code, "Không có trang này" in answer.text) == (404, True)


def test_other_routes_and_what_scripts_fetch_are_left_alone() -> None:
    assert client.get("/account").text == "ours"
    assert "Streamlit" in client.get("/anything", headers={"sec-fetch-mode": "cors"}).text
