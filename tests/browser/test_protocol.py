"""The protocol between a tab and the server, spoken by a client that is no browser and means no good."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from protocol import Screen, ask, screen, sign_in
from streamlit.proto.BackMsg_pb2 import BackMsg

if TYPE_CHECKING:
    from program import Server

OWNER, OTHER, VIEWER = "tonghop", "quantri", "lanhdao"


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, str]:
    return {login: sign_in(server.url, login) for login in (OWNER, OTHER, VIEWER)}


def deferred(file: str, page: str) -> BackMsg:
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id, request.session_id, request.deferred_file.file_id = "1", page, file
    return message


def offered_file(opened: Screen) -> str:
    opened.run("scoring")
    return next(button.deferred_file_id for button in opened.elements("download_button"))  # type: ignore[attr-defined]


def is_silent(opened: Screen, kind: str) -> bool:
    try:
        opened.wait_for(kind, 0.7)
    except TimeoutError:
        return True
    return False


def made(opened: Screen) -> list[str]:
    """The addresses of files that were made for this page, after all that it asked for has been answered or dropped."""
    assert is_silent(opened, "file_urls_response")
    answers = (each.backend_operation_response for each in opened.received)
    return [answer.deferred_file.url for answer in answers if answer.deferred_file.url]


def test_a_page_that_waits_is_given_to_its_own_account_alone(server: Server, cookies: dict[str, str]) -> None:
    with screen(server.url, cookies[OWNER]) as first:
        first.run()
        held = first.id
    with screen(server.url, cookies[OTHER], resume=held) as second:
        second.run()
        assert second.id != held
    with screen(server.url, cookies[OWNER], resume=held) as again:
        again.run()
        assert again.id == held


def test_a_page_at_work_is_not_taken_over(server: Server, cookies: dict[str, str]) -> None:
    with screen(server.url, cookies[OWNER]) as first:
        first.run()
        with screen(server.url, cookies[VIEWER], resume=first.id) as second:
            second.run()
            assert second.id != first.id
        first.run()


def test_no_client_names_its_account_itself(server: Server, cookies: dict[str, str]) -> None:
    with screen(server.url, cookies[OWNER]) as first:
        first.run()
        held = first.id
    with sqlite3.connect(server.database) as connection:
        (owner,) = connection.execute("SELECT id FROM account WHERE login = ?", (OWNER,)).fetchone()
    with screen(server.url, cookies[VIEWER], resume=held, X_Dashboard_Person=str(owner)) as second:
        second.run()
        assert second.id != held


def test_a_file_is_made_for_its_own_page_and_given_to_its_own_account(
    server: Server, cookies: dict[str, str]
) -> None:
    with screen(server.url, cookies[OWNER]) as first, screen(server.url, cookies[VIEWER]) as second:
        file = offered_file(first)
        second.run()
        second.send(deferred(file, second.id))
        second.send(deferred(file, first.id))
        assert made(second) == []
        first.send(deferred(file, first.id))
        url = first.wait_for("backend_operation_response").backend_operation_response.deferred_file.url
        assert url.startswith("/media/")
        assert ask(server.url, "GET", url, cookie=cookies[OWNER]).status == 200
        assert ask(server.url, "GET", url, cookie=cookies[VIEWER]).status == 404
        assert ask(server.url, "HEAD", url, cookie=cookies[VIEWER]).status == 404


@pytest.mark.parametrize("page", ["", "child-friendly", "play-areas", "scoring", "play-register", "rules"])
def test_every_file_that_a_page_offers_is_made(server: Server, cookies: dict[str, str], page: str) -> None:
    """In a thread that knows nothing of the page: what a file needs of its person it has to bring along."""
    with screen(server.url, cookies[OWNER]) as opened:
        opened.run(page)
        offered = {button.deferred_file_id for button in opened.elements("download_button")} - {""}  # type: ignore[attr-defined]
        for file in offered:
            opened.send(deferred(file, opened.id))
            answer = opened.wait_for("backend_operation_response", 40).backend_operation_response
            assert answer.deferred_file.url, answer.error_msg


def test_a_session_that_has_ended_makes_no_files_and_no_addresses_for_uploads(server: Server) -> None:
    cookie = sign_in(server.url, OWNER)
    with screen(server.url, cookie) as first:
        file = offered_file(first)
        sign_out(server, cookie)
        first.send(deferred(file, first.id))
        uploads = BackMsg()
        uploads.file_urls_request.request_id = "2"
        uploads.file_urls_request.file_names.append("a.jpg")
        first.send(uploads)
        assert is_silent(first, "file_urls_response")
        assert made(first) == []


def sign_out(server: Server, cookie: str) -> None:
    page = ask(server.url, "GET", "/account", cookie=cookie, Accept="text/html").body.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    answer = ask(
        server.url,
        "POST",
        "/logout",
        cookie=cookie,
        body=f"key={key}",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 303


def test_nobody_empties_everybodys_caches(server: Server, cookies: dict[str, str]) -> None:
    with screen(server.url, cookies[VIEWER]) as opened:
        opened.run()
        message = BackMsg()
        message.clear_cache = True
        opened.send(message)
        opened.run()
    log = server.database.with_suffix(".log").read_text(encoding="utf-8")
    assert "dropped a message of kind clear_cache from lanhdao" in log


def test_no_browser_is_told_paths_and_versions_of_the_server(server: Server, cookies: dict[str, str]) -> None:
    import streamlit  # noqa: PLC0415 - its version is what is looked for

    with screen(server.url, cookies[VIEWER]) as opened:
        opened.run()
        whole = b"".join(opened.raw)
    told = next(each.new_session for each in opened.received if each.WhichOneof("type") == "new_session")
    assert told.initialize.environment_info.streamlit_version not in {"", streamlit.__version__}
    assert streamlit.__file__.encode() not in whole
    assert str(server.database.parent).encode() not in whole
    assert b"app.py" in whole
    assert b"dashboard/app.py" not in whole


def test_others_are_answered_while_four_hundred_messages_wait(
    server: Server, cookies: dict[str, str]
) -> None:
    message = BackMsg()
    message.rerun_script.page_name = ""
    content = message.SerializeToString()
    with screen(server.url, cookies[VIEWER]) as opened:
        opened.run()
        for _time in range(400):
            opened.socket.send(content)
        for _time in range(8):
            assert ask(server.url, "GET", "/healthz").status == 200
            time.sleep(0.1)


def test_a_message_beyond_a_megabyte_ends_the_connection(server: Server, cookies: dict[str, str]) -> None:
    with screen(server.url, cookies[VIEWER]) as opened:
        opened.run()
        opened.socket.send(b"x" * 1_100_000)
        with pytest.raises(Exception, match=r"1009|too big"):
            opened.wait_for("script_finished", 5)


def test_nobody_steers_the_page_from_another_host_or_reads_its_metrics(
    server: Server, cookies: dict[str, str]
) -> None:
    told = ask(server.url, "GET", "/_stcore/host-config", cookie=cookies[VIEWER])
    assert b'"allowedOrigins":[]' in told.body
    assert ask(server.url, "GET", "/_stcore/metrics", cookie=cookies[VIEWER]).status == 404


def test_a_program_file_that_is_not_there_is_not_found(server: Server) -> None:
    for path in ("/static/js/nothing.js", "/static/css/a.css", "/static/js/.", "/static/js/.."):
        assert ask(server.url, "GET", path).status == 404
