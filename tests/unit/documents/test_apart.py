"""What people hand in is read in a process of its own: within limits, without keeping others waiting, ended for sure."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from PIL import Image

from dashboard.documents import apart
from dashboard.documents.apart import Answer, ApartProblem, ApartRefused, Limits, Reader, read_apart, stop
from dashboard.documents.handed_in import prepare_photo, read_outlines, read_sheet
from dashboard.documents.outlines import OutlineProblem, OutlinesRefused
from dashboard.documents.photo import PhotoProblem, PhotoRefused
from dashboard.documents.play_columns import required_headings

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1024 * 1024
WIDE = Limits(cpu_s=30, wall_s=60, memory=1024 * MEGABYTE, answer=MEGABYTE)
NOTHING_REQUIRED: dict[str, object] = {"required": []}


def sheet(*rows: tuple[object, ...]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    return file.getvalue()


def with_rows(rows: str) -> bytes:
    """A sheet with these rows as they are written."""
    file = BytesIO()
    with ZipFile(BytesIO(sheet(("a",)))) as plain, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as made:
        for name in plain.namelist():
            part = plain.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
            made.writestr(name, part)
    return file.getvalue()


@pytest.fixture(scope="module")
def long_sheet() -> bytes:
    """Some 40 kB that take many seconds to look through."""
    return with_rows("<row/>" * 12_000_000)


def picture(side: int, kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side), "red").save(file, kind)
    return file.getvalue()


def refusal(reader: Reader, content: bytes, limits: Limits) -> ApartProblem:
    with pytest.raises(ApartRefused) as caught:
        read_apart(reader, content, NOTHING_REQUIRED, limits=limits)
    return caught.value.problem


def test_a_sheet_a_photo_and_outlines_come_back_with_their_types() -> None:
    found = read_sheet(sheet(("Tên", "Loại", "Xã, phường"), ("A", 1.5, True)), required_headings())
    assert found.rows[1] == (2, {0: "A", 1: 1.5, 2: True})
    photo = prepare_photo(picture(100, "PNG"))
    assert (photo.width, photo.height, photo.jpeg[:3], photo.thumbnail[:3]) == (
        100,
        100,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff",
    )
    with pytest.raises(OutlinesRefused) as refused:
        read_outlines(b"{", {})
    assert refused.value.problem is OutlineProblem.not_json


@pytest.mark.parametrize(
    "limits",
    [Limits(1, 60, 512 * MEGABYTE, MEGABYTE), Limits(60, 3, 512 * MEGABYTE, MEGABYTE)],
    ids=["of the processor", "by the clock, as on a busy machine"],
)
def test_time_that_runs_out_is_a_refusal_that_names_what_took_it(long_sheet: bytes, limits: Limits) -> None:
    answer = read_apart(Reader.sheet, long_sheet, NOTHING_REQUIRED, limits=limits)
    assert answer.value["refused"] == "formatted_rows"


DEAF = "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(60)"


# It would go on for a minute.
@pytest.mark.timeout(45)
def test_a_decoder_that_never_looks_up_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_START", DEAF)
    limits = Limits(cpu_s=60, wall_s=1, memory=512 * MEGABYTE, answer=MEGABYTE)
    assert refusal(Reader.sheet, b"", limits) is ApartProblem.too_complex


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of memory")
def test_memory_that_runs_out_is_a_refusal() -> None:
    limits = Limits(cpu_s=30, wall_s=60, memory=150 * MEGABYTE, answer=MEGABYTE)
    assert refusal(Reader.photo, picture(4900, "PNG"), limits) is ApartProblem.too_complex


def test_an_answer_too_long_is_not_taken() -> None:
    content = sheet(*[("x" * 1000,)] * 100)
    limits = Limits(cpu_s=30, wall_s=60, memory=512 * MEGABYTE, answer=10_000)
    assert refusal(Reader.sheet, content, limits) is ApartProblem.too_complex


def test_others_are_answered_while_a_file_is_read(long_sheet: bytes) -> None:
    """No lock of Python's is held: this thread gets its turns."""
    done = threading.Event()

    def read() -> None:
        read_apart(Reader.sheet, long_sheet, NOTHING_REQUIRED, limits=Limits(60, 3, 512 * MEGABYTE, 1000))
        done.set()

    threading.Thread(target=read).start()
    turns = 0
    while not done.wait(0.01):
        turns += 1
    assert turns > 20


