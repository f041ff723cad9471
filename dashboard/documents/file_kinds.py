"""What a file is, by its bytes: names and endings are changed by people, browsers and mail programs."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

# Enough for the first tags of a page or of a table.
HEAD_BYTES: Final = 4096
# How the names of streams stand in a compound file (the container of Excel before 2007, and of encrypted files).
_ENCRYPTED: Final = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_BYTE_ORDER_MARKS: Final = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
# Parts of archives, by which they are known; lower case.
_PARTS: Final = {
    "xl/workbook.bin": "excel_binary",
    "xl/workbook.xml": "excel",
    "word/document.xml": "document",
    "ppt/presentation.xml": "document",
    "index/document.iwa": "open_document",
    "content.xml": "open_document",
}
_ENDINGS: Final = ((".shp", "shapefile"), (".kml", "kml"), (".xlsx", "archive"))
_STARTS: Final = (
    (b"%PDF", "document"),
    (b"{\\rtf", "document"),
    (b"ID;", "text_table"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"SQLite format 3\0", "geopackage"),
    (b"\x09\x08", "excel_old"),
    (b"\x09\x04", "excel_old"),
    (b"\x09\x02", "excel_old"),
)
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Brands of the container in which phones keep HEIC and AVIF.
_HEIF_BRANDS: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS: Final = (b"avif", b"avis")


class FileKind(StrEnum):
    nothing = "nothing"
    excel = "excel"
    excel_binary = "excel_binary"
    excel_old = "excel_old"
    encrypted = "encrypted"
    open_document = "open_document"
    document = "document"
    archive = "archive"
    broken_archive = "broken_archive"
    shapefile = "shapefile"
    geopackage = "geopackage"
    kml = "kml"
    web_table = "web_table"
    xml = "xml"
    text_table = "text_table"
    heic = "heic"
    avif = "avif"
    unknown = "unknown"


def kind_of(content: bytes) -> FileKind:
    """Looks at first bytes, and into archives at the names of their parts."""
    if not content.strip(b"\0 \t\r\n"):
        return FileKind.nothing
    if content.startswith(_COMPOUND):
        return FileKind.encrypted if any(name in content for name in _ENCRYPTED) else FileKind.excel_old
    if content.startswith(b"PK"):
        return _archive_kind(content)
    if content[4:8] == b"ftyp":
        return _heif_kind(content)
    for start, kind in _STARTS:
        if content.startswith(start):
            return FileKind(kind)
    return _text_kind(content[:HEAD_BYTES])


def _archive_kind(content: bytes) -> FileKind:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return FileKind.broken_archive
    if any(entry.flag_bits & 1 for entry in entries):
        return FileKind.encrypted
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    for part, kind in _PARTS.items():
        if part in names:
            return FileKind(kind)
    for ending, kind in _ENDINGS:
        if any(name.endswith(ending) for name in names):
            return FileKind(kind)
    # Some programs call the workbook otherwise; its first part tells that there is one.
    return FileKind.excel if "[content_types].xml" in names else FileKind.archive


def _heif_kind(content: bytes) -> FileKind:
    brands = content[8:64]
    if any(brand in brands for brand in _AVIF_BRANDS):
        return FileKind.avif
    return FileKind.heic if any(brand in brands for brand in _HEIF_BRANDS) else FileKind.unknown


def _text_kind(head: bytes) -> FileKind:
    text = _decoded(head)
    if text is None:
        return FileKind.unknown
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<html", "<!doctype html", "<table", "<head", "<body", "<meta", "mime-version:")):
        return FileKind.web_table
    if start.startswith("<"):
        return _xml_kind(start)
    first = start.partition("\n")[0]
    return FileKind.text_table if any(mark in first for mark in ",;\t") else FileKind.unknown


def _xml_kind(start: str) -> FileKind:
    if "<kml" in start or "opengis.net/kml" in start or "<gml" in start or "opengis.net/gml" in start:
        return FileKind.kml
    if "urn:schemas-microsoft-com:office" in start or "<html" in start or "<table" in start:
        return FileKind.web_table
    return FileKind.xml


def _decoded(head: bytes) -> str | None:
    """As text, if it is one; a letter may be cut in two at the end."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    if b"\0" in head:
        return None
    # Older tables are in the code page of the computer: its letters do not matter here.
    return head.decode("latin-1")
