"""How headings of columns are compared, in the process that reads a sheet and in the one that understands it."""

from __future__ import annotations

from dashboard.domain.folding import folded


def heading_key(text: str) -> str:
    """What two writings of one heading have in common; a star often marks what must be filled in."""
    return folded(text).replace(" ", "").strip("*:")
