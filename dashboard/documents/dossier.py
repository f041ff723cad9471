"""The self-assessment of one commune as a Word file: a draft to complete, number, date and sign.

Set as Decree 30/2020/NĐ-CP (Annex I) wants administrative documents. Which papers belong to the dossier follows
what was seen for the decrees before Decision 06/QĐ-TTg; the office compares it with its own guidance.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from docx.enum.section import WD_SECTION
from docx.shared import Cm, Pt

from dashboard.documents.word import (
    BOLD,
    CAPITALS,
    ITALIC,
    MARK,
    TITLE,
    WIDTH,
    Column,
    Look,
    add_centred,
    add_columns,
    add_dotted_line,
    add_grid,
    add_heading,
    add_paragraph,
    add_rule,
    blank_document,
    fill_cell,
    number_pages,
    restart_pages,
    set_border,
    set_page,
)
from dashboard.domain.numbers import format_number
from dashboard.i18n import Language, _, current_language, in_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as WordDocument
    from docx.table import _Cell

# Of the heading, in centimetres: the column of the issuer, and how much shorter the line is than the motto above it.
ISSUER_WIDTH: Final = 6.2
MOTTO_INDENT: Final = 1.9


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One criterion. `evidence` names one document on each line; None is a number not known yet."""

    number: int
    name: str
    maximum: int | None = None
    self_points: int | None = None
    appraised_points: int | None = None
    evidence: str = ""
    note: str = ""
    figure: str = ""
    figure_source: str = ""


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """`commune_full_name` is "phường Long Phước", `town_name` "thị xã Phước Long".

    `rule_set_name` is the citation of the criteria, `registration` that of the document of registration.
    `conditions` are those of recognition with whether each is met; `failing` says what still stands in the way.
    """

    commune_full_name: str
    commune_name: str
    town_name: str
    rule_set_name: str
    rule_set_note: str
    round_label: str
    registration: str
    threshold: int | None
    class_name: str
    lines: tuple[DossierLine, ...]
    conditions: tuple[tuple[str, bool | None], ...]
    failing: tuple[str, ...]
    is_demonstration: bool
    is_illustrative: bool

    @property
    def total(self) -> int | None:
        """That of the own scores; None while one of them is missing."""
        return _sum(line.self_points for line in self.lines)


def write_dossier(facts: DossierFacts, *, language: Language) -> bytes:
    with in_language(language):
        document = blank_document()
        _write_report(document, facts)
        _write_minutes(document, facts)
        for section in document.sections:
            set_page(section)
        number_pages(document.sections[0], is_demonstration=facts.is_demonstration)
        file = BytesIO()
        document.save(file)
        return file.getvalue()


# The report


def _write_report(document: WordDocument, facts: DossierFacts) -> None:
    _heading_block(document, facts, symbol="BC-UBND")
    subject = _("Tự đánh giá xã, phường phù hợp với trẻ em {round}").format(round=facts.round_label)
    _write_title(document, _("BÁO CÁO"), subject)
    addressee = add_centred(document, _("Kính gửi: Ủy ban nhân dân {town}").format(town=facts.town_name))
    addressee.paragraph_format.space_after = Pt(12)
    _basis(document, facts)
    opening = _("Ủy ban nhân dân {commune} báo cáo kết quả tự đánh giá như sau:")
    add_paragraph(document, opening.format(commune=facts.commune_full_name))
    _scores(document, facts)
    _conditions(document, facts)
    _evidence(document, facts)
    _sources(document, facts)
    closing = _(
        "Trên đây là báo cáo tự đánh giá của Ủy ban nhân dân {commune}, đề nghị Ủy ban nhân dân {town} xem xét./."
    )
    last = add_paragraph(document, closing.format(commune=facts.commune_full_name, town=facts.town_name))
    # A signature alone on a page could be put under anything.
    last.paragraph_format.keep_with_next = True
    _report_signature(document)


def _heading_block(document: WordDocument, facts: DossierFacts, *, symbol: str) -> None:
    """Number and day stay blank: the registry gives them after the signature."""
    issuer, state = add_columns(document, ISSUER_WIDTH)
    add_centred(issuer, _("ỦY BAN NHÂN DÂN"), CAPITALS)
    add_centred(issuer, facts.commune_full_name.upper(), CAPITALS)
    add_rule(issuer, ISSUER_WIDTH / 3)
    add_centred(issuer, _("Số:          /{symbol}").format(symbol=symbol))
    draft = add_centred(issuer, _("DỰ THẢO"), MARK)
    draft.paragraph_format.left_indent = draft.paragraph_format.right_indent = Cm(ISSUER_WIDTH / 4)
    set_border(draft, "top", "left", "bottom", "right")
    add_centred(state, _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), CAPITALS)
    add_centred(state, _("Độc lập - Tự do - Hạnh phúc"), BOLD)
    add_rule(state, MOTTO_INDENT)
    place = _("{place}, ngày       tháng       năm          ").format(place=facts.commune_name)
    add_centred(state, place, ITALIC)


