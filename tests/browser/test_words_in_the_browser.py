"""Signs of Markdown in people's words, as a real browser shows them: nothing but letters."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from deeds import settled
from playwright.sync_api import expect
from program import ROOT, START_SECONDS, free_port, running, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext
    from program import Server

PAGE = Path(__file__).with_name("words_as_written.py")
WORDS = (
    "Nguyễn Văn A",
    "Sân 20*30 m và 5*7 m, KP_3_tổ_2",
    "**đậm** __đậm__ *nghiêng* _nghiêng_ ~~xóa~~ `mã` ``mã``",
    "[Đăng nhập lại](http://vi.du/login) ![ảnh](http://vi.du/a.png)",
    "[nguồn][1] và [^1] [1]: http://vi.du [^1]: chú thích",
    "http://vi.du https://vi.du/?a=1&b=2 HTTP://VI.DU ftp://vi.du",
    "www.vi.du WWW.vi.du (www.vi.du) xem www.vi.du.",
    "can.bo@vi.du mailto:can.bo@vi.du xmpp:a@vi.du can_bo+1@vi-du.vn",
    "<https://vi.du> <can.bo@vi.du> <b>đậm</b> <script>alert(1)</script> <!-- ẩn --> <img src=x onerror=alert(1)>",
    ":red[đỏ] :blue-background[nền] :green-badge[✓ Đạt] :rainbow[màu] :small[nhỏ] :shimmer[sáng]",
    ':color[chữ]{foreground="red"} :help[giúp] :abc{a=b} :abc{#b} ::abc[x] :::abc',
    ":material/warning: :material_warning: :streamlit: :smile: :+1: :-1: :heart:",
    "$x^2$ $$\\rule{300em}{300em}$$ 100$ và 200$ \\$5 \\(x\\) \\[x\\]",
    "# Mục", "#", "## Mục ##", "Mục\n===", "Mục\n---", "---", "***", "===", "- - -",
    "- mục", "+ mục", "* mục", "1. mục", "12) mục", "- [ ] việc", "- [x] việc", "> trích", ">trích", "  - mục",
    "    mã lùi vào", "\tmã lùi vào", "~~~\nmã\n~~~", "```mermaid\ngraph TD\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |", "a|b\n-|-\n1|2",
    "hai\ndòng", "hai\n\nđoạn", "hai  \ndòng", "hai\\\ndòng", "hai\r\ndòng", "\n- mục\n- mục",
    "a -> b <- c <-> d -- e >= f <= g ~= h", "->", "-->", "<=>", ":->", "a:->b", "<- <- <-", "-- --",
    "&amp; &lt;b&gt; &#42; &nbsp; &copy; &#x1F600; GD&ĐT",
    "\\", "\\\\", "\\*", "\\n", "C:\\thư mục\\tệp.xlsx", "a\\", "\\&#58;",
    "**", "*", "_", "`", "~", ":", "::", "[", "]", "[]", "[]()", "{}", "{a}", "!", "![", "<", ">", "&", "&#", "$", "$$",
    "a**b", "a** b", "**a", "a_b_c", "(a)", "“a”", "…a…", "'a'", '"a"', "a.", ".a", ",a", ";", "%", "100%", "12/3", "5.",
    "=SUM(A1)", "+84 912 345 678", "@can.bo", "a@b", "{0} {name} %s %(a)s ${a}",
    "12:30", "7:00-17:00", "tỷ lệ 1:2:3", "C: D: E:", "a:b:c", "x:y",
    "\u00a0a\u00a0", "\u3000a", "e\u0302\u0301", "cảm ơn 😀 👨‍👩‍👧", "Ðịa chỉ", "đường số 3, hẻm 12/5/7",
)  # fmt: skip
ALPHABET = [
    *"*_~`:[](){}<>#+-.!|&$@=\\/^;\"'\n\t 1aỡ",
    "www.",
    "http://",
    "://",
    "smile",
    "red",
    "material/",
    "->",
    "--",
    "&#58;",
]
CHANCE = random.Random(7)  # noqa: S311 - the same words each time
MADE_UP = tuple("".join(CHANCE.choices(ALPHABET, k=CHANCE.randint(1, 14))) for _ in range(150))
# Texts of the places of words_as_written.py; whatever is more than text is named in `elements`.
SHOWN = """count => Array.from({ length: count }, (_, number) => {
  const whole = document.querySelector(`.st-key-words-${number}`);
  const places = [...whole.querySelectorAll(
    "[data-testid=stMarkdownContainer],[data-testid=stCaptionContainer]")];
  const more = places.flatMap(each => [...each.querySelectorAll(
    "a,img,code,pre,em,del,h1,h2,h3,table,blockquote,hr,ol,ul ul,li li,input,.katex,[role=img],span[style]," +
    "[class*=stMarkdownColored],[class*=stMarkdownBadge],[class*=stMarkdownShimmer]")]);
  return { texts: places.map(each => each.textContent), elements: [...more].map(each => each.outerHTML) };
})"""


def seen(text: str) -> str:
    """As a reader sees it: blanks of any kind and number are one, and there are none at the ends."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def words_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    words = tmp_path_factory.mktemp("words") / "words.json"
    words.write_text(json.dumps([*WORDS, *MADE_UP]), encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.headless", "true"),
            *(
                "--server.address",
                "127.0.0.1",
                "--server.port",
                str(port),
                "--server.fileWatcherType",
                "none",
            ),
        ],
        env={**os.environ, "WORDS_AS_WRITTEN": str(words), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("Streamlit did not start")


def test_the_browser_shows_people_s_words_letter_by_letter(words_page: str, context: BrowserContext) -> None:
    words = [*WORDS, *MADE_UP]
    page = context.new_page()
    page.goto(words_page)
    page.locator(f".st-key-words-{len(words) - 1} [data-testid=stMetric]").wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    for text, place in zip(words, page.evaluate(SHOWN, len(words)), strict=True):
        inside = [text, f"{text}: 5", f"“{text}” · 2 {text}", text, text, f"Mục {text}", text, text]
        assert [seen(each) for each in place["texts"]] == [seen(each) for each in inside], repr(text)
        assert place["elements"] == [], repr(text)


SIGNS = " 20*30 m và 5*7 m, KP_3_tổ_2 [x](http://vi.du) :red[đỏ] $x^2$ :material/warning: www.vi.du <b>"
FILLED = {"play_area": "name", "account": "name", "area": "name", "quarter": "name"}


@pytest.fixture(scope="module")
def signed_server(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("signed") / "demo.db"
    shutil.copy(demonstration_file, path)
    with closing(sqlite3.connect(path)) as connection:
        for table, column in FILLED.items():
            connection.execute(f'UPDATE "{table}" SET "{column}" = "{column}" || ?', (SIGNS,))  # noqa: S608 - our own names
        connection.commit()
    with running(path) as started:
        yield started


def test_the_heaviest_pages_show_people_s_words_as_words(
    signed_server: Server, context: BrowserContext
) -> None:
    page = sign_in(context, signed_server, "tonghop", "/play-register")
    for path in ("/play-register", "/play-areas", "/scoring", "/entry", "/"):
        page.goto(f"{signed_server.url}{path}")
        page.get_by_role("heading", level=1).wait_for()
        settled(page)
        text = page.locator("body").inner_text()
        assert SIGNS.strip() in text, path
        assert not [sign for sign in ("&#", ":color[", "&lt;") if sign in text], path
        expect(page.locator("a[href*='vi.du'], .katex, .stMarkdownColoredText")).to_have_count(0)
