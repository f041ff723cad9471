"""Connections that do not go on, at a real server with little patience."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from websockets.sync.client import connect

from dashboard.web import patience
from dashboard.web.patience import PatientProtocol, allow_many_files, most_connections

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = 0.4
LONG_AFTER = 5.0


async def answer(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        return
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    body = str(size).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("HEAD_SECONDS", "PIECE_SECONDS"):
        monkeypatch.setattr(patience, name, SOON)
    monkeypatch.setattr(patience, "BODY_SECONDS", 3 * SOON)
    config = uvicorn.Config(
        answer,
        http=PatientProtocol,
        ws="websockets-sansio",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=30,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def opened(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=LONG_AFTER)
    connection.settimeout(LONG_AFTER)
    return connection


def is_closed(connection: socket.socket) -> bool:
    with contextlib.suppress(ConnectionError):
        return connection.recv(1000) == b""
    return True


def answered(connection: socket.socket) -> bytes:
    """The body of a whole answer."""
    came = b""
    while not (parts := came.partition(b"\r\n\r\n"))[2]:
        came += connection.recv(1000)
    return parts[2]


def drip(connection: socket.socket, piece: bytes, times: int) -> None:
    with contextlib.suppress(ConnectionError):
        for _time in range(times):
            connection.sendall(piece)
            time.sleep(SOON / 4)


BEGINNINGS = {
    "nothing": b"",
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_a_connection_that_does_not_go_on_is_closed(port: int, beginning: str) -> None:
    with opened(port) as connection:
        connection.sendall(BEGINNINGS[beginning])
        assert is_closed(connection)


@pytest.mark.parametrize("beginning", ["half a head", "half a body"])
def test_one_that_goes_on_for_ever_in_drops_is_closed_too(port: int, beginning: str) -> None:
    with opened(port) as connection:
        connection.sendall(BEGINNINGS[beginning])
        drip(connection, b"x", 16)
        assert is_closed(connection)


def test_who_asks_and_rests_and_asks_again_is_served(port: int) -> None:
    with opened(port) as connection:
        for _time in range(2):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n1234")
            assert answered(connection) == b"4"
            time.sleep(2 * SOON)


def test_a_second_request_that_does_not_end_is_given_up_like_a_first(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answered(connection) == b"0"
        connection.sendall(BEGINNINGS["half a head"])
        assert is_closed(connection)


def test_a_web_socket_may_be_silent(port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/") as tab:
        time.sleep(2 * SOON)
        tab.send("still here")
        assert tab.recv(timeout=LONG_AFTER) == "still here"


def test_beyond_the_most_connections_new_ones_are_closed_and_the_old_go_on(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing but their number closes a connection here.
    for name in ("HEAD_SECONDS", "PIECE_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(patience, name, 60)
    with opened(port) as first:
        first.sendall(BEGINNINGS["half a body"])
        time.sleep(0.05)
        monkeypatch.setattr(PatientProtocol, "most_connections", 1)
        with opened(port) as second:
            assert is_closed(second)
        first.sendall(b"x" * 996)
        assert answered(first) == b"1000"


def test_the_process_may_open_more_files_than_a_shell_lets_it() -> None:
    assert allow_many_files() >= 1024
    assert (most_connections(0), most_connections(50), most_connections(65_536)) == (10_000, 100, 65_408)
