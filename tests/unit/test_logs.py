"""A log that cannot be flooded."""

from __future__ import annotations

import logging
import sys

import pytest

from dashboard.logs import LINES, LONGEST_LINE, LONGEST_TRACE, MOST_CAUSES, FewLines


class Log:
    def __init__(self) -> None:
        self.now = 0.0
        self.lines: list[str] = []
        self._few = FewLines(lambda: self.now)

    def write(self, text: str, *values: object, name: str = "a", fault: BaseException | None = None) -> None:
        found = (type(fault), fault, fault.__traceback__) if fault else None
        record = logging.LogRecord(name, logging.WARNING, "", 0, text, values, found)
        if self._few.filter(record):
            self.lines.append(logging.Formatter("%(message)s").format(record))


def test_a_cause_that_repeats_is_written_so_often_and_then_counted() -> None:
    log = Log()
    for number in range(1000):
        log.write("refused %s", number)
    assert len(log.lines) == LINES
    log.now = 11
    log.write("refused %s", "later")
    assert log.lines[-1] == f"refused later (and {1000 - LINES} more lines of this kind before)"


def test_other_causes_are_written_meanwhile() -> None:
    log = Log()
    for number in range(100):
        log.write("flood %s", number)
    log.write("something else")
    log.write("flood %s", "of another part", name="b")
    assert log.lines[-2:] == ["something else", "flood of another part"]


def test_slow_repetition_is_written_whole() -> None:
    log = Log()
    for step in range(100):
        log.now = step * 11
        log.write("signed in")
    assert log.lines == ["signed in"] * 100


@pytest.mark.parametrize("size", [LONGEST_LINE + 1, 25_000_000])
def test_a_line_of_any_length_is_cut(size: int) -> None:
    log = Log()
    log.write("%s", "x" * size)
    assert len(log.lines[0]) < LONGEST_LINE + 50


def test_a_fault_that_repeats_a_whole_message_is_cut_and_keeps_its_ends() -> None:
    log = Log()
    try:
        raise ValueError("x" * 1_000_000)  # noqa: TRY301 - as a reader of a crafted message does
    except ValueError:
        fault = sys.exc_info()[1]
    log.write("a page failed", fault=fault)
    assert len(log.lines[0]) < LONGEST_TRACE + 200
    assert "Traceback" in log.lines[0]


def test_causes_without_end_are_forgotten() -> None:
    log = Log()
    for number in range(3 * MOST_CAUSES):
        log.write(f"cause {number}")
    assert len(log._few._causes) == MOST_CAUSES
