"""From HTML to lines: one line for each paragraph that a reader would see."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_UNSEEN = "script,style,noscript,template,head,select,textarea,iframe,button,[hidden],[class*=watermark],[id*=watermark]"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = [
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tr", "ul",
]  # fmt: skip
_CELLS = ["td", "th"]
_WIDE = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’"
# A line break of the source between two Chinese characters is no blank: HTML files are wrapped anywhere.
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]\s*(?=[{_WIDE}])")
_SOURCE_BLANKS = re.compile(r"[ \t\r\n\f]+")


def parse(html: str) -> BeautifulSoup:
    """Return the tree of a page or of a piece of one. Raises RecordError where the markup cannot be followed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            return BeautifulSoup(html, "lxml")
        except (RecursionError, ValueError, AssertionError) as error:
            raise RecordError(Reason.BAD_RECORD, f"the HTML cannot be read ({error}); save the page again") from error


def lines(node: Tag) -> list[str]:
    """Return the visible text of a node, one line for each paragraph, without empty lines. The node is used up."""
    for unseen in node.select(_UNSEEN):
        unseen.decompose()
    for styled in node.find_all(style=_HIDDEN):
        if isinstance(styled, Tag) and not styled.decomposed:
            styled.decompose()
    _unwrap_source_lines(node)
    for tag in node.find_all("br"):
        tag.replace_with("\n")
    for tag in node.find_all(_CELLS):
        tag.append(" ")
    for tag in node.find_all(_BLOCKS):
        tag.insert_before("\n")
        tag.insert_after("\n")
    return [line for raw in node.get_text().split("\n") if (line := raw.strip())]


def text_of(node: Tag | None) -> str:
    """Return the text of a small node on one line, or ''."""
    return _SOURCE_BLANKS.sub(" ", node.get_text()).strip() if node is not None else ""


def _unwrap_source_lines(node: Tag) -> None:
    """Make blanks of the source what a browser makes of them; text inside <pre> keeps its lines."""
    for string in list(node.find_all(string=True)):
        if "\n" not in string and "\r" not in string and "  " not in string:
            continue
        if not any(parent.name == "pre" for parent in string.parents):
            string.replace_with(_SOURCE_BLANKS.sub(" ", _WRAP.sub("", string)))
