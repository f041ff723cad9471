"""Files that people hand in are read in a process of their own, with limits of time and memory.

A file of 2 kB can keep a decoder busy for hours or fill the memory of a small server. A thread cannot be stopped and
shares Python's lock with every screen; a process can, and does not. Its answer is JSON and raw bytes, never pickle.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

logger = logging.getLogger(__name__)

MEGABYTE: Final = 1024 * 1024
# Who finds more waiting is asked to come again; nobody waits longer than this for a turn.
MOST_WAITING: Final = 8
LONGEST_WAIT_S: Final = 60.0
# The package may lie in a checkout or in an installed wheel, and the server may have been started from any folder.
_ROOT: Final = str(Path(__file__).parents[2])
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from dashboard.documents.apart_worker import main; main(sys.argv[2])"
)
# Nothing of ours, such as the address of the database, reaches the process.
_KEPT_OF_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP")
# Numerical libraries would reserve memory for a thread on every processor.
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Reader(StrEnum):
    sheet = "sheet"
    photo = "photo"
    outlines = "outlines"


class ApartProblem(StrEnum):
    """`too_complex`: a limit was passed; `busy`: too many before it; `unavailable`: no process, or a stop."""

    too_complex = "too_complex"
    busy = "busy"
    unavailable = "unavailable"


class ApartRefused(ValueError):
    def __init__(self, problem: ApartProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """`cpu_s` of a processor, `wall_s` by the clock; `memory` and `answer` in bytes."""

    cpu_s: int
    wall_s: int
    memory: int
    answer: int


LIMITS: Final[Mapping[Reader, Limits]] = {
    Reader.sheet: Limits(6, 20, 512 * MEGABYTE, 16 * MEGABYTE),
    Reader.photo: Limits(8, 20, 1024 * MEGABYTE, 8 * MEGABYTE),
    Reader.outlines: Limits(6, 20, 768 * MEGABYTE, 8 * MEGABYTE),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader made of the file: JSON, and raw bytes where it makes pictures."""

    value: Any
    parts: tuple[bytes, ...]


class _Lane:
    """One file after another of each kind, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[object] = []
        self._stops = 0

    @contextmanager
    def turn(self, on_wait: Callable[[int], None] | None) -> Iterator[None]:
        """Raises ApartRefused where too many wait already, or where it takes too long."""
        mine = object()
        with self._changed:
            before, stops = len(self._queue), self._stops
            if before > MOST_WAITING:
                raise ApartRefused(ApartProblem.busy)
            self._queue.append(mine)
        try:
            if before and on_wait:
                on_wait(before)
            self._wait(mine, stops)
            yield
        finally:
            with self._changed:
                self._queue.remove(mine)
                self._changed.notify_all()

    def _wait(self, mine: object, stops: int) -> None:
        with self._changed:
            came = self._changed.wait_for(
                lambda: self._queue[0] is mine or self._stops != stops, LONGEST_WAIT_S
            )
            if self._stops != stops:
                raise ApartRefused(ApartProblem.unavailable)
            if not came:
                raise ApartRefused(ApartProblem.busy)

    def stop(self) -> None:
        with self._changed:
            self._stops += 1
            self._changed.notify_all()


_lanes: Final = {reader: _Lane() for reader in Reader}
_running: Final[set[subprocess.Popen[bytes]]] = set()


def read_apart(
    reader: Reader,
    content: bytes,
    settings: Mapping[str, Any],
    *,
    on_wait: Callable[[int], None] | None = None,
    limits: Limits | None = None,
) -> Answer:
    """Have `content` read; `settings` (JSON) go to the reader. Blocks, without keeping other threads waiting.

    `on_wait` is told how many files come first, where there are any. Raises ApartRefused.
    """
    chosen = limits or LIMITS[reader]
    with _lanes[reader].turn(on_wait):
        answer, code = _run(reader, content, settings, chosen)
    return _understood(reader, answer, code, chosen)


def stop() -> None:
    """End what is being read and send away who waits: the server stops."""
    for lane in _lanes.values():
        lane.stop()
    for process in tuple(_running):
        process.kill()


def _run(
    reader: Reader, content: bytes, settings: Mapping[str, Any], limits: Limits
) -> tuple[bytes, int | None]:
    """What the process wrote, cut behind the limit, and how it ended."""
    try:
        process = _started(reader, limits)
    except OSError as fault:
        logger.exception("no process could be started to read a file")
        raise ApartRefused(ApartProblem.unavailable) from fault
    _running.add(process)
    watch = threading.Timer(limits.wall_s, process.kill)
    watch.start()
    try:
        with process:
            _feed(process, json.dumps(settings).encode() + b"\n" + content)
            answer = process.stdout.read(limits.answer + 1) if process.stdout else b""
            if len(answer) > limits.answer:
                process.kill()
    finally:
        watch.cancel()
        _running.discard(process)
    return answer, process.returncode


def _started(reader: Reader, limits: Limits) -> subprocess.Popen[bytes]:
    task = {
        "reader": reader,
        "cpu_s": limits.cpu_s,
        "wall_s": limits.wall_s,
        "ends_at": time.monotonic() + limits.wall_s,
        "memory": limits.memory,
        "parent": os.getpid(),
    }
    kept = {name: os.environ[name] for name in _KEPT_OF_ENVIRONMENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-I", "-c", _START, _ROOT, json.dumps(task)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, **_ONE_THREAD},
    )


def _feed(process: subprocess.Popen[bytes], message: bytes) -> None:
    """The process reads everything before it answers; one that ended meanwhile has said why, or is seen to be dead."""
    if process.stdin is None:
        return
    try:
        process.stdin.write(message)
        process.stdin.close()
    except OSError:
        logger.info("a process ended before it had taken in the file")


def _understood(reader: Reader, answer: bytes, code: int | None, limits: Limits) -> Answer:
    if code != 0 or len(answer) > limits.answer:
        logger.warning("reading a file (%s) was ended: exit %s, %d bytes", reader, code, len(answer))
        raise ApartRefused(ApartProblem.too_complex)
    head, _newline, rest = answer.partition(b"\n")
    reply = json.loads(head)
    if "fault" in reply:
        logger.error("reading a file (%s) failed: %s", reader, reply["fault"])
        raise ApartRefused(ApartProblem.unavailable)
    if reply.get("too_complex"):
        raise ApartRefused(ApartProblem.too_complex)
    return Answer(reply["value"], tuple(_parts(rest, reply["parts"])))


def _parts(rest: bytes, lengths: list[int]) -> Iterator[bytes]:
    at = 0
    for length in lengths:
        yield rest[at : at + length]
        at += length
