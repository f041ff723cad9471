"""Messages between a tab and Streamlit: which pass, at which pace, and what browsers are not told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from people import PASSWORD
from signing_in import sign_in
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.actions.sessions import sign_out
from dashboard.views.sessions import signed_in
from dashboard.web import frames
from dashboard.web.frames import (
    A_SECOND,
    AT_ONCE,
    AT_ONCE_OF_ACCOUNT,
    Bucket,
    Tab,
    bucket_of_account,
)
from dashboard.web.media import made_files
from dashboard.web.middleware import PERSON_HEADER, with_person
from db.base import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE, OTHER_PAGE = "page-1", "page-2"
SCRIPT = "/opt/dashboard/app.py"


@pytest.fixture
def token(lan: int) -> str:
    return sign_in(login="lan", password=PASSWORD, address="")


@pytest.fixture(autouse=True)
def streamlit_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = {"own": {"session_id": PAGE}, "others": {"session_id": OTHER_PAGE}}
    at_work = SimpleNamespace(
        media_file_mgr=SimpleNamespace(_deferred_callables=offered), _main_script_path=SCRIPT
    )
    monkeypatch.setattr(frames, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: at_work))


def message(kind: str) -> BackMsg:
    made = BackMsg()
    if kind in {"rerun_script", "file_urls_request"}:
        getattr(made, kind).SetInParent()
    else:
        setattr(made, kind, True)
    return made


def operation(payload: str, *, file: str = "own", page: str = PAGE) -> BackMsg:
    made = BackMsg()
    request = made.backend_operation_request
    request.session_id = page
    getattr(request, payload).SetInParent()
    if payload == "deferred_file":
        request.deferred_file.file_id = file
    return made


def passed(token: str, *sent: BackMsg | bytes, before: Callable[[], object] = lambda: None) -> int:
    """How many of these messages Streamlit gets to see."""

    async def follow() -> int:
        contents = [each if isinstance(each, bytes) else each.SerializeToString() for each in sent]
        waiting = [{"type": "websocket.receive", "bytes": each} for each in contents]
        waiting.append({"type": "websocket.disconnect", "code": 1000})
        person = signed_in(token, utc_now())
        assert person

        async def receive() -> Any:
            return waiting.pop(0)

        tab = Tab(receive, _nowhere, token, person)
        before()
        count = 0
        while (await tab.receive())["type"] != "websocket.disconnect":
            count += 1
        return count

    return asyncio.run(follow())


async def _nowhere(_message: Any) -> None: ...


def sent_on(token: str, answer: ForwardMsg) -> ForwardMsg:
    """What the browser gets of an answer of Streamlit's."""
    got: list[bytes] = []

    async def follow() -> None:
        async def send(message: Any) -> None:
            got.append(message["bytes"])

        person = signed_in(token, utc_now())
        assert person
        tab = Tab(_never, send, token, person)
        await tab.send({"type": "websocket.send", "bytes": answer.SerializeToString()})

    asyncio.run(follow())
    return ForwardMsg.FromString(got[0])


async def _never() -> Any:
    await asyncio.Event().wait()


@pytest.mark.parametrize("kind", ["rerun_script", "stop_script", "app_heartbeat", "file_urls_request"])
def test_what_pages_need_passes(token: str, kind: str) -> None:
    assert passed(token, message(kind)) == 1


NEEDLESS = {field.name for field in BackMsg.DESCRIPTOR.fields} - {
    "rerun_script",
    "stop_script",
    "app_heartbeat",
    "file_urls_request",
    "backend_operation_request",
}


@pytest.mark.parametrize("kind", sorted(NEEDLESS))
def test_every_other_kind_that_streamlit_knows_is_dropped(token: str, kind: str) -> None:
    assert passed(token, message(kind)) == 0


PAYLOADS = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type.oneofs_by_name[
    "payload"
]


@pytest.mark.parametrize("payload", sorted(field.name for field in PAYLOADS.fields))
def test_of_all_operations_only_an_offered_file_is_asked_for(token: str, payload: str) -> None:
    assert passed(token, operation(payload)) == (payload == "deferred_file")


@pytest.mark.parametrize(
    ("file", "page"), [("others", PAGE), ("own", OTHER_PAGE), ("own", ""), ("others", "")]
)
def test_a_file_of_another_page_is_not_asked_for(token: str, file: str, page: str) -> None:
    assert passed(token, operation("deferred_file", file=file, page=page)) == 0


def test_of_a_file_that_is_offered_no_more_streamlit_says_so(token: str) -> None:
    assert passed(token, operation("deferred_file", file="of a run before")) == 1


def test_of_another_pages_file_under_its_own_name_streamlit_itself_refuses_the_name(token: str) -> None:
    assert passed(token, operation("deferred_file", file="others", page=OTHER_PAGE)) == 1


