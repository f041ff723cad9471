"""How many connections that stay open one account and one network may hold: tabs, and streams of live events."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from dashboard.actions.networks import network_of
from dashboard.web.plain import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from dashboard.views.sessions import SignedIn

logger = logging.getLogger(__name__)

# The screens of a meeting may share the leaders' account, and an office one address.
OF_ACCOUNT: Final = 120
OF_NETWORK: Final = 400
STREAM: Final = "/events"


class FewConnections:
    def __init__(self, app: ASGIApp, of_account: int = OF_ACCOUNT, of_network: int = OF_NETWORK) -> None:
        self.app = app
        self._most = {"account": of_account, "network": of_network}
        self._open: Counter[tuple[str, str, object]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" and (scope["type"] != "http" or scope["path"] != STREAM):
            await self.app(scope, receive, send)
            return
        person: SignedIn = scope["state"]["person"]
        client = scope.get("client")
        owners = (
            (scope["type"], "account", person.actor.id),
            (scope["type"], "network", network_of(client[0] if client else "")),
        )
        full = next((owner for owner in owners if self._open[owner] >= self._most[owner[1]]), None)
        if full:
            logger.warning(
                "too many open connections of %s, the %s of %s", full[0], full[1], person.actor.login
            )
            busy = PlainTextResponse(
                "Too Many Requests", 429, {"Retry-After": "30", "Cache-Control": "no-store"}
            )
            await refuse(scope, receive, send, response=busy)
            return
        with self._counted(owners):
            await self.app(scope, receive, send)

    @contextmanager
    def _counted(self, owners: tuple[tuple[str, str, object], ...]) -> Iterator[None]:
        self._open.update(owners)
        try:
            yield
        finally:
            self._open.subtract(owners)
            for owner in owners:
                if not self._open[owner]:
                    del self._open[owner]
