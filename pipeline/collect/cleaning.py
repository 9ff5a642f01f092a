"""From the text as a record holds it to the text as a reader sees it: entities, escapes, page furniture.

Everything here happens before `Judgment.original` is set, so it may change lengths; `pipeline.text.canonical` may not.
"""

from __future__ import annotations

import html
import re

from pipeline.collect.encoding import undecodable

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# A literal \n that JSON-escaping left behind; C:\new and D:\tmp are paths.
_BLANK_ESCAPE = re.compile(r"\\r\\n|\\[nrt](?![A-Za-z0-9_.\\])")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")
# What the sellers of bulk dumps print into the text; 马 alone is a surname.
_SELLER = re.compile(r"马\s*克\s*数|macrodatas")
_ADVERTISEMENT = re.compile(
    r"(?:(?:更多数据|数据)?(?:来源|来自|关注|搜索|百度|微信|公众号|更多数据)[:：“”\"'搜索关注微信公众号百度]{0,30})"
    r"[“\"]?(?:马\s*克\s*数\s*据(?:\s*网)?|(?:https?://)?(?:www\.)?macrodatas\.cn)[”\"]?/?"
    r"|[“\"]马\s*克\s*数\s*据(?:\s*网)?[”\"]|(?:https?://)?www\.macrodatas\.cn/?"
)
# Whole lines that a site prints around a judgment.
_FURNITURE = re.compile(
    r"(?:发布日期|发布时间|公开日期)[:：]?\s*[\d年月日./-]*\s*(?:浏览(?:次数|量)?[:：]?\s*\d*\s*次?)?"
    r"|浏览(?:次数|量)?[:：]?\s*\d*\s*次?|点击[:：]?\d*次?|字号[:：]?.{0,12}|打印(?:本页)?|下载|收藏|分享(?:到)?.{0,12}|关闭(?:窗口)?|返回(?:顶部|首页|列表)?"
    r"|目录|概要|关联|文书内容|裁判文书|上一篇.{0,80}|下一篇.{0,80}|扫一扫.{0,30}|(?:中国)?裁判文书网"
)
_PUBLISHED = re.compile(r"(?:发布日期|发布时间|公开日期)[:：]?\s*(\d{4}[年./-]\d{1,2}[月./-]\d{1,2})")


def plain(text: str) -> str:
    """Return a record's text with entities and left-over escapes decoded, line ends as \\n, nothing that cannot be stored."""
    if "&" in text:
        text = _entities(_entities(text))  # twice: &amp;#xD; is met in dumps of dumps
    if "\\" in text:
        text = _UNICODE_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
        text = _BLANK_ESCAPE.sub(lambda m: "\t" if m[0] == "\\t" else "\n", text)
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return storable(_ADVERTISEMENT.sub("", text) if _SELLER.search(text) else text)


def storable(text: str) -> str:
    """Join surrogate pairs, and put U+FFFD for lone surrogates and NUL, which SQLite cannot hold."""
    if "\x00" not in text and not undecodable(text):
        return text
    joined = _SURROGATE_PAIR.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _UNSTORABLE.sub("\ufffd", joined)


def is_furniture(line: str) -> bool:
    """Tell whether a line is a site's, not the judgment's: publication date, view counter, buttons."""
    return not line.strip() or _FURNITURE.fullmatch(line.strip()) is not None


def publication_date(text: str) -> str:
    """Return the date that stands after 发布日期 as `2017-03-06`, or ''."""
    found = _PUBLISHED.search(text)
    return iso_date(found[1]) if found else ""


def iso_date(printed: str) -> str:
    """Return `2017-03-06` for 2017年3月6日, 2017/3/6, 2017.03.06 or 2017-03-06 00:00:00; anything else as printed."""
    found = re.match(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})", printed.strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else printed.strip()


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda m: html.unescape(m[0]), text)
