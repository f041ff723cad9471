"""The cookie that holds a session's secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.settings import settings
from dashboard.tokens import COOKIE, SECURE_COOKIE, session_cookie

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response


def came_over_https(request: HTTPConnection) -> bool:
    return request.url.scheme in {"https", "wss"}


def is_secure(request: HTTPConnection) -> bool:
    rule = settings().secure_cookies
    return came_over_https(request) if rule == "auto" else rule == "always"


def request_token(request: HTTPConnection) -> str | None:
    """The session's secret in this request; over HTTPS only the protected name counts."""
    return request.cookies.get(SECURE_COOKIE) if is_secure(request) else session_cookie(request.cookies)


def give_cookie(response: Response, request: HTTPConnection, token: str) -> None:
    """Without an age: on a shared computer it goes when the browser is closed."""
    secure = is_secure(request)
    name = SECURE_COOKIE if secure else COOKIE
    response.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="lax")


def take_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
