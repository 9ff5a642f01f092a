"""The court of a document: its name as the heading prints it, and its tier.

Tiers: Organic Law of the People's Courts (人民法院组织法, 2018), articles 12-15 and 20-26.
"""

from __future__ import annotations

import re

_HAN = r"\u3400-\u9fff"
_COURT = rf"[{_HAN}×]{{0,30}}?(?:人民法院|军事法院|海事法院|铁路运输(?:中级)?法院|知识产权法院|互联网法院|金融法院|林区(?:中级|基层)?法院|森林法院|中级法院|高级法院|自治县法院|县法院|区法院|市法院)(?:[{_HAN}]{{1,8}}分院)?"
# A line of its own, or followed at once by the kind of document or the case number.
_PRINTED = re.compile(rf"(?:^|(?<=[\n书)）]))(?P<court>{_COURT})(?=\n|[a-z<>〉/]{{0,6}}刑\n?事|（\n?\d{{4}}|$|决\n?定|强制医疗)")
_SPLIT = re.compile(
    rf"(?:^|(?<=\n))(?P<court>[{_HAN}]{{2,12}}(?:省|市|区|县|州|旗|盟)\n(?:[{_HAN}]{{2,10}}(?:市|区|县|旗)\n)?{_COURT})(?=\n|刑)"
)
_TELLS = re.compile(rf"(?P<court>{_COURT})(?=(?:经)?(?:依法)?(?:公开)?(?:开庭)?审理(?:查明|认定|认为)|查明|认定)")
# 张某故意伤害一案某省某市人民法院: the court begins at the province.
PROVINCES = (
    "北京市|天津市|河北省|山西省|内蒙古自治区|辽宁省|吉林省|黑龙江省|上海市|江苏省|浙江省|安徽省|福建省|江西省|山东省|河南省|湖北省|湖南省|广东省|广西壮族自治区|"
    "海南省|重庆市|四川省|贵州省|云南省|西藏自治区|陕西省|甘肃省|青海省|宁夏回族自治区|新疆维吾尔自治区|中华人民共和国(?=最高)"
)
_AT_PROVINCE = re.compile(rf"(?<=.)(?:{PROVINCES})")
_TITLE_END = re.compile(r"[判裁决]定?[决定]?书|一案|[罪害人]案")
_TITLE_WORDS = re.compile(r"[一二再]审|一案|被告|罪|等人|判决|裁定|与|诉|不服|申请")


def printed_court(view: str, stop: int) -> tuple[str, int, int] | None:
    """(name, start, end) of the court that the heading, `view[:stop]`, prints; blanks inside the name are dropped."""
    found = _court_of_lines(view, 0, stop)
    if found:
        return found
    told = _TELLS.match(view)
    if told and len(told["court"]) > 5:
        return told["court"], told.start("court"), told.end("court")
    return _court_of_letters(view, stop)


def _court_of_lines(view: str, start: int, stop: int) -> tuple[str, int, int] | None:
    for pattern in (_SPLIT, _PRINTED):
        for m in pattern.finditer(view, start, stop):
            at = _without_title(view, m.start("court"), m.end("court"))
            name = view[at : m.end("court")].replace("\n", "")
            if len(name) > 4 and not _TITLE_WORDS.search(name):
                return name, at, m.end("court")
    return None


def _court_of_letters(view: str, stop: int) -> tuple[str, int, int] | None:
    """The court of a heading whose letters stand apart (某 县 人 民 法 院) or are broken over lines."""
    places = [i for i in range(stop) if view[i] != "\n"]
    found = _court_of_lines("".join(view[i] for i in places), 0, len(places))
    return (found[0], places[found[1]], places[found[2] - 1] + 1) if found else None


def court_named(text: str) -> str:
    """The court that a case name or another short text names; '' when none."""
    found = re.findall(_COURT, text)
    return str(found[-1]) if found and not _TITLE_WORDS.search(found[-1]) else ""


def court_level(name: str) -> str:
    """supreme, high, intermediate, basic or special; '' when the name does not show the tier."""
    if not name:
        return ""
    if re.search(r"铁路|军事|海事|知识产权|互联网|金融|林区|森林|农垦|垦区|矿区|油田|兵团|生产建设|自由贸易|洋浦", name):
        return "high" if "高级" in name or re.search(r"兵团分院$", name) else "special"
    for word, level in (("最高", "supreme"), ("高级", "high"), ("中级", "intermediate")):
        if word in name:
            return level
    return "basic" if name.endswith("法院") else ""


def _without_title(view: str, start: int, end: int) -> int:
    """Where the court's name begins, behind a title or a note that stands before it on the line."""
    cuts = [m.start() for m in _AT_PROVINCE.finditer(view, start, end)] + [m.end() for m in _TITLE_END.finditer(view, start, end)]
    return max(cuts, default=start)
