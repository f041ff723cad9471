"""One answer for whatever goes wrong below: a page with a sentence and a mark, never a bare word of the framework's."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse

from dashboard.web.origin import is_navigation
from dashboard.web.plain import FormRefused, failure_page, refuse, unavailable_page

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class Faults:
    """Stands before everything that asks the database, our own routes and Streamlit's alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except FormRefused as refused:
            await refuse(scope, receive, send, refused.status, refused.sentence)
        except Exception as error:
            if has_begun:
                raise
            await refuse(scope, receive, send, response=_answer(scope, error))


def _answer(scope: Scope, error: Exception) -> Response:
    mark = secrets.token_hex(4)
    is_database = isinstance(error, SQLAlchemyError)
    if is_database:
        logger.error("the database does not answer [%s]: %s", mark, first_line(error))
    else:
        logger.error("a request failed [%s]", mark, exc_info=error)
    if scope["type"] == "http" and is_navigation(HTTPConnection(scope)):
        page = unavailable_page if is_database else failure_page
        return page(Request(scope), mark)
    status, words = (503, "Service Unavailable") if is_database else (500, "Internal Server Error")
    return PlainTextResponse(words, status, {"Cache-Control": "no-store"})


def first_line(error: Exception) -> str:
    """The driver's own words, without the statement: a database that is locked fails a hundred times a minute."""
    origin = getattr(error, "orig", None) or error
    text = str(origin).partition("\n")[0]
    return f"{type(origin).__name__}: {text[:300]}"
