"""Saved pages: ours beside BeautifulSoup with lxml on the same pages, each to the text that a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from bs4 import BeautifulSoup
from synthetic import judgment

PAGES = 300
OF_SOUP = 5.0  # the bar
# The markup of three sites around paragraphs: the old site's download, the new site's page, a court's own page.
_SITES = (
    (
        "<html><head><meta charset='utf-8'></head><body><div id='contentTitle' class='title'>张某故意伤害一审刑事判决书</div>"
        "<table><tr><td id='tdFBRQ'>&nbsp;发布日期：2018-01-24</td></tr></table><div id='DivContent'><a type='dir' name='WBSB'></a>",
        "<div style='LINE-HEIGHT: 25pt;TEXT-ALIGN:justify;TEXT-INDENT: 30pt; MARGIN: 0.5pt 0cm;FONT-FAMILY: 仿宋; FONT-SIZE: 16pt;'>{}</div>",
        "</div></body></html>",
    ),
    (
        "<!DOCTYPE HTML PUBLIC -//W3C//DTD HTML 4.0 Transitional//EN'><HTML><BODY><div class='PDF_pox'>",
        "<div style='TEXT-ALIGN: justify; LINE-HEIGHT: 25pt; TEXT-INDENT: 30pt'>{}</div>",
        "</div></BODY></HTML>",
    ),
    (
        "<html><head><title>某法院</title><style>p{margin:0}</style></head><body><ul><li><a href='#'>首页</a></li></ul><div class='content'>",
        "<p><span style='font-size:16pt'>{}</span></p>\n",
        "</div><script>var a = 1;</script></body></html>",
    ),
)


def pages() -> list[str]:
    """Pages of about 12 kB, site after site."""
    return list(islice(_pages(), PAGES))


def _pages() -> Iterator[str]:
    size = 3000
    while True:
        for head, paragraph, foot in _SITES:
            size = 3000 + (size * 7 + 13) % 3000
            yield head + "".join(paragraph.format(line) for line in judgment(size).split("\n")) + foot


def works() -> dict[str, Callable[[str], object]]:
    """Page to text: ours, the peer's, and our whole reader (text, title, metadata, what kind of document it is)."""
    from pipeline.collect import html_text
    from pipeline.collect.formats import html_page

    return {
        "paragraphs": lambda page: html_text.lines(html_text.parse(page).body),
        "soup": lambda page: BeautifulSoup(page, "lxml").get_text("\n"),
        "reader": lambda page: html_page.parse(page, "page.html"),
    }