def test_an_ended_session_makes_no_more_files_at_once(token: str) -> None:
    assert passed(token, operation("deferred_file"), before=lambda: sign_out(token)) == 0


def test_an_ended_session_gets_no_addresses_for_uploads_once_it_is_asked_for_again(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "ASKED_EVERY_SECONDS", 0)
    assert passed(token, message("file_urls_request"), before=lambda: sign_out(token)) == 0


def test_an_ended_session_may_still_be_shown_that_it_has_ended(token: str) -> None:
    assert passed(token, message("rerun_script"), before=lambda: sign_out(token)) == 1


def test_what_is_no_message_is_left_to_streamlit_which_ends_the_connection(token: str) -> None:
    assert passed(token, b"\xff\xff\xff") == 1


def test_a_burst_is_let_through_and_what_follows_is_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def take_all() -> None:
        bucket = Bucket(AT_ONCE, A_SECOND, lambda: 0.0)
        for _time in range(AT_ONCE + 3):
            await bucket.take()

    monkeypatch.setattr(frames.asyncio, "sleep", sleep)
    asyncio.run(take_all())
    assert slept == pytest.approx([1 / A_SECOND, 2 / A_SECOND, 3 / A_SECOND])


def test_the_tabs_of_one_account_have_one_pace_together_and_others_their_own(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def receive() -> Any:
        return {"type": "websocket.receive", "bytes": message("rerun_script").SerializeToString()}

    async def ask_from_many_tabs() -> None:
        person = signed_in(token, utc_now())
        assert person
        tabs = [Tab(receive, _nowhere, token, person) for _n in range(AT_ONCE_OF_ACCOUNT // 20 + 1)]
        for tab in tabs:
            for _time in range(20):
                await tab.receive()
        others = bucket_of_account(person.actor.id + 1, asyncio.get_running_loop().time)
        assert others is not tabs[0]._bucket_of_account
        await others.take()

    monkeypatch.setattr(frames.asyncio, "sleep", sleep)
    asyncio.run(ask_from_many_tabs())
    assert 1 <= len(slept) <= 20


def test_a_bucket_fills_again_and_never_above_its_brim() -> None:
    now = [0.0]
    bucket = Bucket(2, 1.0, lambda: now[0])

    async def left_after(seconds: float) -> float:
        now[0] += seconds
        await bucket.take()
        return bucket._left

    assert asyncio.run(left_after(1000)) == 1
    assert asyncio.run(left_after(0.5)) == 0.5


def test_the_server_tells_neither_where_it_lies_nor_what_it_runs(token: str) -> None:
    answer = ForwardMsg()
    opened = answer.new_session
    opened.main_script_path, opened.page_script_hash = SCRIPT, "abc"
    told = opened.initialize.environment_info
    told.streamlit_version, told.python_version, told.server_os = "1.67.0", "3.11.7", "linux"
    got = sent_on(token, answer).new_session
    assert (got.main_script_path, got.page_script_hash) == ("app.py", "abc")
    known = got.initialize.environment_info
    assert (known.python_version, known.server_os) == ("", "")
    assert known.streamlit_version
    assert "1.67" not in known.streamlit_version


def test_another_version_of_streamlit_is_noticed_all_the_same(token: str) -> None:
    marks = set()
    for version in ("1.67.0", "1.67.1", "1.68.0"):
        answer = ForwardMsg()
        answer.new_session.main_script_path = SCRIPT
        answer.new_session.initialize.environment_info.streamlit_version = version
        marks.add(sent_on(token, answer).new_session.initialize.environment_info.streamlit_version)
    assert len(marks) == 3


def test_the_address_of_a_made_file_is_noted_for_who_asked_for_it(token: str, lan: int) -> None:
    answer = ForwardMsg()
    answer.backend_operation_response.deferred_file.url = "/media/0123456789abcdef.docx"
    assert sent_on(token, answer) == answer
    assert made_files.is_for("0123456789abcdef", lan)
    assert not made_files.is_for("0123456789abcdef", lan + 1)


def test_words_that_look_like_the_address_of_a_file_open_nothing(token: str, lan: int) -> None:
    answer = ForwardMsg()
    answer.delta.new_element.markdown.body = "/media/fedcba9876543210.docx"
    sent_on(token, answer)
    assert not made_files.is_for("fedcba9876543210", lan)


@pytest.mark.parametrize("name", [b"x-dashboard-person", b"X-Dashboard-Person", b"X-DASHBOARD-PERSON"])
def test_streamlit_hears_from_the_guard_alone_whose_page_it_is(token: str, lan: int, name: bytes) -> None:
    person = signed_in(token, utc_now())
    assert person
    scope = with_person({"type": "websocket", "headers": [(name, b"999"), (b"host", b"phuoclong")]}, person)
    assert scope["headers"] == [(b"host", b"phuoclong"), (PERSON_HEADER, str(lan).encode())]
