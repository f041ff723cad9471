"""Photos are made anew: what is no photo is refused, and nothing but the picture itself comes out."""

from __future__ import annotations

import struct
import sys
import zlib
from hashlib import sha256
from io import BytesIO

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dashboard.documents.photo import MOST_BYTES, Photo, PhotoProblem, PhotoRefused
from dashboard.documents.photos import MOST_SCANS, prepare_photo

RED, BLUE = (200, 30, 30), (30, 30, 200)
SCRIPT = b"<script>alert(1)</script><?php system($_GET['c']); ?>"


def two_coloured(width: int = 320, height: int = 200) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=["JPEG"])
    picture.load()
    return picture


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    return isinstance(pixel, tuple) and all(
        abs(found - wanted) < 20 for found, wanted in zip(pixel, colour, strict=True)
    )


def refusal(content: bytes) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as caught:
        prepare_photo(content)
    return caught.value


def png_heading(width: int, height: int) -> bytes:
    """A PNG that says a size and holds no picture."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, data, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


JPEG = encoded(two_coloured(), quality=90)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_out_as_jpeg_with_a_thumbnail(kind: str) -> None:
    photo = prepare_photo(encoded(two_coloured(2400, 1200), kind))
    assert (photo.width, photo.height) == opened(photo.jpeg).size == (1600, 800)
    assert opened(photo.thumbnail).size == (400, 200)
    assert photo.sha256 == sha256(photo.jpeg).hexdigest()
    assert is_near(opened(photo.thumbnail).getpixel((10, 100)), RED)
    assert is_near(opened(photo.thumbnail).getpixel((390, 100)), BLUE)


def test_a_small_photo_is_not_enlarged() -> None:
    photo = prepare_photo(JPEG)
    assert (photo.width, photo.height) == (320, 200)
    assert opened(photo.thumbnail).size == (320, 200)


def test_the_same_photo_gives_the_same_bytes() -> None:
    assert prepare_photo(JPEG) == prepare_photo(JPEG)


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "LA"])
def test_every_way_of_writing_colours_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(prepare_photo(encoded(two_coloured().convert(mode), kind)).jpeg).mode == "RGB"


def deep_grey(**options: object) -> bytes:
    """Grey in 16 bits, from black on the left to white on the right."""
    across = struct.pack("<320H", *(round(65535 * column / 319) for column in range(320)))
    return encoded(Image.frombytes("I;16", (320, 200), across * 200), "PNG", **options)


@pytest.mark.parametrize("options", [{}, {"transparency": 0}])
def test_grey_in_sixteen_bits_keeps_its_shades(options: dict[str, object]) -> None:
    photo = prepare_photo(deep_grey(**options))
    for made in (photo.jpeg, photo.thumbnail):
        shades = [opened(made).getpixel((column, 100)) for column in (2, 80, 160, 240, 317)]
        assert all(
            is_near(shade, (grey,) * 3) for shade, grey in zip(shades, (2, 64, 128, 192, 254), strict=True)
        )


def test_grey_in_sixteen_bits_is_made_small_and_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned a quarter to the right
    across = struct.pack("<2000H", *(32 * column for column in range(2000)))
    content = encoded(Image.frombytes("I;16", (2000, 1000), across * 1000), "PNG", exif=exif)
    photo = prepare_photo(content)
    assert (photo.width, photo.height) == (800, 1600)
    assert is_near(opened(photo.jpeg).getpixel((400, 800)), (125, 125, 125))


def test_a_phone_that_stores_several_pictures_in_one_file_is_understood() -> None:
    content = encoded(two_coloured(), "MPO", save_all=True, append_images=[two_coloured(100, 100)])
    assert prepare_photo(content).width == 320


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET['c']); ?>",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04" + b"\0" * 100,
        encoded(two_coloured(), "GIF"),
        encoded(two_coloured(), "TIFF"),
        encoded(two_coloured(), "BMP"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(content: bytes) -> None:
    assert refusal(content).problem is PhotoProblem.not_a_photo


def test_what_only_begins_like_a_photo_is_corrupt() -> None:
    assert refusal(b"\xff\xd8\xff\xe0" + SCRIPT).problem is PhotoProblem.corrupt
    assert refusal(b"RIFF\x10\0\0\0WEBPVP8 ").problem is PhotoProblem.corrupt


def test_a_large_file_is_refused_by_its_length_alone() -> None:
    found = refusal(JPEG + b"\0" * 50 * 1024 * 1024)
    assert found.problem is PhotoProblem.too_large
    assert found.params == {"most_bytes": MOST_BYTES}


@pytest.mark.parametrize("size", [(5_000, 5_001), (10_000, 10_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    found = refusal(png_heading(*size))
    assert (found.problem, found.params) == (PhotoProblem.too_many_pixels, {"most_pixels": 25_000_000})


def resized_heading(content: bytes, width: int, height: int) -> bytes:
    """A JPEG of another stated size: its frame's heading holds height and width."""
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


