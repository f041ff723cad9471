"""Two browsers at once: what an officer saves appears on the leader's screen by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deeds import badge, field, leave, line, see_overview
from playwright.sync_api import expect
from program import running, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from program import Server


def test_a_saved_figure_appears_on_another_screen_without_a_reload(
    server: Server, context: BrowserContext, browser: Browser
) -> None:
    leader = sign_in(context, server, "lanhdao")
    see_overview(leader)
    leader.evaluate("window.neverReloaded = true")
    office = browser.new_context()
    officer = sign_in(office, server, "longgiang", "/entry")
    cards = line(officer, "T2a")
    leave(field(cards, 0), "480")
    expect(cards.get_by_text("còn thiếu")).to_be_visible()
    leave(field(cards, 1), "490")
    expect(cards.get_by_text(re.compile("480/490"))).to_be_visible()
    expect(leader.get_by_text("2 xã, phường chưa nộp")).not_to_be_visible()
    expect(leader.locator("[data-testid=stVegaLiteChart]").first.locator("svg")).to_contain_text("98,0")
    assert leader.evaluate("window.neverReloaded")
    office.close()


def test_a_screen_that_is_stopped_stays_as_it_is_until_it_goes_on(
    server: Server, context: BrowserContext, browser: Browser
) -> None:
    leader = sign_in(context, server, "lanhdao")
    see_overview(leader)
    leader.get_by_role("button", name="Dừng cập nhật").click()
    expect(badge(leader)).to_have_text("đã dừng cập nhật")
    office = browser.new_context()
    officer = sign_in(office, server, "longgiang", "/entry")
    births = line(officer, "T5")
    leave(field(births, 0), "60")
    leave(field(births, 1), "70")
    expect(births.get_by_text(re.compile("60/70"))).to_be_visible()
    chart = leader.locator("[data-testid=stVegaLiteChart]").first.locator("svg")
    leader.wait_for_timeout(500)
    expect(chart).not_to_contain_text("85,7")
    leader.get_by_role("button", name="Cập nhật tiếp").click()
    expect(chart).to_contain_text("85,7")
    office.close()


def test_a_lost_connection_is_said_and_mends_itself(server: Server, context: BrowserContext) -> None:
    leader = sign_in(context, server, "lanhdao")
    see_overview(leader)
    context.set_offline(offline=True)
    expect(badge(leader)).to_contain_text("mất kết nối")
    expect(leader.get_by_role("heading", level=1)).to_contain_text("/14")
    context.set_offline(offline=False)
    expect(badge(leader)).to_have_text("trực tiếp")


def test_a_tab_that_nobody_sees_holds_no_connection(server: Server, context: BrowserContext) -> None:
    """Browsers open six connections to one server: a seventh tab would never load."""
    page = sign_in(context, server, "lanhdao")
    see_overview(page)
    turn = """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(turn, True)  # noqa: FBT003 - an argument of the page's own function
    expect(badge(page)).to_have_text("đang kết nối")
    page.evaluate(turn, False)  # noqa: FBT003 - as above
    expect(badge(page)).to_have_text("trực tiếp")


def test_a_restarted_server_is_found_again(
    demonstration_file: object, tmp_path: object, browser: Browser
) -> None:
    import shutil  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    database = Path(str(tmp_path)) / "demo.db"
    shutil.copy(str(demonstration_file), database)
    opened = browser.new_context()
    with running(database) as first:
        page = sign_in(opened, first, "lanhdao")
        see_overview(page)
    expect(badge(page)).to_contain_text("mất kết nối", timeout=20_000)
    with running(database, first.port):
        expect(badge(page)).to_have_text("trực tiếp", timeout=40_000)
    opened.close()


# Resolves with the moment at which a text shows up in the scorecard; both pages run on one clock.
ARRIVAL = """text => new Promise(resolve => {
  const look = () => {
    const chart = document.querySelector("[data-testid=stVegaLiteChart] svg");
    if (chart && chart.textContent.includes(text)) resolve(Date.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


def test_saves_reach_another_screen(server: Server, context: BrowserContext, browser: Browser) -> None:
    """Prints the time from leaving the field to the changed cell of the other screen; asserts its arrival."""
    leader = sign_in(context, server, "lanhdao")
    see_overview(leader)
    office = browser.new_context()
    officer = sign_in(office, server, "phuoctin", "/entry")
    cards = line(officer, "T2a")
    leave(field(cards, 1), "670")
    leave(field(cards, 0), "600")
    expect(cards.get_by_text("đã lưu")).to_be_visible()
    took = []
    for number in range(601, 621):
        field(cards, 0).fill(str(number))
        share = f"{number / 6.7:.1f}".replace(".", ",")
        leader.evaluate(f"text => {{ window.arrival = ({ARRIVAL})(text) }}", share)
        begun = officer.evaluate("Date.now()")
        field(cards, 0).press("Tab")
        took.append(leader.evaluate("window.arrival") - begun)
        officer.wait_for_timeout(200)
    took.sort()
    print(f"saved figure to other screen: median {took[10]:.0f} ms, p95 {took[18]:.0f} ms, of {len(took)}")  # noqa: T201
    office.close()
