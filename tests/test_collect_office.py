"""Judgments in Word files (.docx, .doc, .rtf), PDF and pictures: what a reader sees comes in, what is no judgment gets one clear line."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import compound, doc, docx, numbered, numbering, p, part, pdf, r

from pipeline.collect import Rejected, read
from pipeline.collect.formats import docx as docx_reader
from pipeline.collect.formats import pdf as pdf_reader
from pipeline.collect.formats import picture, rtf, word97, word_xml
from pipeline.collect.pages import layout, recognition
from pipeline.collect.pages.layout import Piece
from pipeline.collect.pages.recognition import Seen
from pipeline.collect.word import converter
from pipeline.collect.word.numerals import numeral
from pipeline.schema import Judgment, RecordError

COURT = "某某市某某区人民法院"
LINES = [
    COURT,
    "刑 事 判 决 书",
    "（2019）某0102刑初123号",
    "公诉机关某某市某某区人民检察院。",
    "被告人张某，男，1985年3月2日出生，汉族，无业。",
    "经审理查明：2018年11月30日，被告人张某在某某医院急诊科殴打医生李某甲，致其轻微伤。",
    "本院认为，被告人张某的行为已构成寻衅滋事罪。判决如下：",
    "被告人张某犯寻衅滋事罪，判处有期徒刑六个月。",
    "审判长 王某某",
]
HEAD = "".join(p(line) for line in LINES[:4])
BOX = f"<w:txbxContent>{p('此处为文本框')}</w:txbxContent>"


def lines(judgment: Judgment) -> list[str]:
    return judgment.text.split("\n")


def word(body: str, **more: object) -> list[str]:
    """The lines after the heading of a Word document with that body."""
    return lines(docx_reader.parse(docx(HEAD + body, **more), "a.docx"))[4:]  # type: ignore[arg-type]


def refused(reader: object, data: bytes) -> tuple[str, str]:
    with pytest.raises(RecordError) as caught:
        reader.parse(data, "a")  # type: ignore[attr-defined]
    return str(caught.value.reason), caught.value.detail


# --- .docx


def test_a_document_of_another_program_is_read_as_it_shows() -> None:
    document = python_docx.Document()
    for line in LINES[:7]:
        document.add_paragraph(line)
    document.add_paragraph(LINES[7], style="List Number")
    document.add_paragraph("作案工具予以没收。", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["审判长", "王某某", "书记员", "赵某某"], strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    found = lines(docx_reader.parse(stream.getvalue(), "a.docx"))
    assert found == [*LINES[:7], f"1. {LINES[7]}", "2. 作案工具予以没收。", "审判长 王某某", "书记员 赵某某"]


def test_inserted_text_is_in_deleted_and_hidden_text_out() -> None:
    body = p(
        "被告人张某",
        '<w:ins w:id="1">' + r("，男") + "</w:ins>",
        '<w:del w:id="2"><w:r><w:delText>，女</w:delText></w:r></w:del>',
        r("此处隐藏", "<w:vanish/>"),
        r("，汉族", '<w:vanish w:val="0"/>'),
        '<w:moveFrom w:id="3">' + r("移走的") + '</w:moveFrom><w:moveTo w:id="4">' + r("，移来的") + "</w:moveTo>",
        "。",
    )
    assert word(body) == ["被告人张某，男，汉族，移来的。"]


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    assert word(p("经审理查明，", properties='<w:rPr><w:del w:id="1"/></w:rPr>') + p("张某殴打医生。")) == ["经审理查明，张某殴打医生。"]


def test_a_hidden_style_hides() -> None:
    styles = part("styles", '<w:style w:type="character" w:styleId="S"><w:rPr><w:vanish/></w:rPr></w:style>')
    assert word(p("张某", r("密", '<w:rStyle w:val="S"/>'), "殴打医生。"), parts={"styles": styles}) == ["张某殴打医生。"]


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert word(p("经审理查明，", box, "张某殴打医生。") + p("上述事实清楚。")) == [
        "经审理查明，张某殴打医生。",
        "此处为文本框",
        "上述事实清楚。",
    ]
    old = f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>"
    assert word(p("经审理查明。", old)) == ["经审理查明。", "此处为文本框"]


def test_breaks_tabs_signs_and_fields() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r><w:r><w:t>不见</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>见附件</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    simple = '<w:fldSimple w:instr="DATE">' + r("三月五日") + "</w:fldSimple>"
    signs = '<w:r><w:sym w:font="Symbol" w:char="F0B4"/><w:sym w:font="Wingdings" w:char="F0FE"/><w:noBreakHyphen/><w:softHyphen/></w:r>'
    body = p("第一行", "<w:r><w:br/></w:r>", "第二行", "<w:r><w:tab/></w:r>", "第三格") + p(field, "，") + p(simple) + p("王", signs)
    assert word(body) == ["第一行", "第二行 第三格", "见附件，", "三月五日", "王×☑-"]


def test_a_field_without_an_end_swallows_only_its_paragraph() -> None:
    assert word(p("甲", '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "乙") + p("丙")) == ["甲", "丙"]


def test_numbers_of_lists_are_part_of_the_text() -> None:
    lists = numbering([("chineseCountingThousand", "%1、"), ("decimal", "（%2）")], [("upperLetter", "%1."), ("bullet", "\uf06c")])
    body = (
        numbered("甲判有期徒刑。") + numbered("乙", level=1) + numbered("丙", level=1) + numbered("丁") + numbered("戊", level=1)
        + numbered("己", 2) + numbered("庚", 2, 1) + numbered("", 2) + numbered("辛", 2) + numbered("壬", 0)
    )  # fmt: skip
    expected = ["一、甲判有期徒刑。", "（1）乙", "（2）丙", "二、丁", "（1）戊", "A. 己", "庚", "C. 辛", "壬"]
    assert word(body, parts={"numbering": lists}) == expected


def test_a_second_list_of_the_same_kind_may_begin_anew_or_go_on() -> None:
    more = (
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="8"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    lists = numbering([("chineseCounting", "%1、")], nums=more)
    body = numbered("甲") + numbered("乙", 7) + numbered("丙", 8) + numbered("丁", 8)
    assert word(body, parts={"numbering": lists}) == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_a_style_may_number_its_paragraphs() -> None:
    styles = part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>',
    )
    body = p("甲", properties='<w:pStyle w:val="A"/>') + p("乙", properties='<w:pStyle w:val="B"/>')
    body += p("丙", properties='<w:pStyle w:val="B"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert word(body, parts={"styles": styles, "numbering": numbering([("decimal", "第%1条")])}) == ["第1条甲", "第2条乙", "丙"]


@pytest.mark.parametrize(
    ("form", "number", "printed"),
    [
        ("decimal", 12, "12"), ("chineseCounting", 10, "十"), ("chineseCounting", 12, "十二"), ("chineseCountingThousand", 20, "二十"),
        ("chineseCountingThousand", 105, "一百零五"), ("chineseCountingThousand", 1010, "一千零一十"), ("japaneseCounting", 3, "三"),
        ("ideographDigital", 20, "二〇"), ("chineseLegalSimplified", 15, "壹拾伍"), ("upperRoman", 4, "IV"), ("lowerRoman", 9, "ix"),
        ("lowerLetter", 2, "b"), ("upperLetter", 27, "AA"), ("decimalEnclosedCircleChinese", 3, "③"), ("ideographEnclosedCircle", 2, "㊁"),
        ("decimalEnclosedCircle", 21, "21"), ("decimalFullWidth", 10, "１０"), ("decimalZero", 7, "07"), ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 1, "子"), ("bullet", 1, ""), ("none", 1, ""), ("a form of the future", 5, "5"), ("chineseCounting", 0, "〇"),
    ],
)  # fmt: skip
def test_numerals(form: str, number: int, printed: str) -> None:
    assert numeral(number, form) == printed


def test_a_row_is_a_line_and_a_cell_of_paragraphs_is_paragraphs() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    gone = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc>' + p("删去") + "</w:tc></w:tr>"
    table = "<w:tbl>" + row(p("姓名"), p(), p("损伤程度")) + row(p("李某甲"), p("轻微伤") + p("有鉴定意见")) + gone + "</w:tbl>"
    assert word(table + p("上述。")) == ["姓名 损伤程度", "李某甲", "轻微伤", "有鉴定意见", "上述。"]
    inner = "<w:tbl>" + row(p("内"), p("表")) + "</w:tbl>"
    assert word("<w:tbl>" + row(inner + p()) + "</w:tbl>") == ["内 表"]


def test_footnotes_follow_the_text_headers_do_not() -> None:
    notes = part(
        "footnotes",
        '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2">'
        + p("<w:r><w:footnoteRef/></w:r>", "李某甲系急诊科医生。")
        + "</w:footnote>",
    )
    header = part("hdr", p("内部资料"))
    found = word(
        p("殴打医生李某甲", '<w:r><w:footnoteReference w:id="2"/></w:r>', "。") + p("上述。"), parts={"footnotes": notes, "header1": header}
    )
    assert found == ["殴打医生李某甲。", "上述。", "1 李某甲系急诊科医生。"]


def test_a_court_named_only_in_the_header_is_kept() -> None:
    body = "".join(p(line) for line in LINES[1:])
    found = lines(docx_reader.parse(docx(body, {"header1": part("hdr", p(COURT))}), "a.docx"))
    assert found == LINES
    assert lines(docx_reader.parse(docx(p(COURT) + body, {"header1": part("hdr", p(COURT))}), "a.docx")) == LINES


def test_content_controls_are_read_their_prompts_not() -> None:
    control = '<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>' + r("张某") + "</w:sdtContent></w:sdt>"
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + r("单击此处输入文字") + "</w:sdtContent></w:sdt>"
    assert word(p("被告人", control, prompt, "无业。")) == ["被告人张某无业。"]


def test_a_title_is_taken_only_when_it_is_a_cases() -> None:
    body = "".join(map(p, LINES))
    assert docx_reader.parse(docx(body, title="张某寻衅滋事一审刑事判决书"), "a").title == "张某寻衅滋事一审刑事判决书"
    assert docx_reader.parse(docx(body, title="Microsoft Word 文档1"), "a").title == ""


def test_a_page_wrapped_in_a_document_is_read_as_a_page() -> None:
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in LINES) + "</body></html>"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" Type="x/aFChunk" '
        'Target="page.html"/></Relationships>'
    )
    files = {"word/page.html": page, "word/_rels/document.xml.rels": relations}
    chunk = '<w:altChunk r:id="c"/>'
    assert lines(docx_reader.parse(docx(chunk, files=files), "a.docx")) == LINES
    assert refused(docx_reader, docx(HEAD + chunk, files=files))[0] == "unknown_format"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>', "bad_record"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>', "bad_record"),
        ("<x>" * 5000 + "</x>" * 5000, "bad_record"),
        ("<x>", "bad_record"),
        ("", "bad_record"),
        (part("document", "<w:body><w:p><w:r><w:t>" + "零" * 3_000_000 + "</w:t></w:r></w:p></w:body>"), "too_large"),
        (part("document", "<w:body/>"), "empty"),
    ],
    ids=["entity bomb", "external entity", "deep nesting", "broken off", "empty part", "zip bomb", "no text"],
)
def test_a_hostile_or_broken_document_is_refused(document: str, reason: str) -> None:
    found, detail = refused(docx_reader, docx("", files={"word/document.xml": document}))
    assert found == reason
    assert ";" in detail


def test_a_document_cut_off_or_without_its_text_is_refused() -> None:
    data = docx(HEAD)
    assert refused(docx_reader, data[: len(data) // 2])[0] == "truncated"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/styles.xml", "<x/>")
    assert refused(docx_reader, stream.getvalue())[0] == "truncated"


def test_names_do_not_matter_and_archives_are_opened(tmp_path: Path) -> None:
    data = docx("".join(map(p, LINES)))
    (tmp_path / "a.doc").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("inner/c.docx", data)
        archive.writestr("d.pdf", laid_out([LINES]))
    found = list(read([tmp_path]))
    assert [(entry.path.replace(str(tmp_path), ""), entry.source) for entry in found if isinstance(entry, Judgment)] == [
        ("/a.doc", "docx"), ("/b.zip!d.pdf", "pdf"), ("/b.zip!inner/c.docx", "docx")
    ]  # fmt: skip
    assert len(found) == 3


@given(st.lists(st.text("甲乙丙丁戊己庚辛，。×", min_size=1, max_size=40), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_every_paragraph_comes_through(texts: list[str]) -> None:
    assert word("".join(p(*text) for text in texts)) == texts


# --- PDF


def laid_out(pages: list[list[str]], *, width: int = 28, indent: bool = True, header: str = "", footer: str = "") -> bytes:
    """Pages of paragraphs set as a word processor does: `width` characters a line, two characters of indent after three headings."""
    drawn = []
    for number, paragraphs in enumerate(pages, 1):
        page, y = [(60.0, 800.0, 10.0, header)] if header else [], 760.0
        for at, paragraph in enumerate(paragraphs):
            heading = number == 1 and at < 3
            first = 0 if heading or not indent else 2
            for n, line in enumerate(set_in_lines(paragraph, width, first)):
                page.append((60.0 + 16 * (first if n == 0 else 0) + (100 if heading else 0), y, 16.0, line))
                y -= 26
        drawn.append([*page, (280.0, 30.0, 10.0, footer.replace("#", str(number)))] if footer else page)
    return pdf(drawn)


def set_in_lines(paragraph: str, width: int, first: int) -> list[str]:
    """Cut a paragraph as typesetters do: no line begins with a closing sign."""
    cut, length = [], width - first
    while paragraph:
        end = length + (paragraph[length : length + 1] in set("，。：；、）”"))
        cut.append(paragraph[:end])
        paragraph, length = paragraph[end:], width
    return cut


LONG = (
    "经审理查明：2018年11月30日20时许，被告人张某酒后陪同父亲到某某医院急诊科就诊，因嫌等候时间过长与值班医生李某甲发生争执，"
    "遂用拳头殴打李某甲头面部，又将前来劝阻的护士王某乙推倒在地。经鉴定，李某甲的损伤程度为轻微伤。"
)


@pytest.mark.parametrize("indent", [True, False])
def test_lines_of_a_paragraph_are_joined(indent: bool) -> None:
    text = [*LINES[:4], LONG, LONG.replace("张某", "赵某"), *LINES[6:]]
    assert lines(pdf_reader.parse(laid_out([text], indent=indent), "a.pdf")) == text


def test_page_numbers_and_running_headers_are_dropped_and_a_paragraph_goes_on() -> None:
    half = 26 + 28 * 2  # characters: whole lines
    first, second = LONG[:half], LONG[half:]
    pages = [[*LINES[:4], first], ["某某" + second], ["本院认为，张某的行为构成寻衅滋事罪。", LINES[7]]]
    data = laid_out(pages, header="裁判文书公开件", footer="— # —")
    found = lines(pdf_reader.parse(data, "a.pdf"))
    assert not any("公开件" in line or "—" in line for line in found)
    assert found[:4] == LINES[:4]
    assert found[4].startswith("经审理查明")


def test_what_a_browser_prints_around_a_page_is_dropped() -> None:
    data = laid_out([LINES], header="", footer="https://example.org/doc?id=# #/1")
    assert lines(pdf_reader.parse(data, "a.pdf")) == LINES


def test_a_paragraph_goes_on_over_the_page() -> None:
    body = pdf([[(60, 700, 16, line) for line in LINES[:1]] + [(60, 660, 16, LINES[1]), (60, 620, 16, LINES[2])]
                + [(92, 580, 16, LONG[:26]), (60, 554, 16, LONG[26:54])], [(60, 760, 16, LONG[54:82]), (60, 734, 16, LONG[82:100])]])  # fmt: skip
    assert lines(pdf_reader.parse(body, "a.pdf"))[3:] == [LONG[:100]]


def test_a_watermark_across_the_page_and_double_printing_are_no_text() -> None:
    text = [(60.0, 700.0 - 26 * n, 16.0, line) for n, line in enumerate(LINES)]
    data = pdf([[*text, (60.3, 700.0, 16.0, COURT)]])
    assert lines(pdf_reader.parse(data, "a.pdf")) == LINES
    slanted = data.replace(b"1 0 0 1 60.3 700.0 Tm", b".7 .7 -.7 .7 100 9 Tm")
    assert slanted.count(b".7 .7 -.7 .7") == 1
    assert lines(pdf_reader.parse(slanted, "a.pdf")) == LINES


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_lying_on_its_side_is_read(turn: int) -> None:
    text = [line for line in LINES if "2" in line]  # a font that is not embedded has no height here but in its digits
    data = pdf([[(60, 560 - 26 * n, 16, line) for n, line in enumerate(text)]], turn=turn)
    assert lines(pdf_reader.parse(data, "a.pdf")) == text


def test_radicals_stand_for_their_characters() -> None:
    assert [pdf_reader._plain(sign) for sign in "⼈⺠⻓人a"] == ["人", "民", "长", "人", "a"]


def test_a_pdf_that_cannot_be_read_says_why() -> None:
    data = laid_out([LINES])
    assert refused(pdf_reader, data[:40])[0] == "truncated"
    locked = pdf(
        [[(60, 700, 16, COURT)]],
        extra=f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>",
    )
    reason, detail = refused(pdf_reader, locked)
    assert (reason, "password" in detail) == ("encrypted", True)


@given(
    st.lists(st.integers(5, 120), min_size=1, max_size=6, unique=True).map(
        lambda sizes: [
            "".join(random.Random(n).choices(LONG.translate({ord(c): None for c in "，：。0123456789"}), k=n)) + "。" for n in sizes
        ]
    )
)
@settings(max_examples=25, deadline=None)
def test_paragraphs_set_in_lines_come_back(texts: list[str]) -> None:
    whole = [*LINES[:4], *texts, LINES[7]]
    assert lines(pdf_reader.parse(laid_out([whole]), "a.pdf")) == whole


# --- pictures


class Picture:
    """Stands for a picture: `turned` is how far it has been turned."""

    def __init__(self, turned: int = 0) -> None:
        self.turned = turned

    def rotate(self, turn: int, *, expand: bool) -> Picture:
        return Picture(self.turned + turn)


def seen(text: str, x: float, y: float, score: float = 0.98, size: float = 30, slope: float = 0.0) -> Seen:
    right = x + size * sum(0.5 if sign.isascii() else 1 for sign in text)
    corners = [(x, y + slope * x), (right, y + slope * right), (right, y + size + slope * right), (x, y + size + slope * x)]
    return Seen(text, score, corners)


def page(texts: list[str], **more: float) -> list[Seen]:
    return [seen(text, 100 if n < 3 else 160, 100 + 50 * n, **more) for n, text in enumerate(texts)]


def engine(*pages: list[Seen]) -> Callable[[object], list[Seen]]:
    left = list(pages)
    return lambda image: left.pop(0)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every picture show what the test says."""

    def show(*pages: list[Seen]) -> None:
        monkeypatch.setattr(recognition, "engine", lambda: engine(*pages))
        monkeypatch.setattr(picture, "frames", lambda data: [Picture() for _ in pages])
        monkeypatch.setattr(pdf_reader, "_rendered", lambda document, number: Picture())

    return show


