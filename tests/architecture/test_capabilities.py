"""A right that nothing asks guards nothing: whoever reads the table of rights must be able to believe it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dashboard.domain.permissions import Capability

DASHBOARD = Path(__file__).parents[2] / "dashboard"
TABLE = DASHBOARD / "domain" / "permissions.py"
# `domain` names the right that each step of a procedure asks for; the actions ask by it.
ASKING = ("actions", "views", "web", "domain")


def asked() -> set[str]:
    """Names of capabilities in the code that refuses or leaves out; a hidden button alone is courtesy."""
    trees = (
        ast.parse(path.read_text(encoding="utf-8"))
        for folder in ASKING
        for path in (DASHBOARD / folder).rglob("*.py")
        if path != TABLE
    )
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Capability"
    }


@pytest.mark.parametrize("capability", Capability)
def test_every_capability_is_asked_where_things_are_done_or_read(capability: Capability) -> None:
    assert capability.name in asked()
