"""A wrong address gets a page of ours: Streamlit would open the first page under an English box over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse

from dashboard.addresses import OVERVIEW, PAGES
from dashboard.i18n import in_language, known_language
from dashboard.web.origin import is_navigation
from dashboard.web.plain import plain_page

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KNOWN: Final = frozenset({"", *(f"/{page}" for page in PAGES)})


class KnownPages:
    """Stands right before Streamlit, which answers every address that is no other route with the same page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_navigation(HTTPConnection(scope)):
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/")
        if path == f"/{OVERVIEW}":
            query = scope["query_string"].decode("ascii", "replace")
            await RedirectResponse(f"/?{query}" if query else "/", 303)(scope, receive, send)
            return
        if path in KNOWN:
            await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        await self.app(scope, receive, answer.send)
        if answer.is_page:
            await _not_found(HTTPConnection(scope))(scope, receive, send)


class _Answer:
    """Passes an answer on, unless it is Streamlit's page: pages of ours bring their own policy."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_page = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            is_html = headers.get("content-type", "").startswith("text/html")
            self.is_page = is_html and "content-security-policy" not in headers
        if not self.is_page:
            await self._send(message)


def _not_found(request: HTTPConnection) -> Response:
    with in_language(known_language(request.query_params.get("lang"))):
        return plain_page("not_found.html", status=404)
