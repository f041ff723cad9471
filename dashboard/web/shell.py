"""Streamlit's own page, in the language of who opens it: it says that it is English, and screen readers read it so."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

from dashboard.i18n import _, in_language, known_language
from dashboard.web.origin import is_navigation

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The same address is another page in another language, so what the browser holds of it is not asked for by these.
BY_FILE: Final = ("etag", "last-modified")
LARGEST_PAGE: Final = 200_000


class OwnShell:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        person = scope.get("state", {}).get("person")
        is_page = scope["type"] == "http" and scope["method"] == "GET" and person is not None
        if not is_page or not is_navigation(HTTPConnection(scope)):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        language = known_language(request.query_params.get("lang") or person.language)
        left_out = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
        headers = [(name, value) for name, value in scope["headers"] if name not in left_out]
        shell = _Shell(send, language)
        await self.app({**scope, "headers": headers}, receive, shell.send)


class _Shell:
    """Holds the answer back until it is whole, if it is Streamlit's page."""

    def __init__(self, send: Send, language: str) -> None:
        self._send, self._language = send, language
        self._start: Any = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body") or len(self._body) > LARGEST_PAGE:
                await self._finish(more=bool(message.get("more_body")))

    async def _finish(self, *, more: bool) -> None:
        start, self._start = self._start, None
        headers = MutableHeaders(raw=list(start["headers"]))
        if not more and "content-encoding" not in headers:
            self._body = in_own_language(self._body, self._language)
            headers["content-length"] = str(len(self._body))
            for name in BY_FILE:
                del headers[name]
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": self._body, "more_body": more})


def _is_html(message: Message) -> bool:
    return MutableHeaders(raw=list(message["headers"])).get("content-type", "").startswith("text/html")


def in_own_language(page: bytes, language: str) -> bytes:
    """Our own pages, which say their language themselves, stay as they are."""
    with in_language(known_language(language)):
        title = html.escape(_("Kế hoạch trẻ em Phước Long"))
    page = (
        page.replace(b'<html lang="en">', f'<html lang="{language}">'.encode(), 1)
        if _is_streamlits(page)
        else page
    )
    return page.replace(b"<title>Streamlit</title>", f"<title>{title}</title>".encode(), 1)


def _is_streamlits(page: bytes) -> bool:
    return b"<title>Streamlit</title>" in page
