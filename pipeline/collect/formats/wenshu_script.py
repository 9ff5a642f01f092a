"""China Judgments Online, old site: the reply of `CreateContentJS.aspx`, which is JavaScript around two JSON texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pipeline.collect import html_text
from pipeline.collect.cleaning import is_furniture
from pipeline.collect.fields import metadata, printed
from pipeline.collect.formats import wenshu_anchors
from pipeline.collect.record import identifier, judgment
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

NAME = "wenshu_script"
_CASE_INFO = re.compile(r"caseinfo\s*=\s*(?:JSON\.stringify\()?\s*(?=\{)")
_PAGE = re.compile(r"jsonHtmlData\s*=\s*(?=\")")
_RELATED = re.compile(r"name:\s*[\"']([^\"']+)[\"'],\s*key:\s*[\"']\w+[\"'],\s*value:\s*[\"']([^\"']*)[\"']")
_LAW = re.compile(r"法规名称:\s*[\"']([^\"']+)[\"']")
_MICROSOFT_DATE = re.compile(r"/Date\((-?\d+)\)/")
_QUOTE = "01lydyh01"  # the site's own escape for '
_CASE_TYPES = {"1": "刑事案件", "2": "民事案件", "3": "行政案件", "4": "赔偿案件", "5": "执行案件"}


def recognise(head: str) -> bool:
    """Tell the reply by the script's variables."""
    return not head.lstrip().startswith("<") and ("caseinfo=JSON.stringify" in head or "jsonHtmlData" in head)


def parse(text: str, name: str) -> Judgment:
    """Return the judgment of `Html`; the metadata are those of `caseinfo` and, where present, `dirData`. Raises RecordError."""
    case, page = _json_after(_CASE_INFO, text), _json_after(_PAGE, text)
    if isinstance(page, str):
        page = _loads(page)
    case, page = case if isinstance(case, dict) else {}, page if isinstance(page, dict) else {}
    stated = metadata([*_RELATED.findall(text), ("法律依据", _LAW.findall(text))])
    return document(NAME, case, page, name, stated)


def document(source: str, case: Mapping[str, object], page: Mapping[str, object], fallback_id: str, stated: Mapping[str, str]) -> Judgment:
    """Return the judgment of the site's case fields (Chinese names) and page (`Title`, `PubDate`, `Html`). Raises RecordError.

    `stated` are metadata from beside them, for what they do not say.
    """
    html = (printed_html(page.get("Html")) or printed_html(case.get("DocContent"))).replace(_QUOTE, "'")
    if not html.strip() and (reason := printed(case.get("不公开理由"))):
        raise RecordError(Reason.NOT_PUBLIC, f"the court has not published this document ({reason[:40]})")
    lines = [line for line in html_text.lines(html_text.parse(html).body) if not is_furniture(line)]
    return judgment(
        source,
        identifier(case, ("文书ID",), fallback_id),
        "\n".join(lines),
        title=printed(page.get("Title")) or printed(case.get("案件名称")),
        metadata={**stated, **_metadata(case, page)},
        parts=wenshu_anchors.parts(html),
    )


def printed_html(value: object) -> str:
    """Return a field that holds a page, untouched; '' for anything but text."""
    return value if isinstance(value, str) else ""


def _metadata(case: Mapping[str, object], page: Mapping[str, object]) -> dict[str, str]:
    stated = {key: value for key, value in case.items() if key != "案件名称" and value != "无"}
    kind = printed(case.get("案件类型"))
    stated["案件类型"] = _CASE_TYPES.get(kind, "" if kind.isdigit() else kind)
    stated["上传日期"] = printed(page.get("PubDate")) or _date(printed(case.get("上传日期")))
    stated["裁判日期"] = _date(printed(case.get("裁判日期")))
    return metadata(stated.items())


def _date(printed_date: str) -> str:
    """Return `/Date(1388039700000)/` (milliseconds) as the day it was in China; other dates as they are."""
    found = _MICROSOFT_DATE.search(printed_date)
    if not found:
        return printed_date
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]), hours=8)
    except OverflowError:
        return ""
    return moment.date().isoformat()


def _json_after(start: re.Pattern[str], script: str) -> object:
    """Return the JSON value behind `start`, or None when the script has none. Raises RecordError when it is cut off."""
    found = start.search(script)
    if not found:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(script, found.end())[0]
    except (ValueError, RecursionError) as error:
        raise RecordError(Reason.TRUNCATED, "the script is damaged or its end is missing; download it again") from error


def _loads(page: str) -> object:
    try:
        return json.loads(page, strict=False)
    except (ValueError, RecursionError) as error:
        raise RecordError(Reason.BAD_RECORD, "the page inside the script is no JSON; download it again") from error
