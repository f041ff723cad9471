"""How many runs of pages one account may have under way at once: the others wait, so that other people need not."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_RUNS: Final = 4
# A run that has waited so long goes on all the same: better a slow page than none.
LONGEST_WAIT_SECONDS: Final = 20.0


class Turns:
    def __init__(self, most: int = MOST_RUNS, wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._most, self._wait = most, wait
        self._lock = threading.Lock()
        self._accounts: dict[int, threading.Semaphore] = {}
        self._mine = threading.local()

    @contextmanager
    def turn(self, account: int) -> Iterator[None]:
        """Around a run of a page or of a fragment alone; a fragment within a run has the turn already."""
        if getattr(self._mine, "has_turn", False):
            yield
            return
        with self._lock:
            semaphore = self._accounts.setdefault(account, threading.Semaphore(self._most))
        got = semaphore.acquire(timeout=self._wait)
        self._mine.has_turn = True
        try:
            yield
        finally:
            self._mine.has_turn = False
            if got:
                semaphore.release()


turns: Final = Turns()
