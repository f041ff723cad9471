"""Whether the fonts of this machine have what exported pictures need."""

from __future__ import annotations

from html import escape
from typing import Final

import vl_convert

from dashboard.charts.export import EXPORT_FONTS

# The marks of met, not met and near, and a letter with two diacritics.
NEEDED: Final = ("✓", "✕", "◇", "ế")
# Stands in no font, so it is drawn as a font draws what it does not have.
IN_NO_FONT: Final = "\U000effff"


def signs_without_font() -> list[str]:
    """Those of NEEDED that would come out as the same box, or as nothing."""
    absent = _drawn(IN_NO_FONT)
    blank = _drawn(" ")
    return [sign for sign in NEEDED if _drawn(sign) in (absent, blank)]


def _drawn(sign: str) -> bytes:
    text = f'<text x="4" y="32" font-size="24" font-family="{escape(EXPORT_FONTS)}">{sign}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return bytes(vl_convert.svg_to_png(svg))
