"""What a reader of figures is not shown: small counts of children who could be guessed from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from dashboard.domain.permissions import Capability, sight
from dashboard.domain.small_counts import is_seen, with_masks
from dashboard.domain.status import Status

if TYPE_CHECKING:
    from dashboard.domain.permissions import Actor, Sight

BASELINE: Final = ["baseline_numerator", "baseline_denominator"]
COMPARED: Final = ["compared_numerator", "compared_denominator"]


def sight_of(actor: Actor) -> Sight:
    """Where `actor` sees small counts; views are asked with it, and kept by it."""
    return sight(actor, Capability.see_small_counts)


def masked_history(rows: pl.DataFrame, town: int, reader: Sight) -> pl.DataFrame:
    """`rows` of an overview's history as the reader of this `sight` may see them.

    Needs the columns of dashboard.views.history.history. A masked row keeps who entered it and when; its numbers,
    share and gap are null, its status is `masked`, and the row of the year after it has no baseline.
    """
    judged = rows.with_columns(is_seen=is_seen(reader), is_total=pl.col("area") == town)
    found = with_masks(judged, ["indicator", "period"]).drop("is_seen", "is_total")
    if found["mask"].null_count() == found.height:
        return found
    in_sum = pl.col("mask").is_not_null().any().over("indicator", "period")
    hidden = pl.col("mask").is_not_null()
    # Sums over some of the communes only would give a hidden one back, so the town loses them with any of its communes.
    is_town = pl.col("area") == town
    found = found.with_columns(hides_baseline=pl.when(is_town).then(in_sum).otherwise(hidden))
    before = found.filter("hides_baseline").select(
        "indicator", "area", "part", year=pl.col("year") + 1, had_hidden=pl.lit(value=True)
    )
    numbers = ["numerator", "denominator", "share", "gap"]
    had_hidden = pl.col("had_hidden").fill_null(value=False)
    return (
        found.join(before, on=["indicator", "area", "part", "year"], how="left", maintain_order="left")
        .with_columns(
            pl.when(~hidden).then(pl.col(numbers)),
            pl.when(~pl.col("hides_baseline")).then(pl.col(COMPARED)),
            pl.when(~pl.col("hides_baseline") & ~had_hidden).then(pl.col(BASELINE)),
            status=pl.when(hidden).then(pl.lit(Status.masked.value)).otherwise("status"),
        )
        .drop("hides_baseline", "had_hidden")
    )


def masked_wholes(wholes: pl.DataFrame, reader: Sight) -> pl.DataFrame:
    """`wholes` with `mask`, and without the numbers that the reader of this `sight` may not see.

    The same cells as on the overview are hidden. Needs indicator, area, period, numerator, denominator,
    is_sensitive, lead of all communes.
    """
    judged = wholes.with_columns(is_seen=is_seen(reader), is_total=pl.lit(value=False))
    sums = judged.group_by("indicator", "period").agg(
        pl.col("numerator", "denominator").sum(), pl.col("is_sensitive").first()
    )
    town = sums.with_columns(
        area=pl.lit(0, dtype=pl.Int64), is_seen=pl.lit(value=False), is_total=pl.lit(value=True)
    )
    every = pl.concat([judged, town], how="diagonal")
    found = with_masks(every, ["indicator", "period"]).filter(~pl.col("is_total"))
    is_hidden = pl.col("mask").is_not_null()
    return found.with_columns(pl.when(~is_hidden).then(pl.col("numerator", "denominator"))).drop(
        "is_seen", "is_total"
    )
