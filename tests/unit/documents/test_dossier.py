"""The dossier of a commune as a Word file: what it says, what it leaves blank, and that no text breaks it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from docx import Document
from docx.shared import Cm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.documents.dossier import DossierFacts, DossierLine, write_dossier
from dashboard.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LINES = (
    DossierLine(
        1,
        "Nguồn lực thực hiện quyền trẻ em",
        maximum=100,
        self_points=95,
        appraised_points=90,
        evidence="Quyết định số 12/QĐ-UBND\nKế hoạch số 3/KH-UBND",
        note="Cần bổ sung quy chế",
        figure="1 người, 9 cộng tác viên",
        figure_source="Sổ theo dõi năm 2021",
    ),
    DossierLine(2, "Trẻ em được khai sinh đúng quy định", self_points=0),
    DossierLine(6, "Trẻ em có hoàn cảnh đặc biệt được trợ giúp", maximum=1125, evidence="  "),
)
FACTS = DossierFacts(
    commune_full_name="phường Long Phước",
    commune_name="Long Phước",
    town_name="thị xã Phước Long",
    rule_set_name="Quyết định số 06/QĐ-TTg ngày 03/01/2019 của Thủ tướng Chính phủ",
    rule_set_note="Ba điểm tối đa đã biết",
    round_label="đợt tháng 11/2022",
    registration="Công văn số 45/UBND ngày 20/4/2021",
    threshold=850,
    class_name="Xã, phường, thị trấn còn lại",
    lines=LINES,
    conditions=(("Đủ 13 tiêu chí", False), ("Không có tiêu chí 0 điểm", None), ("Đủ tổng điểm", True)),
    failing=("Tiêu chí 2 chưa có điểm",),
    is_demonstration=True,
    is_illustrative=True,
)
MARK = "Số liệu minh họa (giả định)"


def opened(facts: DossierFacts = FACTS, language: Language = "vi") -> WordDocument:
    return Document(BytesIO(write_dossier(facts, language=language)))


def paragraphs(document: WordDocument) -> list[str]:
    """In their order, those in tables too."""
    found = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found += [text for row in block.rows for cell in row.cells for text in cell.text.split("\n")]
        else:
            found.append(block.text)
    return found


def text_of(document: WordDocument) -> str:
    return "\n".join(paragraphs(document))


def grids(document: WordDocument) -> list[list[list[str]]]:
    """Tables with lines, as texts."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in document.tables
        if table.style is not None and table.style.name == "Table Grid"
    ]


