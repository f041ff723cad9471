"""Which open pages ask for files: a file is taken only where a form that this very page has drawn asks for one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

# Streamlit says nothing when a page is gone for good: the pages that were drawn longest ago are let go.
MOST_PAGES: Final = 2000


@dataclass(slots=True)
class AskingPage:
    account_id: int
    limits: dict[str, int] = field(default_factory=dict)
    """The most bytes that each field takes, by the field's key."""
    drawn: set[str] = field(default_factory=set)
    """The fields that the run under way has drawn so far."""


class UploadGrants:
    """By the id of Streamlit's session, that is of one page in one tab. From any thread."""

    def __init__(self) -> None:
        self._pages: dict[str, AskingPage] = {}
        self._lock = threading.Lock()

    def ask(self, session_id: str, account_id: int, *, key: str, most_bytes: int) -> None:
        """A field named `key` stands on this page, which belongs to this account."""
        with self._lock:
            page = self._pages.pop(session_id, None)
            if page is None or page.account_id != account_id:
                page = AskingPage(account_id)
            page.limits[key] = most_bytes
            page.drawn.add(key)
            self._pages[session_id] = page
            while len(self._pages) > MOST_PAGES:
                del self._pages[next(iter(self._pages))]

    def begin_run(self, session_id: str) -> None:
        """A run of the whole page begins; what stood there before is asked for until the run has ended."""
        with self._lock:
            if session_id in self._pages:
                self._pages[session_id].drawn.clear()

    def end_run(self, session_id: str) -> None:
        """What the run has not drawn is asked for no more."""
        with self._lock:
            page = self._pages.get(session_id)
            if page is not None:
                page.limits = {key: page.limits[key] for key in page.drawn if key in page.limits}

    def account_of(self, session_id: str) -> int | None:
        with self._lock:
            page = self._pages.get(session_id)
            return page.account_id if page else None

    def most_bytes(self, session_id: str, account_id: int) -> int:
        """The largest file that this page of this account asks for; 0 where it asks for none."""
        with self._lock:
            page = self._pages.get(session_id)
            asks = page is not None and page.account_id == account_id
            return max(page.limits.values(), default=0) if page and asks else 0

    def pages_of(self, account_id: int) -> set[str]:
        with self._lock:
            return {session for session, page in self._pages.items() if page.account_id == account_id}


grants: Final = UploadGrants()
