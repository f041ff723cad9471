"""No test asks another machine: whoever tries fails, however the program catches its errors."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECTING = ("connect", "connect_ex", "sendto")


def is_here(host: object) -> bool:
    """Whether a host, as it is given to a socket, is this machine; None stands for it, too."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def keep_to_loopback(patch: pytest.MonkeyPatch) -> None:
    """Let sockets of this process reach this machine alone. Programs that it starts bind to loopback themselves."""
    for name in CONNECTING:
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def getaddrinfo(host: object, *arguments: Any, **names: Any) -> Any:
        _refuse_unless_here(host)
        return resolve(host, *arguments, **names)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            # The address comes last: sendto() takes what is sent before it.
            _refuse_unless_here(arguments[-1][0])
        return method(self, *arguments)

    return guarded


def _refuse_unless_here(host: object) -> None:
    if not is_here(host):
        pytest.fail(f"a test asked the network for {host!r}; tests talk to this machine alone")