def test_recognised_lines_are_ordered_and_told_with_their_confidence(pictures: Callable[..., None]) -> None:
    scan = page(LINES)
    random.Random(7).shuffle(scan)
    pictures([*scan, seen("1", 500, 900), seen("专用章某", 400, 500, score=0.3)])
    found = picture.parse(b"", "a.jpg")
    assert lines(found) == LINES
    assert float(found.metadata["ocr"]) == pytest.approx(0.966, abs=0.02)


def test_a_page_laid_askew_and_boxes_beside_one_another() -> None:
    pieces = recognition.read(
        Picture(),
        engine(
            [seen("审判长", 100, 100, slope=0.05), seen("王某某的长名", 700, 100, slope=0.05), seen("书记员的长名", 100, 135, slope=0.05)]
        ),
    ).pieces  # type: ignore[arg-type]
    assert [row.text for row in layout.rows(pieces)] == ["审判长 王某某的长名", "书记员的长名"]


def test_a_page_on_its_head_is_turned() -> None:
    def see(image: Picture) -> list[Seen]:
        return page(LINES, score=0.97 if image.turned == 180 else 0.55)

    assert recognition.read(Picture(), see).score == pytest.approx(0.97)  # type: ignore[arg-type]


def test_what_stands_upright_in_the_margin_is_no_line() -> None:
    upended = Seen("骑缝章", 0.9, [(20, 100), (50, 100), (50, 400), (20, 400)])
    found = recognition.read(Picture(), lambda image: [upended, seen("审判长某某某某某某", 100, 100)])  # type: ignore[arg-type]
    assert [piece.text for piece in found.pieces] == ["审判长某某某某某某"]


