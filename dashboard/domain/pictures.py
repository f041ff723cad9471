"""A picture as the register keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photo:
    """Both pictures are JPEG without metadata; `sha256` (hexadecimal) is that of `jpeg`."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str
