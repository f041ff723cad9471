"""What the source says to people, and what the English catalogue knows of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from babel.messages import Catalog

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "dashboard" / "locale" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

Key = tuple[str | None, str | tuple[str, ...]]


def messages_in_source() -> dict[Key, str]:
    """(context, message or its plural pair) -> the file that says it."""
    found: dict[Key, str] = {}
    for room in ("dashboard", "pages"):
        for file, _line, message, _comments, context in extract_from_dir(
            ROOT / room, METHODS, keywords=KEYWORDS
        ):
            found[(context, message)] = f"{room}/{file}"
    return found


def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")
