"""From HTML to lines: one line for each paragraph that a reader would see."""

from __future__ import annotations

import re
import warnings

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.collect.cleaning import storable
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_MOST_TAGS = 100_000  # a judgment has some thousands; more would only cost time
_BREAK = "\f"  # marks where a block begins or ends: as a blank it may stand inside tables, where other text would be moved out
_BLOCK_TAG = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|center|d[dlt]|div|fieldset|footer|form|h[1-6r]|header|li|main|nav|ol|p|pre|section"
    r"|table|tbody|tr|ul)\b)",
    re.IGNORECASE,
)
_CELL_END = re.compile(r"<(?=/t[dh]\b)", re.IGNORECASE)
_UNSEEN = "script,style,noscript,template,select,textarea,iframe,button,object,svg,[hidden],[class*=watermark i],[id*=watermark i]"
_STYLED = "[style*=none i],[style*=hidden i]"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’]")
_SOURCE_BLANKS = re.compile(r"[ \t\r\n]+")
# XHTML closes these in themselves; read as HTML, all that follows would be their text.
_SWALLOWS = re.compile(r"<(?:title|script|style|textarea|iframe|noscript|noframes|xmp)\b[^<>]*/>", re.IGNORECASE)


def parse(html: str) -> LexborHTMLParser:
    """Return the tree of a page or of a piece of one, less what a browser does not show. Raises RecordError when it is too large."""
    if html.count("<") > _MOST_TAGS:
        raise RecordError(Reason.TOO_LARGE, f"a page of over {_MOST_TAGS} tags; save the judgment's own page")
    if _SWALLOWS.search(html):
        html = _as_html(html)
    page = LexborHTMLParser(_marked(storable(html)))
    for node in page.css(_UNSEEN):
        node.decompose()
    if "none" in html or "hidden" in html:
        for node in page.css(_STYLED):
            if _HIDDEN.search(node.attributes.get("style") or ""):
                node.decompose()
    for node in page.css("pre"):
        for text in [child for child in node.traverse(include_text=True) if child.is_text_node]:
            text.replace_with(text.text().replace("\n", _BREAK))
    return page


def lines(node: LexborNode | None) -> list[str]:
    """Return the visible text of a node, one line for each paragraph, without empty lines."""
    text = _unwrapped(node.text() if node is not None else "")
    if "  " in text or "\t" in text:
        text = _SOURCE_BLANKS.sub(" ", text)
    return [line for raw in text.split(_BREAK) if (line := raw.strip())]


def text_of(node: LexborNode | None) -> str:
    """Return the text of a small node on one line, or ''."""
    return _SOURCE_BLANKS.sub(" ", node.text().replace(_BREAK, " ")).strip() if node is not None else ""


def _marked(html: str) -> str:
    """Put a break before each tag that begins or ends a block, and a blank behind each cell of a table."""
    marked = f"{_BREAK}<".join(_BLOCK_TAG.split(html.replace(_BREAK, " ")))
    return " <".join(_CELL_END.split(marked))


def _unwrapped(text: str) -> str:
    """Join the lines of the source: without a blank between two Chinese characters, for HTML files are wrapped anywhere."""
    first, *rest = text.split("\n")
    joined = [first]
    for line in rest:
        before, after = joined[-1].rstrip(" \t\r"), line.lstrip(" \t\r")
        wide = before and after and _WIDE.match(before[-1]) and _WIDE.match(after)
        joined[-1:] = [before, after] if wide else [joined[-1], " ", line]
    return "".join(joined)


def _as_html(xhtml: str) -> str:
    """Write a page that is XHTML as HTML, by a parser that reads both."""
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            return str(BeautifulSoup(xhtml, "lxml"))
        except (RecursionError, ValueError, AssertionError) as error:
            raise RecordError(Reason.BAD_RECORD, f"the HTML cannot be read ({error}); save the page again") from error
