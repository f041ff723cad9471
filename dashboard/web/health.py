"""Whether this process can work: its database answers, and has the shape that this version of the program needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.routing import Route

from db.engine import database
from db.migrate import current_revision, newest_revision

if TYPE_CHECKING:
    from starlette.requests import Request

NO_STORE: Final = {"Cache-Control": "no-store"}


def health_routes() -> list[Route]:
    return [Route("/healthz", show_health, methods=["GET"])]


async def show_health(_request: Request) -> JSONResponse:
    state = await to_thread.run_sync(database_state)
    is_well = state == "ok"
    body = {"status": "ok" if is_well else "unavailable", "database": state}
    return JSONResponse(body, 200 if is_well else 503, NO_STORE)


def database_state() -> str:
    """`ok`, `old` (to be migrated) or `unreachable`; says nothing that helps a stranger."""
    try:
        revision = current_revision(database())
    except (SQLAlchemyError, RuntimeError):
        return "unreachable"
    return "ok" if revision == _newest() else "old"


@cache
def _newest() -> str | None:
    return newest_revision()
