"""All that stands before Streamlit, around a few routes that stand in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from people import PASSWORD, Known
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from dashboard.actions import passwords
from dashboard.actions.accounts import add_account
from dashboard.settings import settings
from dashboard.web.hub import Hub
from dashboard.web.routes import middleware, routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from db.engine import Database


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.url.path)


async def _with_cookie(_request: Request) -> PlainTextResponse:
    """As Streamlit gives its own."""
    return PlainTextResponse("", headers={"set-cookie": "_streamlit_xsrf=2|f9ca|1; Path=/; SameSite=Lax"})


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(websocket.state.person.actor.login)
    await websocket.receive()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: cheap)


@pytest.fixture(autouse=True)
def _usual_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.cache_clear()
    monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "10.0.0.1")
    yield
    settings.cache_clear()


@pytest.fixture
def lan(sqlite_database: Database) -> int:
    return add_account(actor=None, login="lan", name="Lan", role="town_officer", password=PASSWORD)


@pytest.fixture
def known_accounts() -> list[Known]:
    return []


@pytest.fixture
def site(lan: int, known_accounts: list[Known]) -> Starlette:
    behind = [
        WebSocketRoute("/_stcore/stream", _socket),
        Route("/with-a-cookie", _with_cookie),
        Route("/{path:path}", _page, methods=["GET", "POST"]),
    ]
    return Starlette(routes=[*routes(Hub(), lambda: known_accounts), *behind], middleware=middleware())


@pytest.fixture
def visit(site: Starlette) -> Callable[..., TestClient]:
    """A browser of its own: by which scheme, from which address."""

    def opened(scheme: str = "http", address: str = "10.0.0.9") -> TestClient:
        return TestClient(
            site, base_url=f"{scheme}://phuoclong", follow_redirects=False, client=(address, 50000)
        )

    return opened


@pytest.fixture
def visitor(visit: Callable[..., TestClient]) -> TestClient:
    return visit()


@pytest.fixture
def signed_in_visitor(visitor: TestClient) -> TestClient:
    answer = visitor.post("/login", data={"login": "lan", "password": PASSWORD})
    assert answer.status_code == 303
    return visitor