def test_a_scan_that_cannot_be_recognised_is_refused(pictures: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "engine", lambda: lambda image: page(LINES, score=0.4))
    monkeypatch.setattr(picture, "frames", lambda data: [Picture()])
    reason, detail = refused(picture, b"")
    assert (reason, "0.40" in detail, "300 dpi" in detail) == ("illegible", True, True)
    pictures([])
    assert refused(picture, b"")[0] == "not_a_judgment"


def test_a_later_page_alone_is_told_what_to_do(pictures: Callable[..., None]) -> None:
    pictures(page(["某某某某某某某某", "某某某某某某"]))
    reason, detail = refused(picture, b"")
    assert (reason, "into one PDF" in detail) == ("not_a_judgment", True)


def test_a_scanned_pdf_is_recognised_page_by_page(pictures: Callable[..., None]) -> None:
    pictures(page(LINES[:5]), page(LINES[5:]))
    found = pdf_reader.parse(pdf([[], [(280, 30, 10, "2")]], picture=True), "a.pdf")
    assert lines(found) == LINES
    assert found.metadata["ocr"] == "0.980"


def test_a_pdf_of_text_and_pictures_keeps_both(pictures: Callable[..., None]) -> None:
    pictures(page(["作案工具予以没收。"]))
    mixed = pdf([[(60, 700 - 26 * n, 16, line) for n, line in enumerate(LINES)], []], picture=True)
    assert lines(pdf_reader.parse(mixed, "a.pdf")) == [*LINES, "作案工具予以没收。"]


