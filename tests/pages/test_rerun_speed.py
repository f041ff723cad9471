"""How long the server works on one rerun of the overview with everything cached; printed, not asserted."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest


def test_a_rerun_of_the_overview_is_timed(open_page: Callable[..., AppTest]) -> None:
    app = open_page("lanhdao")
    took = []
    for _ in range(15):
        begin = time.perf_counter()
        app.run()
        took.append((time.perf_counter() - begin) * 1000)
    print(f"overview, warm rerun on the server: median {statistics.median(took):.1f} ms")  # noqa: T201
    assert not app.exception
