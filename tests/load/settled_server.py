"""What Streamlit's collection after each run costs a server, before and after it has settled down."""

from __future__ import annotations

import gc
import statistics
import time

from dashboard.server import settle_down


def report(name: str) -> None:
    took = []
    for _ in range(7):
        begin = time.perf_counter()
        gc.collect(2)
        took.append((time.perf_counter() - begin) * 1000)
    print(f"{name}: median {statistics.median(took):.1f} ms for {len(gc.get_objects()):,} objects")  # noqa: T201


report("garbage collected in a server that has just loaded")
settle_down()
report("garbage collected once it has settled down")
