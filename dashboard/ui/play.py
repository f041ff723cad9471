"""The parts of the page on play areas: each shows one thing of a PlayRegister."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.charts.export import play_map_alternative
from dashboard.charts.play_map import play_tile_map_chart
from dashboard.charts.tiles import AREA_SELECTION
from dashboard.documents.words import condition_word, kind_word
from dashboard.domain.numbers import format_date, format_number, format_share
from dashboard.domain.play_areas import MapState
from dashboard.domain.status import Status
from dashboard.i18n import _, current_language, ngettext, pgettext
from dashboard.ui.as_written import as_written
from dashboard.ui.charts import Drawn, finished_spec, style, theme
from dashboard.ui.downloads import show_downloads
from dashboard.ui.labels import percent
from dashboard.ui.outline_map import left_out, outline_map
from dashboard.ui.register_words import (
    check_result_word,
    map_state_word,
    reasons_sentence,
)
from dashboard.ui.status import show_heading
from dashboard.ui.tables import show_table
from dashboard.ui.words import status_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt

    from dashboard.domain.coverage import Provision, Walk
    from dashboard.views.places import StandardInForce
    from dashboard.views.play_areas import PlayRegister

Seen = tuple[int, object, str, str]
THOUSAND = 1000
TILE_TEXT = 14
LISTED = 12
SYMBOLS = {MapState.usable: "●", MapState.to_repair: "▲", MapState.stopped: "✕"}


@dataclass(frozen=True)
class DrawnMap(Drawn):
    """`left_out` says which places the map does not show; empty where it shows all."""

    left_out: str


def seen_as(register: PlayRegister) -> Seen:
    """What a drawing of the register depends on: the key of its cache."""
    return register.version, register.day, theme(), current_language()


def number(value: float) -> str:
    return format_number(value, language=current_language())


def show_title(register: PlayRegister) -> None:
    """The answer first: communes with a counting place, and where children have none near."""
    every = register.communes.height
    answer = _("{n}/{all} xã, phường có điểm vui chơi đạt tiêu chuẩn").format(
        n=register.covered_communes, all=every
    )
    without = register.uncovered.height
    if without:
        more = ngettext("{n} thôn, khu phố chưa có", "{n} thôn, khu phố chưa có", without).format(n=without)
        answer = f"{answer}; {more}"
    st.title(answer, anchor=False)
    st.caption(as_written(register.header.area_name))


def standard_sentence(stated: StandardInForce) -> str:
    """What counts, beside every share that is judged by it."""
    if stated.valid_from is None:
        return _(
            "Cơ quan thường trực chưa đặt tiêu chuẩn: mọi điểm đang hoạt động, không bị đánh giá mất an toàn đều được tính."
        )
    standard, parts = stated.standard, []
    if standard.min_area_m2:
        parts.append(_("từ {n} m²").format(n=number(standard.min_area_m2)))
    if standard.needs_equipment:
        parts.append(_("có thiết bị"))
    if standard.needs_open_to_all:
        parts.append(_("mở cho mọi trẻ em"))
    if standard.max_check_age_months:
        months = standard.max_check_age_months
        within = ngettext("kiểm tra an toàn trong {n} tháng", "kiểm tra an toàn trong {n} tháng", months)
        parts.append(within.format(n=months))
    since = format_date(stated.valid_from, current_language())
    told = _("Tiêu chuẩn áp dụng từ {day}: {parts}").format(
        day=since, parts=", ".join(parts) or _("đang hoạt động")
    )
    return f"{told} ({stated.document})" if stated.document else told


def show_key_figures(register: PlayRegister) -> None:
    quarters, had = register.quarters, register.provision
    covered = quarters.filter("is_covered").height
    per_place = had.children_per_place
    with st.grid(4, gap="small"):
        _metric(
            _("Xã, phường có điểm"),
            f"{register.covered_communes}/{register.communes.height}",
            _target_note(register),
        )
        _metric(
            _("Thôn, khu phố có điểm"),
            f"{covered}/{quarters.height}" if quarters.height else "–",
            _walking_note(register.walk, register.standard.walking_m),
        )
        _metric(
            _("Trẻ em trên một điểm"),
            "–" if per_place is None else number(round(per_place)),
            _space_note(had),
        )
        _metric(
            _("Quá hạn kiểm tra an toàn"),
            str(register.overdue.height),
            _("{counting}/{n} điểm được tính").format(
                n=register.places.height, counting=register.counting.height
            ),
        )


def _metric(label: str, value: str, note: str) -> None:
    st.metric(label, value, delta_description=note, border=True, height="stretch")


def _target_note(register: PlayRegister) -> str:
    if register.target_bp is None:
        return _("chưa có mục tiêu")
    return _("mục tiêu {target}").format(target=percent(register.target_bp))


def _space_note(had: Provision) -> str:
    each = had.square_metres_per_child
    if each is None:
        return _("chưa đủ số liệu để tính m² cho mỗi trẻ em")
    n = format_number(each, language=current_language(), decimals=1)
    told = _("ít nhất {n} m² cho mỗi trẻ em") if had.unmeasured else _("{n} m² cho mỗi trẻ em")
    return told.format(n=n)


def _walking_note(walk: Walk, metres: int) -> str:
    """Share of children within the distance; with places of unknown position it can only be more."""
    if not walk.can_be_told:
        return _("chưa có vị trí để tính khoảng cách")
    share = format_share(walk.near, walk.children, language=current_language())
    told = _("ít nhất {share} trẻ em trong {n} m") if walk.unplaced else _("{share} trẻ em trong {n} m")
    return told.format(share=share, n=number(metres))


def _left_out(register: PlayRegister) -> list[str]:
    """What the figures for each child and within walking distance do not speak of."""
    had, walk, told = register.provision, register.walk, []
    if had.left_out:
        told.append(
            _("Trẻ em trên một điểm và m² cho mỗi trẻ em chưa gồm nơi chưa đủ số trẻ em: {names}").format(
                names=", ".join(had.left_out)
            )
        )
    if had.unmeasured:
        told.append(_("{n} điểm được tính chưa rõ diện tích").format(n=had.unmeasured))
    if not walk.is_whole:
        told.append(
            _(
                "Khoảng cách tính trên {known}/{quarters} thôn, khu phố có vị trí và số trẻ em, "
                "{placed}/{places} điểm được tính có vị trí"
            ).format(
                known=walk.known,
                quarters=walk.quarters,
                placed=walk.places - walk.unplaced,
                places=walk.places,
            )
        )
    return told


# A map keeps its shape, so the page may not give it a width of its own: the finished picture is made to fit its card.
# Streamlit's toolbar would stretch it over the whole screen.
MAP_STYLE = """<style>
.st-key-play-map,.st-key-play-map :has([data-testid=stVegaLiteChart]),
.st-key-play-map [data-testid=stVegaLiteChart]{width:100%}
.st-key-play-map svg.marks{width:100%;max-width:35rem;height:auto}
.st-key-play-map [data-testid=stElementToolbar]{display:none}
</style>"""


def show_map(register: PlayRegister) -> int | None:
    """The communes with their places as dots by state; returns the commune that was clicked."""
    show_heading(_("Điểm vui chơi theo xã, phường"))
    st.html(MAP_STYLE)
    drawn = _drawn_map(register, seen_as(register))
    event = st.vega_lite_chart(
        drawn.spec,
        key="play-map",
        width="content",
        on_select="rerun",
        selection_mode=AREA_SELECTION,
        alt=drawn.words,
    )
    st.caption(
        " · ".join(f"{SYMBOLS[state]} {map_state_word(state)}" for state in MapState)
        + " · "
        + _("số trong ô: điểm được tính / điểm trong sổ")
    )
    if drawn.left_out:
        st.caption(drawn.left_out)
    show_downloads(
        lambda: _map(register),
        lambda: _commune_table(register),
        name="diem-vui-choi",
        synthetic=register.header.is_demonstration,
    )
    points = event.selection.get(AREA_SELECTION, []) if event else []
    return int(points[0]["area_id"]) if points else None


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn_map(_register: PlayRegister, key: Seen) -> DrawnMap:  # noqa: ARG001 - what the cache goes by
    words = play_map_alternative(_tiles(_register), title=_("Điểm vui chơi theo xã, phường"))
    return DrawnMap(finished_spec(_map(_register)), words, left_out(_register))


def _map(register: PlayRegister) -> alt.LayerChart:
    tiles, dots = _tiles(register), _dots(register)
    drawn = outline_map(register, tiles, dots) if register.outlines else None
    placed = tiles.drop_nulls(["row", "column"])
    return drawn or play_tile_map_chart(placed, dots, style=style(text_size=TILE_TEXT))


def commune_status(row: Mapping[str, Any]) -> Status:
    """A commune whose register nobody has begun has not said that it has no place."""
    if row["counting"]:
        return Status.met
    return Status.off if row["places"] or row["quarters"] else Status.not_reported


def _tiles(register: PlayRegister) -> pl.DataFrame:
    rows = register.communes.to_dicts()
    states = [commune_status(row) for row in rows]
    return register.communes.select(
        pl.col("area").alias("area_id"),
        pl.col("tile_row").alias("row"),
        pl.col("tile_column").alias("column"),
        pl.col("name").alias("label"),
        pl.Series("status", [state.value for state in states], dtype=pl.String),
        pl.Series("value_label", [f"{row['counting']}/{row['places']}" for row in rows], dtype=pl.String),
        pl.Series("status_word", [status_word(state) for state in states], dtype=pl.String),
        pl.col("full_name").alias("tooltip_title"),
        pl.Series("tooltip_lines", [_commune_tooltip(row) for row in rows], dtype=pl.String),
    )


def _commune_tooltip(row: Mapping[str, Any]) -> str:
    lines = [
        _("{n} điểm được tính / {all} điểm trong sổ").format(n=row["counting"], all=row["places"]),
        _("{n}/{all} thôn, khu phố có điểm").format(n=row["covered"], all=row["quarters"]),
    ]
    if row["children"] is not None:
        lines.append(_("{n} trẻ em").format(n=number(row["children"])))
    if row["overdue"]:
        lines.append(_("{n} điểm quá hạn kiểm tra").format(n=row["overdue"]))
    return "\n".join(lines)


def _dots(register: PlayRegister) -> pl.DataFrame:
    rows = register.places.to_dicts()
    return register.places.select(
        pl.col("area").alias("area_id"),
        pl.col("place").alias("place_id"),
        pl.col("longitude").alias("x"),
        pl.col("latitude").alias("y"),
        pl.col("map_state").alias("state"),
        pl.format("{} {}", "code", "name").alias("tooltip_title"),
        pl.Series("tooltip_lines", [_place_tooltip(row) for row in rows], dtype=pl.String),
    )


def _place_tooltip(row: Mapping[str, Any]) -> str:
    lines = [
        f"{kind_word(row['kind'])} · {map_state_word(row['map_state'])}",
        counting_sentence(row),
        check_sentence(row),
    ]
    return "\n".join(lines)


def counting_sentence(row: Mapping[str, Any]) -> str:
    if row["counts"]:
        return _("được tính")
    return _("không được tính: {reasons}").format(reasons=reasons_sentence(row["reasons"]))


def check_sentence(row: Mapping[str, Any]) -> str:
    """The last safety check with its day and when the next is due."""
    if row["checked_on"] is None:
        return check_result_word(None)
    language = current_language()
    told = f"{check_result_word(row['check_result'])} {format_date(row['checked_on'], language)}"
    if row["next_due"]:
        due = _("hạn kiểm tra lại {day}").format(day=format_date(row["next_due"], language))
        return f"{told}, {due}"
    return told


def show_uncovered(register: PlayRegister) -> None:
    """The list that matters more than the map: thôn and khu phố without cover, most children first."""
    rows = register.uncovered
    show_heading(_("Thôn, khu phố chưa có điểm vui chơi được tính"))
    if register.quarters.is_empty():
        st.info(
            _("Chưa có danh sách thôn, khu phố. Xã, phường lập danh sách tại trang “Sổ điểm vui chơi”."),
            icon=":material/inbox:",
        )
        return
    if rows.is_empty():
        st.markdown(_("Mọi thôn, khu phố đều có điểm vui chơi được tính."))
        return
    st.markdown(_without_cover(rows))
    _quarter_table(rows.head(LISTED))
    if rows.height > LISTED:
        with st.expander(_("Xem đủ {n} thôn, khu phố").format(n=rows.height)):
            _quarter_table(rows.tail(rows.height - LISTED))


def _without_cover(rows: pl.DataFrame) -> str:
    children, unknown = int(rows["children"].sum() or 0), rows["children"].null_count()
    told = _("**{n} thôn, khu phố, {children} trẻ em**").format(n=rows.height, children=number(children))
    if not unknown:
        return told
    return " · ".join((told, _("chưa rõ số trẻ em của {n} nơi").format(n=unknown)))


def _quarter_table(rows: pl.DataFrame) -> None:
    show_table(
        (_("Thôn, khu phố"), _("Xã, phường"), _("Trẻ em"), _("Điểm gần nhất")),
        [
            (
                row["name"],
                row["area_name"],
                "…" if row["children"] is None else number(row["children"]),
                _distance(row["distance_m"]),
            )
            for row in rows.to_dicts()
        ],
        numbers=(2, 3),
    )


def _distance(metres: float | None) -> str:
    if metres is None:
        return "–"
    if metres < THOUSAND:
        return _("{n} m").format(n=number(round(metres, -1)))
    return _("{n} km").format(n=format_number(metres / THOUSAND, language=current_language(), decimals=1))


def show_places(rows: pl.DataFrame) -> None:
    """Places with kind, state, whether each counts and why not."""
    if rows.is_empty():
        st.caption(_("Không có điểm vui chơi nào khớp với lựa chọn."))
        return
    show_table(
        (
            _("Mã"),
            _("Tên"),
            _("Loại"),
            _("Thôn, khu phố"),
            _("m²"),
            _("Tình trạng"),
            _("Kiểm tra an toàn"),
            _("Được tính"),
        ),
        [_place_row(row) for row in rows.to_dicts()],
        caption=pgettext("places", "{n} điểm").format(n=rows.height),
        numbers=(4,),
        whole=(0,),
    )


def _place_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    counted = f"✓ {_('được tính')}" if row["counts"] else f"✕ {reasons_sentence(row['reasons'])}"
    where = " · ".join(filter(None, (row["area_name"], row["quarter_name"])))
    return (
        row["code"],
        row["name"],
        kind_word(row["kind"]),
        where,
        "…" if row["area_m2"] is None else number(row["area_m2"]),
        f"{SYMBOLS[MapState(row['map_state'])]} {condition_word(row['condition'])}",
        check_sentence(row),
        counted,
    )


def show_kinds(register: PlayRegister) -> None:
    """Places by kind and state."""
    rows = register.places.group_by("kind").agg(
        *((pl.col("map_state") == state.value).sum().cast(pl.Int64).alias(state.value) for state in MapState),
        counts=pl.col("counts").sum().cast(pl.Int64),
        total=pl.len().cast(pl.Int64),
    )
    show_table(
        (
            _("Loại"),
            *(f"{SYMBOLS[state]}\N{NO-BREAK SPACE}{map_state_word(state)}" for state in MapState),
            _("Được tính"),
            _("Cộng"),
        ),
        [
            (
                kind_word(row["kind"]),
                *(str(row[state.value]) for state in MapState),
                str(row["counts"]),
                str(row["total"]),
            )
            for row in rows.sort("total", "kind", descending=[True, False]).to_dicts()
        ],
        caption=_("Theo loại và tình trạng"),
        numbers=(1, 2, 3, 4, 5),
    )


def show_footer(register: PlayRegister) -> None:
    source = _(
        "Nguồn: sổ điểm vui chơi của xã, phường và cơ quan phụ trách · {standard}. "
        "Khoảng cách tính theo đường chim bay từ giữa thôn, khu phố nên đường đi thật dài hơn; mức 400 m và 1.000 m "
        "là quãng đường đi bộ theo hướng dẫn của Fields in Trust (Anh), chưa tìm thấy quy định trong nước."
    ).format(standard=standard_sentence(register.standard).rstrip("."))
    st.caption(as_written(" · ".join((source, *_left_out(register)))))


def _commune_table(register: PlayRegister) -> pl.DataFrame:
    """The register as a table for people: one row per commune."""
    return register.communes.select(
        pl.col("full_name").alias(_("Xã, phường")),
        pl.col("places").alias(_("Điểm trong sổ")),
        pl.col("counting").alias(_("Điểm được tính")),
        pl.col("overdue").alias(_("Quá hạn kiểm tra an toàn")),
        pl.col("quarters").alias(_("Thôn, khu phố")),
        pl.col("covered").alias(_("Thôn, khu phố có điểm")),
        pl.col("children").alias(_("Trẻ em")),
        pl.col("children_covered").alias(_("Trẻ em ở nơi có điểm")),
        pl.col("square_metres").alias(_("m² được tính")),
    )
