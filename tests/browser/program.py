"""The real program in a process of its own, and how one signs in to it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "phuoclong-2021"
ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@dataclass
class Server:
    """A running program over a demonstration database of its own."""

    database: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def dashboard(*arguments: str, database: Path, **environment: str) -> subprocess.Popen[bytes]:
    variables = {**os.environ, "DASHBOARD_DATABASE_URL": f"sqlite:///{database}", **environment}
    with database.with_suffix(".log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "dashboard.cli", *arguments],
            env=variables,
            stdout=log,
            stderr=log,
            cwd=ROOT,
        )


def wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    log = server.database.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    pytest.fail(f"the server did not start:\n{log[-3000:]}")


@contextmanager
def running(database: Path, port: int | None = None) -> Iterator[Server]:
    port = port or free_port()
    process = dashboard("serve", database=database, DASHBOARD_PORT=str(port))
    server = Server(database, port, process)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def sign_in(context: BrowserContext, server: Server, login: str, path: str = "/") -> Page:
    """A tab signed in as one of the demonstration's people, at `path`."""
    page = context.new_page()
    page.goto(f"{server.url}/login?next={path}")
    page.locator("input[autocomplete=username]").fill(login)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").first.click()
    return page
