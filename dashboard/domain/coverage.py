"""What there is for children to play at: places and square metres for each of them, and how many have one near.

A share is worked out over what is known alone, and says what was left out: an unknown number is never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Provision:
    """Counting places for the children of the communes in which the children of every thôn and khu phố are known.

    `left_out`: names of the other communes. `unmeasured`: places without a size, so that `square_metres` is a least.
    """

    children: int
    places: int
    square_metres: int
    unmeasured: int
    left_out: tuple[str, ...]

    @property
    def children_per_place(self) -> float | None:
        return self.children / self.places if self.children and self.places else None

    @property
    def square_metres_per_child(self) -> float | None:
        if not self.children or (self.places and self.unmeasured == self.places):
            return None
        return self.square_metres / self.children


def provision(communes: pl.DataFrame) -> Provision:
    """`communes`: name (String); quarters, uncounted (thôn and khu phố whose children are not known), children,
    counting, unmeasured, square_metres (Int64, children nullable), one row each."""
    is_whole = (pl.col("quarters") > 0) & (pl.col("uncounted") == 0)
    whole = communes.filter(is_whole)
    return Provision(
        children=int(whole["children"].sum() or 0),
        places=int(whole["counting"].sum() or 0),
        square_metres=int(whole["square_metres"].sum() or 0),
        unmeasured=int(whole["unmeasured"].sum() or 0),
        left_out=tuple(communes.filter(~is_whole)["name"]),
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """Children with a counting place within the distance, of those who live where position and number are known.

    `known` of `quarters` thôn and khu phố are looked at. `unplaced` of `places` counting places have no position:
    with any of them the share is a least, because one of them may be nearer.
    """

    near: int
    children: int
    known: int
    quarters: int
    unplaced: int
    places: int

    @property
    def can_be_told(self) -> bool:
        return self.children > 0 and (self.places == 0 or self.unplaced < self.places)

    @property
    def is_whole(self) -> bool:
        return self.known == self.quarters and self.unplaced == 0


def walk(quarters: pl.DataFrame, counting: pl.DataFrame) -> Walk:
    """`quarters`: latitude (Float64), children (Int64), is_near (Boolean), each nullable; `counting`: latitude."""
    known = quarters.drop_nulls(["latitude", "children"])
    return Walk(
        near=int(known.filter(pl.col("is_near").fill_null(value=False))["children"].sum() or 0),
        children=int(known["children"].sum() or 0),
        known=known.height,
        quarters=quarters.height,
        unplaced=counting["latitude"].null_count(),
        places=counting.height,
    )
