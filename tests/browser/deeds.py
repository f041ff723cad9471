"""What people do with the pages, in the words of the tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LIVE = re.compile("trực tiếp|live")


def see_overview(page: Page) -> None:
    """Wait until the overview is drawn whole and follows the data."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(2)
    expect(badge(page)).to_have_text(LIVE)


def badge(page: Page) -> Locator:
    return page.locator(".live .word")


def line(page: Page, code: str, name: str = "") -> Locator:
    """The bordered line of one indicator on the entry sheet, or of one of its splits or communes."""
    lines = page.locator("[class*='st-key-line']").filter(has=page.get_by_text(code, exact=True))
    return lines.filter(has_text=name).first if name else lines.first


def field(line_: Locator, number: int) -> Locator:
    """The numerator (0) or the denominator (1) of a line."""
    return line_.get_by_role("textbox").nth(number)


def leave(input_: Locator, text: str) -> None:
    input_.fill(text)
    input_.press("Tab")


def settled(page: Page) -> None:
    """Wait until the server has answered and nothing of the page before is left on the screen."""
    # What was just clicked takes a moment to be seen as running.
    page.wait_for_timeout(250)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator("[data-stale=true]")).to_have_count(0)


def choose(page: Page, label: str, option: str, *, starts: bool = False) -> None:
    """Pick one entry of a list; `starts` where only the beginning of its words is known."""
    # A list that was chosen from before is labelled "Selected X. label", so the label alone finds nothing.
    box = page.locator("[data-testid=stSelectbox]").filter(has=page.get_by_text(label, exact=True)).first
    # To the middle of the screen first: a list at the edge closes again when the page moves under it.
    box.evaluate("box => box.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(250)
    box.locator("input").click()
    words = re.compile(f"^{re.escape(option)}") if starts else option
    page.get_by_role("option", name=words, exact=not starts).click()
    settled(page)
