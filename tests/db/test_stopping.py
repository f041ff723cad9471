"""The server is told to stop: afterwards one file is the truth, and it can be copied, restored or moved."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.engine import Database
from db.files import beside
from db.locks import InUse, alone

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def serving(demonstration_file: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    path, port = tmp_path / "demo.db", free_port()
    shutil.copyfile(demonstration_file, path)
    variables = {
        **os.environ,
        "DASHBOARD_DATABASE_URL": f"sqlite:///{path}",
        "DASHBOARD_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve"],
        env=variables,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    for _try in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                break
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_after_a_stop_the_one_file_is_the_truth(
    serving: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "demo.db"
    database = Database(f"sqlite:///{path}")
    with pytest.raises(InUse), alone(database.lock):
        pass
    with database.write() as transaction:
        transaction.log("test", "test", 1)
    database.engine.dispose()
    assert beside(path, "-wal").exists()
    serving.send_signal(number)
    serving.wait(timeout=30)
    copy = tmp_path / "copy"
    shutil.copyfile(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        last = connection.execute("SELECT max(id) FROM change").fetchone()[0]
    assert last == transaction.version
    assert not beside(path, "-wal").exists()
    with alone(database.lock):
        pass


def test_after_a_kill_the_next_start_recovers(serving: subprocess.Popen[bytes], tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'demo.db'}")
    with database.write() as transaction:
        transaction.log("test", "test", 1)
    serving.kill()
    serving.wait()
    database.close()
    again = Database(database.url)
    with alone(again.lock), again.write() as later:
        later.log("test", "test", 2)
    assert later.version == (transaction.version or 0) + 1
    again.close()
