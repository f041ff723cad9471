"""How far children walk to play: from the middle of a thôn or khu phố to the nearest place, as the crow flies.

Offered distances: 400 m and 1,000 m, those of LEAP and NEAP in Fields in Trust's "Guidance for Outdoor Sport and
Play" (United Kingdom). No Vietnamese norm was found; the office chooses.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

EARTH_M: Final = 6_371_000
DISTANCES_M: Final[Sequence[int]] = (400, 1_000)


def nearest_place(quarters: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """quarter, place, distance_m (Float64): the nearest place of each quarter, where both have a position.

    `quarters`: quarter (Int64), latitude, longitude (Float64, nullable); `places` likewise with place.
    """
    known = ["latitude", "longitude"]
    pairs = quarters.drop_nulls(known).join(places.drop_nulls(known), how="cross", suffix="_place")
    return (
        pairs.with_columns(distance_m=_haversine())
        .sort("distance_m", "place")
        .group_by("quarter", maintain_order=True)
        .agg(pl.col("place", "distance_m").first())
        .select("quarter", "place", "distance_m")
    )


def _haversine() -> pl.Expr:
    half = math.pi / 360
    up = ((pl.col("latitude_place") - pl.col("latitude")) * half).sin().pow(2)
    along = ((pl.col("longitude_place") - pl.col("longitude")) * half).sin().pow(2)
    level = pl.col("latitude").radians().cos() * pl.col("latitude_place").radians().cos()
    return 2 * EARTH_M * (up + level * along).clip(0, 1).sqrt().arcsin()
