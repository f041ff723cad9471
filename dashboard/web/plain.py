"""Plain HTML pages of our own: no script, one style sheet, both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.websockets import WebSocketClose

from dashboard.i18n import LANGUAGES, _, current_language, in_language, known_language
from dashboard.web.assets import TEXT, font
from dashboard.web.headers import PLAIN_POLICY

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from dashboard.i18n import Language

POLICY_VIOLATION: Final = 1008
HERE: Final = Path(__file__).parent
ICON: Final = HERE.parent / "static" / "favicon.png"
LANGUAGE_NAMES: Final = {"vi": "Tiếng Việt", "en": "English"}


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = _
    return environment


def plain_page(
    template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """The page in the current language. Never kept by the browser: the next person may sit at the same computer."""
    shared = {"language": current_language(), "languages": {code: LANGUAGE_NAMES[code] for code in LANGUAGES}}
    html = _templates().get_template(template).render(**shared, **values)
    fixed = {"Content-Security-Policy": PLAIN_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, {**fixed, **(headers or {})})


class FormRefused(Exception):
    """A form that is not taken; `sentence` says why, and the page around it is ours."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence = status, sentence


def unavailable_page(request: HTTPConnection, mark: str) -> HTMLResponse:
    with in_language(_asked_language(request)):
        return plain_page("unavailable.html", status=503, headers={"Retry-After": "30"}, mark=mark)


def failure_page(request: HTTPConnection, mark: str) -> HTMLResponse:
    with in_language(_asked_language(request)):
        return plain_page("failure.html", status=500, mark=mark)


def refusal_page(request: HTTPConnection, status: int, sentence: str) -> HTMLResponse:
    with in_language(_asked_language(request)):
        return plain_page("refused.html", status=status, sentence=sentence)


def _asked_language(request: HTTPConnection) -> Language:
    return known_language(request.query_params.get("lang"))


def not_found() -> Response:
    return PlainTextResponse("Not Found", 404, {"Cache-Control": "no-store"})


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int = 403,
    sentence: str = "",
    *,
    response: Response | None = None,
) -> None:
    """Answer with `response`, or with a page that says `sentence`; a WebSocket is closed before it is accepted."""
    if scope["type"] == "websocket":
        # The browser sees a plain 403.
        await WebSocketClose(code=POLICY_VIOLATION)(scope, receive, send)
        return
    answer = response or refusal_page(HTTPConnection(scope), status, sentence)
    await answer(scope, receive, send)


@cache
def _style() -> str:
    """With the very font that the application uses after signing in."""
    text = (HERE / "static" / "style.css").read_text(encoding="utf-8")
    return text.replace("SOURCE_SANS", font(TEXT))


async def icon(_request: Request) -> FileResponse:
    return FileResponse(ICON, headers={"Cache-Control": "max-age=86400"})


async def style_sheet(_request: Request) -> Response:
    return Response(_style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
