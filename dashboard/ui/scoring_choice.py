"""Whose scores the form shows: the commune, and which side's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.domain.permissions import Capability, Role, can_somewhere
from dashboard.domain.recognition import SIDE_OPEN, Side
from dashboard.i18n import _
from dashboard.ui.address import address_key, keep_choice, prepare_choice, segmented_choice
from dashboard.ui.register_words import side_word, state_word

if TYPE_CHECKING:
    from dashboard.domain.permissions import Actor
    from dashboard.views.recognition import CommuneWay, Recognition


def choose_commune(seen: Recognition, actor: Actor) -> CommuneWay:
    """A commune officer's own commune; for others the one of the list, kept in the address."""
    own = seen.commune(actor.area_id or 0)
    if actor.role is Role.commune_officer and own:
        return own
    by_id = {each.area: each for each in seen.communes}
    prepare_choice("commune", list(by_id), next(iter(by_id)))
    chosen = st.selectbox(
        _("Xã, phường"),
        list(by_id),
        format_func=lambda area: f"{by_id[area].full_name} · {state_word(by_id[area].state)}",
        key=address_key("commune"),
        on_change=keep_choice,
        args=("commune",),
    )
    return by_id[chosen]


def choose_side(commune: CommuneWay, actor: Actor) -> Side:
    """Who may appraise chooses between both sides; the one that is open now comes first."""
    if not can_somewhere(actor, Capability.appraise):
        return Side.own
    usual = Side.own if commune.state in SIDE_OPEN[Side.own] else Side.appraised
    return Side(
        segmented_choice(
            "side", _("Bên chấm"), [side.value for side in Side], default=usual.value, words=side_word
        )
    )
