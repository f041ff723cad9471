"""Files before Streamlit: taken only for a form that this very page has drawn, within limits that are looked at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from people import PASSWORD
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.actions.accounts import add_account
from dashboard.upload_grants import UploadGrants
from dashboard.web.middleware import RequireSession
from dashboard.web.routes import routes
from dashboard.web.uploads import (
    BYTES_IN_ALL,
    BYTES_OF_ACCOUNT,
    FILES_A_MINUTE,
    FRAMING_BYTES,
    UploadGuard,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

MB = 1024 * 1024
PAGE = "3a1c5a9e-0000-4000-8000-000000000001"
ADDRESS = f"/_stcore/upload_file/{PAGE}/file-1"


class Waiting:
    """What waits in the server's memory, and whether the pages that hold it are still open."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}
        self.open: set[str] = {PAGE}

    def held(self) -> dict[str, int]:
        return self.bytes

    def drop_left(self, sessions: Iterable[str]) -> None:
        for session in set(sessions) - self.open:
            self.bytes.pop(session, None)


@pytest.fixture
def pages() -> UploadGrants:
    return UploadGrants()


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def taken() -> list[str]:
    return []


@pytest.fixture
def client(lan: int, pages: UploadGrants, waiting: Waiting, now: list[float], taken: list[str]) -> TestClient:
    async def take(request: Request) -> PlainTextResponse:
        taken.append(f"{request.method} {len(await request.body())}")
        return PlainTextResponse("", 204)

    from dashboard.web.hub import Hub  # noqa: PLC0415 - routes need one, this file asks it nothing

    site = Starlette(
        routes=[
            *routes(Hub(), list),
            Route("/{path:path}", take, methods=["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"]),
        ],
        middleware=[
            Middleware(RequireSession),
            Middleware(UploadGuard, pages=pages, store=waiting, clock=lambda: now[0]),
        ],
    )
    client = TestClient(site, base_url="http://phuoclong", follow_redirects=False)
    assert client.post("/login", data={"login": "lan", "password": PASSWORD}).status_code == 303
    return client


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_file_that_a_form_of_this_page_asks_for_is_taken(
    client: TestClient, pages: UploadGrants, lan: int, taken: list[str], method: str
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    assert client.request(method, ADDRESS, content=b"x" * 1000).status_code == 204
    assert taken == [f"{method} 1000"]


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "GET"])
def test_a_page_without_a_form_for_files_takes_none(
    client: TestClient, taken: list[str], method: str
) -> None:
    assert client.request(method, ADDRESS, content=b"x").status_code == 403
    assert taken == []


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_page_of_another_account_takes_nothing_from_this_one(
    client: TestClient, pages: UploadGrants, taken: list[str], method: str
) -> None:
    other = add_account(actor=None, login="hoa", name="Hoa", role="town_officer", password=PASSWORD)
    pages.ask(PAGE, other, key="photo", most_bytes=MB)
    assert client.request(method, ADDRESS, content=b"x").status_code == 403
    assert taken == []