def test_an_empty_page_is_no_picture() -> None:
    assert lines(pdf_reader.parse(pdf([[(60, 700 - 26 * n, 16, line) for n, line in enumerate(LINES)], []]), "a.pdf")) == LINES


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + bytes(20), b"\xff\xd8\xff\xe0" + bytes(20), b"II*\x00" + bytes(20), b"BM" + struct.pack("<IIII", 99, 0, 54, 40),
     b"RIFF\x00\x00\x00\x00WEBPVP8 ", pdf([[]], picture=True)],
    ids=["png", "jpeg", "tiff", "bmp", "webp", "pdf"],
)  # fmt: skip
def test_without_the_extra_a_picture_names_it(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    recognition.engine.cache_clear()
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert (found.reason, "pip install 'anjuan[ocr]'" in found.detail) == ("missing_reader", True)


def printed_picture(texts: list[str]) -> object:
    """A picture with those lines, in the font that reports embed."""
    fonts = pytest.importorskip("pylopdf_fonts_zh_cn", reason="the extra report, with its font, is not installed")
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(Path(fonts.__file__).parent / "NotoSerifSC-Regular.otf"), 32)
    image = Image.new("RGB", (1000, 60 * len(texts) + 60), "white")
    draw = ImageDraw.Draw(image)
    for n, line in enumerate(texts):
        draw.text((40 if n < 3 else 104, 40 + 60 * n), line, fill="black", font=font)
    return image