def _write_title(document: WordDocument, kind: str, subject: str) -> None:
    add_centred(document, "")
    add_centred(document, kind, TITLE)
    add_centred(document, subject, TITLE)
    add_rule(document, WIDTH / 3)


def _basis(document: WordDocument, facts: DossierFacts) -> None:
    registration = facts.registration.strip() or _("văn bản đăng ký số ............... ngày ...............")
    for cited, end in ((facts.rule_set_name, ";"), (registration, ".")):
        text = _("Căn cứ {document}").format(document=cited)
        add_paragraph(document, f"{text}{end}", ITALIC)
    if facts.rule_set_note.strip():
        add_paragraph(document, _("Lưu ý về bộ tiêu chí: {note}").format(note=facts.rule_set_note), ITALIC)


def _scores(document: WordDocument, facts: DossierFacts) -> None:
    add_heading(document, _("I. BẢNG TỰ CHẤM ĐIỂM"))
    columns = (
        Column(_("TT"), 1.0, is_centred=True),
        Column(_("Tiêu chí"), 4.6),
        Column(_("Điểm tối đa"), 2.4, is_centred=True),
        Column(_("Điểm tự chấm"), 1.7, is_centred=True),
        Column(_("Điểm thẩm định"), 1.9, is_centred=True),
        Column(_("Minh chứng, ghi chú"), 4.4),
    )
    table = add_grid(document, columns, [*map(_score_row, facts.lines), _total_row(facts)])
    for cell in table.rows[-1].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    if facts.is_illustrative:
        notice = _("Điểm tối đa là số minh họa; thay bằng số trong bản in của quyết định trước khi sử dụng.")
        add_paragraph(document, notice, MARK)


def _score_row(line: DossierLine) -> tuple[str, ...]:
    remarks = "\n".join(part for part in (line.evidence.strip(), line.note.strip()) if part)
    return (
        str(line.number),
        line.name,
        _maximum(line.maximum),
        _points(line.self_points),
        _points(line.appraised_points),
        remarks,
    )


def _maximum(maximum: int | None) -> str:
    return _("cần nhập theo bản in") if maximum is None else _points(maximum)


def _points(points: int | None) -> str:
    return "–" if points is None else format_number(points, language=current_language())


def _total_row(facts: DossierFacts) -> tuple[str, ...]:
    maximum = _sum(line.maximum for line in facts.lines)
    appraised = _sum(line.appraised_points for line in facts.lines)
    return "", _("Tổng điểm"), _maximum(maximum), _points(facts.total), _points(appraised), ""


def _sum(numbers: Iterable[int | None]) -> int | None:
    """None where one of them is not known: a sum of the others would look like the whole."""
    known = list(numbers)
    return sum(number for number in known if number is not None) if known and None not in known else None


def _conditions(document: WordDocument, facts: DossierFacts) -> None:
    add_heading(document, _("II. ĐIỀU KIỆN CÔNG NHẬN"))
    add_paragraph(document, _("Nhóm áp dụng: {group}.").format(group=facts.class_name))
    threshold = _("Ngưỡng tổng điểm: {points}; tổng điểm tự chấm: {total}.")
    total = _("chưa đủ điểm các tiêu chí") if facts.total is None else _points(facts.total)
    said = threshold.format(points=_maximum(facts.threshold), total=total)
    add_paragraph(document, said).paragraph_format.keep_with_next = True
    rows = [(str(n), text, _met(met)) for n, (text, met) in enumerate(facts.conditions, 1)]
    columns = (
        Column(_("TT"), 1.0, is_centred=True),
        Column(_("Điều kiện"), 11.0),
        Column(_("Kết quả"), 4.0, is_centred=True),
    )
    add_grid(document, columns, rows)
    add_paragraph(document, _("Nội dung còn thiếu:") if facts.failing else _("Nội dung còn thiếu: không có."))
    for text in facts.failing:
        add_paragraph(document, f"- {text}")


def _met(met: bool | None) -> str:  # noqa: FBT001 - a fact, not an option
    if met is None:
        return _("Chưa xác định")
    return _("Đạt") if met else _("Chưa đạt")


