"""Connections that say nothing, or do not come to an end, are given up: h11 waits for ever, and uvicorn with it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)

# From the connection, or the first byte of a request, to the end of its head.
HEAD_SECONDS: Final = 20.0
# Between two pieces of a body, and for a whole one: 10 MB over a line of 40 kB a second.
PIECE_SECONDS: Final = 20.0
BODY_SECONDS: Final = 300.0
# Files that the process needs besides: the database, its log, pipes.
SPARE_FILES: Final = 128


class PatientProtocol(H11Protocol):
    """uvicorn's own protocol, with an end to its patience."""

    most_connections = 10_000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self._body_ends_at = 0.0
        self._is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            logger.warning("too many connections: a new one is closed")
            transport.abort()
            return
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        # From now on it belongs to another protocol, which asks by pings whether the other side lives.
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def _look(self) -> None:
        """What is the other side expected to send now, if anything."""
        if self._is_upgraded or self.transport.is_closing():
            self._stop_waiting()
        elif self.conn.their_state is h11.SEND_BODY:
            self._wait_for_body()
        elif self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._body_ends_at = 0.0
            # The clock runs from the first byte: one more does not set it back.
            if self._timer is None:
                self._wait(HEAD_SECONDS)
        else:
            self._body_ends_at = 0.0
            self._stop_waiting()

    def _wait_for_body(self) -> None:
        now = self.loop.time()
        self._body_ends_at = self._body_ends_at or now + BODY_SECONDS
        self._wait(min(PIECE_SECONDS, max(0.0, self._body_ends_at - now)))

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.flow.read_paused and self.loop.time() < self._body_ends_at:
            # It is we who do not read on.
            self._wait(PIECE_SECONDS)
            return
        logger.info("a connection that did not go on was closed")
        self.transport.abort()


def allow_many_files(wanted: int = 65_536) -> int:
    """Raise the limit of open files, of which each connection is one; returns what holds now."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return soft


def most_connections(files: int) -> int:
    return max(100, files - SPARE_FILES) if files > 0 else PatientProtocol.most_connections
