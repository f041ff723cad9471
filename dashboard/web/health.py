"""Whether this process can work: its database answers, takes a write, and has the shape that this program needs."""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import __version__
from db.engine import database
from db.migrate import current_revision, is_known, newest_revision
from db.probe import try_write

if TYPE_CHECKING:
    from starlette.requests import Request

    from db.engine import Database

NO_STORE: Final = {"Cache-Control": "no-store"}
# A write is tried at most this often, however many ask.
KEPT_SECONDS: Final = 5.0


def health_routes() -> list[Route]:
    return [Route("/healthz", show_health, methods=["GET"])]


async def show_health(_request: Request) -> JSONResponse:
    state = await to_thread.run_sync(_latest.state)
    is_well = state == "ok"
    body = {"status": "ok" if is_well else "unavailable", "database": state, "version": __version__}
    return JSONResponse(body, 200 if is_well else 503, NO_STORE)


def database_state() -> str:
    """`ok`, or what stands in the way; says nothing that helps a stranger.

    old, newer (than the program), readonly, full, locked, replaced (the files were exchanged), unreachable.
    """
    try:
        shape = _shape(database())
        return shape if shape != "ok" else try_write(database())[0]
    except (SQLAlchemyError, RuntimeError):
        return "unreachable"


def _shape(opened: Database) -> str:
    revision = current_revision(opened)
    if revision == _newest():
        return "ok"
    return "newer" if revision and not is_known(revision) else "old"


class _Latest:
    """The last answer, for as long as it is fresh; one at a time asks for the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[float, Database | None, str] | None = None

    def state(self) -> str:
        with self._lock:
            now, whose = time.monotonic(), _whose()
            if self._known and self._known[1] is whose and now - self._known[0] < KEPT_SECONDS:
                return self._known[2]
            state = database_state()
            self._known = (time.monotonic(), whose, state)
            return state

    def forget(self) -> None:
        """Ask again at the next question."""
        self._known = None


def _whose() -> Database | None:
    try:
        return database()
    except RuntimeError:
        return None


_latest = _Latest()


@cache
def _newest() -> str | None:
    return newest_revision()
