"""From where somebody signs in: one writing for each address, and the network that one subscriber has."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

LONGEST: Final = 64
# How some proxies write a port behind an address.
WITH_PORT: Final = re.compile(r"\[(?P<six>[^\]]*)\](?::\d*)?|(?P<four>\d{1,3}(?:\.\d{1,3}){3}):\d*", re.ASCII)
# A subscriber of IPv6 has at least so many leading bits alone, and 2^64 addresses to guess from.
SUBSCRIBER_BITS: Final = 64


def canonical(address: str) -> str:
    """The address in one writing, without port and zone; IPv4 within IPv6 as IPv4; other texts as they are, cut."""
    found = _parsed(address)
    return str(found) if found else address.strip()[:LONGEST]


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or an IPv6 subscriber's network."""
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, SUBSCRIBER_BITS), strict=False))
    return canonical(address)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = address.strip()
    port = WITH_PORT.fullmatch(text)
    bare = (port["six"] or port["four"] or "") if port else text
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
