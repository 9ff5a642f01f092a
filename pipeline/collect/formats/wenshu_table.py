"""China Judgments Online, old site, as crawlers keep it in a table: the site's case fields under Chinese or English column names."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.formats import wenshu_script
from pipeline.schema import Judgment

NAME = "wenshu_table"
_FIELDS: Mapping[str, str] = {
    "doc_id": "文书ID", "case_name": "案件名称", "case_no": "案号", "trial_procedure": "审判程序", "upload_date": "上传日期",
    "case_type": "案件类型", "court_name": "法院名称", "court_provinces": "法院省份", "court_city": "法院地市",
    "court_districts_counties": "法院区县", "instrument_type": "文书类型", "referee_date": "裁判日期", "judgement_date": "裁判日期",
    "close_mode": "结案方式", "unpublic_reasons": "不公开理由",
}  # fmt: skip
_PAGES = ("html", "Html")
# A page under a name so common must stand beside names that only this table has.
_OWN = ("doc_id", "case_no", "trial_procedure", "unpublic_reasons", "文书ID", "法院名称")


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a row by its page and the site's names beside it."""
    return ("DocContent" in record or any(page in record for page in _PAGES)) and any(name in record for name in _OWN)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of the page. Raises RecordError."""
    case: dict[str, object] = {}
    for name, value in record.items():
        if value not in (None, "", "NULL"):
            case.setdefault(_FIELDS.get(name, name), value)
    html = next((record[page] for page in _PAGES if record.get(page)), None)
    page = {"Html": html, "Title": case.get("title") or case.get("Title"), "PubDate": case.get("pubdate") or case.get("PubDate")}
    return wenshu_script.document(NAME, case, page, fallback_id, {})
