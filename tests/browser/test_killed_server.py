"""`kill -9` of the server while an officer types: what the screen called saved is there when it comes back."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from deeds import field, leave, line
from playwright.sync_api import expect
from program import running, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_what_was_called_saved_is_there_after_the_kill(
    demonstration_file: Path, tmp_path: Path, browser: Browser
) -> None:
    database = tmp_path / "demo.db"
    shutil.copy(demonstration_file, database)
    with running(database) as first:
        page = sign_in(browser.new_context(), first, "longgiang", "/entry")
        cards = line(page, "T2a")
        leave(field(cards, 1), "490")
        for number in range(470, 481):
            leave(field(cards, 0), str(number))
            expect(cards.get_by_text(re.compile(f"đã lưu .*{number}/490"))).to_be_visible()
        field(cards, 0).fill("482")
        field(cards, 0).press("Tab")
        first.process.kill()
        first.process.wait()
    with running(database, first.port) as second:
        # The session outlives the server too: nobody signs in again.
        again = page.context.new_page()
        again.goto(f"{second.url}/entry")
        kept = field(line(again, "T2a"), 0)
        # The last one was on its way and never called saved: it may be there, or the one before it.
        expect(kept).to_have_value(re.compile("^48[02]$"))
        page.context.close()
