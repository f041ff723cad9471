"""The selection that one runs while working: what needs neither a browser nor PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]


def test_readme_gives_the_command_of_the_fast_tests(request: pytest.FixtureRequest) -> None:
    commands = re.findall(r"\.venv/bin/pytest -m (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert commands == ["fast"]
    assert any(marker.startswith("fast:") for marker in request.config.getini("markers"))


def test_it_holds_all_tests_but_those_of_browsers_and_of_postgresql(request: pytest.FixtureRequest) -> None:
    fast = {item for item in request.session.items if item.get_closest_marker("fast")}
    others = set(request.session.items) - fast
    assert request.node in fast
    assert not [item.nodeid for item in fast if "browser" in item.path.parts or is_on_postgresql(item)]
    assert not [item.nodeid for item in others if "pages" in item.path.parts]
    assert not [item.nodeid for item in others if "unit" in item.path.parts and not is_on_postgresql(item)]


def is_on_postgresql(item: pytest.Item) -> bool:
    return "postgresql" in item.name.partition("[")[2].removesuffix("]").split("-")
