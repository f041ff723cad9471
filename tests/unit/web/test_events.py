from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from people import PASSWORD, session_cookie
from signing_in import sign_in
from sqlalchemy import update

from dashboard.actions.accounts import disable_account, set_password
from dashboard.actions.sessions import sign_out, sign_out_everywhere
from dashboard.web.events import RETRY, SIGNED_OUT, event_routes
from dashboard.web.hub import Hub
from db.base import utc_now
from db.tables import LoginSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.routing import Route

    from db.engine import Database

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
            "headers": [
                (b"host", b"phuoclong"),
                (b"cookie", f"{session_cookie()}={token}".encode()),
            ],
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

    async def next_but_beats(self) -> str:
        while (sent := await self.next()).startswith("event: beat"):
            pass
        return sent

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
        yield await screen.next_but_beats()
        yield await screen.next_but_beats()
        hub.publish(8)
        yield await screen.next_but_beats()
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
        yield await screen.next_but_beats()
        for version in (7, 6, 8):
            hub.publish(version)
        yield await screen.next_but_beats()
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
        for _time in range(5):
            yield (await screen.next()).split("\n")[0]
        await screen.leave()

    beat = "event: beat"
    assert collected(follow()) == [RETRY.split("\n")[0], beat, "event: change", beat, beat]


def test_each_beat_says_how_long_the_session_lasts_and_how_long_it_may_rest(
    token: str, sqlite_database: Database
) -> None:
    with sqlite_database.write() as transaction:
        moved = {"last_seen_at": utc_now() - timedelta(minutes=100)}
        transaction.session.execute(update(LoginSession).values(**moved))

    async def follow() -> AsyncIterator[dict[str, int]]:
        screen = Screen(event_routes(Hub(), LONG)[0], token)
        await screen.next()
        yield json.loads((await screen.next()).split("data: ")[1])
        await screen.leave()

    (told,) = collected(follow())
    assert 12 * 3600 - 60 < told["left"] <= 12 * 3600
    assert 20 * 60 - 60 < told["idle_left"] <= 20 * 60


ENDINGS = {
    "sign-out": lambda token, lan: sign_out(token),
    "sign-out everywhere": lambda token, lan: sign_out_everywhere(lan),
    "another password": lambda token, lan: set_password(
        actor=None, login="lan", base_version=1, password="mưa đá rơi trên mái tôn"
    ),
    "disabling": lambda token, lan: disable_account(actor=None, login="lan", base_version=1),
}


@pytest.mark.parametrize("act", ENDINGS)
def test_a_session_that_an_act_ends_is_over_on_every_screen_at_once(
    token: str, lan: int, act: str, sqlite_database: Database
) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        hub.follow(sqlite_database)
        try:
            screen = Screen(event_routes(hub, LONG)[0], token)
            for _time in range(3):
                await screen.next()
            await asyncio.to_thread(ENDINGS[act], token, lan)
            while (sent := await screen.next()) != SIGNED_OUT:
                assert sent.startswith("event: change")
            await asyncio.wait_for(screen.task, SOON)
            yield sent
        finally:
            hub.stop()

    assert collected(follow()) == [SIGNED_OUT]


def test_another_persons_sign_out_leaves_a_screen_as_it_is(token: str, sqlite_database: Database) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        hub.follow(sqlite_database)
        try:
            screen = Screen(event_routes(hub, LONG)[0], token)
            for _time in range(3):
                await screen.next()
            other = await asyncio.to_thread(sign_in, login="lan", password=PASSWORD, address="")
            await asyncio.to_thread(sign_out, other)
            yield (await screen.next()).split("\n")[0]
            await screen.leave()
        finally:
            hub.stop()

    assert collected(follow()) == ["event: beat"]


def test_the_stream_ends_with_the_session_even_while_data_move(token: str) -> None:
    async def follow() -> AsyncIterator[str]:
        hub = Hub()
        screen = Screen(event_routes(hub, 0.02)[0], token)
        await asyncio.to_thread(disable_account, actor=None, login="lan", base_version=1)
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
        for _time in range(3):
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
