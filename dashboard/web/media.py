"""Files that pages make on demand: given only to the account that asked for them.

Streamlit serves `/media/<hash>` to whoever knows the address. The pictures that it stores by itself (the icon of the
page) belong to nobody and are given to all who are signed in.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse
from streamlit import runtime
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from dashboard.views.sessions import SignedIn

ADDRESS: Final = re.compile(r"/media/(\w+)(?:\.\w+)?", re.ASCII)
PREFIX: Final = "/media"
MOST_FILES: Final = 5000


class MadeFiles:
    """Which accounts a file was made for, by the hash in its address. The files made longest ago are forgotten."""

    def __init__(self) -> None:
        self._owners: dict[str, set[int]] = {}
        self._lock = threading.Lock()

    def note(self, address: str, account: int) -> None:
        found = ADDRESS.fullmatch(address)
        if not found:
            return
        with self._lock:
            owners = self._owners.pop(found[1], set())
            self._owners[found[1]] = owners | {account}
            while len(self._owners) > MOST_FILES:
                del self._owners[next(iter(self._owners))]

    def is_for(self, file: str, account: int) -> bool:
        with self._lock:
            return account in self._owners.get(file, ())


made_files: Final = MadeFiles()


class MediaGuard:
    def __init__(self, app: ASGIApp, files: MadeFiles = made_files) -> None:
        self.app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            person: SignedIn = scope["state"]["person"]
            found = ADDRESS.fullmatch(scope["path"])
            if not found or not (self._files.is_for(found[1], person.actor.id) or is_picture(found[1])):
                await PlainTextResponse("Not Found", 404)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_picture(file: str) -> bool:
    """Stored by a page for all who see it, not made on demand."""
    if not runtime.exists():
        return False
    storage = runtime.get_instance().media_file_mgr
    try:
        stored = storage.read_file(file)
    except MediaFileStorageError:
        return False
    return stored is not None and stored.kind == MediaFileKind.MEDIA
