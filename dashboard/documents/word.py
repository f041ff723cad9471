"""Word files set as Decree 30/2020/NĐ-CP (Annex I) wants administrative documents: page, letters, lines, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from dashboard.documents.texts import writable
from dashboard.i18n import _, current_language

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
# What the margins leave of the width, in centimetres.
WIDTH: Final = 16.0
INDENT: Final = Cm(1.27)
RED: Final = RGBColor(0xB0, 0x00, 0x20)
LOCALES: Final = {"vi": "vi-VN", "en": "en-GB"}
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER


@dataclass(frozen=True, slots=True)
class Look:
    """Of letters; `size` in points."""

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
class Column:
    """Of a table with lines; `width` in centimetres."""

    heading: str
    width: float
    is_centred: bool = False


def blank_document() -> WordDocument:
    """In the letters of an administrative document, and in the reader's language for Word's spelling."""
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


def set_page(section: Section) -> None:
    """A4 upright with the margins of the decree; the first page may differ, because it bears no number."""
    section.page_width, section.page_height = PAGE
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = section.footer_distance = Cm(1)
    section.different_first_page_header_footer = True


def restart_pages(section: Section) -> None:
    """The minutes are a document of their own. Word wants this element in its place, before the columns."""
    section._sectPr.find(qn("w:cols")).addprevious(_element("w:pgNumType", start="1"))  # noqa: SLF001 - no other way


def number_pages(section: Section, *, is_demonstration: bool) -> None:
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
        _add_text(footer.paragraphs[0], mark, MARK)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element


def _add_text(paragraph: Paragraph, text: str, look: Look) -> Paragraph:
    run = paragraph.add_run(writable(text))
    run.bold, run.italic = look.bold or None, look.italic or None
    run.font.size = Pt(look.size)
    run.font.color.rgb = look.color
    return paragraph


def add_paragraph(document: WordDocument, text: str, look: Look = PLAIN) -> Paragraph:
    """A paragraph of the body: both margins straight, first line indented."""
    paragraph = _add_text(document.add_paragraph(), text, look)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = INDENT
    # Six points at least between paragraphs, shared so that none sticks to a table.
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(4), Pt(3)
    return paragraph


def add_centred(container: WordDocument | _Cell, text: str, look: Look = PLAIN) -> Paragraph:
    """A line of a heading, without room below it."""
    paragraph = _add_text(_next(container), text, look)
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _next(container: WordDocument | _Cell) -> Paragraph:
    """A new paragraph; a new cell has an empty one already."""
    first = container.paragraphs[:1]
    is_new_cell = isinstance(container, _Cell) and len(container.paragraphs) == 1 and not first[0].runs
    return first[0] if is_new_cell else container.add_paragraph()


def add_heading(document: WordDocument, text: str) -> None:
    """The title of a part, which Word's navigation lists."""
    document.add_paragraph(text, style="Heading 1")


def add_rule(container: WordDocument | _Cell, indent: float) -> None:
    """The drawn line below a title, `indent` centimetres shorter on each side."""
    paragraph = add_centred(container, "", Look(size=4))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(indent)
    set_border(paragraph, "top")


def set_border(paragraph: Paragraph, *sides: str) -> None:
    borders = _element("w:pBdr")
    for side in sides:
        borders.append(_element(f"w:{side}", val="single", sz="6", space="1", color="auto"))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no name for borders
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def add_dotted_line(document: WordDocument, label: str = "") -> None:
    """A line to be filled in by hand."""
    paragraph = _add_text(document.add_paragraph(), f"{label} \t".lstrip(" "), PLAIN)
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    paragraph.paragraph_format.space_after = Pt(4)


def add_columns(document: WordDocument, left: float) -> tuple[_Cell, _Cell]:
    """Two columns side by side without borders, the left one of that width."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    first, second = table.rows[0].cells
    first.width, second.width = Cm(left), Cm(WIDTH - left)
    for cell, column in zip((first, second), table.columns, strict=True):
        column.width = cell.width or Cm(0)
    _keep_whole(table.rows[0])
    return first, second


def add_grid(document: WordDocument, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Table:
    """A table with lines, a text for each column in each row; its headings stand on every page."""
    table: Table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        fill_cell(cell, column.heading, Look(TABLE_SIZE, bold=True), is_centred=True)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001 - repeated on each page
    for row in rows:
        _add_row(table, columns, row, Look(TABLE_SIZE))
    for width, place in zip(columns, table.columns, strict=True):
        place.width = Cm(width.width)
        for cell in place.cells:
            cell.width = Cm(width.width)
    return table


def _add_row(table: Table, columns: Sequence[Column], texts: Sequence[str], look: Look) -> None:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _keep_whole(row)
    for cell, column, text in zip(row.cells, columns, texts, strict=True):
        fill_cell(cell, text, look, is_centred=column.is_centred)


def fill_cell(cell: _Cell, text: str, look: Look, *, is_centred: bool) -> None:
    """Add a paragraph, the first one in a new cell."""
    paragraph = _add_text(_next(cell), text, look)
    paragraph.alignment = CENTRE if is_centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001 - python-docx has no name for it
