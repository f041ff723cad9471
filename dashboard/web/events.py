"""Live events: each open screen holds one stream and is told the new data version the moment it exists."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard.views.sessions import signed_in
from dashboard.web.activity import keep_awake
from dashboard.web.cookies import request_token
from dashboard.web.origin import is_forged
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from dashboard.views.sessions import SignedIn
    from dashboard.web.hub import Hub

HEARTBEAT_SECONDS: Final = 15.0
RETRY: Final = "retry: 1000\n\n"
SIGNED_OUT: Final = "event: signed-out\ndata: {}\n\n"
# Proxies must pass each event on at once.
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event_routes(hub: Hub, heartbeat: float = HEARTBEAT_SECONDS) -> list[Route]:
    async def events(request: Request) -> Response:
        stream = _stream(hub, request_token(request), heartbeat)
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    return [
        Route("/events", events, methods=["GET"]),
        Route("/session/active", note_activity, methods=["POST"]),
    ]


async def note_activity(request: Request) -> Response:
    """A person touched a screen. Nothing else that an open page sends keeps its session from falling idle."""
    if is_forged(request):
        return PlainTextResponse("Forbidden", 403)
    await keep_awake(request.state.person)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def _stream(hub: Hub, token: str | None, heartbeat: float) -> AsyncIterator[str]:
    """Ends with the session, which is asked at each heartbeat and when any session is ended, and with the server."""
    clock = asyncio.get_running_loop().time
    yield RETRY
    with hub.listening() as listener:
        beat_at = clock()
        while not hub.is_closed:
            if listener.sessions_ended() or clock() >= beat_at:
                try:
                    person = await _person(token)
                except SQLAlchemyError:
                    # The browser comes back by itself, and finds the guard at the door.
                    return
                if person is None:
                    yield SIGNED_OUT
                    return
                beat_at = clock() + heartbeat
                yield beat(person)
            version = await listener.next(max(0.0, beat_at - clock()))
            if version is not None:
                yield _event("change", version=version)


async def _person(token: str | None) -> SignedIn | None:
    return await to_thread.run_sync(signed_in, token, utc_now())


def beat(person: SignedIn) -> str:
    """An event, not a comment: the screen must hear it, to notice when it stays away. Seconds to either end."""
    now = utc_now()
    return _event("beat", left=person.seconds_left(now), idle_left=person.idle_seconds_left(now))


def _event(name: str, **data: int) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
