"""What may pass between a browser's tab and Streamlit: messages of the signed-in person, at a pace that others can bear.

Streamlit takes every message that its protocol knows from whoever holds a WebSocket: also those that empty everybody's
caches or make a file for another account. Here only those pass that our pages need.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from anyio import to_thread
from google.protobuf.message import DecodeError
from sqlalchemy.exc import SQLAlchemyError
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.views.sessions import signed_in
from dashboard.web.media import made_files
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive, Send
    from streamlit.proto.BackMsg_pb2 import BackendOperationRequest

    from dashboard.views.sessions import SignedIn

logger = logging.getLogger(__name__)

ALWAYS: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
WITH_SESSION: Final = frozenset({"file_urls_request", "backend_operation_request"})
ASKED_EVERY_SECONDS: Final = 10.0
# A person who types and clicks as fast as anybody can stays far below. Four hundred messages in a row without a pause
# made every other screen wait for eight seconds.
AT_ONCE: Final = 40
A_SECOND: Final = 20.0
# All tabs of one account together. Thirty-eight tabs that asked ten times a second made everybody wait for ten seconds.
AT_ONCE_OF_ACCOUNT: Final = 80
A_SECOND_OF_ACCOUNT: Final = 30.0
# Only short messages can be the answer with a file's address, and only the start of one names the script.
ANSWER_BYTES: Final = 2000
START_BYTES: Final = 4096


class Bucket:
    """So many at once, so many a second afterwards; `take` waits for its turn."""

    def __init__(self, at_once: int, a_second: float, clock: Callable[[], float]) -> None:
        self._most, self._rate, self._clock = float(at_once), a_second, clock
        self._left, self._filled_at = self._most, clock()

    async def take(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._filled_at) * self._rate)
        self._filled_at = now
        self._left -= 1
        if self._left < 0:
            await asyncio.sleep(-self._left / self._rate)


# As long as an account has a tab.
_of_accounts: Final[WeakValueDictionary[int, Bucket]] = WeakValueDictionary()


def bucket_of_account(account: int, clock: Callable[[], float]) -> Bucket:
    found = _of_accounts.get(account)
    if found is None:
        found = _of_accounts[account] = Bucket(AT_ONCE_OF_ACCOUNT, A_SECOND_OF_ACCOUNT, clock)
    return found


class Tab:
    """One WebSocket of one person: `receive` and `send` stand between the server and Streamlit."""

    def __init__(self, receive: Receive, send: Send, token: str | None, person: SignedIn) -> None:
        self._receive, self._send = receive, send
        self._token, self._person = token, person
        self._clock = asyncio.get_running_loop().time
        self._bucket = Bucket(AT_ONCE, A_SECOND, self._clock)
        self._bucket_of_account = bucket_of_account(person.actor.id, self._clock)
        self._asked_at = self._clock()
        self._is_alive = True

    async def receive(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            await self._bucket.take()
            await self._bucket_of_account.take()
            if await self._may_pass(message.get("bytes")):
                return message

    async def send(self, message: Message) -> None:
        content = message.get("bytes")
        if content:
            self._note_made_file(content)
            message["bytes"] = without_paths(content)
        await self._send(message)

    async def _may_pass(self, content: bytes | None) -> bool:
        """What cannot be read passes: Streamlit ends the connection that it came by."""
        try:
            asked = BackMsg.FromString(content or b"")
        except DecodeError:
            return True
        kind = asked.WhichOneof("type")
        if kind in ALWAYS or not content:
            # A run asks for the session itself, and shows that it has ended.
            return True
        if kind not in WITH_SESSION:
            logger.warning("dropped a message of kind %s from %s", kind, self._person.actor.login)
            return False
        is_file = kind == "backend_operation_request"
        if is_file and not asks_for_own_file(asked.backend_operation_request):
            logger.warning("dropped a request for a file from %s", self._person.actor.login)
            return False
        return await self._is_signed_in(anew=is_file)

    async def _is_signed_in(self, *, anew: bool) -> bool:
        if anew or not self._is_alive or self._clock() - self._asked_at >= ASKED_EVERY_SECONDS:
            self._asked_at = self._clock()
            try:
                person = await to_thread.run_sync(signed_in, self._token, utc_now())
            except SQLAlchemyError:
                return False
            self._is_alive = person is not None and person.actor.id == self._person.actor.id
        return self._is_alive

    def _note_made_file(self, content: bytes) -> None:
        if len(content) > ANSWER_BYTES or b"/media/" not in content:
            return
        answer = ForwardMsg.FromString(content)
        kind = answer.WhichOneof("type")
        if kind == "backend_operation_response":
            made_files.note(answer.backend_operation_response.deferred_file.url, self._person.actor.id)
        elif kind == "delta":
            made_files.note(answer.delta.new_element.download_button.url, self._person.actor.id)


def asks_for_own_file(request: BackendOperationRequest) -> bool:
    """A file that this very page offers: Streamlit makes any page's for whoever names its id.

    That the request names the page of this connection Streamlit looks at itself.
    """
    if request.WhichOneof("payload") != "deferred_file" or not runtime.exists():
        return False
    offered = runtime.get_instance().media_file_mgr._deferred_callables.get(request.deferred_file.file_id)  # noqa: SLF001 - it gives no other way to ask
    # Of a file that is offered no more Streamlit says so, and the page need not wait.
    return offered is None or offered["session_id"] == request.session_id


def without_paths(content: bytes) -> bytes:
    """Streamlit tells each browser where on the server the script lies and which versions run; ours are told neither.

    The page needs both only to notice that they differ from those that it was loaded with: marks serve as well.
    """
    script = _script_path()
    if not script or script not in content[:START_BYTES]:
        return content
    message = ForwardMsg.FromString(content)
    if message.WhichOneof("type") != "new_session":
        return content
    opened = message.new_session
    opened.main_script_path = "app.py"
    environment = opened.initialize.environment_info
    environment.streamlit_version = _mark(environment.streamlit_version)
    environment.python_version = environment.server_os = ""
    return bytes(message.SerializeToString())


def _script_path() -> bytes:
    if not runtime.exists():
        return b""
    return runtime.get_instance()._main_script_path.encode()  # noqa: SLF001 - as above


def _mark(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:12]
