"""The real program in a process of its own, and real browsers before it."""

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
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PASSWORD = "phuoclong-2021"
ROOT = Path(__file__).parents[2]
START_SECONDS = 60
NEEDS_CHROMIUM = (
    "no Chromium on this machine: install it to run the browser tests, "
    "for example `sudo apt-get install chromium`"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests cannot run; in CI that is a failure, elsewhere a sentence."""
    if CHROMIUM or os.environ.get("CI"):
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=NEEDS_CHROMIUM))


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
    log = database.with_suffix(".log").open("ab")
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "dashboard.cli", *arguments], env=variables, stdout=log, stderr=log, cwd=ROOT
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


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demonstration") / "demo.db"
    process = dashboard("demo", "--prepare-only", database=path)
    assert process.wait(timeout=120) == 0, path.with_suffix(".log").read_text(encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("server") / "demo.db"
    shutil.copy(demonstration_file, path)
    with running(path) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


def sign_in(context: BrowserContext, server: Server, login: str, path: str = "/") -> Page:
    """A tab signed in as one of the demonstration's people, at `path`."""
    page = context.new_page()
    page.goto(f"{server.url}/login?next={path}")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").first.click()
    return page
