"""Connections that stay open: so many of one account, so many of one network, and never more."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.web.limits import FewConnections

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Door:
    """What stands behind holds each connection until it is left."""

    def __init__(self, of_account: int = 2, of_network: int = 3) -> None:
        self.guard = FewConnections(self._hold, of_account=of_account, of_network=of_network)
        self.held = 0

    async def _hold(self, scope: Any, _receive: Any, _send: Any) -> None:
        self.held += 1
        await scope["left"].wait()
        self.held -= 1

    @asynccontextmanager
    async def opened(
        self, account: int, address: str, kind: str, path: str = "/events"
    ) -> AsyncIterator[int]:
        """The status of the refusal, 0 for a connection that stays."""
        sent: list[Any] = []
        left = asyncio.Event()

        async def send(message: Any) -> None:
            sent.append(message)

        person = SimpleNamespace(actor=SimpleNamespace(id=account, login="lan"))
        scope = {
            "type": kind,
            "path": path,
            "method": "GET",
            "headers": [],
            "client": (address, 1),
            "state": {"person": person},
            "left": left,
        }
        task = asyncio.create_task(self.guard(scope, None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        yield sent[0].get("status", 403) if sent else 0
        left.set()
        await task


def statuses(*visits: tuple[int, str], kind: str = "http", path: str = "/events") -> list[int]:
    async def follow() -> list[int]:
        door = Door()
        async with AsyncExitStack() as stack:
            opened = [door.opened(account, address, kind, path) for account, address in visits]
            found = [await stack.enter_async_context(each) for each in opened]
        assert door.held == 0
        assert not door.guard._open, "who has left is counted no more"
        return found

    return asyncio.run(follow())


@pytest.mark.parametrize(("kind", "refused"), [("http", 429), ("websocket", 403)])
def test_an_account_holds_so_many_and_no_more(kind: str, refused: int) -> None:
    visits = [(1, "10.0.0.1"), (1, "10.0.0.2"), (1, "10.0.0.3"), (2, "10.0.0.1")]
    assert statuses(*visits, kind=kind) == [0, 0, refused, 0]


def test_a_network_holds_so_many_and_no_more() -> None:
    visits = [(1, "2001:db8::1"), (2, "2001:db8::2"), (3, "2001:db8::3"), (4, "2001:db8::4"), (4, "10.0.0.1")]
    assert statuses(*visits) == [0, 0, 0, 429, 0]


def test_what_does_not_stay_is_not_counted() -> None:
    assert statuses(*[(1, "10.0.0.1")] * 5, path="/entry") == [0] * 5
