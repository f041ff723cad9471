"""Photos of places, made anew: only the picture itself is kept of what somebody uploads."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps

from dashboard.documents.file_kinds import FileKind, kind_of
from dashboard.documents.photo import MOST_BYTES, Photo, PhotoProblem, PhotoRefused

# A JPEG is decoded straight at about the size that is needed, so that phones of 108 million pixels and panoramas
# take little memory. What must be decoded whole takes up to 24 bytes for each pixel (WebP).
MOST_PIXELS: Final = {
    "JPEG": 120_000_000,
    "MPO": 120_000_000,
    "HEIF": 50_000_000,
    "PNG": 25_000_000,
    "WEBP": 25_000_000,
}
# Where the picture comes in several passes, all of them are kept until the last one.
MOST_PROGRESSIVE_BYTES: Final = 500_000_000
# Cameras and programs write about ten; each is work on the whole picture.
MOST_SCANS: Final = 100
LEAST_SIDE: Final = 50
LONGEST_SIDE: Final = 1600
THUMBNAIL_SIDE: Final = 400
QUALITY: Final = 82
# Levels of grey in 16 bits for each in 8.
LEVELS: Final = 257
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_SCAN: Final = b"\xff\xda"
# Our own limits say what is too large, for each format and in words.
Image.MAX_IMAGE_PIXELS = None


def prepare_as_json(content: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """For the process of its own: what is told of the photo and its two pictures, or why it was refused."""
    try:
        photo = prepare_photo(content)
    except PhotoRefused as refused:
        return {"refused": refused.problem, "params": refused.params}, ()
    told = {"width": photo.width, "height": photo.height, "sha256": photo.sha256}
    return told, (photo.jpeg, photo.thumbnail)


def prepare_photo(content: bytes) -> Photo:
    """Decode an uploaded JPEG, PNG, WebP or HEIC and encode it anew. Raises PhotoRefused."""
    if len(content) > MOST_BYTES:
        raise PhotoRefused(PhotoProblem.too_large, most_bytes=MOST_BYTES)
    formats = _formats(content)
    try:
        picture = _decoded(content, formats)
    except (PhotoRefused, MemoryError):
        raise
    except Exception as fault:  # Pillow's decoders raise whatever broken bytes lead them to
        raise PhotoRefused(PhotoProblem.corrupt) from fault
    jpeg, (width, height) = _encoded(picture), picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(jpeg, _encoded(picture), width, height, sha256(jpeg).hexdigest())


def _formats(content: bytes) -> tuple[str, ...]:
    """By its first bytes, whatever its name: what breaks later is then a photo that got damaged."""
    if content.startswith(_SIGNATURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return FORMATS
    if kind_of(content) is not FileKind.heic:
        raise PhotoRefused(PhotoProblem.not_a_photo)
    try:
        from pi_heif import register_heif_opener  # type: ignore[import-untyped]  # noqa: PLC0415 - only for a photo of this kind
    except (ImportError, OSError) as fault:  # no build of it for this computer
        raise PhotoRefused(PhotoProblem.heic) from fault
    register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _decoded(content: bytes, formats: tuple[str, ...]) -> Image.Image:
    with Image.open(BytesIO(content), formats=formats) as picture:
        # Only the heading was read so far: what is too large is refused before it takes memory.
        _check_size(picture)
        _check_passes(content, picture)
        # A JPEG can be decoded straight at about the size that is needed.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        return _on_white(_upright(_shrunk(picture)))


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    most = MOST_PIXELS[picture.format or "JPEG"]
    if width * height > most:
        raise PhotoRefused(PhotoProblem.too_many_pixels, most_pixels=most)
    if min(width, height) < LEAST_SIDE:
        raise PhotoRefused(PhotoProblem.too_small, least_side=LEAST_SIDE)


def _check_passes(content: bytes, picture: Image.Image) -> None:
    """A JPEG in many passes of nothing keeps a processor busy for hours and is small."""
    if picture.format not in ("JPEG", "MPO") or not picture.info.get("progressive"):
        return
    width, height = picture.size
    if content.count(_SCAN) > MOST_SCANS or width * height * _samples(picture) * 2 > MOST_PROGRESSIVE_BYTES:
        raise PhotoRefused(PhotoProblem.too_complex)


def _samples(picture: Image.Image) -> float:
    """How many values a JPEG keeps for each pixel: 1.5 where colours are stored at half the width and height."""
    layers: tuple[tuple[int, int, int, int], ...] = tuple(getattr(picture, "layer", ()))
    sizes = [across * down for _name, across, down, _table in layers]
    largest = max(sizes, default=0)
    return sum(sizes) / largest if largest else len(picture.getbands())


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
    # In this mode nothing can be made smaller in steps, which thumbnail does by itself with large ones.
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
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
