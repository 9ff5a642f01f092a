"""Metadata: one English name for what the sources print under many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.collect.cleaning import iso_date, plain

# Chinese label, as printed by some source -> key of `Judgment.metadata`.
LABELS: Mapping[str, str] = {
    "审理法院": "court", "法院": "court", "法院名称": "court", "裁判法院": "court", "案号": "case_number",
    "案件字号": "case_number", "裁判日期": "decided_on", "审结日期": "decided_on", "判决日期": "decided_on",
    "审理程序": "procedure", "审判程序": "procedure", "案件类型": "case_type", "案由": "cause_of_action", "当事人": "parties",
    "公开日期": "published_on", "发布日期": "published_on", "发布时间": "published_on", "上传日期": "published_on",
    "所属地区": "region", "法院省份": "province", "法院地市": "city", "法院区县": "county", "法律依据": "legal_basis",
    "文书类型": "document_type", "审理法官": "judges", "公开类型": "publication_kind", "原始链接": "url", "案件名称": "case_name",
    "法宝引证码": "citation_code", "结案方式": "closing",
}  # fmt: skip
KEYS = frozenset(LABELS.values()) | {"case_name", "relevant_articles", "decided_on", "trial_level"}
_DATES = {"decided_on", "published_on"}


def metadata(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return what is stated under known keys or labels: strings as printed, dates in ISO form, lists joined with commas."""
    found: dict[str, str] = {}
    for label, value in pairs:
        key = LABELS.get(label.strip(" ：:【】\u3000").replace("\u3000", "").replace(" ", ""), label)
        text = printed(value)
        if key in KEYS and text:
            found.setdefault(key, iso_date(text) if key in _DATES else text)
    return found


def printed(value: object) -> str:
    """Return a value of a record as text: None is '', lists are joined with commas."""
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, list | tuple | set):
        return ",".join(filter(None, (printed(member) for member in value)))
    return plain(str(value)).strip()


def labelled_lines(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Pair labels and values printed on alternate lines (`审理法院：`, then the court) or on one (`审理法院：某法院`)."""
    pairs: list[tuple[str, str]] = []
    for line in map(str.strip, lines):
        label, colon, value = line.partition("：")
        if colon and label in LABELS:
            pairs.append((label, value.strip()))
        elif pairs and line:
            label, value = pairs[-1]
            pairs[-1] = (label, f"{value},{line}" if value else line)
    return pairs
