"""From HTML to lines: one line for each paragraph that a reader would see."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import Comment, NavigableString, PreformattedString, Tag

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_MOST_TAGS = 100_000  # a judgment has some thousands; more would only cost time
_UNSEEN = {"script", "style", "noscript", "template", "head", "select", "textarea", "iframe", "button", "object", "svg"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tr", "ul",
}  # fmt: skip
_CELLS = {"td", "th"}
_WIDE = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’"
# A line break of the source between two Chinese characters is no blank: HTML files are wrapped anywhere.
_WRAP = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]\s*(?=[{_WIDE}])")
_SOURCE_BLANKS = re.compile(r"[ \t\r\n\f]+")


def parse(html: str) -> BeautifulSoup:
    """Return the tree of a page or of a piece of one. Raises RecordError where the markup cannot be followed."""
    if html.count("<") > _MOST_TAGS:
        raise RecordError(Reason.TOO_LARGE, f"a page of over {_MOST_TAGS} tags; save the judgment's own page")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            return BeautifulSoup(html, "lxml")
        except (RecursionError, ValueError, AssertionError) as error:
            raise RecordError(Reason.BAD_RECORD, f"the HTML cannot be read ({error}); save the page again") from error


def lines(node: Tag) -> list[str]:
    """Return the visible text of a node, one line for each paragraph, without empty lines."""
    return [line for raw in "".join(_pieces(node)).split("\n") if (line := raw.strip())]


def text_of(node: Tag | None) -> str:
    """Return the text of a small node on one line, or ''."""
    return _SOURCE_BLANKS.sub(" ", node.get_text()).strip() if node is not None else ""


def _pieces(root: Tag) -> Iterator[str]:
    """Yield text, and line breaks where a block begins or ends. With a stack of its own: pages nest deeper than Python does."""
    stack: list[tuple[str, Iterator[object]]] = [(root.name, iter(root.contents))]
    while stack:
        name, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "\n" if name in _BLOCKS else " " if name in _CELLS else ""
        elif isinstance(child, Tag):
            if not _is_unseen(child):
                yield "\n" if child.name in _BLOCKS else ""
                stack.append((child.name, iter(child.contents)))
        elif isinstance(child, NavigableString) and not isinstance(child, Comment | PreformattedString):
            yield str(child) if any(name == "pre" for name, _ in stack[-3:]) else _SOURCE_BLANKS.sub(" ", _WRAP.sub("", child))


def _is_unseen(tag: Tag) -> bool:
    """Tell what a browser does not show, and the watermark that a site lays over the text."""
    if tag.name in _UNSEEN or tag.has_attr("hidden"):
        return True
    marks = " ".join(map(str, (tag.get("class") or "", tag.get("id") or ""))).lower()
    return "watermark" in marks or _HIDDEN.search(str(tag.get("style") or "")) is not None
