"""Texts of people on their way into and out of files."""

from __future__ import annotations

import re
from typing import Final

# With these a sheet program begins a formula; the wide ones it reads as the narrow ones where people write Chinese.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_PLAIN_NUMBER: Final = re.compile("[-+][0-9][0-9.,  ]*%?")
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """Without the characters that XML cannot hold: an office program refuses the whole file for one of them."""
    return _UNWRITABLE.sub("", text)


def harmless(text: str) -> str:
    """A cell of a CSV file, which has no kinds of cells: behind an apostrophe where it would be a formula.

    A negative number is none. Source: OWASP, "CSV Injection".
    """
    if not text.startswith(_FORMULA) or _PLAIN_NUMBER.fullmatch(text):
        return text
    return f"'{text}"
