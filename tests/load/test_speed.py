"""How long things take, printed for a person to read (`pytest tests/load -s -n 0`); nothing here fails by the clock."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from dashboard.documents.handed_in import read_sheet
from dashboard.documents.play_columns import required_headings
from dashboard.domain.permissions import Sight
from dashboard.domain.rollup import roll_up
from dashboard.views.overview import overview
from dashboard.web.hub import Hub
from db import engine
from db.migrate import upgrade
from seed.demonstration import load_demonstration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMUNES, INDICATORS, PERIODS = 10_598, 14, 10
EVERYWHERE = Sight(is_everywhere=True)


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[None]:
    database = engine.use(f"sqlite:///{tmp_path / 'demo.db'}")
    upgrade(database)
    load_demonstration()
    yield
    engine.forget()


def milliseconds(action: Callable[[], object], times: int = 15) -> list[float]:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        took.append((time.perf_counter() - begin) * 1000)
    return sorted(took)


def report(name: str, took: list[float]) -> None:
    print(f"{name}: median {statistics.median(took):.1f} ms, fastest {took[0]:.1f}, slowest {took[-1]:.1f}")  # noqa: T201


def test_the_demonstration_is_loaded(tmp_path: Path) -> None:
    databases = iter(range(3))

    def load() -> None:
        upgrade(engine.use(f"sqlite:///{tmp_path / str(next(databases))}.db"))
        load_demonstration()

    report("demonstration made and loaded", milliseconds(load, times=3))
    engine.forget()


def test_a_plain_sheet_is_read_in_a_process_of_its_own() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate((("Tên", "Loại", "Xã, phường"), *[("A", "B", "C")] * 300)):
            page.write_row(line, 0, row)
    content = file.getvalue()
    report("sheet of 300 rows read apart", milliseconds(lambda: read_sheet(content, required_headings())))
    assert len(read_sheet(content, required_headings()).rows) == 301


def test_a_commit_of_another_process_is_heard(tmp_path: Path) -> None:
    database = engine.use(f"sqlite:///{tmp_path / 'heard.db'}")
    upgrade(database)
    hub, other = Hub(), engine.Database(database.url)
    hub.follow(database)

    def commit() -> None:
        with other.write() as transaction:
            transaction.log("test", "test", 1)
        while hub.version != transaction.version:
            time.sleep(0.002)

    report("commit made and heard in another process", milliseconds(commit))
    hub.stop()
    other.close()
    engine.forget()


def test_the_overview_is_read_anew(demonstration: None) -> None:
    took = milliseconds(lambda: overview(2021, "year", "vi", EVERYWHERE))
    report("overview read from the database", took)
    assert overview(2021, "year", "vi", EVERYWHERE) is not None


def test_the_whole_country_is_rolled_up() -> None:
    rows = COMMUNES * INDICATORS * PERIODS
    numbers = np.random.default_rng(1).integers(0, 500, rows)
    figures = pl.DataFrame(
        {
            "indicator": np.tile(np.arange(INDICATORS), rows // INDICATORS),
            "split": np.tile(np.arange(INDICATORS), rows // INDICATORS),
            "area": np.repeat(np.arange(COMMUNES), INDICATORS * PERIODS),
            "period": np.tile(np.repeat(np.arange(PERIODS), INDICATORS), COMMUNES),
            "numerator": numbers,
            "denominator": numbers + 5,
        }
    ).with_columns(kind=pl.lit("ratio"), answer=pl.lit("figure"))
    tree = pl.DataFrame({"area": np.arange(COMMUNES), "ancestor": np.full(COMMUNES, 99_999)})
    report(
        f"{rows:,} figures of the country rolled up", milliseconds(lambda: roll_up(figures, tree), times=5)
    )
    assert roll_up(figures, tree).height == INDICATORS * PERIODS


def test_what_is_collected_after_each_run_of_a_page_stays_small_in_a_server_that_has_settled_down() -> None:
    """In a process of its own, because what it freezes is the whole process's."""
    program = Path(__file__).with_name("settled_server.py")
    told = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    print(told.stdout)  # noqa: T201
    looked_at = [int(line.split()[-2].replace(",", "")) for line in told.stdout.splitlines()]
    assert looked_at[1] < looked_at[0] / 10