def _evidence(document: WordDocument, facts: DossierFacts) -> None:
    add_heading(document, _("III. DANH MỤC MINH CHỨNG"))
    named = [
        (line, text.strip()) for line in facts.lines for text in line.evidence.splitlines() if text.strip()
    ]
    rows = [(str(n), _criterion(line), text) for n, (line, text) in enumerate(named, 1)]
    if rows:
        columns = (
            Column(_("TT"), 1.0, is_centred=True),
            Column(_("Tiêu chí"), 6.0),
            Column(_("Văn bản, tài liệu"), 9.0),
        )
        add_grid(document, columns, rows)
    else:
        add_paragraph(document, _("Chưa có minh chứng nào được ghi."))


def _sources(document: WordDocument, facts: DossierFacts) -> None:
    add_heading(document, _("IV. BẢN THUYẾT MINH NGUỒN SỐ LIỆU"))
    rows = [
        (str(line.number), line.name, line.figure, line.figure_source)
        for line in facts.lines
        if line.figure.strip() or line.figure_source.strip()
    ]
    if rows:
        columns = (
            Column(_("TT"), 1.0, is_centred=True),
            Column(_("Tiêu chí"), 5.0),
            Column(_("Số liệu"), 4.5),
            Column(_("Nguồn số liệu"), 5.5),
        )
        add_grid(document, columns, rows)
    else:
        add_paragraph(document, _("Chưa có số liệu nào được ghi."))


def _criterion(line: DossierLine) -> str:
    return f"{line.number}. {line.name}"


def _report_signature(document: WordDocument) -> None:
    recipients, signer = add_columns(document, WIDTH / 2)
    fill_cell(recipients, _("Nơi nhận:"), Look(12, bold=True, italic=True), is_centred=False)
    for text in (_("- Như trên;"), _("- ...............;"), _("- Lưu: VT, ......")):
        fill_cell(recipients, text, Look(11), is_centred=False)
    add_centred(signer, _("TM. ỦY BAN NHÂN DÂN"), BOLD)
    add_centred(signer, _("CHỦ TỊCH"), BOLD)
    _signing_room(signer)


# The minutes


def _write_minutes(document: WordDocument, facts: DossierFacts) -> None:
    restart_pages(document.add_section(WD_SECTION.NEW_PAGE))
    _heading_block(document, facts, symbol="BB-UBND")
    subject = _("Họp tự đánh giá xã, phường phù hợp với trẻ em {round}").format(round=facts.round_label)
    _write_title(document, _("BIÊN BẢN"), subject)
    for label in (_("Thời gian bắt đầu:"), _("Địa điểm:"), _("Thành phần tham dự:")):
        add_dotted_line(document, label)
    add_dotted_line(document)
    for label in (_("Vắng mặt (lý do):"), _("Chủ trì:"), _("Thư ký (người ghi biên bản):")):
        add_dotted_line(document, label)
    add_heading(document, _("I. NỘI DUNG"))
    # To be filled in by hand where the scores were not complete when the draft was made.
    total = "....." if facts.total is None else _points(facts.total)
    scored = _(
        "Cuộc họp xem xét bảng tự chấm điểm {count} tiêu chí của {commune}; tổng điểm tự chấm là {total}."
    )
    add_paragraph(
        document,
        scored.format(count=len(facts.lines), commune=facts.commune_full_name, total=total),
    )
    add_dotted_line(document)
    add_heading(document, _("II. Ý KIẾN THẢO LUẬN"))
    for _line in range(3):
        add_dotted_line(document)
    add_heading(document, _("III. BIỂU QUYẾT"))
    add_paragraph(
        document, _("Tán thành: ........../..........; không tán thành: ..........; ý kiến khác: ..........")
    )
    add_heading(document, _("IV. KẾT LUẬN"))
    for _line in range(2):
        add_dotted_line(document)
    last = add_paragraph(
        document, _("Cuộc họp kết thúc vào ..... giờ ....., ngày ..... tháng ..... năm .........../.")
    )
    last.paragraph_format.keep_with_next = True
    for cell, role in zip(add_columns(document, WIDTH / 2), (_("THƯ KÝ"), _("CHỦ TỌA")), strict=True):
        add_centred(cell, role, BOLD)
        _signing_room(cell)


def _signing_room(cell: _Cell) -> None:
    add_centred(cell, _("(Ký, ghi rõ họ tên)"), ITALIC)
    for _line in range(3):
        add_centred(cell, "")
