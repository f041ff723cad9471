"""Nobody gets past this without a session: pages, media, downloads, live events and WebSockets alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboard.views.sessions import SignedIn, signed_in
from dashboard.web.activity import keep_awake
from dashboard.web.assets import program_files
from dashboard.web.cookies import request_token
from dashboard.web.frames import Tab
from dashboard.web.origin import is_navigation
from dashboard.web.plain import not_found, refuse
from db.base import utc_now

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PUBLIC: Final = frozenset({"/login", "/login/style.css", "/healthz", "/favicon.png", "/_stcore/health"})
# Streamlit's own program files, the same for everyone; their names carry a hash of their content.
PROGRAM_FILE: Final = re.compile(r"/static/(js|css|media)/[\w.@~-]+", re.ASCII)
# What Streamlit offers besides, and no page of ours needs: measurements, its own sign-in, a door for programs.
NOT_OURS: Final = re.compile(r"/(_stcore/(metrics|agent|auth)|auth|oauth2callback)(/|$)")
# As named in .streamlit/config.toml.
PERSON_HEADER: Final = b"x-dashboard-person"


class RequireSession:
    """Puts the person into `request.state.person`; asks the database each time, so that a revoked session ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if is_missing_file(scope["path"]):
            await refuse(scope, receive, send, response=not_found())
        elif is_public(scope["path"]):
            await self.app(scope, receive, send)
        else:
            await self._ask_who(scope, receive, send)

    async def _ask_who(self, scope: Scope, receive: Receive, send: Send) -> None:
        person = await to_thread.run_sync(signed_in, request_token(HTTPConnection(scope)), utc_now())
        if person is None:
            await refuse(scope, receive, send, response=_not_signed_in(scope))
        elif NOT_OURS.match(scope["path"]):
            await refuse(scope, receive, send, response=not_found())
        else:
            scope.setdefault("state", {})["person"] = person
            await self._pass_on(scope, receive, send, person)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, person: SignedIn) -> None:
        if scope["type"] == "websocket":
            tab = Tab(receive, send, request_token(HTTPConnection(scope)), person)
            await self.app(with_person(scope, person), tab.receive, tab.send)
            return
        if is_navigation(HTTPConnection(scope)):
            await keep_awake(person)
        await self.app(scope, receive, send)


def with_person(scope: Scope, person: SignedIn) -> Scope:
    """Tell Streamlit whose page this is, so that it gives a page that waits to its own account alone.

    It takes the name from a header, which therefore never is what a client sent.
    """
    sent = [(name, value) for name, value in scope["headers"] if name.lower() != PERSON_HEADER]
    return {**scope, "headers": [*sent, (PERSON_HEADER, str(person.actor.id).encode())]}


def is_public(path: str) -> bool:
    return path in PUBLIC or PROGRAM_FILE.fullmatch(path) is not None


def is_missing_file(path: str) -> bool:
    """Named as a program file, and none: Streamlit would answer with the page itself."""
    return PROGRAM_FILE.fullmatch(path) is not None and path not in program_files()


def _not_signed_in(scope: Scope) -> Response:
    request = HTTPConnection(scope)
    if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and is_navigation(request):
        query = f"?{request.url.query}" if request.url.query else ""
        wanted = quote(scope["path"] + query, safe="/")
        return RedirectResponse("/login" if wanted == "/" else f"/login?next={wanted}", 303)
    return PlainTextResponse("Unauthorized", 401, {"Cache-Control": "no-store"})
