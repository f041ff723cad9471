"""The self-assessment of one commune as a Word file: a draft to complete, number, date and sign.

Set as Decree 30/2020/NĐ-CP (Annex I) wants administrative documents. Which papers belong to the dossier follows
what was seen for the decrees before Decision 06/QĐ-TTg; the office compares it with its own guidance.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, cast

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from dashboard.documents.texts import writable
from dashboard.domain.numbers import format_number
from dashboard.i18n import Language, _, current_language, in_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph

FONT: Final = "Times New Roman"
SIZE: Final = 13
TABLE_SIZE: Final = 12
PAGE: Final = (Cm(21), Cm(29.7))
TOP, BOTTOM, LEFT, RIGHT = Cm(2), Cm(2), Cm(3), Cm(2)
# What the margins leave of the width, in centimetres; the two columns of the heading share it.
WIDTH: Final = 16.0
ISSUER_WIDTH: Final = 6.2
MOTTO_INDENT: Final = 1.9
INDENT: Final = Cm(1.27)
RED: Final = RGBColor(0xB0, 0x00, 0x20)
LOCALES: Final = {"vi": "vi-VN", "en": "en-GB"}
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER


@dataclass(frozen=True, slots=True)
class Look:
    size: float = SIZE
    bold: bool = False
    italic: bool = False
    color: RGBColor | None = None


PLAIN: Final = Look()
BOLD: Final = Look(bold=True)
ITALIC: Final = Look(italic=True)
TITLE: Final = Look(14, bold=True)
# The national heading and the name of the office are one point smaller, so that each fits on one line.
CAPITALS: Final = Look(12, bold=True)
MARK: Final = Look(bold=True, color=RED)


@dataclass(frozen=True, slots=True)
class _Column:
    """Of a table with lines; `width` in centimetres."""

    heading: str
    width: float
    is_centred: bool = False


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
        document = _blank_document()
        _write_report(document, facts)
        _write_minutes(document, facts)
        for section in document.sections:
            _set_page(section)
        _number_pages(document.sections[0], is_demonstration=facts.is_demonstration)
        file = BytesIO()
        document.save(file)
        return file.getvalue()


# The report


def _write_report(document: WordDocument, facts: DossierFacts) -> None:
    _heading_block(document, facts, symbol="BC-UBND")
    subject = _("Tự đánh giá xã, phường phù hợp với trẻ em {round}").format(round=facts.round_label)
    _write_title(document, _("BÁO CÁO"), subject)
    addressee = _centred(document, _("Kính gửi: Ủy ban nhân dân {town}").format(town=facts.town_name))
    addressee.paragraph_format.space_after = Pt(12)
    _basis(document, facts)
    opening = _("Ủy ban nhân dân {commune} báo cáo kết quả tự đánh giá như sau:")
    _paragraph(document, opening.format(commune=facts.commune_full_name))
    _scores(document, facts)
    _conditions(document, facts)
    _evidence(document, facts)
    _sources(document, facts)
    closing = _(
        "Trên đây là báo cáo tự đánh giá của Ủy ban nhân dân {commune}, đề nghị Ủy ban nhân dân {town} xem xét./."
    )
    last = _paragraph(document, closing.format(commune=facts.commune_full_name, town=facts.town_name))
    # A signature alone on a page could be put under anything.
    last.paragraph_format.keep_with_next = True
    _report_signature(document)


def _heading_block(document: WordDocument, facts: DossierFacts, *, symbol: str) -> None:
    """Number and day stay blank: the registry gives them after the signature."""
    issuer, state = _columns(document, ISSUER_WIDTH)
    _centred(issuer, _("ỦY BAN NHÂN DÂN"), CAPITALS)
    _centred(issuer, facts.commune_full_name.upper(), CAPITALS)
    _rule(issuer, ISSUER_WIDTH / 3)
    _centred(issuer, _("Số:          /{symbol}").format(symbol=symbol))
    draft = _centred(issuer, _("DỰ THẢO"), MARK)
    draft.paragraph_format.left_indent = draft.paragraph_format.right_indent = Cm(ISSUER_WIDTH / 4)
    _border(draft, "top", "left", "bottom", "right")
    _centred(state, _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), CAPITALS)
    _centred(state, _("Độc lập - Tự do - Hạnh phúc"), BOLD)
    _rule(state, MOTTO_INDENT)
    place = _("{place}, ngày       tháng       năm          ").format(place=facts.commune_name)
    _centred(state, place, ITALIC)


def _write_title(document: WordDocument, kind: str, subject: str) -> None:
    _centred(document, "")
    _centred(document, kind, TITLE)
    _centred(document, subject, TITLE)
    _rule(document, WIDTH / 3)


def _basis(document: WordDocument, facts: DossierFacts) -> None:
    registration = facts.registration.strip() or _("văn bản đăng ký số ............... ngày ...............")
    for cited, end in ((facts.rule_set_name, ";"), (registration, ".")):
        text = _("Căn cứ {document}").format(document=cited)
        _paragraph(document, f"{text}{end}", ITALIC)
    if facts.rule_set_note.strip():
        _paragraph(document, _("Lưu ý về bộ tiêu chí: {note}").format(note=facts.rule_set_note), ITALIC)


def _scores(document: WordDocument, facts: DossierFacts) -> None:
    _section_heading(document, _("I. BẢNG TỰ CHẤM ĐIỂM"))
    columns = (
        _Column(_("TT"), 1.0, is_centred=True),
        _Column(_("Tiêu chí"), 4.6),
        _Column(_("Điểm tối đa"), 2.4, is_centred=True),
        _Column(_("Điểm tự chấm"), 1.7, is_centred=True),
        _Column(_("Điểm thẩm định"), 1.9, is_centred=True),
        _Column(_("Minh chứng, ghi chú"), 4.4),
    )
    table = _grid(document, columns, [*map(_score_row, facts.lines), _total_row(facts)])
    for cell in table.rows[-1].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    if facts.is_illustrative:
        notice = _("Điểm tối đa là số minh họa; thay bằng số trong bản in của quyết định trước khi sử dụng.")
        _paragraph(document, notice, MARK)


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
    _section_heading(document, _("II. ĐIỀU KIỆN CÔNG NHẬN"))
    _paragraph(document, _("Nhóm áp dụng: {group}.").format(group=facts.class_name))
    threshold = _("Ngưỡng tổng điểm: {points}; tổng điểm tự chấm: {total}.")
    total = _("chưa đủ điểm các tiêu chí") if facts.total is None else _points(facts.total)
    said = threshold.format(points=_maximum(facts.threshold), total=total)
    _paragraph(document, said).paragraph_format.keep_with_next = True
    rows = [(str(n), text, _met(met)) for n, (text, met) in enumerate(facts.conditions, 1)]
    columns = (
        _Column(_("TT"), 1.0, is_centred=True),
        _Column(_("Điều kiện"), 11.0),
        _Column(_("Kết quả"), 4.0, is_centred=True),
    )
    _grid(document, columns, rows)
    _paragraph(document, _("Nội dung còn thiếu:") if facts.failing else _("Nội dung còn thiếu: không có."))
    for text in facts.failing:
        _paragraph(document, f"- {text}")


def _met(met: bool | None) -> str:  # noqa: FBT001 - a fact, not an option
    if met is None:
        return _("Chưa xác định")
    return _("Đạt") if met else _("Chưa đạt")


def _evidence(document: WordDocument, facts: DossierFacts) -> None:
    _section_heading(document, _("III. DANH MỤC MINH CHỨNG"))
    named = [
        (line, text.strip()) for line in facts.lines for text in line.evidence.splitlines() if text.strip()
    ]
    rows = [(str(n), _criterion(line), text) for n, (line, text) in enumerate(named, 1)]
    if rows:
        columns = (
            _Column(_("TT"), 1.0, is_centred=True),
            _Column(_("Tiêu chí"), 6.0),
            _Column(_("Văn bản, tài liệu"), 9.0),
        )
        _grid(document, columns, rows)
    else:
        _paragraph(document, _("Chưa có minh chứng nào được ghi."))


def _sources(document: WordDocument, facts: DossierFacts) -> None:
    _section_heading(document, _("IV. BẢN THUYẾT MINH NGUỒN SỐ LIỆU"))
    rows = [
        (str(line.number), line.name, line.figure, line.figure_source)
        for line in facts.lines
        if line.figure.strip() or line.figure_source.strip()
    ]
    if rows:
        columns = (
            _Column(_("TT"), 1.0, is_centred=True),
            _Column(_("Tiêu chí"), 5.0),
            _Column(_("Số liệu"), 4.5),
            _Column(_("Nguồn số liệu"), 5.5),
        )
        _grid(document, columns, rows)
    else:
        _paragraph(document, _("Chưa có số liệu nào được ghi."))


def _criterion(line: DossierLine) -> str:
    return f"{line.number}. {line.name}"


def _report_signature(document: WordDocument) -> None:
    recipients, signer = _columns(document, WIDTH / 2)
    _fill(recipients, _("Nơi nhận:"), Look(12, bold=True, italic=True), is_centred=False)
    for text in (_("- Như trên;"), _("- ...............;"), _("- Lưu: VT, ......")):
        _fill(recipients, text, Look(11), is_centred=False)
    _centred(signer, _("TM. ỦY BAN NHÂN DÂN"), BOLD)
    _centred(signer, _("CHỦ TỊCH"), BOLD)
    _signing_room(signer)


# The minutes


def _write_minutes(document: WordDocument, facts: DossierFacts) -> None:
    _restart_pages(document.add_section(WD_SECTION.NEW_PAGE))
    _heading_block(document, facts, symbol="BB-UBND")
    subject = _("Họp tự đánh giá xã, phường phù hợp với trẻ em {round}").format(round=facts.round_label)
    _write_title(document, _("BIÊN BẢN"), subject)
    for label in (_("Thời gian bắt đầu:"), _("Địa điểm:"), _("Thành phần tham dự:")):
        _dotted(document, label)
    _dotted(document)
    for label in (_("Vắng mặt (lý do):"), _("Chủ trì:"), _("Thư ký (người ghi biên bản):")):
        _dotted(document, label)
    _section_heading(document, _("I. NỘI DUNG"))
    # To be filled in by hand where the scores were not complete when the draft was made.
    total = "....." if facts.total is None else _points(facts.total)
    scored = _(
        "Cuộc họp xem xét bảng tự chấm điểm {count} tiêu chí của {commune}; tổng điểm tự chấm là {total}."
    )
    _paragraph(
        document,
        scored.format(count=len(facts.lines), commune=facts.commune_full_name, total=total),
    )
    _dotted(document)
    _section_heading(document, _("II. Ý KIẾN THẢO LUẬN"))
    for _line in range(3):
        _dotted(document)
    _section_heading(document, _("III. BIỂU QUYẾT"))
    _paragraph(
        document, _("Tán thành: ........../..........; không tán thành: ..........; ý kiến khác: ..........")
    )
    _section_heading(document, _("IV. KẾT LUẬN"))
    for _line in range(2):
        _dotted(document)
    last = _paragraph(
        document, _("Cuộc họp kết thúc vào ..... giờ ....., ngày ..... tháng ..... năm .........../.")
    )
    last.paragraph_format.keep_with_next = True
    for cell, role in zip(_columns(document, WIDTH / 2), (_("THƯ KÝ"), _("CHỦ TỌA")), strict=True):
        _centred(cell, role, BOLD)
        _signing_room(cell)


def _signing_room(cell: _Cell) -> None:
    _centred(cell, _("(Ký, ghi rõ họ tên)"), ITALIC)
    for _line in range(3):
        _centred(cell, "")


# Building blocks


def _blank_document() -> WordDocument:
    document = Document()
    document.core_properties.author = document.core_properties.comments = ""
    heading = cast("ParagraphStyle", document.styles["Heading 1"])
    for style in (cast("ParagraphStyle", document.styles["Normal"]), heading):
        _set_style(style)
    heading.font.bold = True
    heading.font.color.rgb = RGBColor(0, 0, 0)
    heading.paragraph_format.space_before = Pt(10)
    heading.paragraph_format.space_after = Pt(4)
    return document


def _set_style(style: ParagraphStyle) -> None:
    style.font.name, style.font.size = FONT, Pt(SIZE)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    # Names of a theme would win over those set here.
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    properties.append(_element("w:lang", val=LOCALES[current_language()]))


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = PAGE
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = section.footer_distance = Cm(1)
    section.different_first_page_header_footer = True


def _restart_pages(section: Section) -> None:
    """The minutes are a document of their own. Word wants this element in its place, before the columns."""
    section._sectPr.find(qn("w:cols")).addprevious(_element("w:pgNumType", start="1"))  # noqa: SLF001 - no other way


def _number_pages(section: Section, *, is_demonstration: bool) -> None:
    """Later sections take over the header and the footer of the first one, whose first page has no number."""
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    for kind in ("begin", "", "end"):
        part = _element("w:fldChar", fldCharType=kind) if kind else _element("w:instrText")
        part.text = None if kind else "PAGE"
        number.add_run()._r.append(part)  # noqa: SLF001 - python-docx has no name for fields
    section.first_page_header.paragraphs[0].text = ""
    mark = _("Số liệu minh họa (giả định)") if is_demonstration else ""
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].alignment = CENTRE
        _say(footer.paragraphs[0], mark, MARK)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _say(paragraph: Paragraph, text: str, look: Look) -> Paragraph:
    run = paragraph.add_run(writable(text))
    run.bold, run.italic = look.bold or None, look.italic or None
    run.font.size = Pt(look.size)
    run.font.color.rgb = look.color
    return paragraph


def _paragraph(document: WordDocument, text: str, look: Look = PLAIN) -> Paragraph:
    """A paragraph of the body: both margins straight, first line indented."""
    paragraph = _say(document.add_paragraph(), text, look)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = INDENT
    # Six points at least between paragraphs, shared so that none sticks to a table.
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(4), Pt(3)
    return paragraph


def _centred(container: WordDocument | _Cell, text: str, look: Look = PLAIN) -> Paragraph:
    paragraph = _say(_next(container), text, look)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _next(container: WordDocument | _Cell) -> Paragraph:
    """A new paragraph; a new cell has an empty one already."""
    first = container.paragraphs[:1]
    is_new_cell = isinstance(container, _Cell) and len(container.paragraphs) == 1 and not first[0].runs
    return first[0] if is_new_cell else container.add_paragraph()


def _section_heading(document: WordDocument, text: str) -> None:
    document.add_paragraph(text, style="Heading 1")


def _rule(container: WordDocument | _Cell, indent: float) -> None:
    """The drawn line below a title, `indent` centimetres shorter on each side."""
    paragraph = _centred(container, "", Look(size=4))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(indent)
    _border(paragraph, "top")


def _border(paragraph: Paragraph, *sides: str) -> None:
    borders = _element("w:pBdr")
    for side in sides:
        borders.append(_element(f"w:{side}", val="single", sz="6", space="1", color="auto"))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no name for borders
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _dotted(document: WordDocument, label: str = "") -> None:
    """A line to be filled in by hand."""
    paragraph = _say(document.add_paragraph(), f"{label} \t".lstrip(" "), PLAIN)
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    paragraph.paragraph_format.space_after = Pt(4)


def _columns(document: WordDocument, left: float) -> tuple[_Cell, _Cell]:
    """Two columns side by side without borders, the left one of that width."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    first, second = table.rows[0].cells
    first.width, second.width = Cm(left), Cm(WIDTH - left)
    for cell, column in zip((first, second), table.columns, strict=True):
        column.width = cell.width or Cm(0)
    _keep_whole(table.rows[0])
    return first, second


def _grid(document: WordDocument, columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> Table:
    table: Table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        _fill(cell, column.heading, Look(TABLE_SIZE, bold=True), is_centred=True)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001 - repeated on each page
    for row in rows:
        _add_row(table, columns, row, Look(TABLE_SIZE))
    for width, place in zip(columns, table.columns, strict=True):
        place.width = Cm(width.width)
        for cell in place.cells:
            cell.width = Cm(width.width)
    return table


def _add_row(table: Table, columns: Sequence[_Column], texts: Sequence[str], look: Look) -> None:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _keep_whole(row)
    for cell, column, text in zip(row.cells, columns, texts, strict=True):
        _fill(cell, text, look, is_centred=column.is_centred)


def _fill(cell: _Cell, text: str, look: Look, *, is_centred: bool) -> None:
    paragraph = _say(_next(cell), text, look)
    paragraph.alignment = CENTRE if is_centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001 - python-docx has no name for it
