from __future__ import annotations

import html
import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from people import PASSWORD, Known

from dashboard.settings import settings
from dashboard.web.origin import safe_next

if TYPE_CHECKING:
    from collections.abc import Callable

    from httpx2 import Response
    from starlette.testclient import TestClient


def send(visitor: TestClient, headers: dict[str, str] | None = None, **fields: str) -> Response:
    values = {"login": "lan", "password": PASSWORD, **fields}
    return visitor.post("/login", data=values, headers=headers)


def cookie_of(answer: Response) -> str:
    return str(answer.headers["set-cookie"])


def test_the_form_works_without_any_script(visitor: TestClient) -> None:
    page = visitor.get("/login")
    assert "<script" not in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_signing_in_leads_to_the_page_that_was_wanted(visitor: TestClient) -> None:
    answer = send(visitor, next="/entry?year=2021")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/entry?year=2021"
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


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: TestClient) -> None:
    cookie = cookie_of(send(visitor))
    assert cookie.startswith("dashboard_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(visit: Callable[..., TestClient]) -> None:
    visitor = visit("https")
    cookie = cookie_of(send(visitor))
    assert cookie.startswith("__Host-dashboard_session=")
    assert "Secure" in cookie.split("; ")
    assert visitor.get("/").status_code == 200


def test_over_https_a_cookie_without_protection_counts_for_nothing(visit: Callable[..., TestClient]) -> None:
    token = cookie_of(send(visit())).split("=")[1].split(";")[0]
    assert visit().get("/", headers={"cookie": f"dashboard_session={token}"}).status_code == 200
    assert visit("https").get("/", headers={"cookie": f"dashboard_session={token}"}).status_code == 401


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
    assert send(visitor, next=target).headers["location"] == "/"


def test_what_is_typed_cannot_become_markup(visitor: TestClient) -> None:
    answer = send(visitor, login='"><img src=x>', password="wrong", next='/"><img src=x>')
    assert "<img" not in answer.text


def test_a_chosen_language_is_kept_through_a_mistake_and_on(visitor: TestClient) -> None:
    assert '<html lang="en">' in visitor.get("/login?lang=en").text
    assert '<html lang="en">' in send(visitor, password="wrong", lang="en").text
    assert send(visitor, lang="en", next="/entry?lang=vi&year=2021").headers["location"] == (
        "/entry?year=2021&lang=en"
    )


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
