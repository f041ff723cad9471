"""Security headers of every answer."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

from dashboard.web.cookies import came_over_https

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST: Final = re.compile(r"[\w.:\[\]-]+", re.ASCII)
# Up to the next tag of a script, whichever: no text is looked through more than once.
INLINE_SCRIPT: Final = re.compile(r"<script>([^<]*(?:<(?!/?script>)[^<]*)*)</script>")
YEAR_SECONDS: Final = 365 * 24 * 3600
# Our own plain pages need a style sheet, a form, and the right to fetch Streamlit's files ahead: no scripts.
PLAIN_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Forms of our own must tell where they come from, other hosts must learn nothing.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Streamlit's own files say how long they keep; figures must not stay in a shared computer's browser.
    "Cache-Control": "no-store",
}


@cache
def _script_hashes() -> str:
    """Hashes of the scripts within Streamlit's own page, so that no other inline script may run."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def application_policy(host: str) -> str:
    """What Streamlit needs and no more. Vega runs through its interpreter, so nothing is evaluated.

    Components come as blobs; styles are written into the page; older Safari does not count our own
    WebSocket as 'self', so it is named.
    """
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {_script_hashes()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            f"connect-src 'self'{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, partial(_send_with_headers, HTTPConnection(scope), send))


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Streamlit's own cookie comes without this."""
    is_open = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return (name, value + b"; Secure") if is_open else (name, value)


async def _send_with_headers(request: HTTPConnection, send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", application_policy(request.headers.get("host", "")))
        if came_over_https(request):
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
            message["headers"] = [_secured(name, value) for name, value in message["headers"]]
    await send(message)
