"""What stands beside a field is true at once, whatever happens to the server, the database or the session."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from deeds import field, leave, line
from playwright.sync_api import expect
from program import PASSWORD, running, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page
    from program import Server

NOT_ANSWERED = re.compile("Chưa lưu: máy chủ chưa trả lời|Chưa lưu: mất kết nối")
FAULT = """CREATE TRIGGER fault BEFORE INSERT ON figure_entry
BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"""


def words(line_: Locator) -> Locator:
    return line_.locator(".saving")


def offer(line_: Locator) -> Locator:
    return line_.locator(".saving-offer")


def store_pair(line_: Locator, numerator: str, denominator: str) -> None:
    leave(field(line_, 1), denominator)
    leave(field(line_, 0), numerator)
    expect(words(line_)).to_contain_text(re.compile(f"✓ đã lưu .*{numerator}/{denominator}"))


@contextmanager
def fault(server: Server) -> Iterator[None]:
    """No figure can be written meanwhile."""
    with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
        connection.execute(FAULT)
        try:
            yield
        finally:
            connection.execute("DROP TRIGGER fault")


def stored(server: Server, code: str, login: str) -> list[tuple[int, int]]:
    """Both numbers of the line `code` of the year, in the commune of `login`."""
    query = """SELECT figure.numerator, figure.denominator FROM figure
        JOIN split ON split.id = figure.split_id JOIN indicator ON indicator.id = split.indicator_id
        JOIN period ON period.id = figure.period_id JOIN account ON account.area_id = figure.area_id
        WHERE indicator.code = ? AND account.login = ? AND split.slug = 'all'
        AND period.year = 2021 AND period.part = 'year'"""
    with closing(sqlite3.connect(server.database)) as connection:
        return connection.execute(query, (code, login)).fetchall()


def test_the_tick_goes_with_the_first_key_and_comes_back_with_the_old_text(
    server: Server, context: BrowserContext
) -> None:
    cards = line(sign_in(context, server, "longgiang", "/entry"), "T2a")
    store_pair(cards, "480", "490")
    field(cards, 0).press("End")
    field(cards, 0).press_sequentially("1")
    assert words(cards).inner_text() == "đã sửa, chưa lưu"
    field(cards, 0).press("Backspace")
    assert words(cards).inner_text().startswith("✓ đã lưu")


def test_a_fault_of_the_database_is_said_beside_the_field_and_leaving_it_again_stores_it(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/entry")
    births = line(page, "T5")
    store_pair(births, "60", "70")
    with fault(server):
        leave(field(births, 0), "61")
        expect(words(births)).to_contain_text("hệ thống chưa ghi được; chữ vừa nhập vẫn còn trong ô")
        expect(words(births)).not_to_contain_text("✓")
        expect(field(births, 0)).to_have_value("61")
        expect(page.get_by_text("gặp lỗi")).to_have_count(0)
        assert stored(server, "T5", "longgiang") == [(60, 70)]
    field(births, 0).focus()
    field(births, 0).press("Tab")
    expect(words(births)).to_contain_text(re.compile("✓ đã lưu .*61/70"))
    assert stored(server, "T5", "longgiang") == [(61, 70)]


def test_a_server_that_hangs_is_said_and_what_was_typed_is_saved_once_it_goes_on(
    server: Server, context: BrowserContext
) -> None:
    cards = line(sign_in(context, server, "phuoctin", "/entry"), "T2a")
    store_pair(cards, "600", "670")
    server.process.send_signal(signal.SIGSTOP)
    try:
        leave(field(cards, 0), "601")
        assert words(cards).inner_text() == "đang lưu…"
        expect(words(cards)).to_contain_text(NOT_ANSWERED, timeout=8_000)
        expect(words(cards).get_by_role("button", name="Lưu lại")).to_be_visible()
    finally:
        server.process.send_signal(signal.SIGCONT)
    expect(words(cards)).to_contain_text(re.compile("✓ đã lưu .*601/670"))
    assert stored(server, "T2a", "phuoctin") == [(601, 670)]


def test_loading_again_asks_first_and_what_was_typed_is_offered_beside_what_is_stored(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/entry")
    fees = line(page, "T3")
    store_pair(fees, "50", "80")
    field(fees, 0).fill("57")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))  # type: ignore[func-returns-value]
    page.reload()
    assert asked == ["beforeunload"]
    expect(offer(fees)).to_contain_text(re.compile("“57” \\(đã lưu: “50”\\)"))
    expect(field(fees, 0)).to_have_value("50")
    offer(fees).get_by_role("button", name="Dùng lại chữ đã nhập").click()
    expect(words(fees)).to_contain_text(re.compile("✓ đã lưu .*57/80"))
    expect(offer(fees)).to_be_hidden()
    page.reload()
    expect(words(fees)).to_contain_text("✓ đã lưu")
    expect(offer(fees)).to_be_hidden()
    assert asked == ["beforeunload"]


def end_sessions(server: Server) -> None:
    with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
        connection.execute("UPDATE login_session SET revoked_at = created_at")


def let_end_soon(server: Server) -> None:
    with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE login_session SET expires_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '+4 minutes'), "
            "created_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-11 hours') WHERE revoked_at IS NULL"
        )


def sign_in_again(page: Page, login: str) -> None:
    page.locator("input[autocomplete=username]").fill(login)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").first.click()


def test_what_was_typed_outlives_the_session_for_its_own_account_alone(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/entry")
    cards = line(page, "T2b")
    store_pair(cards, "290", "300")
    end_sessions(server)
    leave(field(cards, 0), "294")
    page.wait_for_url(re.compile(r"/login\?ended=1&next="))
    assert stored(server, "T2b", "longgiang") == [(290, 300)]
    sign_in_again(page, "tonghop")
    page.wait_for_url(re.compile("/entry"))
    expect(page.locator(".saving").first).to_be_visible()
    expect(page.locator(".saving-offer:visible")).to_have_count(0)
    page.context.clear_cookies()
    page.goto(f"{server.url}/login?next=/entry")
    sign_in_again(page, "longgiang")
    expect(offer(cards)).to_contain_text("“294” (đã lưu: “290”)")
    offer(cards).get_by_role("button", name="Bỏ").click()
    expect(offer(cards)).to_be_hidden()
    expect(field(cards, 0)).to_have_value("290")


def test_a_session_that_is_about_to_end_says_so_and_signing_in_anew_leads_back(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/entry")
    expect(words(line(page, "T2a"))).to_be_visible()
    let_end_soon(server)
    page.reload()
    bar = page.locator("#dashboard-presence")
    expect(bar).to_contain_text("Phiên làm việc sẽ hết sau 4 phút.")
    bar.get_by_role("button", name="Đăng nhập lại").click()
    page.wait_for_url(re.compile(r"/login\?renew=1&next="))
    expect(page.get_by_text("Phiên làm việc đã kết thúc")).to_have_count(0)
    sign_in_again(page, "longgiang")
    page.wait_for_url(re.compile("/entry"))
    expect(words(line(page, "T2a"))).to_be_visible()
    expect(bar).to_be_hidden()


def test_half_a_sign_never_reaches_the_line_to_the_server(server: Server, context: BrowserContext) -> None:
    """An emoji that something cut in two is no text: the server would close the line, again and again."""
    page = sign_in(context, server, "longgiang", "/entry")
    cards = line(page, "T2a")
    store_pair(cards, "480", "490")
    field(cards, 0).evaluate(
        """field => {
          const text = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
          field.focus();
          text.set.call(field, "47\\ud83d");
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    field(cards, 0).press("End")
    field(cards, 0).press_sequentially("9")
    field(cards, 0).press("Tab")
    expect(words(cards)).to_contain_text(re.compile("✓ đã lưu .*479/490"))
    assert stored(server, "T2a", "longgiang") == [(479, 490)]


@pytest.mark.parametrize("way", ["menu", "button"])
def test_nothing_is_lost_by_going_on_at_once(way: str, server: Server, context: BrowserContext) -> None:
    """Tab, and in the same moment another page of the menu or a button that draws the page anew."""
    page = sign_in(context, server, "phuoctin", "/entry")
    cards = line(page, "T2a")
    store_pair(cards, "600", "670")
    for number in range(601, 609):
        field(cards, 0).fill(str(number))
        target = "[data-testid=stSidebarNavLink] >> nth=0" if way == "menu" else ".st-key-btn-reload button"
        page.evaluate(
            """([field, target]) => { field.blur(); target.click(); }""",
            [field(cards, 0).element_handle(), page.locator(target).element_handle()],
        )
        if way == "menu":
            expect(page.get_by_role("heading", level=1)).to_contain_text("/14")
            page.go_back()
        expect(field(cards, 0)).to_have_value(str(number))
        expect(words(cards)).to_contain_text(re.compile(f"✓ đã lưu .*{number}/670"))
        assert stored(server, "T2a", "phuoctin") == [(number, 670)]


def test_a_refused_step_says_so_below_its_button_and_leaves_the_fields_and_the_focus(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/scoring")
    page.locator("[class*=st-key-popover-btn-step] button").first.click()
    number = page.get_by_label("Số, ký hiệu văn bản")
    number.press_sequentially("12/UBND")
    number.press("Tab")
    day = page.get_by_label("Ngày văn bản")
    expect(day).to_be_focused()
    day.press_sequentially("5/1", delay=60)
    page.locator("[class*=st-key-btn-step] button").last.click()
    told = page.locator(".saving[data-state=refused]")
    expect(told).to_contain_text("chưa có năm")
    expect(told).to_be_in_viewport()
    expect(number).to_have_value("12/UBND")
    day.press("End")
    day.press_sequentially("/2021", delay=60)
    day.press("Tab")
    note = page.locator("[data-testid=stPopoverBody]").get_by_role("textbox", name="Ghi chú")
    expect(note).to_be_focused()
    page.wait_for_timeout(700)
    expect(note).to_be_focused()
    expect(day).to_have_value("5/1/2021")


def test_a_killed_server_comes_back_to_what_is_stored_and_offers_what_was_typed(
    demonstration_file: Path, tmp_path: Path, browser: Browser
) -> None:
    """Meanwhile a colleague changed the figure: leaving the *other* field of the line must not put the old one back."""
    database = tmp_path / "demo.db"
    shutil.copy(demonstration_file, database)
    office, desk = browser.new_context(), browser.new_context()
    with running(database) as first:
        page = sign_in(office, first, "longgiang", "/entry")
        cards = line(page, "T2a")
        store_pair(cards, "480", "490")
        field(cards, 0).fill("470")
        first.process.kill()
        first.process.wait()
        expect(page.locator("#dashboard-presence")).to_contain_text("Mất kết nối với máy chủ")
        expect(words(cards)).to_contain_text("Chưa lưu: mất kết nối")
    with running(database) as meanwhile:
        store_pair(line(sign_in(desk, meanwhile, "longgiang", "/entry"), "T2a"), "455", "490")
    with running(database, first.port) as second:
        expect(page.locator("#dashboard-presence")).to_be_hidden(timeout=40_000)
        expect(field(cards, 0)).to_have_value("455")
        expect(offer(cards)).to_contain_text("“470” (đã lưu: “455”)")
        expect(page.get_by_text("Streamlit")).to_have_count(0)
        leave(field(cards, 1), "495")
        expect(words(cards)).to_contain_text(re.compile("✓ đã lưu .*455/495"))
        assert stored(second, "T2a", "longgiang") == [(455, 495)]
        office.close()
        desk.close()
