from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from people import PASSWORD, session_cookie
from sqlalchemy.exc import OperationalError

from dashboard.actions.accounts import add_account, disable_account
from dashboard.actions.sessions import FAILURES_OF_DEVICE, sign_out
from dashboard.web import account

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient

NEW = "gió lùa qua khe cửa"


@pytest.fixture
def key(signed_in_visitor: TestClient) -> str:
    found = re.search(r'name="key" value="(\w+)"', signed_in_visitor.get("/account").text)
    assert found
    return found[1]


def change(visitor: TestClient, **fields: str) -> Response:
    return visitor.post("/account", data=fields)


def another_device(visit: Callable[..., TestClient]) -> TestClient:
    device = visit()
    device.post("/login", data={"login": "lan", "password": PASSWORD})
    return device


def test_the_page_says_who_is_signed_in(signed_in_visitor: TestClient) -> None:
    page = signed_in_visitor.get("/account")
    assert "<h1>Lan</h1>" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_signing_out_ends_the_session_and_takes_the_cookie(signed_in_visitor: TestClient, key: str) -> None:
    token = signed_in_visitor.cookies[session_cookie()]
    answer = signed_in_visitor.post("/logout", data={"key": key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert session_cookie() not in signed_in_visitor.cookies
    held = {"cookie": f"{session_cookie()}={token}"}
    assert signed_in_visitor.get("/", headers=held).status_code == 401


def test_signing_out_takes_the_cookie_also_while_the_database_cannot_be_written(
    signed_in_visitor: TestClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the session ends as soon as that is over."""
    token, tries = signed_in_visitor.cookies[session_cookie()], [0]

    def sign_out_late(secret: str) -> None:
        tries[0] += 1
        if tries[0] < 3:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        sign_out(secret)

    monkeypatch.setattr(account, "sign_out", sign_out_late)
    monkeypatch.setattr(account, "SECONDS_BETWEEN", 0.01)
    answer = signed_in_visitor.post("/logout", data={"key": key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert session_cookie() not in signed_in_visitor.cookies
    held = {"cookie": f"{session_cookie()}={token}"}
    assert signed_in_visitor.get("/", headers=held).status_code == 401
    assert tries == [3]


def test_signing_out_empties_the_browsers_cache_and_leaves_what_was_typed(
    signed_in_visitor: TestClient, key: str
) -> None:
    answer = signed_in_visitor.post("/logout", data={"key": key})
    assert answer.headers["clear-site-data"] == '"cache"'


def test_signing_out_is_never_a_plain_link(signed_in_visitor: TestClient) -> None:
    assert signed_in_visitor.get("/logout").status_code != 303
    assert signed_in_visitor.get("/").status_code == 200


def test_signing_out_everywhere_reaches_the_other_device(
    signed_in_visitor: TestClient, visit: Callable[..., TestClient], key: str
) -> None:
    device = another_device(visit)
    assert change(signed_in_visitor, key=key, do="everywhere").status_code == 303
    assert signed_in_visitor.get("/").status_code == 401
    assert device.get("/").status_code == 401


@pytest.mark.parametrize("wrong", ["", "0" * 64])
def test_a_form_without_this_sessions_key_does_nothing(signed_in_visitor: TestClient, wrong: str) -> None:
    assert signed_in_visitor.post("/logout", data={"key": wrong}).status_code == 403
    assert change(signed_in_visitor, key=wrong, do="everywhere").status_code == 403
    assert signed_in_visitor.get("/").status_code == 200


def test_the_key_of_one_session_is_worth_nothing_in_another(
    visit: Callable[..., TestClient], key: str
) -> None:
    assert another_device(visit).post("/logout", data={"key": key}).status_code == 403


def test_another_sites_form_does_nothing_even_with_the_key(signed_in_visitor: TestClient, key: str) -> None:
    answer = signed_in_visitor.post("/logout", data={"key": key}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_new_password_keeps_this_device_and_signs_the_others_out(
    signed_in_visitor: TestClient, visit: Callable[..., TestClient], key: str
) -> None:
    device = another_device(visit)
    answer = change(signed_in_visitor, key=key, do="password", current=PASSWORD, new=NEW, again=NEW)
    assert answer.headers["location"] == "/account?done=password&lang=vi"
    assert "Đã đổi mật khẩu" in signed_in_visitor.get("/account?done=password").text
    assert device.get("/").status_code == 401
    assert visit().post("/login", data={"login": "lan", "password": NEW}).status_code == 303


def test_a_new_password_changes_the_secret_of_this_device_too(
    signed_in_visitor: TestClient, visit: Callable[..., TestClient], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SECONDS_OF_OLD_SECRET", 0)
    before = signed_in_visitor.cookies[session_cookie()]
    change(signed_in_visitor, key=key, do="password", current=PASSWORD, new=NEW, again=NEW)
    after = signed_in_visitor.cookies[session_cookie()]
    assert after != before
    assert signed_in_visitor.get("/").status_code == 200
    assert visit().get("/", headers={"cookie": f"{session_cookie()}={before}"}).status_code == 401


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "wrong"}, "Mật khẩu hiện tại không đúng"),
        ({"again": "otherwise"}, "Hai lần nhập mật khẩu mới không giống nhau"),
        ({"new": "short", "again": "short"}, "ít nhất 10 ký tự"),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(
    signed_in_visitor: TestClient, key: str, fields: dict[str, str], sentence: str
) -> None:
    values = {"key": key, "do": "password", "current": PASSWORD, "new": NEW, "again": NEW, **fields}
    answer = change(signed_in_visitor, **values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Mật khẩu chưa đổi" in answer.text


@pytest.mark.parametrize(
    "new", ["mưa đá rơi " * 100, "bồ câu bay qua sông\x00", "\ud800 bồ câu bay qua sông"]
)
def test_a_password_that_no_field_sends_is_refused_in_words(
    signed_in_visitor: TestClient, key: str, new: str, caplog: pytest.LogCaptureFixture
) -> None:
    values = {"key": key, "do": "password", "current": PASSWORD, "new": new, "again": new}
    body = urlencode(values, errors="surrogatepass").encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = signed_in_visitor.post("/account", content=body, headers=form)
    assert answer.status_code in {303, 422}
    assert "gặp lỗi" not in answer.text
    assert "mưa" not in caplog.text


def test_guessing_the_current_password_is_slowed(signed_in_visitor: TestClient, key: str) -> None:
    guess = {"key": key, "do": "password", "current": "wrong", "new": NEW, "again": NEW}
    for _time in range(FAILURES_OF_DEVICE):
        change(signed_in_visitor, **guess)
    assert "chờ 15 phút" in change(signed_in_visitor, **guess).text


def test_the_language_of_the_account_is_kept(signed_in_visitor: TestClient, key: str) -> None:
    change(signed_in_visitor, key=key, do="language", language="en")
    assert '<html lang="en">' in signed_in_visitor.get("/account").text


def test_people_see_where_they_are_signed_in_and_only_themselves(
    signed_in_visitor: TestClient, visit: Callable[..., TestClient]
) -> None:
    add_account(actor=None, login="hoa", name="Hoa <b>", role="viewer", password=PASSWORD)
    visit(address="203.0.113.9").post("/login", data={"login": "hoa", "password": PASSWORD})
    visit(address="198.51.100.7").post("/login", data={"login": "lan", "password": PASSWORD})
    page = signed_in_visitor.get("/account").text
    assert page.count("dùng lần cuối") == 2
    assert page.count("thiết bị này</strong>") == 1
    assert "198.51.100.7" in page
    assert "203.0.113.9" not in page


def test_who_manages_accounts_sees_everybody_who_is_signed_in(visit: Callable[..., TestClient]) -> None:
    add_account(actor=None, login="hoa", name="Hoa <b>", role="viewer", password=PASSWORD)
    add_account(actor=None, login="chef", name="Chef", role="administrator", password=PASSWORD)
    visit(address="203.0.113.9").post("/login", data={"login": "hoa", "password": PASSWORD})
    manager = visit()
    manager.post("/login", data={"login": "chef", "password": PASSWORD})
    page = manager.get("/account").text
    assert "Hoa &lt;b&gt;</strong> (hoa) · 203.0.113.9" in page
    disable_account(actor=None, login="hoa", base_version=1)
    assert "203.0.113.9" not in manager.get("/account").text


def test_an_unknown_wish_is_refused(signed_in_visitor: TestClient, key: str) -> None:
    assert change(signed_in_visitor, key=key, do="dance").status_code == 400
