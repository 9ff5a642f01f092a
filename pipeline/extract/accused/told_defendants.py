"""Defendants of records without a heading: names that follow 被告人 in the told facts."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from pipeline.extract.accused.names import COMPOUND, MASKED, SURNAMES, masked

Row = tuple[str, int, int]

# A name in running text ends before one of these words.
_VERB = (
    r"(?=[，。；：（、）\n“]|因|在|与|和|及|伙同|同|于|持|将|对|酒后|醉酒|驾|到|来|至|从|为|以|的|等|是|系|用|携|带|乘|窜|先后|经|被|得知|认为|怀疑|明知|利用|通过|伪造|采|趁|无证|未|不|又|再|"
    r"随|遂|即|便|就|欲|向|邀|纠集|组织|犯|供|辩|无视|有|没|听|看|见|发|多次|非法|故意|主动|自|违|主|陪|前|去|回|拿|打|骂|殴|踢|推|砸|抢|盗|骗|案发|患|曾|其|也|均|都|却|仍|则|所|"
    r"骑|坐|进|冲|伸|抓|掐|捅|刺|砍|并|且|但|而|担任|购|买|卖|贩|容留|开设|提供|受|应|让|叫|说|要|把|使|致|归案|投案|潜|逃|结伙|雇|租|作为|酗|喝|饮|吸|情绪|不满|打|电话|接|给|由|按|依|翻|"
    r"撬|脱|私自|擅自|隐瞒|拒|虚|谎|冒|借|收|索|敲|威胁|强行|拦|追|赶|拉|拖|抱|捡|抡|操|举|手|双|右|左|转|离|走|跑|途|行|遇|碰|撞|疲|交|帮|协|指|教唆|预|准备|起|产|萌|决|商|共|合|赔偿|"
    r"之|亲属|家属|父|母|妻|儿|承认|当庭|觉得|感到|心|身|突然|忽然|于是|当|时|一|二|三|四|五|两|住|到案|认罪|退|缴|取得|没有|能|可|构成|宣|犯罪|聘|雇|邀|约|无|携|抚|诉|请求|要求|上|下|夫妇|父子|母子|兄弟|姐妹)"
)
_NAMED = rf"({MASKED}|[\u3400-\u9fff·]{{2,12}}?{_VERB}|[A-Z×]{{2,12}}{_VERB})"
_RUNNING = re.compile(rf"(?<!民事诉讼)(?<!附带民事)(?:被告人|上诉人)(?:[暨兼及](?:刑事)?附带民事诉讼被告人)?[：）]?{_NAMED}")
_NAME_AHEAD = re.compile(_NAMED)
# The 18 letters behind each role: a name and the word that ends it. Not 附带民事诉讼被告人, a party to the civil action alone, but
# 被告人 who is party to the civil action too. The role comes first, so that the search is one for a word.
_ROLES = (
    re.compile(
        r"被告人(?:(?<!民事诉讼被告人)(?<!附带民事(?:被告人))|(?<=[人位][暨兼及]附带民事诉讼被告人)|(?<=[人位][暨兼及]刑事附带民事诉讼被告人))：?(?=(.{0,18}))",
        re.DOTALL,
    ),
    re.compile(r"上诉人(?<!民事诉讼(?:上诉人))(?<!附带民事(?:上诉人))：?(?=(.{0,18}))", re.DOTALL),
)
_HEAD = 6  # a name of a person and what comes next
_MASKED = re.compile(MASKED)
_MASK_GOES_ON = frozenset("某×ⅩXx*甲乙丙丁戊己庚辛壬癸ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_SUSPECT = re.compile(rf"(?:犯罪嫌疑人|罪犯)[：]?{_NAMED}")
_ACCUSED = re.compile(
    rf"(?:^|[，。；、\n]|认为，?)({MASKED})(?=(?:的)?行为[^，。]{{0,12}}构成|(?:故意|随意|无故|寻衅|聚众|以暴力)[^。]{{2,60}}构成|犯[^，。]{{2,14}}罪)"
)
_LATER = rf"({MASKED})(?!（[^）]{{0,12}}(?:另|已|在逃|起诉|判))"
# A list goes on with 、; 张某和李某 may be a defendant and somebody else.
_NEXT = re.compile(rf"(?:、|(?:、|以及|和|及)(?:被告人|上诉人)){_LATER}")
_LAST = re.compile(rf"(?:以及|和|及){_LATER}")
_TRIED_ELSEWHERE = re.compile(r"(?:等[^，。；（]{0,12})?（[^）]{0,20}(?:另案|另处|另行|已判|已被判|在逃|已诉|已起诉|已处|判刑|判处|判决)")
_ELSEWHERE = re.compile(
    rf"(?P<names>(?:{MASKED}(?:、|和|及|与|以及)){{0,12}}{MASKED})(?:等人?|[二三四五]人)?（(?P<all>均|都|[二两三四五]人|以上|上述|分别)?(?:[^）]{{0,8}})"
    r"(?:另案|另行处理|另处|已判|已被判|在逃|已起诉|已诉|不起诉|刑满|判刑)"
)
# A family name of one letter or two, the mask, what is left of the given name; or a hidden family name.
_MASKED_NAME = re.compile(
    rf"(?:(?:[\u3400-\u9fff]|{COMPOUND})[某×Ⅹ*Xx\d甲乙丙丁]{{1,4}}|[{SURNAMES}][\u3400-\u9fff]某|某(?=[甲乙丙丁戊己庚辛壬癸])|[×X*]{{1,2}}(?=[\u3400-\u9fff]))[\u3400-\u9fffA-Z\d]{{0,3}}"
)
_COMMON = re.compile(r"有|经|支|家|从|为|能|陈述|代|应|时|计|和|于|相|利|方|明|向|单|全|尤|都|别|干|时|成|当|农|后|步|强|益|游|空|游")


def running_forms(view: str, known: set[str]) -> list[str]:
    """The names that follow 被告人 or 上诉人 in running text and share a first letter with a known name, each once, in no sure order.

    Where a known name itself follows, nothing is read: that is most mentions.
    """
    initials = {name[0] for name in known}
    parts = {part for role in _ROLES for part in role.findall(view) if part[:1] in initials}
    full = tuple(name for name in known if not masked(name))
    hidden = tuple(name for name in known if _MASKED.fullmatch(name))
    skipped = {head for head in {part[:_HEAD] for part in parts} if head.startswith(full) or _stands_whole(head, hidden)}
    found = (_NAME_AHEAD.match(part) for part in parts if part[:_HEAD] not in skipped)
    return sorted(_cut({m[1] for m in found if m} | ({*full} if skipped else set())))


def _stands_whole(words: str, hidden: tuple[str, ...]) -> bool:
    """Whether the words begin with one of the masked names and its mask does not go on behind it, as 张某 goes on in 张某某 and 张某1."""
    return any(words.startswith(name) and words[len(name)] not in _MASK_GOES_ON for name in hidden if len(name) < len(words))


def _cut(forms: set[str]) -> set[str]:
    """Forms without the word that was read as part of them: where 沈雷 goes on with three different letters, 沈雷 is the name."""
    follow = Counter(form[:k] for k in (2, 3) for form in {form[: k + 1] for form in forms if len(form) > k and not masked(form)})
    return {next((form[:k] for k in (2, 3) if len(form) > k and not masked(form) and follow[form[:k]] > 2), form) for form in forms}


def told_defendants(view: str) -> list[Row]:
    """(name, start, end) of every mention of a defendant in running text, in text order, each name perhaps more than once.

    A defendant is who is called 被告人 or 上诉人, else 犯罪嫌疑人, else whose acts are called a crime; not who is tried elsewhere.
    """
    told = cache(lambda name: _is_name(view, name))
    hits = [m for m in _RUNNING.finditer(view) if told(m[1])] or [m for m in _SUSPECT.finditer(view) if told(m[1])]
    hits = [m for m in hits if masked(m[1])] or hits or list(_ACCUSED.finditer(view))
    counts: dict[str, int] = {}
    rows: list[Row] = []
    for m in hits:
        if not rows or m.start() >= rows[-1][2]:
            rows += _list_from(view, m, counts)
    others = _tried_elsewhere(view)
    return [row for row in rows if row[0] not in others] or rows


def _tried_elsewhere(view: str) -> set[str]:
    """Names before （另案处理）, （已判刑）, （在逃）; all of a list before （均另案处理）."""
    found: set[str] = set()
    for m in _ELSEWHERE.finditer(view):
        names = re.findall(MASKED, m["names"])[view.endswith(("被告人", "上诉人"), 0, m.start()) :]
        found |= set(names if m["all"] else names[-1:])
    return found


def _list_from(view: str, first: re.Match[str], counts: dict[str, int]) -> list[Row]:
    """The name of a match and those listed with it; only the first where the list ends with （均另案处理）."""
    rows = [_whole(view, first, counts)]
    while more := _NEXT.match(view, rows[-1][2]) or (_LAST.match(view, rows[-1][2]) if len(rows) > 1 else None):
        rows.append(_whole(view, more, counts))
    return rows[:1] if _TRIED_ELSEWHERE.match(view, rows[-1][2]) else rows


def _whole(view: str, m: re.Match[str], counts: dict[str, int]) -> tuple[str, int, int]:
    """The masked name with a letter that always follows the mask: 吴某明, where the text knows no bare 吴某."""
    name, start, end = m[1], m.start(1), m.end(1)
    longer = view[start : end + 1]
    if name[-1] in "某×*XⅩ" and re.fullmatch(r"[\u3400-\u9fff]", longer[-1:]) and longer[-1] not in "某等":
        total, same = (counts.setdefault(form, view.count(form)) if form not in counts else counts[form] for form in (name, longer))
        if same >= 2 and same >= 0.8 * total and not re.match(_VERB, view[end : end + 2]):
            return longer, start, end + 1
    return name, start, end


def _is_name(view: str, name: str) -> bool:
    """Whether the letters after 被告人 are a name: masked, or a known family name told more than once."""
    if masked(name):
        return "·" in name or _MASKED_NAME.fullmatch(name) is not None
    if name.isascii() or "·" in name:
        return True
    return name[0] in SURNAMES and len(name) <= 3 and view.count(name) > 1 and not _COMMON.match(name)
