"""Choices kept in the address, so that a link opens what its sender saw.

Streamlit's own binding writes the words of the screen into the address (`?period=6 tháng`): a link sent by a
reader of Vietnamese would open another period for a reader of English. Here the address holds the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T", str, int)


def address_key(name: str) -> str:
    """The key of the widget that shows this choice."""
    return f"address:{name}"


def addressed(name: str, options: Sequence[T], default: T) -> T:
    """The choice that the address names, or the one made before on another page, or `default`."""
    known = {str(option): option for option in options}
    kept = st.session_state.get(_kept(name))
    return known.get(st.query_params.get(name, ""), known.get(str(kept), default))


def prepare_choice(name: str, options: Sequence[T], default: T) -> None:
    """Give the widget with `address_key(name)` its value; called just before the widget is drawn."""
    value = addressed(name, options, default)
    st.session_state[address_key(name)] = value
    if value != default and st.query_params.get(name) != str(value):
        st.query_params[name] = str(value)


def keep_choice(name: str) -> None:
    """The widget's `on_change`: put what was chosen into the address, and remember it for other pages."""
    turn_to(name, st.session_state[address_key(name)])


def turn_to(name: str, value: str | int) -> None:
    """Make a choice for the person: put it into the address, and remember it for other pages."""
    st.session_state[_kept(name)] = value
    st.query_params[name] = str(value)


def follow_click(name: str, clicked: Sequence[T | None], options: Sequence[T]) -> None:
    """Put what was clicked in one of several charts into the address, before the list of the same choice is drawn.

    A click stays in its chart on every later run; only one that is new moves the choice.
    """
    before: tuple[T | None, ...] = st.session_state.get(f"clicked:{name}", (None,) * len(clicked))
    fresh = [
        now
        for now, then in zip(clicked, before, strict=False)
        if now is not None and now in options and now != then
    ]
    st.session_state[f"clicked:{name}"] = tuple(clicked)
    if fresh:
        turn_to(name, fresh[-1])


def segmented_choice(
    name: str, label: str, options: Sequence[str], *, default: str, words: Callable[[str], str]
) -> str:
    """A few options side by side, one of them chosen, kept in the address under `name`."""
    prepare_choice(name, options, default)
    chosen = st.segmented_control(
        label,
        options,
        format_func=words,
        required=True,
        key=address_key(name),
        on_change=keep_choice,
        args=(name,),
        wrap=True,
    )
    return chosen or default


def _kept(name: str) -> str:
    return f"kept:{name}"
