"""Under which names the installation answers, and what a page of elsewhere is told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from dashboard.settings import settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PERSON = {"accept": "text/html"}


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_HOSTS", "treem.phuoclong.gov.vn, 10.1.2.3:8443,[2001:db8::7]")
    settings.cache_clear()


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    "host",
    [
        "treem.phuoclong.gov.vn",
        "TreEm.PhuocLong.gov.vn:443",
        "treem.phuoclong.gov.vn.",
        "10.1.2.3",
        "[2001:db8::7]:8501",
        "localhost:8501",
        "127.0.0.1",
        "[::1]:8501",
    ],
)
def test_the_names_that_are_set_are_served_with_any_port(visitor: TestClient, host: str) -> None:
    assert visitor.get("/login", headers={"host": host}).status_code == 200


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "treem.phuoclong.gov.vn.elsewhere.example",
        "xtreem.phuoclong.gov.vn",
        "10.1.2.30",
        "localhost.elsewhere.example",
        "phuoclong",
    ],
)
@pytest.mark.parametrize("path", ["/login", "/healthz", "/", "/static/js/a.js"])
def test_any_other_name_is_not_ours(visitor: TestClient, host: str, path: str) -> None:
    answer = visitor.get(path, headers={"host": host, **PERSON})
    assert answer.status_code == 421
    assert "không phục vụ dưới tên này" in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "a/b",
        "user@phuoclong",
        "phuoclong:99999999",
        "phuoclong:8501x",
        "a b",
        "-",
        "x" * 300,
        "[::1",
        "a,b",
        "\u00e9",
    ],
)
def test_what_is_no_name_is_refused(visitor: TestClient, host: str) -> None:
    assert visitor.get("/login", headers={"host": host.encode("latin-1")}).status_code == 400


def test_without_a_setting_all_names_are_served(visitor: TestClient) -> None:
    for host in ("may_chu.noi-bo", "192.168.1.9:8501", "phuoclong"):
        assert visitor.get("/login", headers={"host": host}).status_code == 200


def test_a_foreign_page_is_told_in_a_sentence_and_the_log_has_both_names(
    visitor: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    headers = {"host": "phuoclong", "origin": "https://phuoclong:8443", **PERSON}
    answer = visitor.post("/login", data={"login": "lan"}, headers=headers)
    assert answer.status_code == 403
    assert "từ một địa chỉ khác" in answer.text
    assert "'https://phuoclong:8443'" in caplog.text
    assert "'phuoclong'" in caplog.text


def test_a_strangers_values_do_not_break_lines_of_the_log(
    visitor: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    visitor.get("/login", headers={"origin": "http://x" + "y" * 5000})
    assert all(len(record.getMessage()) < 500 for record in caplog.records)