@pytest.mark.parametrize("size", [(8160, 6144), (8192, 6144), (9248, 6936), (12000, 9000), (16382, 3628)])
def test_phones_of_fifty_to_a_hundred_and_eight_megapixels_and_panoramas_pass(size: tuple[int, int]) -> None:
    """Only the heading is large here; where data end early, the decoder leaves the rest grey."""
    photo = prepare_photo(resized_heading(JPEG, *size))
    assert photo.width / photo.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert max(photo.width, photo.height) == 1600


def test_a_jpeg_beyond_every_phone_is_refused_by_its_size() -> None:
    found = refusal(resized_heading(JPEG, 20_000, 6_001))
    assert (found.problem, found.params) == (PhotoProblem.too_many_pixels, {"most_pixels": 120_000_000})


def test_a_photo_of_fifty_megapixels_is_made_small() -> None:
    photo = prepare_photo(encoded(two_coloured(8192, 6144), quality=50))
    assert (photo.width, photo.height) == (1600, 1200)


def test_a_photo_in_more_passes_than_any_program_writes_is_refused() -> None:
    content = encoded(two_coloured(), progressive=True)
    assert prepare_photo(content).width == 320
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    assert refusal(content[:-2] + scan * MOST_SCANS + content[-2:]).problem is PhotoProblem.too_complex


