"""Live events: each open screen holds one stream and is told the new data version the moment it exists."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse
from starlette.routing import Route

from dashboard.views.sessions import signed_in
from dashboard.web.cookies import request_token
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from dashboard.web.hub import Hub

HEARTBEAT_SECONDS: Final = 15.0
RETRY: Final = "retry: 1000\n\n"
# An event, not a comment: the screen must hear it, to notice when it stays away.
HEARTBEAT: Final = "event: beat\ndata: {}\n\n"
SIGNED_OUT: Final = "event: signed-out\ndata: {}\n\n"
# Proxies must pass each event on at once.
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event_routes(hub: Hub, heartbeat: float = HEARTBEAT_SECONDS) -> list[Route]:
    async def events(request: Request) -> Response:
        stream = _stream(hub, request_token(request), heartbeat)
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    return [Route("/events", events, methods=["GET"])]


async def _stream(hub: Hub, token: str | None, heartbeat: float) -> AsyncIterator[str]:
    """Ends with the session, which is asked at each heartbeat, and with the server."""
    clock = asyncio.get_running_loop().time
    yield RETRY
    with hub.listening() as listener:
        beat_at = clock() + heartbeat
        while not hub.is_closed:
            version = await listener.next(max(0.0, beat_at - clock()))
            if version is not None:
                yield f"event: change\ndata: {json.dumps({'version': version})}\n\n"
            if clock() < beat_at:
                continue
            beat_at = clock() + heartbeat
            try:
                person = await to_thread.run_sync(signed_in, token, utc_now())
            except SQLAlchemyError:
                # The browser comes back by itself, and finds the guard at the door.
                return
            if person is None:
                yield SIGNED_OUT
                return
            yield HEARTBEAT
