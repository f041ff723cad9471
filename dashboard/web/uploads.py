"""Files are taken only where a form of this very page asks for one, and refused beyond its limit before they are read."""

from __future__ import annotations

import re
import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final, Protocol

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from dashboard.upload_grants import grants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from dashboard.upload_grants import UploadGrants
    from dashboard.views.sessions import SignedIn

PREFIX: Final = "/_stcore/upload_file"
ADDRESS: Final = re.compile(PREFIX + r"/([\w-]+)/[\w-]+", re.ASCII)
# What a browser writes around a file: boundaries, its name, its type.
FRAMING_BYTES: Final = 16 * 1024
MINUTE_SECONDS: Final = 60.0
FILES_A_MINUTE: Final = 30
BYTES_OF_ACCOUNT: Final = 40 * 1024 * 1024
BYTES_IN_ALL: Final = 200 * 1024 * 1024


class Store(Protocol):
    """Where files wait until a form has read them."""

    def held(self) -> dict[str, int]:
        """Bytes by page."""

    def drop_left(self, sessions: Iterable[str]) -> None:
        """Let go of what waits for pages that nobody has open any more."""


class StreamlitStore:
    def held(self) -> dict[str, int]:
        manager = self._manager()
        if manager is None:
            return {}
        sizes = {session: list(files.values()) for session, files in list(manager.file_storage.items())}
        return {session: sum(len(file.data) for file in files) for session, files in sizes.items()}

    def drop_left(self, sessions: Iterable[str]) -> None:
        manager = self._manager()
        if manager is not None:
            for session in sessions:
                if not runtime.get_instance().is_active_session(session):
                    manager.remove_session_files(session)

    @staticmethod
    def _manager() -> MemoryUploadedFileManager | None:
        if not runtime.exists():
            return None
        manager = runtime.get_instance().uploaded_file_mgr
        return manager if isinstance(manager, MemoryUploadedFileManager) else None


class UploadGuard:
    """Stands behind the guard of sessions and before Streamlit, which takes any file from whoever is signed in."""

    def __init__(
        self,
        app: ASGIApp,
        pages: UploadGrants = grants,
        store: Store | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self._pages = pages
        self._store: Store = store or StreamlitStore()
        self._clock = clock
        self._times: defaultdict[int, deque[float]] = defaultdict(deque)
        self._under_way: defaultdict[int, int] = defaultdict(int)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        person: SignedIn = scope["state"]["person"]
        found = ADDRESS.fullmatch(scope["path"])
        refusal = self._refusal(scope, found[1] if found else "", person.actor.id)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._count(scope, receive, send, person.actor.id)

    async def _count(self, scope: Scope, receive: Receive, send: Send, account: int) -> None:
        length = _length(scope) or 0
        self._under_way[account] += length
        try:
            await self.app(scope, receive, send)
        finally:
            self._under_way[account] -= length
            if not self._under_way[account]:
                del self._under_way[account]

    def _refusal(self, scope: Scope, session: str, account: int) -> Response | None:
        method = scope["method"]
        if method == "OPTIONS":
            return None
        if method == "DELETE":
            return None if self._pages.account_of(session) == account else _refused(403)
        limit = self._pages.most_bytes(session, account)
        if method not in {"PUT", "POST"} or not limit:
            return _refused(403)
        length = _length(scope)
        if length is None:
            return _refused(411)
        if length > limit + FRAMING_BYTES:
            return _refused(413)
        return self._refusal_for_now(account, length)

    def _refusal_for_now(self, account: int, length: int) -> Response | None:
        if not self._has_room(account, length):
            self._store.drop_left(self._pages.pages_of(account))
            if not self._has_room(account, length):
                return _refused(429)
        return None if self._is_in_time(account) else _refused(429)

    def _has_room(self, account: int, length: int) -> bool:
        held = self._store.held()
        own = sum(held.get(session, 0) for session in self._pages.pages_of(account))
        of_account = own + self._under_way.get(account, 0) + length
        in_all = sum(held.values()) + sum(self._under_way.values()) + length
        return of_account <= BYTES_OF_ACCOUNT and in_all <= BYTES_IN_ALL

    def _is_in_time(self, account: int) -> bool:
        now = self._clock()
        times = self._times[account]
        while times and times[0] <= now - MINUTE_SECONDS:
            times.popleft()
        if len(times) >= FILES_A_MINUTE:
            return False
        times.append(now)
        return True


def _length(scope: Scope) -> int | None:
    stated = Headers(scope=scope).get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 16 else None  # noqa: PLR2004


def _refused(status: int) -> Response:
    """Said before the body is read, so the connection ends with it."""
    words = {403: "Forbidden", 411: "Length Required", 413: "Content Too Large", 429: "Too Many Requests"}
    return PlainTextResponse(words[status], status, {"Connection": "close", "Cache-Control": "no-store"})