def test_one_file_of_a_kind_at_a_time_and_the_wait_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once, most, told = [0], [0], list[int]()

    def run(*_of: object) -> tuple[bytes, int]:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        time.sleep(0.05)
        at_once[0] -= 1
        return b'{"value": 1, "parts": []}\n', 0

    monkeypatch.setattr(apart, "_run", run)

    def read() -> None:
        read_apart(Reader.sheet, b"", {}, on_wait=told.append)

    threads = [threading.Thread(target=read) for _n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert sorted(told) == [1, 2, 3, 4]


def test_who_finds_too_many_waiting_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    def run(*_of: object) -> tuple[bytes, int]:
        free.wait(20)
        return b'{"value": 1, "parts": []}\n', 0

    monkeypatch.setattr(apart, "_run", run)
    monkeypatch.setattr(apart, "MOST_WAITING", 2)
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(read_apart(Reader.sheet, b"", {}))) for _n in range(3)
    ]
    for thread in threads:
        thread.start()
    lane = apart._lanes[Reader.sheet]
    while len(lane._queue) < 3:
        time.sleep(0.01)
    with pytest.raises(ApartRefused) as caught:
        read_apart(Reader.sheet, b"", {})
    assert caught.value.problem is ApartProblem.busy
    # Photos have a lane of their own.
    assert not apart._lanes[Reader.photo]._queue
    free.set()
    for thread in threads:
        thread.join()
    assert len(answers) == 3


def test_no_process_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(PhotoRefused) as caught:
        prepare_photo(b"\xff\xd8\xff")
    assert caught.value.problem is PhotoProblem.unavailable


def test_a_stop_ends_what_is_read_and_sends_away_who_waits(long_sheet: bytes) -> None:
    ended: list[ApartProblem] = []

    def read() -> None:
        try:
            read_apart(Reader.sheet, long_sheet, NOTHING_REQUIRED, limits=WIDE)
        except ApartRefused as refused:
            ended.append(refused.problem)

    threads = [threading.Thread(target=read) for _n in range(2)]
    for thread in threads:
        thread.start()
    while not apart._running or len(apart._lanes[Reader.sheet]._queue) < 2:
        time.sleep(0.01)
    stop()
    for thread in threads:
        thread.join()
    assert set(ended) == {ApartProblem.too_complex, ApartProblem.unavailable}


STARTS_ONE = """
import sys, threading, time
from dashboard.documents import apart
content = open(sys.argv[1], "rb").read()
limits = apart.Limits(60, 60, 2**30, 1000)
threading.Thread(target=lambda: apart.read_apart(apart.Reader.sheet, content, {"required": []}, limits=limits)).start()
while not apart._running:
    time.sleep(0.01)
time.sleep(0.5)
print(next(iter(apart._running)).pid, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the clock ends it")
def test_a_killed_server_leaves_no_reader_behind(long_sheet: bytes, tmp_path: Path) -> None:
    (tmp_path / "long.xlsx").write_bytes(long_sheet)
    command = [sys.executable, "-c", STARTS_ONE, str(tmp_path / "long.xlsx")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own words
        assert server.stdout is not None
        reader = int(server.stdout.readline())
        os.kill(reader, 0)
        server.kill()
    for _try in range(100):
        if not is_running(reader):
            return
        time.sleep(0.05)
    pytest.fail("the reader outlived its server")


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123 - of the kernel
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_reader_knows_nothing_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is started from any folder, by the package's own place, and without what stands in the environment."""
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", "postgresql://u:secret@h/x")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit")
    started: list[dict[str, str]] = []
    begin = subprocess.Popen

    def watched(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(options["env"])  # type: ignore[arg-type]
        return begin(*args, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert read_sheet(sheet(("a",)), []).rows == ((1, {0: "a"}),)
    assert not any(name.startswith(("DASHBOARD_", "PYTHON")) for name in started[0])
