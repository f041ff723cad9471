"""Streamlit's own page in the language of who opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from people import PASSWORD
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.web.assets import STATIC
from dashboard.web.hub import Hub
from dashboard.web.routes import middleware, routes

if TYPE_CHECKING:
    from starlette.requests import Request

PERSON = {"accept": "text/html", "accept-encoding": "gzip"}


async def streamlits_page(_request: Request) -> FileResponse:
    return FileResponse(STATIC / "index.html")


async def other_html(_request: Request) -> HTMLResponse:
    return HTMLResponse('<html lang="en"><title>Other</title>')


async def long_html(_request: Request) -> HTMLResponse:
    return HTMLResponse("x" * 500_000)


async def text(_request: Request) -> PlainTextResponse:
    return PlainTextResponse('<html lang="en"><title>Streamlit</title>')


@pytest.fixture
def browser(lan: int) -> TestClient:
    behind = [
        Route("/entry", streamlits_page),
        Route("/scoring", other_html),
        Route("/rules", long_html),
        Route("/play-areas", text),
    ]
    site = Starlette(routes=[*routes(Hub(), list), *behind], middleware=middleware())
    client = TestClient(site, base_url="http://phuoclong", follow_redirects=False)
    client.post("/login", data={"login": "lan", "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("query", "language", "title"),
    [
        ("", "vi", "Kế hoạch trẻ em Phước Long"),
        ("?lang=en", "en", "Phước Long"),
        ("?lang=xx", "vi", "Kế hoạch"),
    ],
)
def test_the_page_says_its_language_and_its_name(
    browser: TestClient, query: str, language: str, title: str
) -> None:
    page = browser.get(f"/entry{query}", headers=PERSON)
    assert f'<html lang="{language}">' in page.text
    assert title in page.text.split("</title>")[0]
    assert page.text.count("<script") == (STATIC / "index.html").read_text(encoding="utf-8").count("<script")
    assert int(page.headers["content-length"]) == len(page.content)


def test_the_browser_does_not_take_the_page_of_one_language_for_that_of_another(browser: TestClient) -> None:
    first = browser.get("/entry", headers=PERSON)
    assert not {"etag", "last-modified"} & set(first.headers)
    again = browser.get(
        "/entry?lang=en", headers={**PERSON, "if-modified-since": "Fri, 27 Nov 2099 00:00:00 GMT"}
    )
    assert again.status_code == 200


@pytest.mark.parametrize("path", ["/scoring", "/rules", "/play-areas", "/account"])
def test_other_answers_pass_as_they_are(browser: TestClient, path: str) -> None:
    whole: Any = browser.get(path, headers=PERSON)
    assert whole.status_code == 200
    plain = browser.get(path, headers={"sec-fetch-mode": "cors"})
    assert whole.text == plain.text
