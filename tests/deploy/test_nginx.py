"""The delivered proxy file, in a real nginx on other ports: what reaches the program, and what is said without it."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "dashboard.example"


class Echo(BaseHTTPRequestHandler):
    """Stands for the program: says what reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        said = "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode()
        body = said + b" " * 4000
        self.send_response(200)
        self.send_header("Content-Type", "text/css")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def certificate(folder: Path) -> None:
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={HOST}",
    ]
    files = ["-keyout", str(folder / "dashboard.key"), "-out", str(folder / "dashboard.crt")]
    subprocess.run([*command, *files], check=True, capture_output=True)  # noqa: S603 - our own arguments


class Proxy:
    def __init__(self, folder: Path, *, is_shared: bool = False) -> None:
        self.is_shared = is_shared
        self.plain, self.secure, self.backend = free_port(), free_port(), free_port()
        self.folder = folder

    def configure(self) -> Path:
        certificate(self.folder)
        site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        lines = [line for line in site.splitlines() if "[::]" not in line]
        if self.is_shared:
            lines = self.among_several(lines)
        for old, new in (
            ("listen 443", f"listen 127.0.0.1:{self.secure}"),
            ("listen 80", f"listen 127.0.0.1:{self.plain}"),
            ("/etc/ssl", str(self.folder)),
            ("/usr/share/dashboard/pages", str(DEPLOY / "nginx-pages")),
            ("127.0.0.1:8501", f"127.0.0.1:{self.backend}"),
        ):
            assert any(old in line for line in lines)
            lines = [line.replace(old, new) for line in lines]
        (self.folder / "site.conf").write_text("\n".join(lines), encoding="utf-8")
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = self.folder / "nginx.conf"
        main.write_text(
            f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {self.folder}/pid; error_log {self.folder}/log;"
            f"events {{}} http {{ access_log off; {temporary} include {self.folder}/site.conf; }}",
            encoding="utf-8",
        )
        return main

    def among_several(self, lines: list[str]) -> list[str]:
        """As the file says of several processes: the marks away, the upstream instead of the one address."""
        start = lines.index("#upstream dashboard {")
        end = lines.index("#}", start)
        upstream = [line.removeprefix("#") for line in lines[start : end + 1]]
        rest = [
            line.replace("proxy_pass http://127.0.0.1:8501;", "proxy_pass http://dashboard;")
            for line in lines[end + 1 :]
        ]
        second = f"127.0.0.1:{self.plain}"  # answers otherwise than the program does
        return [line.replace("127.0.0.1:8502", second) for line in (*lines[:start], *upstream, *rest)]

    def ask(
        self, method: str = "GET", path: str = "/", *, host: str = "", body: bytes = b"", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.secure, context=context, timeout=10)
        connection.request(method, path, body, {"Host": host or f"{HOST}:{self.secure}", **headers})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content


NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def refuse_faults(configuration: str) -> None:
    check = [NGINX, "-t", "-c", configuration]
    checked = subprocess.run(check, capture_output=True, text=True, check=False)  # noqa: S603
    assert checked.returncode == 0, checked.stderr


def test_the_lines_for_several_processes_are_understood(tmp_path: Path) -> None:
    configuration = Proxy(tmp_path, is_shared=True).configure()
    refuse_faults(str(configuration))
    site = (tmp_path / "site.conf").read_text(encoding="utf-8")
    assert "\n    hash $binary_remote_addr consistent;" in site
    assert "proxy_pass http://dashboard;" in site


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    proxy = Proxy(tmp_path_factory.mktemp("nginx"))
    configuration = str(proxy.configure())
    refuse_faults(configuration)
    process = subprocess.Popen([NGINX, "-c", configuration], stderr=subprocess.DEVNULL)  # noqa: S603
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", proxy.secure)) == 0:
                break
        time.sleep(0.05)
    yield proxy
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def program(proxy: Proxy) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", proxy.backend), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("program")
def test_the_program_learns_the_host_with_its_port_and_who_really_asks(proxy: Proxy) -> None:
    _answer, content = proxy.ask(**{"X-Forwarded-For": "10.1.2.3", "X-Forwarded-Proto": "http"})
    assert f"Host: {HOST}:{proxy.secure}".encode() in content
    assert b"X-Forwarded-For: 127.0.0.1\n" in content
    assert b"X-Forwarded-Proto: https" in content
    assert b"10.1.2.3" not in content


@pytest.mark.usefixtures("program")
def test_program_files_are_packed(proxy: Proxy) -> None:
    answer, content = proxy.ask(**{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(content) < len(gzip.decompress(content)) / 3


@pytest.mark.usefixtures("program")
def test_a_file_of_ten_megabytes_passes_and_more_is_refused_in_vietnamese(proxy: Proxy) -> None:
    assert proxy.ask("POST", body=bytes(10 * 1024 * 1024))[0].status == 200
    answer, content = proxy.ask("POST", **{"Content-Length": str(12 * 1024 * 1024)})
    assert answer.status == 413
    assert "Hệ thống nhận tệp tới 10 MB" in content.decode()


def test_without_the_program_a_vietnamese_page_says_what_was_kept(proxy: Proxy) -> None:
    answer, content = proxy.ask()
    assert answer.status == 502
    assert "Những số liệu đã báo “đã lưu” vẫn còn nguyên" in content.decode()
    assert "/" not in answer.headers["Server"]


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/entry?year=2021", headers={"Host": HOST})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/entry?year=2021")
    connection.close()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "dashboard.example.evil"])
def test_another_name_gets_no_answer(proxy: Proxy, host: str) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.ask(host=host)
