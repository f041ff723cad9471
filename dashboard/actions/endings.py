"""Sessions that an act has ended: whoever keeps a screen open asks anew at once, not at the next beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def after_sessions_ended(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener`, from any thread, whenever this process has ended sessions; returns the way off."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def announce_ended_sessions() -> None:
    """After the commit, so that who asks anew finds the session ended."""
    for listener in tuple(_listeners):
        listener()