def heic(picture: Image.Image, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    return encoded(picture, "HEIF", **options)


def test_a_phones_heic_is_read_whatever_its_name() -> None:
    photo = prepare_photo(heic(two_coloured(2400, 1200), quality=80))
    assert (photo.width, photo.height) == (1600, 800)
    assert is_near(opened(photo.jpeg).getpixel((100, 400)), RED)
    assert is_near(opened(photo.jpeg).getpixel((1500, 400)), BLUE)


def test_a_heic_stands_upright_and_tells_nothing() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "CAMERA-OF-SOMEBODY"
    photo = prepare_photo(heic(two_coloured(), exif=exif.tobytes(), quality=80))
    assert (photo.width, photo.height) == (200, 320)
    assert is_near(opened(photo.jpeg).getpixel((100, 20)), RED)
    assert b"CAMERA" not in photo.jpeg


def test_without_a_reader_for_it_a_heic_is_called_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    content = heic(two_coloured())
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    assert refusal(content).problem is PhotoProblem.heic


@pytest.mark.parametrize("cut", [40, 400, -10])
def test_a_heic_cut_short_is_corrupt(cut: int) -> None:
    assert refusal(heic(two_coloured())[:cut]).problem is PhotoProblem.corrupt


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_it_was_held(orientation: int) -> None:
    """In the corner where a person saw red, whichever of the eight ways the camera stored it."""
    seen = Image.new("RGB", (120, 80), BLUE)
    seen.paste(RED, (0, 0, 30, 20))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = seen.transpose(back[orientation]) if orientation in back else seen
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    made = opened(prepare_photo(encoded(stored, quality=95, exif=exif)).jpeg)
    assert made.size == (120, 80)
    assert is_near(made.getpixel((5, 5)), RED)
    assert is_near(made.getpixel((115, 75)), BLUE)


@pytest.mark.parametrize("width", [1600, 1601, 3300, 4999])
def test_grey_in_sixteen_bits_of_any_width_keeps_its_shades(width: int) -> None:
    across = struct.pack(f"<{width}H", *(round(65535 * column / (width - 1)) for column in range(width)))
    photo = prepare_photo(encoded(Image.frombytes("I;16", (width, 100), across * 100), "PNG"))
    assert photo.width == 1600
    middle = opened(photo.jpeg).getpixel((800, photo.height // 2))
    assert is_near(middle, (128, 128, 128))


def deep_png(width: int, height: int, colour: int, pixel: bytes) -> bytes:
    """A PNG with 16 bits for each of its colours, which Pillow itself does not write."""
    chunks = [
        b"IHDR" + struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0),
        b"IDAT" + zlib.compress((b"\0" + pixel * width) * height),
        b"IEND",
    ]
    written = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + written


@pytest.mark.parametrize("width", [60, 1700])
@pytest.mark.parametrize(
    ("colour", "levels", "shown"),
    [
        (2, (0xC8C8, 0x1E1E, 0x1E1E), RED),
        (6, (0xC8C8, 0x1E1E, 0x1E1E, 0xFFFF), RED),
        (4, (0x8080, 0xFFFF), (128, 128, 128)),
        (4, (0x8080, 0x0000), (255, 255, 255)),
    ],
)
def test_sixteen_bits_of_every_colour_are_read(
    colour: int, levels: tuple[int, ...], shown: tuple[int, int, int], width: int
) -> None:
    content = deep_png(width, 60, colour, struct.pack(f">{len(levels)}H", *levels))
    assert is_near(opened(prepare_photo(content).jpeg).getpixel((20, 20)), shown)


def test_of_moving_pictures_the_first_is_kept() -> None:
    second = Image.new("RGB", (320, 200), "green")
    for kind in ("WEBP", "PNG"):
        content = encoded(two_coloured(), kind, save_all=True, append_images=[second], duration=100)
        assert is_near(opened(prepare_photo(content).jpeg).getpixel((10, 100)), RED)


@pytest.mark.parametrize("size", [(49, 200), (200, 49), (1, 1)])
def test_an_icon_is_refused(size: tuple[int, int]) -> None:
    found = refusal(encoded(two_coloured(*size)))
    assert (found.problem, found.params) == (PhotoProblem.too_small, {"least_side": 50})


def test_where_and_when_a_photo_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "CAMERA-OF-SOMEBODY"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (11.0, 50.0, 9.0), 3: "E", 4: (107.0, 2.0, 0.0)})
    content = encoded(two_coloured(), exif=exif, comment=b"by somebody", icc_profile=b"profile of a screen")
    assert b"CAMERA-OF-SOMEBODY" in content
    assert dict(opened(content).getexif().get_ifd(ExifTags.IFD.GPSInfo))
    photo = prepare_photo(content)
    for made in (photo.jpeg, photo.thumbnail):
        assert not opened(made).getexif()
        assert not any(trace in made for trace in (b"Exif", b"CAMERA", b"somebody", b"profile"))
        assert set(opened(made).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB")]
)
def test_a_photo_taken_upright_stands_upright(kind: str, mode: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned a quarter to the right
    picture = opened(prepare_photo(encoded(two_coloured().convert(mode), kind, exif=exif)).jpeg)
    assert picture.size == (200, 320)
    assert is_near(picture.getpixel((100, 20)), RED)
    assert is_near(picture.getpixel((100, 300)), BLUE)


# Only a line in the log when the program runs.
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_metadata_does_not_keep_a_photo_out() -> None:
    content = encoded(two_coloured(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")
    assert prepare_photo(content).width == 320


@pytest.mark.parametrize(
    "content",
    [
        JPEG + SCRIPT,
        encoded(two_coloured(), comment=SCRIPT),
        encoded(two_coloured(), "PNG") + SCRIPT,
        encoded(two_coloured(), exif=b"Exif\0\0" + SCRIPT),
    ],
)
def test_a_script_that_hides_in_a_photo_does_not_come_out(content: bytes) -> None:
    assert SCRIPT in content
    photo = prepare_photo(content)
    for made in (photo.jpeg, photo.thumbnail):
        assert b"<script" not in made
        assert b"<?php" not in made


def test_what_is_transparent_becomes_white() -> None:
    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    picture.paste((*RED, 255), (100, 0, 200, 200))
    for content in (
        encoded(picture, "PNG"),
        encoded(picture, "WEBP"),
        encoded(picture.quantize(), "PNG"),
    ):
        made = opened(prepare_photo(content).jpeg)
        assert is_near(made.getpixel((50, 100)), (255, 255, 255))
        assert is_near(made.getpixel((150, 100)), RED)


def prepared_or_refused(content: bytes) -> Photo | PhotoRefused:
    try:
        return prepare_photo(content)
    except PhotoRefused as refused:
        return refused


@given(cut=st.integers(min_value=0, max_value=len(JPEG) - 1))
def test_a_photo_cut_short_is_refused_and_nothing_else(cut: int) -> None:
    prepared_or_refused(JPEG[:cut])


def test_a_photo_cut_in_half_is_corrupt() -> None:
    assert refusal(JPEG[: len(JPEG) // 2]).problem is PhotoProblem.corrupt


HEADS = st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", JPEG[:300]])


@given(head=HEADS, rest=st.binary(max_size=500))
def test_any_bytes_are_refused_and_nothing_else(head: bytes, rest: bytes) -> None:
    prepared_or_refused(head + rest)


PHOTOS = st.sampled_from([JPEG, *(encoded(two_coloured(60, 60), kind) for kind in ("PNG", "WEBP"))])


@given(content=PHOTOS, data=st.data())
def test_a_photo_with_a_changed_byte_is_prepared_or_refused(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(content) - 1))
    changed = bytearray(content)
    changed[place] = data.draw(st.integers(min_value=0, max_value=255))
    prepared_or_refused(bytes(changed))
