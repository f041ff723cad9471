from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from people import PASSWORD

from dashboard.web.assets import DRAWN, ICONS, STATIC, TEXT, files_ahead, font
from dashboard.web.headers import application_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/login", "/healthz", "/favicon.png", "/", "/media/x.png"])
def test_every_answer_carries_the_security_headers(visitor: TestClient, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_what_a_person_saw_is_not_kept_by_the_browser(signed_in_visitor: TestClient) -> None:
    assert signed_in_visitor.get("/media/figures.xlsx").headers["cache-control"] == "no-store"


def test_the_sign_in_page_may_run_no_script_at_all(visitor: TestClient) -> None:
    policy = visitor.get("/login").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_the_application_evaluates_nothing_and_loads_from_nowhere_else() -> None:
    policy = application_policy("phuoclong:8501")
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert re.search(r"'sha256-[\w+/=]+'", scripts)
    assert "*" not in policy
    assert "wss://phuoclong:8501" in policy


def test_a_made_up_host_name_cannot_widen_the_policy() -> None:
    assert "evil" not in application_policy("x; script-src evil")


def test_only_https_is_promised_for_the_future(visit: Callable[..., TestClient]) -> None:
    assert "strict-transport-security" not in visit().get("/login").headers
    assert visit("https").get("/login").headers["strict-transport-security"].startswith("max-age=")


def test_streamlits_files_are_fetched_ahead_from_our_own_host(visitor: TestClient) -> None:
    paths = re.findall(r'<link rel="prefetch" href="([^"]+)"', visitor.get("/login").text)
    assert paths == [file.path for file in files_ahead()]
    assert all(path.startswith("/static/") for path in paths)
    assert all((STATIC / path[1:]).exists() for path in paths)


def test_this_version_of_streamlit_has_every_part_that_we_fetch_ahead() -> None:
    stems = {file.path.rsplit("/", 1)[1].split(".")[0] for file in files_ahead()}
    assert set(DRAWN) <= stems
    assert font(ICONS)
    assert font(TEXT)
    assert {file.kind for file in files_ahead()} == {"script", "style", "font"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_over_https_no_cookie_goes_without_protection(visit: Callable[..., TestClient], scheme: str) -> None:
    browser = visit(scheme)
    browser.post("/login", data={"login": "lan", "password": PASSWORD})
    given = browser.get("/with-a-cookie").headers["set-cookie"]
    assert ("secure" in given.lower()) == (scheme == "https")
    assert given.lower().count("secure") <= 1
