"""Saved pages: ours beside BeautifulSoup with lxml on the same pages, each to the text that a reader sees."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bs4 import BeautifulSoup
from measuring import Row, best
from synthetic import judgment

from pipeline.schema import Judgment

PAGES = 300
OF_SOUP, OF_ONE = 5.0, 1.7  # the bars
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


def rows(count: int = 18_000, rounds: int = 3) -> list[Row]:
    """Pages to text beside the peer, and files of pages read by one process and by two."""
    saved = pages()
    seconds = best(works(), saved, rounds)
    ratio = seconds["soup"] / seconds["paragraphs"]
    one, two = (statistics.median(times) for times in _read(saved, count, rounds))
    return [
        Row("pages to paragraphs : beautifulsoup4 with lxml", f"{ratio:.2f}", f"at least {OF_SOUP:g}", ratio >= OF_SOUP),
        Row("pages read whole, with title, metadata and kind : the same", f"{seconds['soup'] / seconds['reader']:.2f}"),
        Row(f"{count:,} pages, two processes : one", f"{one / two:.2f}", f"at least {OF_ONE:g}", one / two >= OF_ONE),
        *(Row(f"{who}, pages a second", f"{len(saved) / taken:,.0f}") for who, taken in seconds.items()),
    ]


def _read(saved: list[str], count: int, rounds: int) -> tuple[list[float], list[float]]:
    """Wall time of reading a folder of files, all libraries loaded, by one process and by two, turn about."""
    from pipeline import engine
    from pipeline.collect.pieces import is_read, pieces, read_piece

    taken: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            page = saved[number % len(saved)].replace("刑初1号", f"刑初{number}号")
            (Path(folder) / f"{number:06}.html").write_text(page, "utf-8")
        for _ in range(rounds):
            for jobs in (1, 2):
                started = time.perf_counter()
                read = engine.run(read_piece, pieces([Path(folder)], ahead=jobs > 1), jobs, stays=is_read)
                found = sum(isinstance(item, Judgment) for batch in read for _, items in batch for item in items)
                taken[jobs - 1].append(time.perf_counter() - started)
                assert found == count
    return taken
