"""Whether a request comes from our own pages. Browsers tell, and scripts cannot change what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

HOME: Final = "/"
# After signing in nobody wants to land on these, and signing out again would be a trap.
NEVER_NEXT: Final = ("/login", "/logout", "/events", "/healthz")
LAST_CONTROL: Final = 0x20


def is_foreign(request: HTTPConnection) -> bool:
    """Sent by a page of another host. Tools that are no browser send no Origin and hold no cookies."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")


def is_forged(request: HTTPConnection) -> bool:
    """A form that was not sent from our own pages, by either of the headers that browsers give for this."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site not in {"same-origin", "none"} or is_foreign(request)


def safe_next(target: str | None) -> str:
    """`target` where it is a path of our own, the first page otherwise: no link may lead people elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return HOME
    # Browsers read a backslash as a slash and skip control characters: both would start another host's name.
    if "\\" in target or any(ord(letter) <= LAST_CONTROL for letter in target):
        return HOME
    return HOME if urlsplit(target).path.rstrip("/") in NEVER_NEXT else target


def is_navigation(request: HTTPConnection) -> bool:
    """A person opens a page, as opposed to a script that fetches something."""
    mode = request.headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in request.headers.get("accept", "")
