"""Which places the map with the office's outlines leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl
import pytest

from dashboard.documents.outlines import Outlines
from dashboard.ui.outline_map import left_out

if TYPE_CHECKING:
    from dashboard.views.play_areas import PlayRegister

DRAWN = Outlines({"thac-mo": (((107.0, 11.8), (107.1, 11.8), (107.1, 11.9), (107.0, 11.8)),)}, ())


class Register:
    """The part of a register that the map is drawn from."""

    def __init__(self, outlines: str | None, positions: list[tuple[float | None, float | None]]) -> None:
        self.outlines = outlines
        self.communes = pl.DataFrame({"slug": ["thac-mo"], "area": [11]})
        schema = {"latitude": pl.Float64, "longitude": pl.Float64}
        self.places = pl.DataFrame(positions, schema=schema, orient="row")


def said(positions: list[tuple[float | None, float | None]], outlines: str | None = DRAWN.to_json()) -> str:
    return left_out(cast("PlayRegister", Register(outlines, positions)))


def test_places_off_the_map_are_counted_in_a_sentence() -> None:
    sentence = said([(11.85, 107.05), (1.185, 107.05), (None, None)])
    assert sentence.startswith("2 điểm")
    assert "có trong danh sách" in sentence


def test_nothing_is_said_where_every_place_is_shown() -> None:
    assert said([(11.85, 107.05)]) == ""
    assert said([]) == ""


@pytest.mark.parametrize("outlines", [None, "", Outlines({"noi-khac": DRAWN.rings["thac-mo"]}, ()).to_json()])
def test_tiles_leave_no_place_out(outlines: str | None) -> None:
    assert said([(1.185, 107.05), (None, None)], outlines) == ""
