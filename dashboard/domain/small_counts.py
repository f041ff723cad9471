"""Numbers so small that a child could be guessed from them, and what must be hidden with them.

In a commune of some thousand people everybody knows the one disabled child of six. So counts from 1 to 4 of what
the catalogue calls sensitive are shown only to whom the table of rights names. A hidden number must not come back
by subtraction: where a sum is published, a second cell is hidden with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboard.domain.permissions import Sight

# From 1 to LIMIT - 1 a count is small; nought names nobody.
LIMIT: Final = 5
# One child left out of so many is hidden among them; of fewer, the rest is as telling as the count itself.
CROWD: Final = 10
# A second hidden cell of at least so many leaves every hidden small count all its values from 1 to 4.
AMPLE: Final = 2 * LIMIT - 2


class Mask(StrEnum):
    """`small`: the number lies below LIMIT. `other`: it is hidden so that a small one stays hidden."""

    small = "small"
    other = "other"


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of a sum: children, or children of children. `is_seen`: this reader may see it as it is."""

    numerator: int
    denominator: int | None = None
    is_seen: bool = False

    @property
    def is_small(self) -> bool:
        return is_small(self.numerator, self.denominator)

    @property
    def is_ample(self) -> bool:
        return self.numerator >= AMPLE


def is_small(numerator: int | None, denominator: int | None = None) -> bool:
    """Whether the count, what it is counted of, or the rest between them (in a small group) is below LIMIT."""
    rest = (
        denominator - numerator
        if numerator is not None and denominator is not None and denominator < CROWD
        else None
    )
    return any(count is not None and 0 < count < LIMIT for count in (numerator, denominator, rest))


def masks(parts: Sequence[Count], *, has_sum: bool) -> tuple[tuple[Mask | None, ...], Mask | None]:
    """What to hide of `parts`, and of their sum where one is published.

    Where nothing is large enough to hide a small one behind it, the sum is hidden, too.
    """
    hidden = [Mask.small if part.is_small and not part.is_seen else None for part in parts]
    if not any(hidden) or not has_sum:
        return tuple(hidden), None
    whole = _sum(parts)
    if whole.is_small:
        return tuple(hidden), Mask.small
    ample = [
        number
        for number, part in enumerate(parts)
        if part.is_ample and not part.is_seen and hidden[number] is None
    ]
    if not ample:
        return tuple(hidden), Mask.other
    least = min(ample, key=lambda number: (parts[number].denominator or parts[number].numerator, number))
    hidden[least] = Mask.other
    return tuple(hidden), None


def _sum(parts: Iterable[Count]) -> Count:
    known = list(parts)
    denominators = [part.denominator for part in known if part.denominator is not None]
    return Count(sum(part.numerator for part in known), sum(denominators) if denominators else None)


def is_seen(sight: Sight) -> pl.Expr:
    """Whether the reader of this `sight` may see a row as it is; needs `area` and `lead` (Int64)."""
    if sight.is_everywhere:
        return pl.lit(value=True)
    own = pl.col("area") == pl.lit(sight.area_id, dtype=pl.Int64)
    led = pl.col("lead") == pl.lit(sight.agency_id, dtype=pl.Int64)
    return own.fill_null(value=False) | led.fill_null(value=False)


def with_masks(cells: pl.DataFrame, sums: Sequence[str]) -> pl.DataFrame:
    """Add `mask` (a Mask or null). Cells with equal `sums` add up to the one of them that `is_total`.

    `cells`: `sums`, area, numerator, denominator (Int64), is_sensitive, is_seen, is_total (Boolean).
    """
    open_cells = cells.filter(pl.col("is_sensitive") & pl.col("numerator").is_not_null())
    small = open_cells.filter(is_small_count() & ~pl.col("is_seen")).select(sums).unique()
    groups = open_cells.join(small, on=sums, how="semi", nulls_equal=True)
    rows = [row for group in groups.partition_by(sums) for row in _masked_rows(group, sums)]
    keys = [*sums, "area"]
    schema: dict[str, pl.DataType] = {name: cells.schema[name] for name in keys} | {"mask": pl.String()}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return cells.join(found, on=keys, how="left", maintain_order="left")


def is_small_count() -> pl.Expr:
    """`is_small` of the columns numerator and denominator."""
    numerator, denominator = pl.col("numerator"), pl.col("denominator")
    rest = pl.when(denominator < CROWD).then(denominator - numerator)
    return pl.any_horizontal(
        count.is_between(1, LIMIT - 1).fill_null(value=False) for count in (numerator, denominator, rest)
    )


def _masked_rows(group: pl.DataFrame, sums: Sequence[str]) -> list[tuple[Any, ...]]:
    below, above = group.filter(~pl.col("is_total")).sort("area"), group.filter("is_total")
    parts = [Count(*row) for row in below.select("numerator", "denominator", "is_seen").iter_rows()]
    hidden, whole = masks(parts, has_sum=above.height > 0)
    keys = group.select(sums).row(0)
    rows = [
        (*keys, area, mask.value)
        for area, mask in zip(below["area"], hidden, strict=True)
        if mask is not None
    ]
    return rows + [(*keys, area, whole.value) for area in above["area"] if whole is not None]
