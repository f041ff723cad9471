"""Colours and symbols: one vocabulary of states for cells, chips, bars, maps and exports.

A state is never carried by colour alone, and the fills stay apart for colour-blind eyes and on a grey
print; the tests of this module measure both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

Theme: TypeAlias = Literal["light", "dark"]

NEUTRAL_FILL: Final = "#F1F3F5"
PALE_OUTLINE: Final = "#374151"
# Waiting for somebody: a broken outline, so that a missing report is loud without being red.
WAITING_DASH: Final = "5,3"
SOLID: Final = "1,0"
OUTLINE_WIDTH: Final = 1.5
RING: Final = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is shown: symbol beside the value, fill, text on the fill, edge or None."""

    symbol: str
    fill: str
    text: str
    outline: str | None = None
    dash: str = SOLID


def _neutral(symbol: str, *, text: str = "#111827", dash: str = SOLID) -> Look:
    return Look(symbol, NEUTRAL_FILL, text, PALE_OUTLINE, dash)


LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "met": Look("✓", "#0F3D66", "#FFFFFF"),
        "near": Look("!", "#F7C948", "#000000", PALE_OUTLINE),
        "off": Look("✕", "#BF3A14", "#FFFFFF"),
        "improving": Look("▲", "#6FA8DC", "#000000"),
        "not_reported": _neutral("", dash=WAITING_DASH),
        "nil": _neutral("0"),
        "not_applicable": _neutral("\N{EN DASH}", text="#4B5563"),
        "incomplete": _neutral("…", dash=WAITING_DASH),
        # Somebody has answered that there is no figure yet: an answer, so its edge is whole.
        "no_figure": _neutral("?"),
        "masked": _neutral("*"),
        "no_baseline": _neutral("◇"),
        # A plain figure is no state, so its edge is quieter than that of the states.
        "no_target": Look("", NEUTRAL_FILL, "#111827", "#8A94A3"),
    },
)

# On a dark page the pale fills stand out by themselves and the navy one needs an edge.
DARK_OUTLINES: Final[Mapping[str, str]] = MappingProxyType({"met": "#8FB4DB"})


@dataclass(frozen=True, slots=True)
class Ink:
    """Everything that is drawn on the page itself, and so depends on the theme."""

    text: str
    muted: str
    grid: str
    page: str
    target: str
    recent: str
    bar_outline: str
    bands: tuple[str, str, str]


INKS: Final[Mapping[Theme, Ink]] = MappingProxyType(
    {
        "light": Ink(
            text="#1F2937",
            muted="#4B5563",
            grid="#D1D5DB",
            page="#FFFFFF",
            target="#111827",
            recent="#C026D3",
            bar_outline=PALE_OUTLINE,
            bands=("#D3D9E0", "#E1E6EB", "#EFF2F5"),
        ),
        "dark": Ink(
            text="#F3F4F6",
            muted="#B8C0CC",
            grid="#3B4452",
            page="#0E1117",
            target="#F9FAFB",
            recent="#E879F9",
            bar_outline="#8FB4DB",
            bands=("#3A4352", "#2E3642", "#232A34"),
        ),
    },
)

CATEGORY_HUES: Final = ("#12436D", "#28A197", "#801650", "#F46A25")
QUANTITY_RAMP: Final = ("#12436D", "#6BACE6")


def look(status: str, theme: Theme = "light") -> Look:
    """Return the look of a state (`Status` value, or `improving` for tasks and trends)."""
    light = LOOKS[status]
    if theme == "light":
        return light
    waiting = light.outline if light.dash == WAITING_DASH else None
    return replace(light, outline=DARK_OUTLINES.get(status, waiting))


def tint(state: Look) -> str:
    """The stripes on a provisional fill: away from the text's colour, so that the text stays as readable."""
    is_light_text = state.text == "#FFFFFF"
    towards, part = (0, 0.3) if is_light_text else (255, 0.45)
    if state.fill == NEUTRAL_FILL:
        towards, part = 0, 0.08
    channels = (int(state.fill[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{round(value + (towards - value) * part):02X}" for value in channels)


def ink(theme: Theme = "light") -> Ink:
    """Return the colours of text, lines and bands on a page of this theme."""
    return INKS[theme]


def with_look(frame: pl.DataFrame, theme: Theme = "light") -> pl.DataFrame:
    """Add symbol, fill, tint, ink, outline and dash (String) for the column `status`; unknown states raise.

    `tint` is the second colour of a hatched fill. `is_provisional` (Boolean) is false where the frame has none.
    """
    if "is_provisional" not in frame.columns:
        frame = frame.with_columns(is_provisional=pl.lit(value=False))
    looks = {status: look(status, theme) for status in LOOKS}
    part = pl.col("status").replace_strict
    return frame.with_columns(
        part({s: v.symbol for s, v in looks.items()}, return_dtype=pl.String).alias("symbol"),
        part({s: v.fill for s, v in looks.items()}, return_dtype=pl.String).alias("fill"),
        part({s: tint(v) for s, v in looks.items()}, return_dtype=pl.String).alias("tint"),
        part({s: v.text for s, v in looks.items()}, return_dtype=pl.String).alias("ink"),
        part({s: v.outline or "transparent" for s, v in looks.items()}, return_dtype=pl.String).alias(
            "outline"
        ),
        part({s: v.dash for s, v in looks.items()}, return_dtype=pl.String).alias("dash"),
    )
