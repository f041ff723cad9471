"""What every process of one test run needs, made by the first that asks and read by all."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from db import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run: with pytest-xdist the one above each process's own."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Let no other process of the run into a block of this name."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` has filled, once a run. It is to be copied from, never written to."""
    folder = run_folder(factory)
    with alone(folder, name):
        finished = folder / name
        if not finished.exists():
            unfinished = factory.mktemp(name)
            make(unfinished)
            unfinished.rename(finished)
    return finished


def settle(path: Path) -> None:
    """Let go of the SQLite file in use, and leave all of it in the one file that is to be copied."""
    engine.forget()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
