"""Both registers through their whole life, by those who may, by two at once, and by those who may not."""

from __future__ import annotations

import io
import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest
from deeds import choose, leave, see_overview, settled
from PIL import Image
from playwright.sync_api import expect
from program import running, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Locator, Page
    from program import Server

MEGABYTE = 1024 * 1024
# Resolves with the moment at which the number of communes with a place shows up on the overview.
ARRIVAL = """text => new Promise(resolve => {
  const look = () => {
    const metrics = [...document.querySelectorAll("[data-testid=stMetric]")];
    const shown = metrics.find(each => each.textContent.includes("Có điểm vui chơi"));
    if (shown && shown.textContent.includes(text)) resolve(Date.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.fixture
def own_server(demonstration_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A program with registers of its own, for a test that leads them through their states."""
    path = tmp_path / "demo.db"
    shutil.copy(demonstration_file, path)
    with running(path) as started:
        yield started


@pytest.fixture
def office(browser: Browser) -> Iterator[BrowserContext]:
    """A second browser beside `context`: somebody else's."""
    opened = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def visit(page: Page, result: str, inspector: str = "Đoàn kiểm tra của phường") -> None:
    """Fill in and send one safety visit of the place that is open."""
    settled(page)
    expect(page.get_by_label("Người, đoàn kiểm tra")).to_have_value("")
    leave(page.get_by_label("Ngày kiểm tra"), "5/11/2021")
    expect(page.get_by_text("ngày 05/11/2021 (thứ Sáu)")).to_be_visible()
    page.get_by_label("Người, đoàn kiểm tra").fill(inspector)
    choose(page, "Kết quả", result)
    look_at_essentials(page)
    page.get_by_role("button", name="Lưu lần kiểm tra").click()
    settled(page)


def look_at_essentials(page: Page) -> None:
    """Answer the items without which nothing passes."""
    items = page.locator("[data-testid=stButtonGroup]").filter(has_text="bắt buộc")
    for item in items.all():
        item.get_by_text("Đạt", exact=True).click()


def metric(page: Page, label: str) -> Locator:
    return page.locator("[data-testid=stMetric]").filter(has_text=label)


def jpeg(width: int = 1200, height: int = 800) -> bytes:
    """A photo with noise, so that it is as large as photos are."""
    noise = Image.frombytes("RGB", (width, height), random.Random(3).randbytes(width * height * 3))  # noqa: S311 - nothing secret
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=60)
    return file.getvalue()


def test_a_safety_result_moves_the_open_overview(
    own_server: Server, context: BrowserContext, office: BrowserContext
) -> None:
    leader = sign_in(context, own_server, "lanhdao")
    see_overview(leader)
    expect(metric(leader, "Có điểm vui chơi")).to_contain_text("6/7")
    leader.evaluate("window.neverReloaded = true")
    officer = sign_in(office, own_server, "songiang", "/play-register")
    expect(officer.get_by_text("kiểm tra an toàn không đạt")).to_be_visible()
    leave(officer.get_by_label("Ngày kiểm tra"), "5/11/2021")
    officer.get_by_label("Người, đoàn kiểm tra").fill("Đoàn kiểm tra của phường")
    choose(officer, "Kết quả", "Đạt an toàn")
    look_at_essentials(officer)
    leader.evaluate(f"text => {{ window.arrival = ({ARRIVAL})(text) }}", "7/7")
    begun = officer.evaluate("Date.now()")
    officer.get_by_role("button", name="Lưu lần kiểm tra").click()
    took = leader.evaluate("window.arrival") - begun
    print(f"safety result saved to T7 on another screen: {took:.0f} ms")  # noqa: T201
    expect(leader.locator("[data-testid=stVegaLiteChart]").first.locator("svg")).to_contain_text("7/7")
    assert leader.evaluate("window.neverReloaded")
    expect(officer.get_by_text("▲ cần sửa")).to_be_visible()
    visit(officer, "Không an toàn")
    expect(metric(leader, "Có điểm vui chơi")).to_contain_text("6/7")


