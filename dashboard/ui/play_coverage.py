"""Coverage beside its targets: communes with a counting place, and thôn and khu phố commune by commune."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.bullet import BulletWords, bullet_chart
from dashboard.charts.export import bullet_alternative
from dashboard.domain.attainment import Target, judge
from dashboard.domain.catalogue import TargetKind
from dashboard.domain.status import Status
from dashboard.i18n import _
from dashboard.ui.as_written import as_written
from dashboard.ui.charts import Drawn, finished_spec, style
from dashboard.ui.downloads import show_downloads
from dashboard.ui.labels import percent
from dashboard.ui.play import Seen, number, seen_as
from dashboard.ui.status import show_heading
from dashboard.ui.words import certainty_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt

    from dashboard.views.play_areas import PlayRegister

BASIS = 10_000


def show_coverage(register: PlayRegister) -> None:
    show_heading(_("Tỷ lệ có điểm vui chơi được tính: xã, phường; thôn, khu phố từng nơi"))
    drawn = _drawn_coverage(register, seen_as(register))
    st.vega_lite_chart(drawn.spec, key="coverage", alt=drawn.words)
    st.caption(as_written(_national(register)))
    show_downloads(
        lambda: _coverage_chart(register),
        lambda: _quarters_by_commune(register),
        name="thon-khu-pho-co-diem-vui-choi",
        synthetic=register.header.is_demonstration,
    )


def _national(register: PlayRegister) -> str:
    told = [
        _("Mục tiêu toàn quốc {year}: {value} số xã ({source}){note}").format(
            year=row["year"],
            value=percent(row["value_bp"]),
            source=row["source"],
            note=f" · {certainty_note(row['certainty'])}" if row["certainty"] != "quoted" else "",
        )
        for row in register.references.to_dicts()
    ]
    notes = register.references["note"].unique(maintain_order=True)
    return " · ".join((*told, *filter(None, notes)))


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn_coverage(_register: PlayRegister, key: Seen) -> Drawn:  # noqa: ARG001 - what the cache goes by
    words = bullet_alternative(_coverage_rows(_register), title=_("Thôn, khu phố có điểm vui chơi"))
    return Drawn(finished_spec(_coverage_chart(_register)), words)


def _coverage_chart(register: PlayRegister) -> alt.LayerChart:
    words = BulletWords(short_axis=_("trục từ 80%"))
    return bullet_chart(_coverage_rows(register), words=words, style=style(label_chars=20))


def _coverage_rows(register: PlayRegister) -> pl.DataFrame:
    """The plan sets no target for thôn and khu phố, so no bar is called met or missed."""
    known = register.communes.filter(pl.col("quarters") > 0)
    rows = [_town_row(register), *(_commune_row(row) for row in known.to_dicts())]
    schema = dict.fromkeys(("share", "target", "near", "last"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=schema)


def _town_row(register: PlayRegister) -> dict[str, Any]:
    """The plan's own indicator: communes with a counting place, against its target."""
    covered, every = register.covered_communes, register.communes.height
    target = None if register.target_bp is None else register.target_bp / BASIS
    near = None if target is None else target - register.near_bp / BASIS
    judged = Target(TargetKind.share_of_communes, register.target_bp, register.near_bp)
    status = judge(covered, every, judged)
    told = f"{covered}/{every}"
    return {
        "indicator_code": "town",
        "indicator_label": _("Số xã, phường"),
        "position": -1,
        "share": covered / every if every else None,
        "target": target,
        "near": near,
        "last": None,
        "status": (status if register.target_bp else Status.no_target).value,
        "right_label": told if target is None else f"{told} / {percent(register.target_bp or 0)}",
    }


def _commune_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "indicator_code": row["slug"],
        "indicator_label": row["name"],
        "position": row["position"],
        "share": row["covered"] / row["quarters"],
        "target": None,
        "near": None,
        "last": None,
        "status": Status.no_target.value,
        "right_label": _coverage_label(row),
    }


def _coverage_label(row: Mapping[str, Any]) -> str:
    told = f"{row['covered']}/{row['quarters']}"
    without = (row["children"] or 0) - (row["children_covered"] or 0)
    if not without:
        return told
    return "\n".join((told, _("{n} trẻ em chưa có").format(n=number(without))))


def _quarters_by_commune(register: PlayRegister) -> pl.DataFrame:
    """The coverage of thôn and khu phố as a table for people: one row per commune."""
    return register.communes.select(
        pl.col("full_name").alias(_("Xã, phường")),
        pl.col("quarters").alias(_("Thôn, khu phố")),
        pl.col("covered").alias(_("Thôn, khu phố có điểm")),
        pl.col("children").alias(_("Trẻ em")),
        pl.col("children_covered").alias(_("Trẻ em ở nơi có điểm")),
    )
