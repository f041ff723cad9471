"""Texts of people on their way into and out of files."""

from __future__ import annotations

import re

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """Without the characters that XML cannot hold: an office program refuses the whole file for one of them."""
    return _UNWRITABLE.sub("", text)