def test_a_place_lives_from_its_first_day_to_its_closing_and_back(
    own_server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, own_server, "longgiang", "/play-register")
    choose(page, "Điểm vui chơi", "+ Thêm điểm vui chơi")
    expect(page.get_by_label("Tên", exact=True).first).to_have_value("")
    page.get_by_role("button", name="Thêm vào sổ").click()
    expect(page.get_by_text("Chưa có tên.")).to_be_visible()
    page.get_by_label("Tên", exact=True).fill("Sân chơi thôn 2")
    page.get_by_label("Diện tích (m²)").fill("1.250")
    page.get_by_label("Số thiết bị").fill("4")
    choose(page, "Mở cho mọi trẻ em", "có")
    page.get_by_role("button", name="Thêm vào sổ").dblclick()
    expect(page.get_by_text("không được tính: chưa kiểm tra an toàn")).to_be_visible()
    expect(page.get_by_label("Diện tích (m²)")).to_have_value("1.250")
    visit(page, "Đạt an toàn")
    expect(page.get_by_text("được tính", exact=False).first).to_be_visible()
    expect(page.get_by_text("● dùng được")).to_be_visible()
    page.get_by_role("button", name="Ngừng hoạt động").click()
    leave(page.get_by_label("Từ ngày"), "5/11/2021")
    page.get_by_label("Lý do").fill("Sửa hàng rào")
    page.get_by_role("button", name="Ngừng hoạt động").last.click()
    expect(page.get_by_text("không được tính: ngừng hoạt động")).to_be_visible()
    page.get_by_role("button", name="Cho hoạt động lại").click()
    leave(page.get_by_label("Từ ngày"), "5/11/2021")
    page.get_by_role("button", name="Cho hoạt động lại").last.click()
    expect(page.get_by_text("● dùng được")).to_be_visible()
    page.get_by_role("tab", name="Lịch sử").click()
    history = page.get_by_role("region", name="Lịch sử")
    for deed in ("sửa thông tin", "ghi kiểm tra an toàn", "ngừng hoạt động", "hoạt động lại"):
        expect(history.get_by_text(deed, exact=True)).to_have_count(1)
    expect(history).to_contain_text("Sửa hàng rào")


def test_two_people_on_one_place_choose_what_stands(
    own_server: Server, context: BrowserContext, office: BrowserContext
) -> None:
    first = sign_in(context, own_server, "songiang", "/play-register")
    second = sign_in(office, own_server, "vanhoa", "/play-register")
    choose(second, "Xã, phường", "Phường Sơn Giang")
    expect(second.get_by_label("Đơn vị quản lý").first).to_have_value("Đoàn phường Sơn Giang")
    first.get_by_label("Đơn vị quản lý").first.fill("Khu phố 3")
    first.get_by_role("button", name="Lưu điểm vui chơi").click()
    expect(first.get_by_text("✓ đã lưu")).to_be_visible()
    second.get_by_label("Đơn vị quản lý").first.fill("Phòng Văn hóa")
    second.get_by_role("button", name="Lưu điểm vui chơi").click()
    expect(second.get_by_text("Đề nghị chọn một trong hai bản")).to_be_visible()
    expect(second.get_by_role("cell", name="Khu phố 3", exact=True)).to_be_visible()
    expect(second.get_by_role("cell", name="Phòng Văn hóa", exact=True)).to_be_visible()
    second.get_by_role("button", name="Ghi bản của tôi").click()
    expect(second.get_by_text("✓ đã lưu")).to_be_visible()
    expect(second.get_by_label("Đơn vị quản lý").first).to_have_value("Phòng Văn hóa")


def test_the_field_that_takes_a_picture_speaks_the_language_of_the_page(
    server: Server, context: BrowserContext
) -> None:
    """No camera here: it says what to do, without a way to the framework's pages."""
    page = sign_in(context, server, "songiang", "/play-register")
    page.get_by_role("tab", name="Ảnh").click()
    page.get_by_text("Chụp bằng máy ảnh của thiết bị này").click()
    camera = page.locator("[data-testid=stCameraInput]")
    expect(camera.get_by_role("button", name="Chụp", exact=True)).to_be_visible()
    expect(camera.get_by_text("Đề nghị cho phép trình duyệt dùng máy ảnh")).to_be_visible()
    expect(camera.get_by_role("link")).to_have_count(0)


