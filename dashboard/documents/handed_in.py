"""What people hand in, read outside this process (see apart): each reader's answer, or its refusal, with its types.

`on_wait` is told how many files come first, where there are any.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dashboard.documents.apart import Answer, ApartRefused, Reader, read_apart
from dashboard.documents.cells import MOST_BYTES, Sheet, SheetProblem, SheetRefused, sheet_from_json
from dashboard.documents.outlines import MOST_BYTES as MOST_BYTES_OF_OUTLINES
from dashboard.documents.outlines import OutlineProblem, Outlines, OutlinesRefused
from dashboard.documents.photo import MOST_BYTES as MOST_BYTES_OF_PHOTO
from dashboard.documents.photo import Photo, PhotoProblem, PhotoRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.documents.outlines import KnownArea


def read_sheet(
    content: bytes, required: Sequence[Sequence[str]], *, on_wait: Callable[[int], None] | None = None
) -> Sheet:
    """The sheet that has the `required` headings (see workbook.read_sheet). Raises SheetRefused."""
    # What is too long is not sent anywhere.
    if len(content) > MOST_BYTES:
        raise SheetRefused(SheetProblem.too_large, most_bytes=MOST_BYTES)
    try:
        reply = read_apart(Reader.sheet, content, {"required": required}, on_wait=on_wait).value
    except ApartRefused as refused:
        raise SheetRefused(SheetProblem(refused.problem.value)) from refused
    if "refused" in reply:
        raise SheetRefused(SheetProblem(reply["refused"]), **_params(reply["params"]))
    return sheet_from_json(reply["sheet"])


def prepare_photo(content: bytes, *, on_wait: Callable[[int], None] | None = None) -> Photo:
    """The picture made anew (see photos.prepare_photo). Raises PhotoRefused."""
    if len(content) > MOST_BYTES_OF_PHOTO:
        raise PhotoRefused(PhotoProblem.too_large, most_bytes=MOST_BYTES_OF_PHOTO)
    try:
        answer = read_apart(Reader.photo, content, {}, on_wait=on_wait)
    except ApartRefused as refused:
        raise PhotoRefused(PhotoProblem(refused.problem.value)) from refused
    return _photo(answer)


def _photo(answer: Answer) -> Photo:
    reply = answer.value
    if "refused" in reply:
        raise PhotoRefused(PhotoProblem(reply["refused"]), **reply["params"])
    jpeg, thumbnail = answer.parts
    return Photo(jpeg, thumbnail, reply["width"], reply["height"], reply["sha256"])


def read_outlines(
    content: bytes, known: Mapping[str, KnownArea], *, on_wait: Callable[[int], None] | None = None
) -> Outlines:
    """The outlines of the `known` communes by code (see outline_files.read_outlines). Raises OutlinesRefused."""
    if len(content) > MOST_BYTES_OF_OUTLINES:
        raise OutlinesRefused(OutlineProblem.too_large, most_bytes=MOST_BYTES_OF_OUTLINES)
    settings = {"known": [asdict(area) for area in known.values()]}
    try:
        reply = read_apart(Reader.outlines, content, settings, on_wait=on_wait).value
    except ApartRefused as refused:
        raise OutlinesRefused(OutlineProblem(refused.problem.value)) from refused
    if "refused" in reply:
        raise OutlinesRefused(OutlineProblem(reply["refused"]), **reply["params"])
    return Outlines.from_json(reply["outlines"])


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in params.items()}
