"""Garbage is collected now and then: not after each run of a page, which stops all other screens."""

from __future__ import annotations

import asyncio
import tomllib
import weakref
from pathlib import Path

import dashboard
from dashboard.web.collecting import collecting


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_streamlit_does_not_collect_after_each_run() -> None:
    settings = Path(dashboard.__file__).with_name(".streamlit") / "config.toml"
    assert tomllib.loads(settings.read_text(encoding="utf-8"))["runner"]["postScriptGC"] is False


def test_what_nobody_holds_any_more_is_collected_in_time() -> None:
    async def gone() -> bool:
        left = weakref.ref(Circle())
        async with collecting(every=0.01):
            for _try in range(200):
                await asyncio.sleep(0.01)
                if left() is None:
                    return True
        return False

    assert asyncio.run(gone())
    assert not asyncio.run(_tasks_left())


async def _tasks_left() -> set[asyncio.Task[None]]:
    async with collecting(every=60):
        pass
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}  # type: ignore[misc]
