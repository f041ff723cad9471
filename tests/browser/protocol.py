"""Tabs without a browser: what a crafted client can say to the running program."""

from __future__ import annotations

import http.client
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from program import PASSWORD
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

SECONDS = 20.0


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(
    url: str, method: str, path: str, *, cookie: str = "", body: bytes | str | None = None, **headers: str
) -> Answer:
    """One request of its own connection; header names are written with _ for -."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {**({"Cookie": cookie} if cookie else {}), **named})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers, content)


def sign_in(url: str, login: str, password: str = PASSWORD) -> str:
    """The cookies of a signed-in browser, as the value of their header."""
    form = urlencode({"login": login, "password": password})
    answer = ask(url, "POST", "/login", body=form, Content_Type="application/x-www-form-urlencoded")
    assert answer.status == 303
    return "; ".join(given.split(";")[0] for given in answer.headers.get_all("Set-Cookie", []))


@dataclass
class Screen:
    """An open page: everything that the server sent, and the id that Streamlit gave it."""

    socket: ClientConnection
    id: str = ""
    page: str = ""
    received: list[ForwardMsg] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def run(self, page: str = "", query: str = "") -> None:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = "" if page else self.page
        message.rerun_script.query_string = query
        self.send(message)
        self.wait_for("script_finished")

    def wait_for(self, kind: str, seconds: float = SECONDS) -> ForwardMsg:
        while True:
            data = self.socket.recv(timeout=seconds)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            self.raw.append(data)
            self.received.append(message)
            if message.WhichOneof("type") == "new_session":
                self.id = message.new_session.initialize.session_id or self.id
                self.page = message.new_session.page_script_hash
            if message.WhichOneof("type") == kind:
                return message

    def elements(self, kind: str) -> list[object]:
        deltas = (each.delta.new_element for each in self.received if each.WhichOneof("type") == "delta")
        return [getattr(element, kind) for element in deltas if element.WhichOneof("type") == kind]


@contextmanager
def screen(url: str, cookie: str, *, resume: str = "", **headers: str) -> Iterator[Screen]:
    protocols = ["streamlit", "none", resume] if resume else ["streamlit"]
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with connect(
        f"ws://{urlsplit(url).netloc}/_stcore/stream",
        subprotocols=protocols,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie, **named},
        origin=url,  # type: ignore[arg-type]
        max_size=None,
        open_timeout=SECONDS,
    ) as socket:
        yield Screen(socket)