def test_a_photo_is_made_anew_and_what_is_no_photo_is_refused(
    own_server: Server, context: BrowserContext, tmp_path: Path
) -> None:
    page = sign_in(context, own_server, "songiang", "/play-register")
    page.get_by_role("tab", name="Ảnh").click()
    upload = page.locator("[data-testid=stFileUploaderDropzoneInput]")
    refused = {
        "san-choi.jpg": (b"<?php system('rm -rf /'); ?><script>alert(1)</script>", "không phải ảnh"),
        "hong.jpg": (jpeg()[:20_000], "Ảnh bị hỏng"),
    }
    for name, (content, sentence) in refused.items():
        upload.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
        expect(page.get_by_text(name)).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Lưu ảnh").click()
        expect(page.get_by_text(sentence)).to_be_visible()
    large = tmp_path / "lon.jpg"
    large.write_bytes(jpeg() + b"\0" * (50 * MEGABYTE))
    upload.set_input_files(large)
    # Of what the browser alone decides nothing is said in the framework's English.
    expect(page.get_by_text("Tệp lớn hơn 10 MB nên chưa được gửi.")).to_be_visible()
    expect(page.get_by_role("button", name="Bỏ tệp lon.jpg")).to_be_visible()
    page.get_by_role("button", name="Lưu ảnh").click()
    before = page.locator("img[src^='/photos/']").count()
    # Windows saves pictures of the web under this name.
    upload.set_input_files({"name": "that.JFIF", "mimeType": "", "buffer": jpeg()})
    expect(page.get_by_text("that.JFIF")).to_be_visible()
    leave(page.get_by_label("Chú thích ảnh"), "Sân chơi sau khi sửa")
    settled(page)
    page.get_by_role("button", name="Lưu ảnh").click()
    pictures = page.locator("img[src^='/photos/']")
    expect(pictures).to_have_count(before + 1)
    shown = page.request.get(f"{own_server.url}{pictures.first.get_attribute('src')}".removesuffix("/small"))
    assert shown.headers["content-type"] == "image/jpeg"
    assert pictures.first.evaluate("image => image.naturalWidth") > 100


def test_photos_are_for_those_who_are_signed_in(own_server: Server, browser: Browser) -> None:
    stranger = browser.new_context()
    answer = stranger.request.get(f"{own_server.url}/photos/1")
    assert answer.status == 401
    stranger.close()


def test_the_device_says_where_the_place_is(own_server: Server, browser: Browser) -> None:
    """On a phone at the playground: the browser asks its owner, and the fields are filled in."""
    phone = browser.new_context(
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 11.8201, "longitude": 106.9955},
        permissions=["geolocation"],
    )
    page = sign_in(phone, own_server, "songiang", "/play-register")
    page.get_by_role("button", name="Lấy vị trí của máy này").click()
    expect(page.get_by_label("Vĩ độ")).to_have_value("11.820100")
    expect(page.get_by_label("Kinh độ")).to_have_value("106.995500")
    page.get_by_role("button", name="Lưu điểm vui chơi").click()
    expect(page.get_by_text("✓ đã lưu")).to_be_visible()
    phone.close()


def criterion(page: Page, number: int) -> Locator:
    return page.locator(f".st-key-criterion-{number}")


def test_a_commune_goes_all_the_way_to_recognition(
    own_server: Server, context: BrowserContext, office: BrowserContext
) -> None:
    commune = sign_in(context, own_server, "longphuoc", "/scoring")
    ninth = criterion(commune, 9)
    leave(ninth.get_by_label("Điểm tự chấm").first, "40")
    expect(ninth.get_by_text("✓ đã lưu")).to_be_visible()
    expect(metric(commune, "Điểm tự chấm")).to_contain_text("901 / 850")
    commune.get_by_role("button", name="Gửi kết quả tự chấm").click()
    expect(commune.get_by_text("Ở bước “Đã tự chấm”, điểm tự chấm chỉ để xem.")).to_be_visible()
    expect(ninth.get_by_label("Điểm tự chấm").first).to_be_disabled()

    town = sign_in(office, own_server, "tonghop", "/scoring")
    choose(town, "Xã, phường", "Phường Long Phước", starts=True)
    expect(town.get_by_text("Phường Long Phước · Điểm thẩm định")).to_be_visible()
    scores = (95, 60, 75, 50, 66, 75, 50, 75, 40, 100, 70, 70, 70)
    for number, score in enumerate(scores, start=1):
        leave(criterion(town, number).get_by_label("Điểm thẩm định").first, str(score))
        expect(criterion(town, number).get_by_text("✓ đã lưu")).to_be_visible()
    expect(metric(town, "Điểm thẩm định")).to_contain_text("896 / 850")
    paper(town, "Hoàn tất thẩm định", "07/BB-TĐ")
    expect(town.get_by_text("Bước hiện tại: Đã thẩm định")).to_be_visible()
    paper(town, "Ghi quyết định công nhận", "501/QĐ-UBND")
    expect(town.get_by_text("Bước hiện tại: Đã công nhận")).to_be_visible()
    steps = town.get_by_role("region", name="Các bước đã thực hiện")
    expect(steps).to_contain_text("501/QĐ-UBND")
    # A file is asked for under a number that every run of the page gives anew: none may be under way.
    settled(town)
    with town.expect_download() as download:
        town.get_by_role("button", name="Tải hồ sơ (Word)").click()
    assert download.value.suggested_filename.endswith("long-phước-2022.docx")


