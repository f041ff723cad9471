"""Files made on demand are given to the account that asked for them, and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from people import PASSWORD

from dashboard.actions.accounts import add_account
from dashboard.web import media
from dashboard.web.media import MadeFiles, made_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

FILE = "600376eaf42ce23b74aa6136016ef405"


@pytest.mark.parametrize("suffix", ["", ".docx", ".png", ".xlsx"])
def test_who_asked_for_a_file_gets_it(signed_in_visitor: TestClient, lan: int, suffix: str) -> None:
    made_files.note(f"/media/{FILE}{suffix}", lan)
    assert signed_in_visitor.get(f"/media/{FILE}{suffix}").status_code == 200


def test_another_account_that_knows_the_address_gets_nothing(
    signed_in_visitor: TestClient, visit: Callable[..., TestClient], lan: int
) -> None:
    made_files.note(f"/media/{FILE}.docx", lan)
    add_account(actor=None, login="hoa", name="Hoa", role="viewer", password=PASSWORD)
    other = visit()
    other.post("/login", data={"login": "hoa", "password": PASSWORD})
    for address in (f"/media/{FILE}.docx", f"/media/{FILE}", f"/media/{FILE}.txt"):
        assert other.get(address).status_code == 404


@pytest.mark.parametrize(
    "path", ["/media", "/media/", "/media/x/y", "/media/a.b.c", "/media/%2e%2e/x", "/media//a", "/mediaX"]
)
def test_other_addresses_below_give_nothing(signed_in_visitor: TestClient, path: str) -> None:
    assert signed_in_visitor.get(path).status_code == 404


def test_pictures_that_pages_show_to_everybody_are_given_to_all(
    signed_in_visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "is_picture", lambda file: file == "icon")
    assert signed_in_visitor.get("/media/icon.png").status_code == 200
    assert signed_in_visitor.get("/media/other.png").status_code == 404


def test_the_same_file_made_for_two_is_given_to_both() -> None:
    files = MadeFiles()
    for account in (1, 2):
        files.note("/media/abc.docx", account)
    assert [files.is_for("abc", account) for account in (1, 2, 3)] == [True, True, False]


def test_addresses_are_not_noted_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_FILES", 2)
    files = MadeFiles()
    for name in ("a", "b", "c"):
        files.note(f"/media/{name}.docx", 1)
    assert [files.is_for(name, 1) for name in ("a", "b", "c")] == [False, True, True]


@pytest.mark.parametrize("path", ["/media/a.docx", "/photos/1", "/_stcore/metrics"])
def test_nothing_of_this_without_a_session(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code in {401, 404}