def test_the_heading_names_the_office_and_leaves_number_and_day_blank() -> None:
    for table in (opened().tables[0], opened().tables[-2]):
        issuer, state = (cell.text.split("\n") for cell in table.rows[0].cells)
        assert issuer[:2] == ["ỦY BAN NHÂN DÂN", "PHƯỜNG LONG PHƯỚC"]
        assert issuer[3].split() in (["Số:", "/BC-UBND"], ["Số:", "/BB-UBND"])
        assert issuer[4] == "DỰ THẢO"
        assert state[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
        assert state[3].split() == ["Long", "Phước,", "ngày", "tháng", "năm"]


def test_the_report_has_its_parts_in_order() -> None:
    said = paragraphs(opened())
    parts = [
        "BÁO CÁO",
        "Tự đánh giá xã, phường phù hợp với trẻ em đợt tháng 11/2022",
        "Kính gửi: Ủy ban nhân dân thị xã Phước Long",
        "Căn cứ Quyết định số 06/QĐ-TTg ngày 03/01/2019 của Thủ tướng Chính phủ;",
        "Căn cứ Công văn số 45/UBND ngày 20/4/2021.",
        "Lưu ý về bộ tiêu chí: Ba điểm tối đa đã biết",
        "I. BẢNG TỰ CHẤM ĐIỂM",
        "II. ĐIỀU KIỆN CÔNG NHẬN",
        "Nhóm áp dụng: Xã, phường, thị trấn còn lại.",
        "Ngưỡng tổng điểm: 850; tổng điểm tự chấm: chưa đủ điểm các tiêu chí.",
        "Nội dung còn thiếu:",
        "- Tiêu chí 2 chưa có điểm",
        "III. DANH MỤC MINH CHỨNG",
        "IV. BẢN THUYẾT MINH NGUỒN SỐ LIỆU",
        "TM. ỦY BAN NHÂN DÂN",
        "BIÊN BẢN",
        "Họp tự đánh giá xã, phường phù hợp với trẻ em đợt tháng 11/2022",
        "I. NỘI DUNG",
        "II. Ý KIẾN THẢO LUẬN",
        "III. BIỂU QUYẾT",
        "IV. KẾT LUẬN",
        "THƯ KÝ",
        "CHỦ TỌA",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    assert sum(text.endswith("./.") for text in said) == 2


def test_scores_are_printed_and_what_is_unknown_says_so() -> None:
    scores = grids(opened())[0]
    assert scores[0] == [
        "TT", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Điểm thẩm định", "Minh chứng, ghi chú",
    ]  # fmt: skip
    assert scores[1][2:] == [
        "100", "95", "90", "Quyết định số 12/QĐ-UBND\nKế hoạch số 3/KH-UBND\nCần bổ sung quy chế",
    ]  # fmt: skip
    assert scores[2][2:] == ["cần nhập theo bản in", "0", "–", ""]
    assert scores[3][2:] == ["1.125", "–", "–", ""]
    # One criterion has no own score: a sum of the others would look like the whole.
    assert scores[4] == ["", "Tổng điểm", "cần nhập theo bản in", "–", "–", ""]


def test_a_sum_is_given_where_all_of_it_is_known() -> None:
    whole = replace(LINES[0], evidence="")
    scores = grids(opened(replace(FACTS, lines=(whole, replace(whole, number=2)))))[0]
    assert scores[-1] == ["", "Tổng điểm", "200", "190", "180", ""]


def test_numbers_are_written_in_the_language_of_the_reader() -> None:
    assert grids(opened(language="en"))[0][3][2] == "1,125"


def test_the_conditions_are_met_or_not_or_unknown() -> None:
    rows = grids(opened())[1][1:]
    assert [row[2] for row in rows] == ["Chưa đạt", "Chưa xác định", "Đạt"]
    said = text_of(opened(replace(FACTS, failing=(), threshold=None)))
    assert "Nội dung còn thiếu: không có." in said
    assert "Ngưỡng tổng điểm: cần nhập theo bản in;" in said


def test_evidence_is_numbered_document_by_document() -> None:
    assert grids(opened())[2][1:] == [
        ["1", "1. Nguồn lực thực hiện quyền trẻ em", "Quyết định số 12/QĐ-UBND"],
        ["2", "1. Nguồn lực thực hiện quyền trẻ em", "Kế hoạch số 3/KH-UBND"],
    ]


def test_figures_are_explained_by_their_source() -> None:
    assert grids(opened())[3][1:] == [
        ["1", "Nguồn lực thực hiện quyền trẻ em", "1 người, 9 cộng tác viên", "Sổ theo dõi năm 2021"]
    ]


def test_a_dossier_without_anything_entered_says_so() -> None:
    document = opened(replace(FACTS, lines=(), conditions=(), registration=" ", rule_set_note=""))
    said = text_of(document)
    assert "Chưa có minh chứng nào được ghi." in said
    assert "Chưa có số liệu nào được ghi." in said
    assert "Căn cứ văn bản đăng ký số ....." in said
    assert "Lưu ý về bộ tiêu chí" not in said
    assert grids(document)[0][-1] == ["", "Tổng điểm", "cần nhập theo bản in", "–", "–", ""]


def test_the_minutes_leave_blanks_to_fill_in() -> None:
    said = paragraphs(opened())
    minutes = said[said.index("BIÊN BẢN") :]
    for label in (
        "Thời gian bắt đầu:",
        "Địa điểm:",
        "Thành phần tham dự:",
        "Chủ trì:",
        "Thư ký (người ghi biên bản):",
    ):
        assert f"{label} \t" in minutes
    assert any("3 tiêu chí của phường Long Phước; tổng điểm tự chấm là ......" in text for text in minutes)
    assert any(text.startswith("Tán thành: ....") for text in minutes)


def test_illustrative_maxima_and_demonstration_figures_are_marked() -> None:
    document = opened()
    assert "Điểm tối đa là số minh họa" in text_of(document)
    for section in document.sections:
        assert section.footer.paragraphs[0].text == section.first_page_footer.paragraphs[0].text == MARK
    plain = opened(replace(FACTS, is_demonstration=False, is_illustrative=False))
    assert "minh họa" not in text_of(plain)
    assert plain.sections[0].footer.paragraphs[0].text == ""


def test_pages_are_set_as_the_decree_wants() -> None:
    document = opened()
    assert len(document.sections) == 2
    for section in document.sections:
        sizes = (section.page_width, section.page_height, section.left_margin, section.top_margin)
        for size, wanted in zip(sizes, (21, 29.7, 3, 2), strict=True):
            assert size is not None
            assert abs(size - Cm(wanted)) < Cm(0.01)
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
    style = document.styles["Normal"].font
    assert (style.name, style.size) == ("Times New Roman", Pt(13))


def test_the_file_does_not_say_who_or_what_made_it() -> None:
    properties = opened().core_properties
    assert (properties.author, properties.comments) == ("", "")


TEXTS = st.text(st.characters(), max_size=30)
POINTS = st.integers(-(10**9), 10**9)
LINE = st.builds(
    DossierLine,
    st.integers(1, 99),
    TEXTS,
    *[st.none() | POINTS] * 3,
    *[TEXTS] * 4,
)


@settings(deadline=None, max_examples=40)
@given(
    facts=st.builds(
        DossierFacts,
        *[TEXTS] * 7,
        st.none() | POINTS,
        TEXTS,
        st.lists(LINE, max_size=2).map(tuple),
        st.lists(st.tuples(TEXTS, st.none() | st.booleans()), max_size=2).map(tuple),
        st.lists(TEXTS, max_size=2).map(tuple),
        st.booleans(),
        st.booleans(),
    ),
    language=st.sampled_from(LANGUAGES),
)
def test_no_text_breaks_the_file(facts: DossierFacts, language: Language) -> None:
    assert opened(facts, language).paragraphs


@pytest.mark.parametrize(
    "text", ["\x00\x0b\x1b\ufffe\ud800", "<w:p/>&amp;", "{0}{commune}", "a\x00b", "\r\n\t"]
)
def test_strange_signs_are_left_out_or_stand_as_they_are(text: str) -> None:
    line = replace(LINES[0], name=f"[{text}]", evidence=text, figure=text)
    content = write_dossier(replace(FACTS, commune_full_name=text, lines=(line,)), language="vi")
    with ZipFile(BytesIO(content)) as archive:
        assert "\x00" not in archive.read("word/document.xml").decode()
    assert "[" in text_of(Document(BytesIO(content)))
