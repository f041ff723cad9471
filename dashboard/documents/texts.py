"""Texts of people on their way into and out of files."""

from __future__ import annotations

import re
import unicodedata

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DASHES = re.compile("[‐-―−]")


def writable(text: str) -> str:
    """Without the characters that XML cannot hold: an office program refuses the whole file for one of them."""
    return _UNWRITABLE.sub("", text)


def folded(text: str) -> str:
    """What two texts have in common that a reader takes for the same word."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())
