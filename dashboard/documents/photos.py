"""Photos of places, made anew: only the picture itself is kept of what somebody uploads."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps

from dashboard.documents.photo import MOST_BYTES, Photo, PhotoProblem, PhotoRefused

MOST_PIXELS: Final = 50_000_000
LEAST_SIDE: Final = 50
LONGEST_SIDE: Final = 1600
THUMBNAIL_SIDE: Final = 400
QUALITY: Final = 82
# Levels of grey in 16 bits for each in 8.
LEVELS: Final = 257
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def prepare_as_json(content: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """For the process of its own: what is told of the photo and its two pictures, or why it was refused."""
    try:
        photo = prepare_photo(content)
    except PhotoRefused as refused:
        return {"refused": refused.problem, "params": refused.params}, ()
    told = {"width": photo.width, "height": photo.height, "sha256": photo.sha256}
    return told, (photo.jpeg, photo.thumbnail)


def prepare_photo(content: bytes) -> Photo:
    """Decode an uploaded JPEG, PNG or WebP and encode it anew. Raises PhotoRefused."""
    if len(content) > MOST_BYTES:
        raise PhotoRefused(PhotoProblem.too_large, most_bytes=MOST_BYTES)
    if not _claims_to_be_a_photo(content):
        raise PhotoRefused(PhotoProblem.not_a_photo)
    try:
        picture = _decoded(content)
    except (PhotoRefused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PhotoRefused(PhotoProblem.too_many_pixels, most_pixels=MOST_PIXELS) from bomb
    except Exception as fault:  # Pillow's decoders raise whatever broken bytes lead them to
        raise PhotoRefused(PhotoProblem.corrupt) from fault
    jpeg, (width, height) = _encoded(picture), picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(jpeg, _encoded(picture), width, height, sha256(jpeg).hexdigest())


def _claims_to_be_a_photo(content: bytes) -> bool:
    """By its first bytes, whatever its name: what breaks later is then a photo that got damaged."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_webp or content.startswith(_SIGNATURES)


def _decoded(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        # Only the heading was read so far: what is too large is refused before it takes memory.
        _check_size(*picture.size)
        # A JPEG can be decoded straight at about the size that is needed.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        return _on_white(_upright(_shrunk(picture)))


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PhotoRefused(PhotoProblem.too_many_pixels, most_pixels=MOST_PIXELS)
    if min(width, height) < LEAST_SIDE:
        raise PhotoRefused(PhotoProblem.too_small, least_side=LEAST_SIDE)


def _shrunk(picture: Image.Image) -> Image.Image:
    """Before anything else is done with it: each further step on the whole would take as much memory again."""
    if picture.mode.startswith("I"):
        return _in_eight_bits(picture)
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    # A palette cannot be blended.
    blendable = picture if picture.mode == mode else picture.convert(mode)
    blendable.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return blendable


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Scanners write grey in 16 bits. A plain conversion takes whatever is above 255 for white."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # The grey that was to be seen through is counted in 16 bits too, and would be another one.
    picture.info.pop("transparency", None)
    return picture.convert("I").point(lambda level: level * (1 / LEVELS)).convert("RGB")


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - broken metadata does not break the picture, which was decoded already
        return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """On a new ground: comments and profiles stay behind with the old picture."""
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return ground


def _encoded(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()
