"""Whether a number format of Excel shows a day or a time. One look at each sign: formats come from strangers' files."""

from __future__ import annotations

from typing import Final

# The formats that a file need not spell out, by their number (ECMA-376 part 1, 18.8.30).
DATE_FORMATS: Final = {
    14: "d/m/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    22: "d/m/yyyy h:mm",
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}


def is_date_format(code: str) -> bool:
    """Of the first section: 0.00 "đồng" is none, d-mmm and [h]:mm are."""
    letters, digits, at = set[str](), False, 0
    before = ""
    while at < len(code):
        sign = code[at].lower()
        if sign == ";":
            break
        if sign == '"':
            at = _behind(code, '"', at + 1)
            continue
        if sign == "[":
            end = _behind(code, "]", at + 1)
            # Only an elapsed time stands in brackets as itself; the others are colours, languages, conditions.
            letters |= (
                set(code[at + 1 : end - 1].lower())
                if set(code[at + 1 : end - 1].lower()) <= set("hms")
                else set()
            )
            at = end
            continue
        if sign in "\\_*":
            at += 2
            continue
        if sign in "dmyhs":
            letters.add(sign)
        # Behind a point after seconds zeros are parts of a second.
        elif sign in "0#?" and before != "s":
            digits = True
        if sign not in ".0":
            before = sign
        at += 1
    return bool(letters) and not digits


def _behind(code: str, sign: str, start: int) -> int:
    end = code.find(sign, start)
    return len(code) if end < 0 else end + 1
