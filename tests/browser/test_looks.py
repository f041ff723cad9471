"""Every page in every size, theme and language: nothing beside the page, nothing foreign, readable by all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import axe_core_python
import pytest
from deeds import settled
from playwright.sync_api import expect
from program import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page
    from program import Server

    Theme = Literal["light", "dark"]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The phone comes first: a page that is opened on it has its own beginning, the others are windows made larger.
SIZES = {"phone": (390, 844), "office": (1366, 768), "projector": (1920, 1080)}
PAGES = {
    "overview": "/",
    "child-friendly": "/child-friendly",
    "play-areas": "/play-areas",
    "entry": "/entry",
    "scoring": "/scoring",
    "play-register": "/play-register",
    "rules": "/rules",
}
# How many charts a page draws before it is whole.
CHARTS = {"/": 2, "/child-friendly": 3, "/play-areas": 2}
# What Streamlit draws itself and gives us no say in; each is looked at again with a new version of it.
STREAMLITS_OWN = {
    "aria-allowed-attr",
    "aria-required-children",
    "nested-interactive",
    "scrollable-region-focusable",
    "region",
    "landmark-one-main",
    "landmark-unique",
    "page-has-heading-one",
    "html-has-lang",
    "list",
    "listitem",
}


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """One browser that keeps its cookie and its cache: sizes, themes and languages are those of its tabs."""
    context = browser.new_context()
    sign_in(context, server, "tonghop").get_by_role("heading", level=1).wait_for()
    yield context
    context.close()


def opened(
    context: BrowserContext, server: Server, path: str, size: str, theme: Theme, language: str
) -> Page:
    width, height = SIZES[size]
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server.url}{path}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if path in CHARTS:
        expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(CHARTS[path])
    settled(page)
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_its_screen(
    name: str, theme: Theme, language: str, server: Server, signed_in: BrowserContext
) -> None:
    page = opened(signed_in, server, PAGES[name], "phone", theme, language)
    widest = "document.scrollingElement.scrollWidth - window.innerWidth"
    main = "(m => m.scrollWidth - m.clientWidth)(document.querySelector('[data-testid=stMain]'))"
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        assert (size, page.evaluate("window.innerWidth")) == (size, width)
        assert (size, max(page.evaluate(widest), 0), max(page.evaluate(main), 0)) == (size, 0, 0)
    page.close()


def test_a_chart_names_its_rows_as_soon_as_there_is_room(server: Server, signed_in: BrowserContext) -> None:
    """A phone is turned, a window made larger: codes give way to names, and come back."""
    page = opened(signed_in, server, "/", "phone", "light", "vi")
    scorecard = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg")
    for size in ("phone", "office", "phone", "projector"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        named = expect(scorecard, size)
        (named.not_to_contain_text if size == "phone" else named.to_contain_text)("Ban hành kế hoạch năm")
    page.close()


def test_charts_follow_the_theme_of_the_computer(server: Server, signed_in: BrowserContext) -> None:
    """At dusk a computer turns dark by itself: the letters of an open page's charts were then dark on dark."""
    page = opened(signed_in, server, "/", "office", "light", "vi")
    letters = page.locator("[data-testid=stVegaLiteChart] svg text").first
    by_day = letters.get_attribute("fill")
    assert by_day
    page.emulate_media(color_scheme="dark")
    expect(letters).not_to_have_attribute("fill", by_day)
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_that_keeps_people_out(
    name: str, theme: Theme, server: Server, signed_in: BrowserContext
) -> None:
    page = opened(signed_in, server, PAGES[name], "office", theme, "vi")
    # The page's own policy forbids foreign scripts; the browser's tools may run theirs.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    found: dict[str, Any] = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    wrong = {
        rule["id"]: [node["html"][:120] for node in rule["nodes"]][:3]
        for rule in found["violations"]
        if rule["id"] not in STREAMLITS_OWN
    }
    assert wrong == {}
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_request_goes_to_another_host(name: str, server: Server, signed_in: BrowserContext) -> None:
    asked: list[str] = []
    signed_in.on("request", lambda request: asked.append(request.url))
    page = opened(signed_in, server, PAGES[name], "office", "light", "vi")
    page.wait_for_timeout(1000)
    assert_local(asked, server)
    assert len(asked) > 10
    page.close()


def test_signing_in_asks_no_other_host(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    sign_in(context, server, "tonghop").get_by_role("heading", level=1).wait_for()
    assert_local(asked, server)
    assert any("/login" in url for url in asked)
    context.close()


def assert_local(asked: list[str], server: Server) -> None:
    local = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(local)] == []


def test_the_page_has_our_name_and_icon(server: Server, signed_in: BrowserContext) -> None:
    page = opened(signed_in, server, "/", "office", "light", "vi")
    expect(page).to_have_title("Kế hoạch trẻ em Phước Long")
    icon = page.locator("link[rel*=icon]").first.get_attribute("href")
    assert icon
    assert "/media/" in icon
    page.close()
