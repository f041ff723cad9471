"""The tests themselves: none of them reaches another machine."""

from __future__ import annotations

import contextlib
import socket
import urllib.request

import pytest

ELSEWHERE = ("192.0.2.1", 9)  # an address that documentation uses and nobody has


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_another_machine_is_not_reached(kind: socket.SocketKind) -> None:
    with (
        socket.socket(socket.AF_INET, kind) as outward,
        pytest.raises(pytest.fail.Exception, match="network"),
    ):
        outward.connect(ELSEWHERE)


def test_no_name_is_looked_up_elsewhere() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)


def test_a_program_that_catches_its_errors_does_not_hide_it() -> None:
    with pytest.raises(pytest.fail.Exception), contextlib.suppress(Exception):
        urllib.request.urlopen("https://example.org", timeout=1)


def test_nothing_is_sent_without_a_connection_either() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward, pytest.raises(pytest.fail.Exception):
        outward.sendto(b"x", ELSEWHERE)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
