"""Pages to paragraphs: what a reader sees, in the order in which it is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import html_text
from pipeline.schema import RecordError


def shown(html: str) -> list[str]:
    return html_text.lines(html_text.parse(html).body)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>被告人张某</p><p>被害人李某</p>", ["被告人张某", "被害人李某"]),
        ("<p>被告人张某<p>被害人李某", ["被告人张某", "被害人李某"]),
        ("<div>甲<div>乙</div>丙</div>", ["甲", "乙", "丙"]),
        ("甲<br>乙<BR/>丙", ["甲", "乙", "丙"]),
        ("<span>张</span><font>某</font>", ["张某"]),
        ("<table><tr><td>审判长</td><td>王某</td></tr><tr><td>书记员</td><td>赵某</td></tr></table>", ["审判长 王某", "书记员 赵某"]),
        ("<p>被告人张\n某持刀</p>", ["被告人张某持刀"]),
        ("<p>Zhang\n  San</p>", ["Zhang San"]),
        ("<p>被告人张某 \r\n\t 持刀</p>", ["被告人张某持刀"]),
        ("<pre>第一行\n第二行</pre>", ["第一行", "第二行"]),
        ("<p>甲<!-- 乙 --><script>丙</script><style>丁{}</style></p>", ["甲"]),
        ("<p>甲<span style='DISPLAY : none'>乙</span><span hidden>丙</span></p>", ["甲"]),
        ("<p>甲</p><div class='pageWatermark'>某法院</div>", ["甲"]),
        ("<p>甲&nbsp;&lt;乙&gt;</p>", ["甲\xa0<乙>"]),
        ("<p>甲\f乙</p>", ["甲 乙"]),
        ("<p>\ud800甲\x00</p>", ["\ufffd甲\ufffd"]),
        ("", []),
    ],
)
def test_one_line_for_each_paragraph_that_a_reader_sees(html: str, lines: list[str]) -> None:
    assert shown(html) == lines


def test_what_xhtml_closes_in_itself_swallows_nothing() -> None:
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title/><script src='a.js'/></head><body><p>本院认为</p></body></html>"
    assert shown(page) == ["本院认为"]


def test_breaks_inside_a_table_stay_inside_it() -> None:
    assert shown("<table><tr><td><p>甲</p><p>乙</p></td></tr></table><p>丙</p>") == ["甲", "乙", "丙"]


def test_pages_nested_deeper_than_python_reads() -> None:
    assert shown("<div>" * 20_000 + "甲" + "</div>" * 20_000) == ["甲"]


def test_a_page_of_endless_tags_is_refused() -> None:
    with pytest.raises(RecordError, match="tags"):
        html_text.parse("<b>" * 100_001)


@given(st.text(alphabet="<>/=\"' abdiprtv!-&;甲\n\f\t", max_size=80))
def test_no_markup_raises_and_no_mark_is_left(html: str) -> None:
    for line in shown(html):
        assert line == line.strip()
        assert line
        assert "\f" not in line
        assert "\n" not in line
