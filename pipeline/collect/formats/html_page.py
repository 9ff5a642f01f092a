"""Saved pages that hold a judgment: China Judgments Online old and new, its ".doc" downloads (which are HTML), any other page."""

from __future__ import annotations

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from pipeline.collect import html_text
from pipeline.collect.fields import labelled_lines, metadata
from pipeline.collect.formats import wenshu_anchors
from pipeline.collect.heading import is_title, take_apart
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

_TAG = re.compile(r"<(?:!doctype|html|head|body|div|p|table|span|a|meta|title|br|h\d|center|font|section|article)\b", re.IGNORECASE)
_CONTAINERS = ("#DivContent", ".PDF_pox", ".PDF_box", "#divFullText", ".fulltext", "#gridleft", "article")
_TITLES = ("#contentTitle", ".PDF_title", "h1", "h2", "title")
_FIELDS = (".gaiyao_box h4", ".fields li")
_SITE = re.compile(r"\s*[-_|—–]+\s*(?:中国裁判文书网|裁判文书网|北大法宝.*|[^-_|—–]*(?:网|法院|数据库|平台))\s*$")
_ADDRESS = re.compile(r"saved from url=\(\d+\)(\S+)|<link[^>]+rel=\"canonical\"[^>]+href=\"([^\"]+)\"")
_DOC_ID = re.compile(r"doc_?id=([0-9A-Za-z+/=%-]{8,})", re.IGNORECASE)
_HIDDEN_ID = re.compile(r"id=\"hidDocID\"[^>]*value=\"([0-9A-Za-z-]{8,})\"")
_FRONT = 300  # lines of menus that may stand over the court's name
_END = re.compile(r"[判裁决]定?如下|审\s*判\s*[长员]|书\s*记\s*员")


def recognise(head: str) -> bool:
    """Tell HTML, a whole page or a piece, by a tag at its very beginning or by several."""
    start = head.lstrip("\ufeff \t\r\n")
    return bool(_TAG.match(start)) or (start.startswith(("<!--", "<?xml")) and bool(_TAG.search(head))) or len(_TAG.findall(head)) >= 10


def parse(text: str, name: str) -> Judgment:
    """Return the judgment that the page shows. Raises RecordError."""
    page = html_text.parse(text)
    stated = metadata(labelled_lines(_stated(page)))
    title = _title(page)
    address = _address(text)
    parts = take_apart(_lines(page), front=_FRONT)
    published = _publication(text) or parts.published_on
    facts = metadata([*stated.items(), *labelled_lines(parts.before), ("published_on", published), ("url", address)])
    found = _DOC_ID.search(address) or _HIDDEN_ID.search(text)
    return judgment(
        _source(text),
        unquote(found[1]) if found else name,
        "\n".join(parts.body),
        title=title or parts.title,
        metadata=facts,
        judgment_expected=False,
        parts=wenshu_anchors.parts(text),
    )


def _address(text: str) -> str:
    """Return the address that the browser wrote into the page when it saved it, or ''."""
    found = _ADDRESS.search(text) if "saved from url" in text or "canonical" in text else None
    return (found[1] or found[2]).removesuffix("-->") if found else ""


def _source(text: str) -> str:
    """Name the site that the page comes from by its markup."""
    if re.search(r"class=['\"][^'\"]*PDF_(?:box|pox)", text):
        return "wenshu_new_page"
    if re.search(r"name=['\"](?:WBSB|DSRXX|SSJL|AJJBQK|CPYZ|PJJG|WBWB)['\"]|id=['\"]DivContent['\"]", text):
        return "wenshu_old_page"
    return "html_page"


def _title(page: LexborHTMLParser) -> str:
    candidates = (_SITE.sub("", html_text.text_of(node)) for selector in _TITLES if (node := page.css_first(selector)))
    return next((title for title in candidates if is_title(title)), "")


def _stated(page: LexborHTMLParser) -> list[str]:
    return [html_text.text_of(node) for selector in _FIELDS for node in page.css(selector)]


def _publication(text: str) -> str:
    found = re.search(r"发布日期[:：](?:&nbsp;|\s)*(\d{4}-\d{1,2}-\d{1,2})", text)
    return found[1] if found else ""


def _lines(page: LexborHTMLParser) -> list[str]:
    """Return the lines of the part made for the judgment; of the whole page where markup closed that part before the judgment's end."""
    node = next((found for selector in _CONTAINERS if (found := page.css_first(selector)) is not None), None)
    if node is None:
        return html_text.lines(page.body)
    lines = html_text.lines(node)
    cut = not any(_END.search(line) for line in reversed(lines)) and _END.search(page.text()) is not None
    return html_text.lines(page.body) if cut else lines
