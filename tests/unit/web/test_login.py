from __future__ import annotations

import html
import logging
import re
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from people import PASSWORD, Known, session_cookie
from sqlalchemy import event, update
from sqlalchemy.engine import make_url

from dashboard import cookie_names
from dashboard.actions import sessions
from dashboard.actions.accounts import add_account
from dashboard.cookie_names import cookie_name
from dashboard.settings import settings
from dashboard.web import checking
from dashboard.web.origin import safe_next
from db.base import utc_now
from db.tables import LoginSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient

    from db.engine import Database


def send(visitor: TestClient, headers: dict[str, str] | None = None, **fields: str) -> Response:
    values = {"login": "lan", "password": PASSWORD, **fields}
    return visitor.post("/login", data=values, headers=headers)


def cookies_of(answer: Response) -> list[str]:
    return [str(given) for given in answer.headers.get_list("set-cookie")]


def cookie_of(answer: Response) -> str:
    """The session's; the browser's own mark is given beside it."""
    return next(given for given in cookies_of(answer) if "dashboard_session" in given)


def landing(visitor: TestClient, answer: Response) -> str:
    """Where signing in ends, by way of the page that notices a browser without cookies."""
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?tried=1")
    return str(visitor.get(answer.headers["location"]).headers["location"])


def test_the_form_works_without_any_script(visitor: TestClient) -> None:
    page = visitor.get("/login")
    assert "<script" not in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_signing_in_leads_to_the_page_that_was_wanted(visitor: TestClient) -> None:
    answer = send(visitor, next="/entry?year=2021")
    assert landing(visitor, answer) == "/entry?year=2021"
    assert visitor.get("/entry").status_code == 200


WANTED = "/entry?year=2021&part=half"


@pytest.mark.parametrize(
    ("address", "sentence", "language"),
    [
        ("/login?ended=1", "Phiên làm việc đã kết thúc", "vi"),
        (f"/login?ended=1&next={quote(WANTED)}", "chưa lưu được giữ lại trên máy này", "vi"),
        (f"/login?ended=1&lang=en&next={quote(WANTED)}", "kept on this computer", "en"),
        (f"/login?ended=1&next={quote(WANTED + '&lang=en')}", "kept on this computer", "en"),
    ],
)
def test_who_comes_from_a_session_that_ended_is_told_what_became_of_the_typed_words(
    visitor: TestClient, address: str, sentence: str, language: str
) -> None:
    page = visitor.get(address)
    assert sentence in page.text
    assert f'<html lang="{language}"' in page.text


def test_after_the_end_of_a_session_one_comes_back_to_the_same_page(visitor: TestClient) -> None:
    page = visitor.get(f"/login?ended=1&next={quote(WANTED)}")
    assert f'name="next" value="{html.escape(WANTED)}"' in page.text
    assert "ended=1&amp;next=%2Fentry%3Fyear%3D2021%26part%3Dhalf&amp;lang=en" in page.text


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere"])
def test_the_end_of_a_session_leads_nobody_elsewhere(visitor: TestClient, target: str) -> None:
    assert "elsewhere" not in visitor.get(f"/login?ended=1&next={quote(target)}").text


def test_who_signed_in_again_in_another_tab_goes_straight_back(signed_in_visitor: TestClient) -> None:
    answer = signed_in_visitor.get(f"/login?ended=1&next={quote(WANTED)}")
    assert answer.headers["location"] == WANTED


