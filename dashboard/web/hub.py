"""The one place of a process that knows how far the data have moved, and wakes every open screen."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from dashboard.actions.endings import after_sessions_ended
from dashboard.web.watch import newest_change, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.engine import Database

STOP_SECONDS = 3


class Listener:
    """One open screen. A screen that is slow to read finds the latest version, not a queue of old ones."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._told = -1
        self._asked = hub.endings

    async def next(self, timeout: float) -> int | None:  # noqa: ASYNC109 - the wait itself is what is bounded
        """The version once it differs from the one told last.

        None after `timeout` seconds, at the end, and when sessions have ended.
        """
        if self._hub.version == self._told or self._hub.is_closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), timeout)
        self._woken.clear()
        if self._hub.is_closed or self._hub.version == self._told:
            return None
        self._told = self._hub.version
        return self._told

    def sessions_ended(self) -> bool:
        """Whether some session has ended since this was asked last."""
        before, self._asked = self._asked, self._hub.endings
        return before != self._hub.endings

    def wake(self) -> None:
        # The loop may be gone already when the process ends.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)


class Hub:
    def __init__(self) -> None:
        self.version = 0
        self.endings = 0
        self.is_closed = False
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    def publish(self, version: int) -> None:
        """May be called from any thread; never fails, because the write that it speaks of is done."""
        with self._lock:
            if version <= self.version:
                return
            self.version = version
        self._wake()

    def end_sessions(self) -> None:
        """Some session has ended: each screen asks at once whether it is its own. From any thread."""
        with self._lock:
            self.endings += 1
        self._wake()

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        listener = Listener(self)
        with self._lock:
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def follow(self, database: Database) -> None:
        """Hear of this process's commits at once, of other processes' through one thread that watches."""
        self.is_closed = False
        self._stopped.clear()
        self._unsubscribe = [database.after_commit(self.publish), after_sessions_ended(self.end_sessions)]
        self.publish(newest_change(database))
        self._thread = threading.Thread(
            target=watch, args=(database, self.publish, self._stopped), name="watch-changes", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End every open stream, so that the server can stop without waiting for its screens."""
        self.is_closed = True
        self._wake()

    def stop(self) -> None:
        self.close()
        self._stopped.set()
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._thread:
            self._thread.join(STOP_SECONDS)
            self._thread = None

    def _wake(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.wake()