def paper(page: Page, step: str, number: str) -> None:
    """Take a step that needs a document; without one it is refused with a sentence."""
    # The sheet of the step before has to leave the screen first: its fields are named alike.
    settled(page)
    document = page.get_by_label("Số, ký hiệu văn bản")
    expect(document).to_have_count(0)
    page.get_by_role("button", name=step).click()
    leave(document, number)
    page.get_by_role("button", name=step).last.click()
    expect(page.get_by_text("đề nghị ghi số, ký hiệu và ngày của văn bản")).to_be_visible()
    settled(page)
    leave(page.get_by_label("Ngày văn bản").last, "4/11/2021")
    expect(page.get_by_text("ngày 04/11/2021 (thứ Năm)")).to_be_visible()
    settled(page)
    page.get_by_role("button", name=step).last.click()


def test_two_people_scoring_at_once_both_see_what_stands(
    own_server: Server, context: BrowserContext, office: BrowserContext
) -> None:
    first = sign_in(context, own_server, "songiang", "/scoring")
    second = sign_in(office, own_server, "tonghop", "/scoring?side=self")
    choose(second, "Xã, phường", "Phường Sơn Giang", starts=True)
    expect(criterion(second, 3).get_by_label("Điểm tự chấm").first).to_have_value("60")
    leave(criterion(first, 3).get_by_label("Điểm tự chấm").first, "50")
    expect(criterion(first, 3).get_by_text("✓ đã lưu")).to_be_visible()
    leave(criterion(second, 3).get_by_label("Điểm tự chấm").first, "70")
    expect(criterion(second, 3).get_by_text("Đề nghị chọn một trong hai.")).to_be_visible()
    criterion(second, 3).get_by_role("button", name="Giữ bản đã lưu").click()
    expect(criterion(second, 3).get_by_label("Điểm tự chấm").first).to_have_value("50")
    leave(criterion(second, 4).get_by_label("Điểm tự chấm").first, "abc")
    expect(criterion(second, 4).get_by_text("không phải là số")).to_be_visible()
    expect(criterion(second, 4).get_by_label("Điểm tự chấm").first).to_have_value("abc")


def test_who_may_only_look_finds_sentences_instead_of_forms(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "lanhdao", "/scoring")
    expect(page.get_by_text("Tài khoản này chỉ xem, không chấm điểm.")).to_be_visible()
    page.goto(f"{server.url}/play-register")
    expect(page.get_by_text("Tài khoản này chỉ xem, không sửa sổ điểm vui chơi.")).to_be_visible()
    page.goto(f"{server.url}/rules")
    expect(page.get_by_text("Chỉ cơ quan thường trực và quản trị")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_click_on_a_commune_shows_its_places(server: Server, context: BrowserContext) -> None:
    page = sign_in(context, server, "lanhdao", "/play-areas")
    tile = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg")
    expect(tile).to_contain_text("Sơn")
    expect(page.get_by_text("16 điểm", exact=True)).to_be_visible()
    tile.locator("[aria-label='Phường Sơn Giang']").first.click()
    expect(page.get_by_text("2 điểm", exact=True)).to_be_visible()


def test_the_offices_own_outlines_take_the_place_of_the_tiles(
    own_server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, own_server, "quantri", "/rules")
    upload = page.locator("[data-testid=stFileUploaderDropzoneInput]")
    upload.set_input_files({"name": "x.geojson", "mimeType": "application/json", "buffer": b"{nonsense"})
    expect(page.get_by_text("x.geojson")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Dùng tệp này").click()
    expect(page.get_by_text("không đọc được theo JSON")).to_be_visible()
    upload.set_input_files(
        {"name": "that.geojson", "mimeType": "application/json", "buffer": square_outlines()}
    )
    expect(page.get_by_text("that.geojson")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Dùng tệp này").click()
    expect(page.get_by_text("Đã dùng ranh giới mới.")).to_be_visible()
    page.goto(f"{own_server.url}/play-areas")
    drawing = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg")
    expect(drawing).to_contain_text("Thác Mơ")
    for width, height in ((1920, 1080), (1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        # Neither over the list beside it nor over the edge of a telephone.
        beyond = "svg => svg.getBoundingClientRect().right - svg.closest('.st-key-play-map').getBoundingClientRect().right"
        assert drawing.evaluate(beyond) <= 0


def square_outlines() -> bytes:
    """Made-up squares round the middles of two communes, with their codes."""
    middles = {"25216": (107.0335, 11.8359), "25237": (106.9949, 11.8184)}
    features = [
        {
            "type": "Feature",
            "properties": {"ma": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x + dx, y + dy] for dx, dy in ((0, 0), (0.02, 0), (0.02, 0.02), (0, 0.02), (0, 0))]
                ],
            },
        }
        for code, (x, y) in middles.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
