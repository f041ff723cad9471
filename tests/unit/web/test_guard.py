from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from starlette.websockets import WebSocketDisconnect

from dashboard.actions.accounts import disable_account
from dashboard.actions.sessions import sign_out_everywhere
from dashboard.web.assets import files_ahead
from dashboard.web.middleware import is_public
from dashboard.web.routes import routes
from db.base import utc_now
from db.tables import LoginSession

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from db.engine import Database

SOCKET = "ws://phuoclong/_stcore/stream"
PERSON = {"accept": "text/html,application/xhtml+xml"}
SHUT = (
    "/",
    "/entry",
    "/account",
    "/events",
    "/media/4961.png",
    "/component/live/index.html",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/upload_file/1/2",
    "/_stcore/agent/openapi.json",
    "/static/",
    "/static/index.html",
    "/static/js/a.js/../../../media/4961.png",
    "/static/js%2F..%2F..%2Fmedia/4961.png",
    "/app/static/favicon.png",
    "/login/other",
    "//login",
    "/Login",
    "/healthz/",
)


@pytest.mark.parametrize("path", SHUT)
def test_a_stranger_gets_past_nothing(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 401
    assert visitor.post(path).status_code == 401


@pytest.mark.parametrize(
    "path", ["/login", "/login/style.css", "/healthz", "/favicon.png", files_ahead()[0].path]
)
def test_what_the_sign_in_page_needs_is_open(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("name", ["nothing.js", ".", "..", "index.html", "index.js.map"])
@pytest.mark.parametrize("folder", ["js", "css", "media"])
def test_a_program_file_that_is_not_there_is_not_found(visitor: TestClient, folder: str, name: str) -> None:
    answer = visitor.get(f"/static/{folder}/{name}".replace("/.", "/%2E"))
    assert answer.status_code in {404, 401}
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics?families=cache",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
        "/_stcore/auth/login",
    ],
)
def test_what_streamlit_offers_besides_is_not_found(signed_in_visitor: TestClient, path: str) -> None:
    assert signed_in_visitor.get(path).status_code == 404
    assert signed_in_visitor.post(path).status_code == 404


def test_every_route_of_ours_is_shut_unless_it_is_named_public() -> None:
    paths = {route.path for route in routes(None, list)}  # type: ignore[arg-type]
    shut = {path for path in paths if not is_public(path)}
    assert shut == {
        "/account",
        "/logout",
        "/events",
        "/session/active",
        "/photos/{photo:int}",
        "/photos/{photo:int}/small",
    }


def test_a_person_is_sent_to_the_sign_in_page_and_back(visitor: TestClient) -> None:
    answer = visitor.get("/entry?year=2021&part=half", headers=PERSON)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/entry%3Fyear%3D2021%26part%3Dhalf"


def test_a_script_is_told_rather_than_sent_to_a_page(visitor: TestClient) -> None:
    assert visitor.get("/entry", headers={**PERSON, "sec-fetch-mode": "cors"}).status_code == 401


def test_a_web_socket_without_a_session_is_never_opened(visitor: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect(SOCKET):
        pass


def test_a_web_socket_with_a_session_opens(signed_in_visitor: TestClient) -> None:
    with signed_in_visitor.websocket_connect(SOCKET) as socket:
        assert socket.receive_text() == "lan"


def test_another_hosts_page_cannot_use_a_session(signed_in_visitor: TestClient) -> None:
    elsewhere = {"origin": "http://elsewhere.example"}
    assert signed_in_visitor.get("/", headers=elsewhere).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        signed_in_visitor.websocket_connect(SOCKET, headers=elsewhere),
    ):
        pass


def test_a_page_of_our_own_may_use_it(signed_in_visitor: TestClient) -> None:
    assert signed_in_visitor.get("/", headers={"origin": "http://phuoclong"}).text == "/"


def test_a_disabled_account_is_refused_at_its_next_click(signed_in_visitor: TestClient) -> None:
    assert signed_in_visitor.get("/").status_code == 200
    disable_account(actor=None, login="lan", base_version=1)
    assert signed_in_visitor.get("/").status_code == 401


def test_signing_out_everywhere_is_felt_at_the_next_click(signed_in_visitor: TestClient, lan: int) -> None:
    sign_out_everywhere(lan)
    assert signed_in_visitor.get("/").status_code == 401


def last_seen(database: Database, minutes_ago: float) -> None:
    with database.write() as transaction:
        transaction.session.execute(
            update(LoginSession).values(last_seen_at=utc_now() - timedelta(minutes=minutes_ago))
        )


def seconds_since_seen(database: Database) -> float:
    with database.read() as session:
        return (utc_now() - session.query(LoginSession).one().last_seen_at).total_seconds()


def test_a_page_that_a_person_opens_keeps_the_session_awake(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    last_seen(sqlite_database, 119)
    assert signed_in_visitor.get("/", headers=PERSON).status_code == 200
    assert seconds_since_seen(sqlite_database) < 60


def test_a_touch_that_an_open_page_reports_keeps_it_awake(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    last_seen(sqlite_database, 119)
    answer = signed_in_visitor.post("/session/active", headers={"origin": "http://phuoclong"})
    assert answer.status_code == 204
    assert seconds_since_seen(sqlite_database) < 60


@pytest.mark.parametrize("path", ["/media/1.png", "/_stcore/host-config", "/component/a.js", "/photos/1"])
def test_what_a_page_fetches_by_itself_keeps_nothing_awake(
    signed_in_visitor: TestClient, sqlite_database: Database, path: str
) -> None:
    last_seen(sqlite_database, 119)
    signed_in_visitor.get(path, headers={"sec-fetch-mode": "no-cors"})
    assert seconds_since_seen(sqlite_database) > 118 * 60


def test_messages_over_a_web_socket_keep_nothing_awake(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    last_seen(sqlite_database, 119)
    with signed_in_visitor.websocket_connect(SOCKET) as socket:
        socket.receive_text()
        socket.send_bytes(b"the live badge asks for a rerun")
    assert seconds_since_seen(sqlite_database) > 118 * 60


def test_an_idle_session_is_not_woken_by_a_touch(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    last_seen(sqlite_database, 120.5)
    assert signed_in_visitor.post("/session/active").status_code == 401
    assert signed_in_visitor.get("/", headers=PERSON).status_code == 303
    assert seconds_since_seen(sqlite_database) > 120 * 60


def test_another_hosts_page_cannot_report_touches(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    last_seen(sqlite_database, 119)
    for elsewhere in ({"origin": "http://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        assert signed_in_visitor.post("/session/active", headers=elsewhere).status_code == 403
    assert seconds_since_seen(sqlite_database) > 118 * 60


def test_without_its_table_the_site_says_what_happened_and_what_to_do(
    signed_in_visitor: TestClient, sqlite_database: Database
) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE login_session")
    answer = signed_in_visitor.get("/", headers=PERSON)
    assert answer.status_code == 503
    assert "đã lưu" in answer.text
    assert signed_in_visitor.get("/").status_code == 503