def test_the_own_file_may_be_taken_back(
    client: TestClient, pages: UploadGrants, lan: int, taken: list[str]
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    assert client.delete(ADDRESS).status_code == 204
    assert taken == ["DELETE 0"]


@pytest.mark.parametrize(
    "path",
    ["/_stcore/upload_file", f"/_stcore/upload_file/{PAGE}", f"{ADDRESS}/x", "/_stcore/upload_file/a b/c"],
)
def test_other_addresses_below_take_nothing(
    client: TestClient, pages: UploadGrants, lan: int, taken: list[str], path: str
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    assert client.put(path, content=b"x").status_code == 403
    assert taken == []


@pytest.mark.parametrize("excess", [1, MB, 100 * MB])
def test_what_is_too_large_is_refused_before_it_is_read(
    client: TestClient, pages: UploadGrants, lan: int, taken: list[str], excess: int
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    length = {"content-length": str(MB + FRAMING_BYTES + excess)}
    answer = client.put(ADDRESS, content=b"only this much came", headers=length)
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert taken == []


@pytest.mark.parametrize("length", ["", "-1", "1e3", "٣", "9" * 400])
def test_without_a_length_that_can_be_read_nothing_is_taken(
    client: TestClient, pages: UploadGrants, lan: int, length: str
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    answer = client.put(ADDRESS, content=b"x", headers={"content-length": length.encode()})
    assert answer.status_code == 411


def test_a_stream_of_unknown_length_is_refused(
    client: TestClient, pages: UploadGrants, lan: int, taken: list[str]
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)

    def pieces() -> Iterable[Any]:
        yield b"x"

    assert client.put(ADDRESS, content=pieces()).status_code == 411
    assert taken == []


def test_the_largest_field_of_a_page_sets_its_limit(
    client: TestClient, pages: UploadGrants, lan: int
) -> None:
    pages.ask(PAGE, lan, key="sheet", most_bytes=MB)
    pages.ask(PAGE, lan, key="photo", most_bytes=2 * MB)
    assert client.put(ADDRESS, content=b"x" * (2 * MB)).status_code == 204


def test_so_many_files_a_minute_and_no_more(
    client: TestClient, pages: UploadGrants, lan: int, now: list[float]
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    answers = [client.put(ADDRESS, content=b"x").status_code for _time in range(FILES_A_MINUTE + 2)]
    assert answers == [204] * FILES_A_MINUTE + [429, 429]
    now[0] = 61
    assert client.put(ADDRESS, content=b"x").status_code == 204


def test_what_waits_for_one_account_has_a_limit(
    client: TestClient, pages: UploadGrants, lan: int, waiting: Waiting
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    waiting.bytes[PAGE] = BYTES_OF_ACCOUNT - 10
    assert client.put(ADDRESS, content=b"x" * 10).status_code == 204
    assert client.put(ADDRESS, content=b"x" * 11).status_code == 429


def test_what_waits_for_pages_that_were_closed_makes_room(
    client: TestClient, pages: UploadGrants, lan: int, waiting: Waiting
) -> None:
    pages.ask("closed", lan, key="photo", most_bytes=MB)
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    waiting.bytes["closed"] = BYTES_OF_ACCOUNT
    assert client.put(ADDRESS, content=b"x").status_code == 204
    assert "closed" not in waiting.bytes


def test_what_waits_in_all_has_a_limit(
    client: TestClient, pages: UploadGrants, lan: int, waiting: Waiting
) -> None:
    pages.ask(PAGE, lan, key="photo", most_bytes=MB)
    waiting.bytes["of somebody else"] = BYTES_IN_ALL
    assert client.put(ADDRESS, content=b"x").status_code == 429


def test_a_form_that_the_page_draws_no_longer_asks_for_nothing(pages: UploadGrants) -> None:
    pages.ask(PAGE, 1, key="photo", most_bytes=MB)
    pages.ask(PAGE, 1, key="sheet", most_bytes=2 * MB)
    pages.begin_run(PAGE)
    assert pages.most_bytes(PAGE, 1) == 2 * MB, "until the run has ended the old page stands there"
    pages.ask(PAGE, 1, key="photo", most_bytes=MB)
    pages.end_run(PAGE)
    assert pages.most_bytes(PAGE, 1) == MB
    pages.begin_run(PAGE)
    pages.end_run(PAGE)
    assert pages.most_bytes(PAGE, 1) == 0


def test_a_page_that_changes_hands_asks_for_the_new_hand_alone(pages: UploadGrants) -> None:
    pages.ask(PAGE, 1, key="photo", most_bytes=MB)
    pages.ask(PAGE, 2, key="sheet", most_bytes=10)
    assert (pages.most_bytes(PAGE, 1), pages.most_bytes(PAGE, 2)) == (0, 10)
