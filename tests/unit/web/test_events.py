from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from people import PASSWORD

from dashboard.actions.accounts import disable_account
from dashboard.actions.sessions import sign_in
from dashboard.tokens import COOKIE
from dashboard.web.events import HEARTBEAT, RETRY, SIGNED_OUT, event_routes
from dashboard.web.hub import Hub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import Route

LONG = 60.0
SOON = 3.0


@pytest.fixture
def token(lan: int) -> str:
    return sign_in(login="lan", password=PASSWORD, address="")


class Screen:
    """An open stream as the server sees it: what was sent so far, and a way to leave."""

    def __init__(self, route: Route, token: str) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.headers: dict[bytes, bytes] = {}
        self._left = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/events",
            "query_string": b"",
            "scheme": "http",
            "server": ("phuoclong", 80),
            "headers": [(b"cookie", f"{COOKIE}={token}".encode())],
        }
        self.task = asyncio.create_task(route.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.headers = dict(message["headers"])
        elif message.get("body"):
            await self.sent.put(message["body"].decode())

    async def next(self) -> str:
        return await asyncio.wait_for(self.sent.get(), SOON)

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, SOON)


def change(version: int) -> str:
    return f'event: change\ndata: {{"version": {version}}}\n\n'


def test_a_screen_is_told_where_the_data_stand_and_each_move(token: str) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        hub.publish(7)
        screen = Screen(event_routes(hub, LONG)[0], token)
        yield await screen.next()
        yield await screen.next()
        hub.publish(8)
        yield await screen.next()
        await screen.leave()

    assert collected(follow()) == [RETRY, change(7), change(8)]


def test_the_stream_is_kept_by_nobody_on_its_way(token: str) -> None:
    async def headers() -> AsyncIterator[bytes]:
        screen = Screen(event_routes(Hub(), LONG)[0], token)
        await screen.next()
        yield screen.headers[b"content-type"]
        yield screen.headers[b"cache-control"]
        yield screen.headers[b"x-accel-buffering"]
        await screen.leave()

    assert collected(headers()) == [b"text/event-stream; charset=utf-8", b"no-store", b"no"]


def test_an_older_version_is_no_news(token: str) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        hub.publish(7)
        screen = Screen(event_routes(hub, LONG)[0], token)
        await screen.next()
        yield await screen.next()
        for version in (7, 6, 8):
            hub.publish(version)
        yield await screen.next()
        await screen.leave()

    assert collected(follow()) == [change(7), change(8)]


def test_a_slow_screen_gets_the_latest_version_and_not_a_queue(token: str) -> None:
    async def versions() -> AsyncIterator[int | None]:
        hub = Hub()
        with hub.listening() as listener:
            yield await listener.next(SOON)
            for version in range(1, 101):
                hub.publish(version)
            yield await listener.next(SOON)
            yield await listener.next(0.01)

    assert collected(versions()) == [0, 100, None]


def test_a_change_in_another_thread_wakes_a_screen(token: str) -> None:
    async def versions() -> AsyncIterator[int | None]:
        hub = Hub()
        with hub.listening() as listener:
            yield await listener.next(SOON)
            threading.Timer(0.02, hub.publish, (5,)).start()
            yield await listener.next(SOON)

    assert collected(versions()) == [0, 5]


def test_a_silent_stream_shows_that_it_lives(token: str) -> None:
    async def follow() -> AsyncIterator[str]:
        screen = Screen(event_routes(Hub(), 0.02)[0], token)
        for _time in range(4):
            yield await screen.next()
        await screen.leave()

    assert collected(follow()) == [RETRY, change(0), HEARTBEAT, HEARTBEAT]


def test_the_stream_ends_with_the_session_even_while_data_move(token: str) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        screen = Screen(event_routes(hub, 0.02)[0], token)
        await asyncio.to_thread(disable_account, actor=None, login="lan")
        while not screen.task.done():
            hub.publish(hub.version + 1)
            await asyncio.sleep(0.001)
        while not screen.sent.empty():
            last = await screen.next()
        yield last

    assert collected(follow()) == [SIGNED_OUT]


def test_stopping_the_server_ends_every_stream_at_once(token: str) -> None:
    async def follow() -> AsyncIterator[bool]:
        hub = Hub()
        screen = Screen(event_routes(hub, LONG)[0], token)
        await screen.next()
        await screen.next()
        hub.close()
        await asyncio.wait_for(screen.task, SOON)
        yield screen.sent.empty()

    assert collected(follow()) == [True]


def test_a_screen_that_left_is_forgotten(token: str) -> None:
    async def listeners() -> AsyncIterator[int]:
        hub = Hub()
        screen = Screen(event_routes(hub, LONG)[0], token)
        await screen.next()
        await screen.next()
        yield len(hub._listeners)
        await screen.leave()
        yield len(hub._listeners)

    assert collected(listeners()) == [1, 0]


def collected(steps: AsyncIterator[Any]) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in steps]

    return asyncio.run(collect())
