"""From the login page to a saved figure and back out, with the mouse and with the keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from deeds import field, leave, line, see_overview, settled
from playwright.sync_api import expect
from program import PASSWORD, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from program import Server


def test_nobody_sees_anything_before_signing_in(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/entry?period=half")
    expect(page.locator("input[type=password]")).to_be_visible()
    page.locator("input[autocomplete=username]").fill("lanhdao")
    page.locator("input[type=password]").fill("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập số liệu")
    assert "period=half" in page.url


def test_signing_out_closes_the_other_tab_too(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    first = sign_in(context, server, "tonghop")
    see_overview(first)
    second = context.new_page()
    second.goto(f"{server.url}/account")
    second.get_by_role("button", name="Đăng xuất", exact=True).click()
    expect(second.locator("input[type=password]")).to_be_visible()
    # Nobody touches it: no figure stays on its screen.
    first.wait_for_url(re.compile(r"/login\?ended=1&next="))
    expect(first.get_by_text("/14")).to_have_count(0)
    context.close()


def test_a_link_opens_the_same_period_for_another_person_in_the_other_language(
    server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "lanhdao")
    see_overview(page)
    page.get_by_text("6 tháng", exact=True).click()
    expect(page.get_by_text("6 tháng đầu năm 2021")).to_be_visible()
    assert "period=half" in page.url
    page.goto(f"{page.url}&lang=en")
    expect(page.get_by_text("first half of 2021", exact=False).first).to_be_visible()


def test_a_click_on_a_cell_gives_its_reason(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "lanhdao", "/?period=half")
    see_overview(page)
    cells = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg path[aria-roledescription]")
    cells.filter(has_text="").nth(8).click(force=True)
    expect(page.get_by_text("Ai nhập, khi nào").or_(page.get_by_text("Còn thiếu: "))).to_be_visible()
    expect(page.get_by_text("Căn cứ: mục II.2")).to_be_visible()
    page.get_by_role("button", name="Đóng").click()
    expect(page.get_by_text("Toàn thị xã so với mục tiêu")).to_be_visible()


def test_the_keyboard_alone_fills_a_line(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "phuoctin", "/entry")
    cards = line(page, "T2a")
    field(cards, 0).focus()
    page.keyboard.type("660")
    page.keyboard.press("Tab")
    page.keyboard.type("670")
    page.keyboard.press("Tab")
    expect(cards.get_by_text(re.compile(r"đã lưu .*660/670"))).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "sentence"), [("12,5", "số nguyên"), ("-3", "số âm"), ("abc", "không phải là số")]
)
def test_nonsense_stays_in_the_field_with_a_sentence(
    typed: str, sentence: str, server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, server, "longgiang", "/entry")
    cards = line(page, "T3")
    leave(field(cards, 0), typed)
    expect(cards.get_by_text(sentence)).to_be_visible()
    expect(field(cards, 0)).to_have_value(typed)


def test_two_officers_on_one_cell_see_both_figures(server: Server, browser: Browser) -> None:
    first = sign_in(browser.new_context(), server, "longgiang", "/entry")
    births = line(first, "T6")
    expect(field(births, 0)).to_be_visible()
    second = sign_in(browser.new_context(), server, "tonghop", "/entry?area=8")
    others = line(second, "T6")
    leave(field(others, 1), "20")
    leave(field(others, 0), "11")
    expect(others.get_by_text("đã lưu")).to_be_visible()
    leave(field(births, 1), "20")
    leave(field(births, 0), "12")
    expect(births.get_by_text("Đề nghị chọn")).to_be_visible()
    births.get_by_role("button", name=re.compile("Ghi .* của tôi")).dblclick()
    expect(births.get_by_text(re.compile("đã lưu .*12/"))).to_be_visible()
    first.context.close()
    second.context.close()


def test_a_double_click_on_submit_submits_once(server: Server, browser: Browser) -> None:
    page = sign_in(browser.new_context(), server, "sonGiang".lower(), "/entry")
    page.get_by_role("button", name="Rút lại báo cáo để chỉnh sửa").click()
    page.get_by_role("button", name="Rút lại báo cáo", exact=True).dblclick()
    submit = page.get_by_role("button", name="Nộp báo cáo")
    expect(submit).to_be_visible()
    submit.dblclick()
    expect(page.get_by_text(re.compile("nộp lúc"))).to_be_visible()
    expect(page.get_by_text("vừa được người khác cập nhật")).not_to_be_visible()
    page.context.close()


def test_the_files_of_a_chart_can_be_had(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "lanhdao")
    see_overview(page)
    page.get_by_role("button", name="Tải về").click()
    for label, start in (("Hình PNG", b"\x89PNG"), ("Bảng CSV", b"\xef\xbb\xbf"), ("Bảng Excel", b"PK")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        path = waiting.value.path()
        assert path.read_bytes().startswith(start)
        assert "minh-hoa" in waiting.value.suggested_filename


def test_no_chart_is_taken_away_without_saying_that_it_is_made_up(
    server: Server, context: BrowserContext
) -> None:
    """Streamlit's buttons over a chart would give its picture and table bare; full screen alone is left."""
    page = sign_in(context, server, "lanhdao")
    see_overview(page)
    buttons = page.locator("[data-testid=stElementToolbar] button")
    expect(buttons.filter(visible=True)).to_have_count(2)
    for shown in buttons.filter(visible=True).all():
        expect(shown).to_have_attribute("aria-label", re.compile("^Fullscreen"))
    assert buttons.count() > 2


def test_a_list_is_searched_without_tones_and_marks(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "lanhdao", "/play-areas")
    box = (
        page.locator("[data-testid=stSelectbox]").filter(has=page.get_by_text("Xã, phường", exact=True)).first
    )
    box.evaluate("box => box.scrollIntoView({ block: 'center' })")
    settled(page)
    page.wait_for_function("window.dashboardLists")
    field_ = box.locator("input")
    for typed, found in (
        ("long thuy", "Phường Long Thủy"), ("Long Thuỷ", "Phường Long Thủy"), ("thac mo", "Phường Thác Mơ"),
        ("phuoc tin", "Xã Phước Tín"), ("son gi", "Phường Sơn Giang"), ("LONG THỦY", "Phường Long Thủy"),
        ("phuoc t\u200bin", "Xã Phước Tín"), ("son\u00a0 gi", "Phường Sơn Giang"), ("ｔｈａｃ", "Phường Thác Mơ"),
    ):  # fmt: skip
        field_.click()
        field_.fill(typed)
        expect(page.get_by_role("option").first).to_have_text(found)
        field_.press("Escape")
    field_.click()
    field_.fill("zzz")
    expect(page.get_by_text("Không có mục nào khớp.")).to_be_visible()
    expect(page.get_by_text("No results")).to_have_count(0)
    field_.press("Escape")
    field_.blur()
    assert page.evaluate("'THÁC MƠ'.toLowerCase()") == "thác mơ"
