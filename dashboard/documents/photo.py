"""Photos of places as they are kept, and why one was refused.

Apart from the making of them (see photos), so that no screen loads Pillow.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from dashboard.domain.pictures import Photo

__all__ = ["MOST_BYTES", "Photo", "PhotoProblem", "PhotoRefused"]

MOST_BYTES: Final = 10 * 1024 * 1024


class PhotoProblem(StrEnum):
    too_large = "too_large"
    not_a_photo = "not_a_photo"
    corrupt = "corrupt"
    too_many_pixels = "too_many_pixels"
    too_small = "too_small"
    heic = "heic"
    # Of the process in which it is read (see apart).
    too_complex = "too_complex"
    busy = "busy"
    unavailable = "unavailable"


class PhotoRefused(ValueError):
    """`params` hold the limit that was passed, where there is one."""

    def __init__(self, problem: PhotoProblem, **params: int) -> None:
        super().__init__(problem, params)
        self.problem, self.params = problem, params
