"""Fields for files: what they tell the guard, and that bytes are given once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import upload_grants
from dashboard.ui import uploads
from dashboard.upload_grants import UploadGrants

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = 7
SESSION = "test session id"


@pytest.fixture(autouse=True)
def grants(monkeypatch: pytest.MonkeyPatch) -> Iterator[UploadGrants]:
    fresh = UploadGrants()
    monkeypatch.setattr(uploads, "grants", fresh)
    monkeypatch.setattr(uploads, "visitor", lambda: SimpleNamespace(actor=SimpleNamespace(id=ACCOUNT)))
    yield fresh
    assert fresh is not upload_grants.grants


def page() -> None:
    import streamlit as st  # noqa: PLC0415 - the script of a page of its own

    from dashboard.ui.uploads import PHOTO, SHEET, only_drawn_fields, upload_field  # noqa: PLC0415

    with only_drawn_fields():
        if st.toggle("sheet", value=True):
            held = upload_field("Sheet", kind=SHEET, key="sheet")
            st.text(f"{held.name} {held.is_waiting}" if held else "empty")
            if held and st.button("take"):
                st.text(f"first {held.take()!r} then {held.take()!r}")
        if st.toggle("photo"):
            upload_field("Photo", kind=PHOTO, key="photo")


def texts(app: AppTest) -> list[str]:
    assert not app.exception
    return [each.value for each in app.text]


def limit(grants: UploadGrants) -> int:
    return grants.most_bytes(SESSION, ACCOUNT)


def test_a_field_asks_for_files_as_long_as_it_is_drawn(grants: UploadGrants) -> None:
    app = AppTest.from_function(page).run()
    assert limit(grants) == 5 * 1024 * 1024
    app.toggle[1].set_value(True).run()
    assert limit(grants) == 10 * 1024 * 1024
    app.toggle[1].set_value(False).run()
    assert limit(grants) == 5 * 1024 * 1024
    app.toggle[0].set_value(False).run()
    assert limit(grants) == 0


def test_bytes_are_given_once_and_leave_the_memory(grants: UploadGrants) -> None:
    app = AppTest.from_function(page).run()
    app.file_uploader(key="sheet").set_value(("a.xlsx", b"rows", "application/octet-stream")).run()
    assert texts(app) == ["a.xlsx True"]
    app.button[0].click().run()
    assert texts(app) == ["a.xlsx True", "first b'rows' then None"]
