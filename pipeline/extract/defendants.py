"""The defendants of a document: as the heading names them, else the indictment's line, else the told facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pipeline.extract.case import Defendant
from pipeline.extract.names import MASKED, SURNAMES, aliases, masked, name_like, same_person
from pipeline.extract.parties import Party, parties
from pipeline.schema import Section
from pipeline.text import Document

_IDENTITY = re.compile(r"[男女]|出生|生于|\d年|[^，。]族|涉嫌|文化|被|住|无业|农民|系|本案|辩护")
_LISTED = re.compile(
    r"(?:指控|审理|控告)(?:的)?(?:原审)?被告(?:人|单位)([^。；\n]{2,200}?)(?:涉嫌|犯|一案|(?:故意|寻衅|妨害|聚众|交通|非法|盗窃|抢劫|过失))"
)
# A name in running text ends before one of these words.
_VERB = (
    r"(?=[，。；：（、）\n“]|因|在|与|和|及|伙同|同|于|持|将|对|酒后|醉酒|驾|到|来|至|从|为|以|的|等|是|系|用|携|带|乘|窜|先后|经|被|得知|认为|怀疑|明知|利用|通过|伪造|采|趁|无证|未|不|又|再|"
    r"随|遂|即|便|就|欲|向|邀|纠集|组织|犯|供|辩|无视|有|没|听|看|见|发|多次|非法|故意|主动|自|违|主|陪|前|去|回|拿|打|骂|殴|踢|推|砸|抢|盗|骗|案发|患|曾|其|也|均|都|却|仍|则|所|"
    r"骑|坐|进|冲|伸|抓|掐|捅|刺|砍|并|且|但|而|担任|购|买|卖|贩|容留|开设|提供|受|应|让|叫|说|要|把|使|致|归案|投案|潜|逃|结伙|雇|租|作为|酗|喝|饮|吸|情绪|不满|打|电话|接|给|由|按|依|翻|"
    r"撬|私自|擅自|隐瞒|拒|虚|谎|冒|借|收|索|敲|威胁|强行|拦|追|赶|拉|拖|抱|捡|抡|操|举|手|双|右|左|转|离|走|跑|途|行|遇|碰|撞|疲|交|帮|协|指|教唆|预|准备|起|产|萌|决|商|共|合|赔偿|"
    r"之|亲属|家属|父|母|妻|儿|承认|当庭|觉得|感到|心|身|突然|忽然|于是|当|时|一|二|三|四|五|两|住|到案|认罪|退|缴|取得|没有|能|可|构成|宣|犯罪|聘|雇|邀|约|无|携|抚|诉|请求|要求|上|下|夫妇|父子|母子|兄弟|姐妹)"
)
_MARK = r"(?:原审)?(?:被告人|上诉人|原审被告人|犯罪嫌疑人)[：]?"
_RUNNING = re.compile(rf"{_MARK}({MASKED}|[\u3400-\u9fff·]{{2,12}}?{_VERB}|[A-Z×]{{2,12}}{_VERB})")
_ACCUSED = re.compile(
    rf"(?:^|[，。；、\n]|认为，?)({MASKED})(?=(?:的)?行为[^，。]{{0,12}}构成|(?:故意|随意|无故|寻衅|聚众|以暴力)[^。]{{2,60}}构成|犯[^，。]{{2,14}}罪)"
)
_NEXT = re.compile(rf"(?:、|以及|、?和|、?及)(?:被告人)?({MASKED})(?!（[^）]{{0,12}}(?:另|已|在逃|起诉|判))")
_COMMON = re.compile(r"有|经|支|家|从|为|能|陈述|代|应|时|计|和|于|相|利|方|明|向|单|全|尤|都|别|干|时|成|当|农|后|步|强|益|游|空|游")


def defendants(document: Document, named: str = "") -> tuple[Defendant, ...]:
    """The defendants in the order of the document; none when nobody is called one.

    `named`: names that the source states beside the text, separated by 、 or commas; used where the text has no heading.
    """
    rows = _of_heading(document) or _of_list(document) or _of_metadata(document, named) or _of_facts(document)
    taken = {name for name, _, _ in rows}
    found = []
    for n, (name, start, end) in enumerate(rows, 1):
        others = aliases(document.view[start : min(end, start + 160)]) if end - start > len(name) else []
        forms = dict.fromkeys([name, *(a for a in others if a not in taken)])
        found.append(Defendant(n, name, tuple(forms), start, end))
    return _with_later_forms(document, found)


def _of_heading(document: Document) -> list[tuple[str, int, int]]:
    """(name, start, end) of each paragraph of the heading that opens with somebody charged."""
    stretches = _merged(document.stretches(Section.HEADING, Section.PROCEDURE))
    rows: list[tuple[str, int, int]] = []
    for party in parties(document.view, stretches):
        if not party.criminal:
            continue
        same = next((i for i, (name, _, _) in enumerate(rows) if name == party.name), None)
        if same is None or _another(document.view, rows[same], party):
            if rows or _IDENTITY.search(document.view, party.at + len(party.name), party.end + 60):
                rows.append((party.name, party.start, party.end))
        elif rows[same][2] == party.start:
            rows[same] = (party.name, rows[same][1], party.end)
    return rows


def _another(view: str, row: tuple[str, int, int], party: Party) -> bool:
    """Whether the same masked name stands for a second person: both paragraphs state a sex or a birth, and different ones."""
    born = re.compile(r"[男女]|\d{4}年\d{0,2}月?\d{0,2}日?(?:出?生)")
    first, second = born.findall(view[row[1] : row[2]][:80]), born.findall(view[party.start : party.end][:80])
    return bool(masked(party.name) and first and second and first != second)


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in stretches:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _of_list(document: Document) -> list[tuple[str, int, int]]:
    """Defendants whom the indictment's line names (指控被告人甲、乙犯…), where the heading's paragraphs are missing."""
    m = _LISTED.search(document.view, 0, 3000)
    if not m:
        return []
    rows, at = [], m.start(1)
    for part in re.split(r"[、，]|以及|[和及]?(?:原审)?被告人", m[1]):
        name = re.sub(r"（[^）]*）|“[^”]*”", "", part).strip()
        if not name_like(name):
            return []
        at = max(document.view.find(name, at), at)
        rows.append((name, at, at + len(name)))
    return _distinct(rows)


def _of_metadata(document: Document, named: str) -> list[tuple[str, int, int]]:
    rows = []
    for name in filter(None, (part.strip() for part in re.split(r"[,，、;；\s]+", named))):
        at = max(document.view.find(name), 0)
        rows.append((name, at, at + len(name) if document.view.startswith(name, at) else at))
    return _distinct(rows)


def _of_facts(document: Document) -> list[tuple[str, int, int]]:
    """Defendants of a bare paragraph of facts: every 被告人 or 上诉人 that is followed by a name, else whose acts are called a crime."""
    view = document.view
    told = cache(lambda name: _told_name(view, name))
    hits = [m for m in _RUNNING.finditer(view) if told(m[1])]
    hits = [m for m in hits if masked(m[1])] or hits or list(_ACCUSED.finditer(view))
    counts: dict[str, int] = {}
    rows: list[tuple[str, int, int]] = []
    at = 0
    for m in hits:
        listed: re.Match[str] | None = m if m.start() >= at else None
        while listed:
            rows.append(_whole(view, listed, counts))
            at = rows[-1][2]
            listed = _NEXT.match(view, at)
    return _distinct(rows)


def _whole(view: str, m: re.Match[str], counts: dict[str, int]) -> tuple[str, int, int]:
    """The masked name with a letter that always follows the mask: 吴某明, where the text knows no bare 吴某."""
    name, start, end = m[1], m.start(1), m.end(1)
    longer = view[start : end + 1]
    if name[-1] in "某×*XⅩ" and re.fullmatch(r"[\u3400-\u9fff]", longer[-1:]) and longer[-1] not in "某等":
        total, same = (counts.setdefault(form, view.count(form)) if form not in counts else counts[form] for form in (name, longer))
        if same >= 2 and same >= 0.8 * total and not re.match(_VERB, view[end : end + 2]):
            return longer, start, end + 1
    return name, start, end


def _told_name(view: str, name: str) -> bool:
    """Whether the letters after 被告人 are a name: masked, or a known family name told more than once."""
    if masked(name) or name.isascii() or "·" in name:
        return True
    return name[0] in SURNAMES and len(name) <= 3 and view.count(name) > 1 and not _COMMON.match(name)


def _distinct(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    first: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return list(first.values())


def _with_later_forms(document: Document, found: list[Defendant]) -> tuple[Defendant, ...]:
    """Add the forms under which the text goes on to speak of a defendant (张大明 in the heading, 张某 in the facts)."""
    known = {name for d in found for name in d.names}
    told = dict.fromkeys(m[1] for m in _RUNNING.finditer(document.view))
    more: dict[int, list[str]] = {}
    for form in told:
        owners = [d for d in found if form not in known and len(form) <= 5 and same_person(d.name, form)]
        if len(owners) == 1:
            more.setdefault(owners[0].n, []).append(form)
    return tuple(Defendant(d.n, d.name, (*d.names, *more.get(d.n, ())), d.start, d.end) for d in found)