def test_pictures_are_recognised_by_the_engine_itself(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    recognition.engine.cache_clear()
    texts = [*LINES[:5], "判决如下：张某犯寻衅滋事罪。"]
    image = printed_picture(texts)
    image.copy().save(tmp_path / "a.tif", save_all=True, append_images=[image.crop((0, 0, 90, 30))])  # type: ignore[attr-defined]
    image.rotate(90, expand=True).save(tmp_path / "b.pdf", resolution=150)  # type: ignore[attr-defined]
    found = list(read([tmp_path]))
    assert len(found) == 2
    for judgment in found:
        assert isinstance(judgment, Judgment)
        assert "".join(judgment.text.split()) == "".join("".join(texts).split())
        assert float(judgment.metadata["ocr"]) > 0.9


@pytest.mark.parametrize(
    ("size", "given"), [((2000, 3), (2000, 666)), ((1, 1), (64, 64)), ((8000, 6000), (4000, 3000)), ((900, 9), (900, 300))]
)
def test_strips_and_posters_are_brought_to_a_size_that_fits_in_memory(size: tuple[int, int], given: tuple[int, int]) -> None:
    image = pytest.importorskip("PIL.Image", reason="the extra ocr is not installed")
    assert recognition._sized(image.new("RGB", size)).size == given


def test_a_telephones_photograph_is_told_what_to_become() -> None:
    data = b"\x00\x00\x00\x18ftypheic" + bytes(60)
    assert picture.recognise(data)
    reason, detail = refused(picture, data)
    assert (reason, "JPEG" in detail) == ("binary", True)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_pictures_of_every_kind_are_opened_and_a_cut_one_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL", reason="the extra ocr is not installed")
    stream = io.BytesIO()
    image = printed_picture(LINES[:3])
    image.save(stream, form)  # type: ignore[attr-defined]
    data = stream.getvalue()
    assert picture.recognise(data)
    assert [frame.size for frame in picture.frames(data)] == [image.size]  # type: ignore[attr-defined]
    monkeypatch.setattr(recognition, "engine", lambda: lambda image: [])
    assert refused(picture, data[: len(data) // 2])[0] == "truncated"


# --- one XML file


def test_a_document_saved_as_word_2003_xml() -> None:
    number = '<w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="一、"/></w:listPr>'
    note = "<w:r><w:footnote>" + p("注释。") + "</w:footnote></w:r>"
    gone = '<aml:annotation aml:id="0" w:type="Word.Deletion"><aml:content><w:r><w:delText>删去</w:delText></w:r></aml:content></aml:annotation>'
    body = "<wx:sect>" + HEAD + p("张某", note, gone, "无业。") + p("判刑。", properties=number) + "</wx:sect>"
    data = (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
        f' xmlns:aml="http://schemas.microsoft.com/aml/2001/core"><w:fonts/><w:body>{body}</w:body></w:wordDocument>'
    ).encode()
    assert word_xml.recognise(data)
    assert lines(word_xml.parse(data, "a.doc"))[4:] == ["张某无业。", "注释。", "一、判刑。"]


def test_a_flat_package_reads_as_its_zip() -> None:
    packed = docx(HEAD + numbered("判刑。"), {"numbering": numbering([("chineseCounting", "%1、")])})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name).decode().partition("?>")[2] or archive.read(name).decode() for name in archive.namelist()}
    inner = "".join(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{text}</pkg:xmlData></pkg:part>' for name, text in parts.items())
    data = (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{inner}</pkg:package>'.encode()
    )
    assert word_xml.recognise(data)
    assert lines(word_xml.parse(data, "a.xml")) == lines(docx_reader.parse(packed, "a.docx")) == [*LINES[:4], "一、判刑。"]
    assert refused(word_xml, data[: len(data) // 2])[0] == "bad_record"


# --- .doc

IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x16\x24\x01\x17\x24\x01"


def binary(*paragraphs: tuple[str, bytes] | str, **more: object) -> list[str]:
    """The lines after the heading of a binary Word file with those paragraphs."""
    whole = [(line + "\r", b"") for line in LINES[:4]]
    whole += [(entry + "\r", b"") if isinstance(entry, str) else entry for entry in paragraphs]
    return lines(word97.parse(doc(whole, **more), "a.doc"))[4:]  # type: ignore[arg-type]


def test_a_binary_document_with_its_fields_breaks_and_hyphens() -> None:
    text = "见\x13 HYPERLINK x \x14附件\x15，第一\x0b第二\x0c第三\t第四\x1e五\x1f六\x01\x08"
    assert binary(text, LINES[5]) == ["见附件，第一", "第二", "第三 第四-五六", LINES[5]]


def test_hidden_text_of_a_binary_document_is_out() -> None:
    before = sum(len(line) + 1 for line in LINES[:4])
    assert binary("被告人张某隐藏的，无业。", hidden=[(before + 5, before + 8)]) == ["被告人张某，无业。"]


def test_tables_of_a_binary_document() -> None:
    cells = [("姓名\x07", IN_TABLE), ("损伤\x07", IN_TABLE), ("\x07", ROW_END), ("李某甲\x07", IN_TABLE), ("轻微伤\r", IN_TABLE),
             ("有鉴定\x07", IN_TABLE), ("\x07", ROW_END)]  # fmt: skip
    assert binary(*cells, "上述。") == ["姓名 损伤", "李某甲", "轻微伤", "有鉴定", "上述。"]


def test_lists_of_a_binary_document() -> None:
    def level(form: int, text: str) -> bytes:
        signs = [ord(sign) if sign != "#" else 0 for sign in text]
        return struct.pack("<iBB", 1, form, 0) + bytes(22) + struct.pack(f"<H{len(signs)}H", len(signs), *signs)

    simple = struct.pack("<H", 2) + b"".join(struct.pack("<ii18sBB", number, 0, b"\xff\x0f" * 9, 1, 0) for number in (77, 78))
    overrides = struct.pack("<I", 2) + b"".join(struct.pack("<i12x", number) for number in (77, 78)) + b"\xff\xff\xff\xff" * 2
    first, second = b"\x0a\x26\x00\x0b\x46\x01\x00", b"\x0b\x46\x02\x00"
    paragraphs = [("甲判刑。\r", first), ("乙。\r", second), ("丙。\r", first), ("无号。\r", b"\x0b\x46\x00\x00")]
    found = binary(*paragraphs, lists=(simple, level(39, "#、") + level(0, "（#）"), overrides))
    assert found == ["一、甲判刑。", "（1）乙。", "二、丙。", "无号。"]


def test_footnotes_and_text_boxes_follow_headers_do_not() -> None:
    head = [(line + "\r", b"") for line in LINES[:6]]
    parts = ["\x02 注释。\r", "页眉\r", "批注\r", "尾注。\r", "文本框。\r"]
    size = sum(len(line) for line, _ in head)
    notes, header, comment, end, box = map(len, parts)
    data = doc([*head, *((part, b"") for part in parts)], lengths=[size, notes, header, 0, comment, end, box, 0])
    assert lines(word97.parse(data, "a.doc")) == [*LINES[:6], "注释。", "尾注。", "文本框。"]


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (compound({"EncryptedPackage": b"x"}), "encrypted", "password"),
        (doc([("某\r", b"")], flags=0x0300), "encrypted", "password"),
        (compound({"Workbook": b"x"}), "binary", "Excel"),
        (compound({"PowerPoint Document": b"x"}), "binary", "PowerPoint"),
        (compound({"Other": b"x"}), "binary", "without a Word document"),
        (doc([("某\r", b"")], version=0x65), "missing_reader", "LibreOffice"),
        (compound({"WordDocument": struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0200) + bytes(5000), "1Table": b""}), "truncated", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "truncated", "damaged"),
        (doc([(line + "\r", b"") for line in LINES])[:3000], "truncated", "damaged"),
    ],
)
def test_a_compound_file_that_cannot_be_read_says_why(data: bytes, reason: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "program", lambda: None)
    found, detail = refused(word97, data)
    assert (found, words in detail) == (reason, True)


def test_an_old_document_goes_through_the_converter_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    text = "\n".join(LINES)
    program.write_text(f'#!/bin/sh\nfor last; do :; done\ncat > "${{last%/*}}/document.txt" <<"END"\n{text}\nEND\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(converter, "program", lambda: str(program))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert lines(word97.parse(doc([("某\r", b"")], version=0x65), "a.doc")) == LINES
    assert list(tmp_path.iterdir()) == [program]
    program.write_text("#!/bin/sh\nexit 1\n")
    assert refused(word97, doc([("某\r", b"")], version=0x65))[0] == "truncated"


# --- .rtf


def rich(body: str, fonts: str = r"{\f0\fnil\fcharset134 SimSun;}{\f1\froman\fcharset0 Times;}") -> bytes:
    return (r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl" + fonts + "}" + "".join(hexed(line) + r"\par " for line in LINES[:4]) + body + "}").encode("latin-1")  # fmt: skip


def hexed(text: str) -> str:
    return "".join(chr(byte) if byte < 0x80 else f"\\'{byte:02x}" for byte in text.encode("gb18030"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (hexed("被告人张某。"), ["被告人张某。"]),
        (r"\uc1\u24352?\u26576?\uc0\u30340", ["张某的"]),
        (r"\'81A\'81\'40", ["丄丂"]),  # a second byte written as the letter that it is
        ("\xd5\xc5\xc4\xb3", ["张某"]),  # bytes that are not escaped at all
        (hexed("甲") + r"{\v " + hexed("隐") + r"}{\deleted " + hexed("删") + "}" + hexed("乙"), ["甲乙"]),
        (hexed("甲") + r"\v " + hexed("隐") + r"\v0 " + hexed("乙"), ["甲乙"]),
        (r"{\header " + hexed("页眉") + r"}{\*\unknown " + hexed("未知") + "}" + hexed("甲"), ["甲"]),
        (r"{\listtext\f0 " + hexed("一、") + "}" + hexed("甲"), ["一、甲"]),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt " + hexed("附件") + "}}", ["附件"]),
        (r"{\pict\wmetafile8 010203}{\*\shppict{\pict\bin3 }}}}}" + hexed("甲"), ["甲"]),
        (hexed("姓名") + r"\cell " + hexed("损伤") + r"\cell\row " + hexed("后"), ["姓名 损伤", "后"]),
        (r"\f1 \'d7\'d7\f0 " + hexed("甲"), ["××甲"]),
        (r"\f1 " + hexed("张某"), ["张某"]),
        (hexed("甲") + r"{\footnote \pard " + hexed("注") + "}" + hexed("乙") + r"\par " + hexed("丙"), ["甲乙", "丙", "注"]),
        (r"\ldblquote " + hexed("甲") + r"\rdblquote\emdash\~\_\{\}\\", ["“甲”— -{}\\"]),
    ],
)
def test_rich_text(body: str, expected: list[str]) -> None:
    assert lines(rtf.parse(rich(body), "a.rtf"))[4:] == expected


