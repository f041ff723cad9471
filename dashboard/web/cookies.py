"""The cookies that we give: a session's secret, and the marks of a browser from which people signed in before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.cookie_names import Purpose, cookie_in, cookie_name
from dashboard.settings import settings

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response

DEVICE_SECONDS: Final = 180 * 24 * 3600


def came_over_https(request: HTTPConnection) -> bool:
    return request.url.scheme in {"https", "wss"}


def is_secure(request: HTTPConnection) -> bool:
    rule = settings().secure_cookies
    return came_over_https(request) if rule == "auto" else rule == "always"


def request_token(request: HTTPConnection) -> str | None:
    """The session's secret in this request; over HTTPS only the protected name counts."""
    return _value(request, "session")


def request_marks(request: HTTPConnection) -> str:
    return _value(request, "device") or ""


def give_session(response: Response, request: HTTPConnection, token: str) -> None:
    """Without an age: on a shared computer it goes when the browser is closed."""
    _give(response, request, "session", token, age=None)


def give_marks(response: Response, request: HTTPConnection, marks: str) -> None:
    """For half a year: that somebody signed in here is no secret, and opens nothing."""
    _give(response, request, "device", marks, age=DEVICE_SECONDS)


def take_session(response: Response, request: HTTPConnection) -> None:
    for secure in (False, True):
        name = cookie_name("session", _host(request), secure=secure)
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _value(request: HTTPConnection, purpose: Purpose) -> str | None:
    if is_secure(request):
        return request.cookies.get(cookie_name(purpose, _host(request), secure=True))
    return cookie_in(request.cookies, purpose, _host(request))


def _give(
    response: Response, request: HTTPConnection, purpose: Purpose, value: str, *, age: int | None
) -> None:
    secure = is_secure(request)
    name = cookie_name(purpose, _host(request), secure=secure)
    response.set_cookie(name, value, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def _host(request: HTTPConnection) -> str:
    return request.headers.get("host", "")
