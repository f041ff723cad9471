"""Nobody gets past the door without a session, by whatever path, method, host or trick."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
PAGES = ("/", "/overview", "/entry", "/scoring", "/play-register", "/rules", "/child-friendly", "/play-areas")
OURS = ("/account", "/logout", "/events", "/session/active", "/photos/1", "/photos/1/small", "/photos/")
STREAMLITS = (
    "/_stcore/stream",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/upload_file/a/b",
    "/_stcore/agent/interact",
    "/_stcore/bidi-components/live/a.js",
    "/_stcore/script-health-check",
    "/media/0123456789abcdef.png",
    "/component/x/index.html",
    "/static/index.html",
    "/static/",
    "/app/static/favicon.png",
    "/auth/login",
    "/oauth2callback",
    "/manifest.json",
    "/index.html",
)
PUBLIC = ("/login", "/healthz", "/favicon.png", "/login/style.css", "/_stcore/health", "/static/js/index.js")
TRICKS = (
    "/{}",
    "/./{}",
    "//{}",
    "/x/../{}",
    "/%2e/{}",
    "/{}/",
    "/{}/x",
    "/{};x",
    "/{}%00",
    "/{}.html",
    "/%2f{}",
)
PATHS = sorted(
    {
        *(form.format(path.lstrip("/")) for path in (*PAGES, *OURS, *STREAMLITS) for form in TRICKS[:3]),
        *(form.format(path.lstrip("/")) for path in PUBLIC for form in TRICKS[1:]),
        *(
            f"{public}/../{page.lstrip('/')}"
            for public, page in itertools.product(PUBLIC, ("entry", "media/1"))
        ),
        *(path.upper() for path in PUBLIC),
    }
)
NOTHING = {400, 401, 404, 405}


@pytest.mark.parametrize("method", METHODS)
def test_no_path_is_answered_without_a_session(visitor: TestClient, method: str) -> None:
    # The client itself takes dots out of a path, as browsers do.
    answered = {
        answer.request.url.path
        for path in PATHS
        if (answer := visitor.request(method, path)).status_code not in NOTHING
    }
    assert answered <= set(PUBLIC)


HEADERS = (
    {"x-original-url": "/login"},
    {"x-rewrite-url": "/login"},
    {"x-http-method-override": "GET"},
    {"x-forwarded-prefix": "/login"},
    {"x-forwarded-for": "127.0.0.1"},
    {"x-dashboard-person": "1"},
    {"authorization": "Basic bGFuOmxhbg=="},
    {"cookie": "dashboard_session=; dashboard_session=x"},
    {"upgrade": "websocket", "connection": "upgrade"},
    {"sec-fetch-mode": "cors", "accept": "text/html"},
)


@pytest.mark.parametrize("headers", HEADERS, ids=lambda each: next(iter(each)))
def test_no_header_opens_the_door(visitor: TestClient, headers: dict[str, str]) -> None:
    for path in (*PAGES, *OURS, *STREAMLITS):
        assert visitor.get(path, headers=headers).status_code in NOTHING
