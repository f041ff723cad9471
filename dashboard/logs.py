"""A log that cannot be flooded: so many lines of one cause in an interval, then how many were left out."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 10.0
LINES: Final = 20
MOST_CAUSES: Final = 500
LONGEST_LINE: Final = 2000
LONGEST_TRACE: Final = 8000


@dataclass(slots=True)
class _Cause:
    begun_at: float
    lines: int = 0
    left_out: int = 0


class FewLines(logging.Filter):
    """Belongs on a handler, which sees the lines of all loggers."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._causes: dict[tuple[object, ...], _Cause] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        with self._lock:
            left_out = self._count(record)
        if left_out is None:
            return False
        shorten(record)
        if left_out:
            record.msg, record.args = (
                f"{record.getMessage()} (and {left_out} more lines of this kind before)",
                (),
            )
        return True

    def _count(self, record: logging.LogRecord) -> int | None:
        """How many lines were left out before this one; None where it is left out itself."""
        now = self._clock()
        fault = record.exc_info[0] if record.exc_info else None
        key = (record.name, record.levelno, str(record.msg)[:200], fault)
        cause = self._causes.pop(key, None) or _Cause(now)
        self._causes[key] = cause
        while len(self._causes) > MOST_CAUSES:
            del self._causes[next(iter(self._causes))]
        left_out = 0
        if now - cause.begun_at >= SECONDS:
            left_out, cause.begun_at, cause.lines, cause.left_out = cause.left_out, now, 0, 0
        if cause.lines >= LINES:
            cause.left_out += 1
            return None
        cause.lines += 1
        return left_out


def shorten(record: logging.LogRecord) -> None:
    """A crafted client can make a fault that repeats a whole message of its own."""
    text = record.getMessage()
    if len(text) > LONGEST_LINE:
        record.msg, record.args = f"{text[:LONGEST_LINE]}… ({len(text)} letters)", ()
    if record.exc_info and not record.exc_text:
        trace = logging.Formatter().formatException(record.exc_info)
        half = LONGEST_TRACE // 2
        is_long = len(trace) > LONGEST_TRACE
        record.exc_text = f"{trace[:half]}\n… ({len(trace)} letters) …\n{trace[-half:]}" if is_long else trace


def limit_lines() -> None:
    """On every handler of the root: what they write is what a disk has to hold."""
    few = FewLines()
    for handler in logging.getLogger().handlers:
        if not any(isinstance(each, FewLines) for each in handler.filters):
            handler.addFilter(few)