def test_rich_text_that_breaks_off_is_refused() -> None:
    assert refused(rtf, rich(hexed("甲"))[:-1])[0] == "truncated"


# --- every reader


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (docx_reader, docx("".join(map(p, LINES)))),
        (pdf_reader, laid_out([LINES])),
        (word97, doc([(line + "\r", IN_TABLE) for line in LINES])),
        (rtf, rich(hexed("甲"))),
    ],
    ids=["docx", "pdf", "doc", "rtf"],
)
def test_damage_is_refused_and_never_raises(reader: object, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "program", lambda: None)
    chance = random.Random(1)
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 20)):
            damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
        assert outcome(reader, bytes(damaged[: chance.randrange(len(data) // 2, len(data) + 1)]))


def outcome(reader: object, data: bytes) -> Judgment | str:
    """The judgment, or what the refusal says; anything else that is raised fails the test."""
    try:
        return reader.parse(data, "a")  # type: ignore[attr-defined,no-any-return]
    except RecordError as error:
        return error.detail


def test_pieces_side_by_side_need_half_their_height_in_common() -> None:
    low, high = Piece("甲", 0, 10, 0, 10), Piece("乙", 10, 20, 6, 16)
    assert [row.text for row in layout.rows([low, high])] == ["甲", "乙"]
