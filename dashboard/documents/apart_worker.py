"""The inside of the process in which one handed-in file is read (see apart). It loads only what its reader needs."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
# Between the signal that a limit is reached and the end, for a reader that can still say what the file is full of.
_GRACE_S: Final = 1
# Of the time by the clock, which on a busy machine runs out before the processor's.
_GRACE_OF_CLOCK: Final = 0.15


class OutOfTime(BaseException):
    """Raised wherever the reader is when its time is over; readers may turn it into a refusal of their own.

    No Exception: decoders catch those.
    """


def main(text: str) -> NoReturn:
    task = json.loads(text)
    _limit(task)
    settings, _newline, content = sys.stdin.buffer.read().partition(b"\n")
    # Libraries print; what is written for the parent goes where they do not write.
    answer = os.dup(1)
    os.dup2(2, 1)
    head, parts = _answer(task["reader"], content, json.loads(settings))
    with os.fdopen(answer, "wb") as file:
        file.write(json.dumps(head, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.writelines(parts)
    # Without the tidying up of libraries, which takes time and may fail.
    os._exit(0)


def _answer(reader: str, content: bytes, settings: Any) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    try:
        value, parts = _read(reader, content, settings)
    except (MemoryError, OutOfTime):
        return {"too_complex": True}, ()
    except Exception as fault:  # noqa: BLE001 - told to the parent, which logs it
        # Where it happened and of what kind: the message may hold people's words.
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return {"fault": f"{type(fault).__name__} in {where.name}, line {where.lineno}"}, ()
    return {"value": value, "parts": [len(part) for part in parts]}, parts


def _read(reader: str, content: bytes, settings: Any) -> tuple[Any, tuple[bytes, ...]]:
    if reader == "sheet":
        from dashboard.documents import workbook  # noqa: PLC0415 - each process loads one reader

        return workbook.read_as_json(content, settings), ()
    if reader == "photo":
        from dashboard.documents import photos  # noqa: PLC0415 - as above

        return photos.prepare_as_json(content)
    from dashboard.documents import outline_files  # noqa: PLC0415 - as above

    return outline_files.read_as_json(content, settings), ()


def _limit(task: Mapping[str, Any]) -> None:
    """Where the system has no limits of this kind, the clock alone ends the process."""
    _end_with_parent(task["parent"])
    # A thread in C, which ends the process even where a decoder never gives Python's lock away.
    faulthandler.dump_traceback_later(task["wall_s"], exit=True, file=sys.__stderr__ or 2)
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    signal.signal(signal.SIGXCPU, _out_of_time)
    signal.signal(signal.SIGALRM, _out_of_time)
    # The parent's clock has run since it started this process.
    left = task["ends_at"] - time.monotonic() - task["wall_s"] * _GRACE_OF_CLOCK
    signal.setitimer(signal.ITIMER_REAL, max(0.01, left))
    for limit, soft, hard in (
        (resource.RLIMIT_CPU, task["cpu_s"], task["cpu_s"] + _GRACE_S),
        (resource.RLIMIT_AS, task["memory"], task["memory"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        try:
            resource.setrlimit(limit, (soft, hard))
        except (OSError, ValueError):
            # A sandbox or a system (macOS: memory) may not let it; the others and the clock still hold.
            continue


def _out_of_time(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise OutOfTime


def _end_with_parent(parent: int) -> None:
    """The kernel ends this process with the thread that waits for it, also where that is killed."""
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - on Linux alone

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    except (ImportError, OSError, MemoryError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)