def test_who_signs_in_anew_before_the_session_ends_is_shown_the_page(signed_in_visitor: TestClient) -> None:
    page = signed_in_visitor.get(f"/login?renew=1&next={quote(WANTED)}")
    assert page.status_code == 200
    assert f'name="next" value="{html.escape(WANTED)}"' in page.text
    assert "Phiên làm việc đã kết thúc" not in page.text
    assert "renew=1&amp;next=" in page.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: TestClient) -> None:
    cookie = cookie_of(send(visitor))
    assert cookie.startswith(f"{session_cookie()}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(visit: Callable[..., TestClient]) -> None:
    visitor = visit("https")
    cookie = cookie_of(send(visitor))
    assert cookie.startswith(f"{session_cookie(secure=True)}=")
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie.split("; ")
    assert visitor.get("/").status_code == 200


def test_over_https_a_cookie_without_protection_counts_for_nothing(visit: Callable[..., TestClient]) -> None:
    token = cookie_of(send(visit())).split("=")[1].split(";")[0]
    assert visit().get("/", headers={"cookie": f"{session_cookie()}={token}"}).status_code == 200
    assert visit("https").get("/", headers={"cookie": f"{session_cookie()}={token}"}).status_code == 401


def test_a_trusted_proxy_is_believed_about_https(visit: Callable[..., TestClient]) -> None:
    said = {"x-forwarded-proto": "https", "x-forwarded-for": "192.168.1.5"}
    assert "Secure" in cookie_of(send(visit(address="10.0.0.1"), said))
    assert "Secure" not in cookie_of(send(visit(address="10.0.0.2"), said))


def test_cookies_can_be_made_secure_always(
    visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SECURE_COOKIES", "always")
    settings.cache_clear()
    assert cookie_of(send(visit())).startswith("__Host-")


def test_a_wrong_password_is_answered_in_words_and_keeps_the_login(visitor: TestClient) -> None:
    answer = send(visitor, password="wrong")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in answer.text
    assert 'value="lan"' in answer.text
    assert 'role="alert"' in answer.text


def test_an_unknown_login_is_answered_with_the_same_words(visitor: TestClient) -> None:
    known = send(visitor, password="wrong").text
    unknown = send(visitor, login="nobody", password="wrong").text
    assert known.replace('value="lan"', "") == unknown.replace('value="nobody"', "")


def test_the_throttled_are_told_how_long_to_wait(visitor: TestClient) -> None:
    for _time in range(5):
        send(visitor, password="wrong")
    answer = send(visitor)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "chờ 15 phút" in answer.text


def test_addresses_behind_the_proxy_are_told_apart(visit: Callable[..., TestClient]) -> None:
    proxy = visit(address="10.0.0.1")
    for n in range(20):
        send(proxy, {"x-forwarded-for": "192.168.1.5"}, login=f"guess{n}")
    assert send(proxy, {"x-forwarded-for": "192.168.1.5"}).status_code == 429
    assert send(proxy, {"x-forwarded-for": "192.168.1.6"}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://elsewhere.example"},
        {"origin": "http://phuoclong:9999"},
        {"origin": "null"},
    ],
)
def test_another_sites_form_cannot_sign_anyone_in(visitor: TestClient, headers: dict[str, str]) -> None:
    assert send(visitor, headers).status_code == 403


def test_our_own_form_can(visitor: TestClient) -> None:
    ours = {"sec-fetch-site": "same-origin", "origin": "http://phuoclong"}
    assert send(visitor, ours).status_code == 303


def test_a_body_that_no_form_of_ours_sends_is_refused(visitor: TestClient) -> None:
    assert send(visitor, password="x" * 20_000).status_code == 413


@pytest.mark.parametrize(
    "target",
    [
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        " //elsewhere.example",
        "https://elsewhere.example",
        "javascript:alert(1)",
        "entry",
        "/login",
        "/login?next=/login",
        "/logout",
        "/logout/",
        "",
    ],
)
def test_no_link_leads_people_elsewhere_after_signing_in(visitor: TestClient, target: str) -> None:
    assert safe_next(target) == "/"
    assert landing(visitor, send(visitor, next=target)) == "/"


def test_what_is_typed_cannot_become_markup(visitor: TestClient) -> None:
    answer = send(visitor, login='"><img src=x>', password="wrong", next='/"><img src=x>')
    assert "<img" not in answer.text


def test_a_chosen_language_is_kept_through_a_mistake_and_on(visitor: TestClient) -> None:
    assert '<html lang="en">' in visitor.get("/login?lang=en").text
    assert '<html lang="en">' in send(visitor, password="wrong", lang="en").text
    answer = send(visitor, lang="en", next="/entry?lang=vi&year=2021")
    assert landing(visitor, answer) == "/entry?year=2021&lang=en"


def test_switching_the_language_keeps_the_page_that_was_wanted(visitor: TestClient) -> None:
    assert "/login?next=%2Fentry&amp;lang=en" in visitor.get("/login?next=/entry").text


def test_who_is_signed_in_needs_no_second_sign_in(signed_in_visitor: TestClient) -> None:
    answer = signed_in_visitor.get("/login?next=/entry")
    assert (answer.status_code, answer.headers["location"]) == (303, "/entry")


def test_signing_in_again_ends_the_session_before(visit: Callable[..., TestClient]) -> None:
    visitor = visit()
    old = cookie_of(send(visitor)).split(";")[0]
    send(visitor)
    assert visit().get("/", headers={"cookie": old}).status_code == 401


def test_a_browser_that_keeps_no_cookie_is_told_so(visit: Callable[..., TestClient]) -> None:
    location = send(visit(), next="/entry", lang="en").headers["location"]
    page = visit().get(location)
    assert page.status_code == 400
    assert "cookies" in page.text
    assert 'name="next" value="/entry"' in page.text
    assert "cookie" in visit().get("/login?tried=1").text


def test_secure_cookies_over_http_are_told_by_their_name(
    visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARD_SECURE_COOKIES", "always")
    settings.cache_clear()
    page = visit().get(send(visit()).headers["location"])
    assert "https://" in page.text
    assert "DASHBOARD_SECURE_COOKIES" in page.text


def test_two_installations_on_one_host_do_not_sign_each_other_out(
    lan: int, visit: Callable[..., TestClient], sqlite_database: Database
) -> None:
    names = {
        cookie_name("session", host, secure=secure)
        for host in ("phuoclong", "phuoclong:8501", "phuoclong:8502", "[::1]:8501", "[::1]")
        for secure in (False, True)
    }
    # By port, not by the host's name: browsers keep apart themselves what is of another host.
    assert len(names) == 6
    other = cookie_names._marks[sqlite_database.url] = "another installation"
    assert other
    assert cookie_name("session", "phuoclong:8501", secure=False) not in names


def test_a_browser_from_which_people_signed_in_keeps_a_mark_of_each(visit: Callable[..., TestClient]) -> None:
    add_account(actor=None, login="hoa", name="Hoa", role="viewer", password=PASSWORD)
    browser = visit()
    send(browser)
    send(browser, login="hoa")
    name = cookie_name("device", "phuoclong", secure=False)
    assert browser.cookies[name].count("~") == 1
    given = next(each for each in cookies_of(send(browser)) if each.startswith(name))
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=15552000"} <= set(given.split("; "))


def test_a_stranger_does_not_shut_out_who_signed_in_from_this_browser_before(
    visit: Callable[..., TestClient],
) -> None:
    browser = visit(address="10.0.0.9")
    send(browser)
    for address in ("10.0.0.9", *(f"203.0.113.{n}" for n in range(10))):
        stranger = visit(address=address)
        for _time in range(6):
            send(stranger, password="a guess")
    assert send(visit(address="198.51.100.7")).status_code == 429
    assert send(browser).status_code == 303


def test_sixty_strangers_hold_none_of_the_threads_that_pages_need(
    visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Any] = []

    async def run_sync(check: Callable[[], Any], *, limiter: Any = None) -> Any:
        used.append(limiter)
        return check()

    monkeypatch.setattr(checking.to_thread, "run_sync", run_sync)
    send(visit(), password="wrong")
    assert [each.total_tokens for each in used if each is not None] == [2]


def test_too_many_who_wait_to_sign_in_are_sent_away_in_words(
    visit: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_WAITING", 0)
    answer = send(visit())
    assert answer.status_code == 503
    assert "thử lại" in answer.text


BROKEN = {
    "is read only": ("PRAGMA query_only=ON",),
    "lost the table of attempts": ("DROP TABLE sign_in_attempt",),
    "lost the table of sessions": ("DROP TABLE sign_in_attempt", "DROP TABLE login_session"),
}


@pytest.mark.parametrize("state", BROKEN)
def test_a_database_that_cannot_be_written_is_told_in_words_with_a_mark(
    visitor: TestClient, sqlite_database: Database, state: str
) -> None:
    def break_it(connection: Any, _record: Any, _proxy: Any) -> None:
        for statement in BROKEN[state]:
            with suppress(sqlite3.Error):
                connection.execute(statement)

    event.listen(sqlite_database.engine, "checkout", break_it)
    answer = send(visitor, {"accept": "text/html"})
    assert answer.status_code == 503
    assert "Tạm thời chưa mở được" in answer.text
    assert re.search(r"mã [0-9a-f]{8} cho", answer.text)
    assert visitor.get("/account", headers={"accept": "text/html"}).status_code in {303, 503}


@pytest.fixture
def patience(sqlite_database: Database) -> list[int]:
    """How many milliseconds each statement that asks for the lock was ready to wait for it."""
    asked: list[int] = []

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("PRAGMA busy_timeout="):
            asked.append(int(statement.partition("=")[2]))

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    return asked


def test_a_locked_database_is_told_while_it_is_locked(
    visitor: TestClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, patience: list[int]
) -> None:
    monkeypatch.setattr(sessions, "SIGN_IN_PATIENCE_SECONDS", 0.2)
    with closing(sqlite3.connect(make_url(sqlite_database.url).database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = send(visitor, {"accept": "text/html"})
    assert max(patience) == 200
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "Tạm thời chưa mở được" in answer.text


def test_a_lock_does_not_hold_up_who_only_looks_on(
    signed_in_visitor: TestClient, sqlite_database: Database, patience: list[int]
) -> None:
    with sqlite_database.write() as transaction:
        moved = update(LoginSession).values(last_seen_at=utc_now() - timedelta(minutes=5))
        transaction.session.execute(moved)
    with closing(sqlite3.connect(make_url(sqlite_database.url).database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        patience.clear()
        assert signed_in_visitor.get("/", headers={"accept": "text/html"}).status_code == 200
    assert max(patience) == sessions.TOUCH_PATIENCE_SECONDS * 1000


def test_the_log_says_who_signed_in_who_failed_and_who_was_slowed(
    visit: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    visitor = visit(address="2001:db8:7::1")
    for _time in range(6):
        send(visitor, password="wrong-but-secret")
    send(visit(), login="what-i-typed-into-the-wrong-field", password="x")
    send(visit(address="10.0.0.8"))
    assert "wrong password for lan from 2001:db8:7::1" in caplog.text
    assert "lan from 2001:db8:7::1 has to wait 15 minutes" in caplog.text
    assert "wrong password for an unknown login from 10.0.0.9" in caplog.text
    assert "lan signed in from 10.0.0.8" in caplog.text
    assert "secret" not in caplog.text
    assert "wrong-field" not in caplog.text


def test_a_real_installation_shows_no_accounts(visitor: TestClient) -> None:
    assert 'class="demonstration"' not in visitor.get("/login").text


def test_a_demonstration_shows_its_accounts(visitor: TestClient, known_accounts: list[Known]) -> None:
    known_accounts.append(Known("lanhdao", "Lãnh đạo (minh họa)", "ai-cũng-biết"))
    page = visitor.get("/login").text
    assert "lanhdao" in page
    assert "ai-cũng-biết" in page


def test_neither_password_nor_token_is_ever_logged(
    visitor: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(visitor, password="wrong-but-secret")
    token = cookie_of(send(visitor)).split("=")[1].split(";")[0]
    visitor.get("/")
    for secret in (PASSWORD, "wrong-but-secret", token, "argon2id"):
        assert secret not in caplog.text
