"""The defendants of a document: as the heading names them, else the indictment's line, else the told facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pipeline.extract.case import Defendant
from pipeline.extract.names import MASKED, NAME, aliases, masked, same_person
from pipeline.extract.parties import Party, parties
from pipeline.schema import Section
from pipeline.text import Document

_IDENTITY = re.compile(r"[男女]|出生|生于|\d年|[^，。]族|涉嫌|文化|被|住|无业|农民|系|本案|辩护")
_LISTED = re.compile(r"(?:指控|审理|控告)(?:的)?(?:原审)?被告(?:人|单位)([^。；\n]{2,200}?)(?:涉嫌|犯|一案|(?:故意|寻衅|妨害|聚众|交通|非法|盗窃|抢劫|过失))")
_CHARGED = re.compile(r"(?:原审)?(?:被告人|上诉人|罪犯)[：]?(?!人|的|及|和|与|在|对|因|于|犯|均|未|已|供述|家属|亲属)")
_FORM = re.compile(
    rf"(?:被告人|上诉人)({NAME})(?=犯|的|、|，|。|；|（|及|和|与|等|涉嫌|在|因|无视|以|对|到庭|于|自|为|是|供述|供称|辩|系|提出|主动|归案|未|不|有|持|将|被|伙同|驾|酒后|明知|其|所|曾|已|均|能)"
)
# A name in running text ends before one of these words.
_VERB = (
    r"(?=[，。；：（、）\n“]|因|在|与|和|及|伙同|同|于|持|将|对|酒后|醉酒|驾|到|来|至|从|为|以|的|等|是|系|用|携|带|乘|窜|先后|经|被|得知|认为|怀疑|明知|利用|通过|伪造|采|趁|无证|未|不|又|再|"
    r"随|遂|即|便|就|欲|向|邀|纠集|组织|犯|供|辩|无视|有|没|听|看|见|发|多次|非法|故意|主动|自|违|主|陪|一|二|三|四|五|六|某|前|去|回|去|拿|打|骂|殴|踢|推|砸|抢|盗|骗|案发|患|曾|其|也|均|都|却|仍|则|所|驶|骑|坐|上|下|当|进|冲|伸|抓|掐|捅|刺|砍|并|且|但|而|"
    r"此时|担任|购|买|卖|贩|容留|开设|提供|受|应|让|叫|说|要|与|把|使|致|归|投|潜|逃|结伙|雇|租|作|身|酗|喝|饮|吸|心|感|情|不满|打|电|接|给|由|按|依|翻|撬|入|私|擅|隐|拒|虚|谎|冒|借|收|索|敲|威|强|拦|追|赶|拉|拖|抱|捡|抡|操|举|手|双|右|左|转|离|走|跑|回|返|路|途|行|遇|碰|撞|超|疲|交|帮|协|指|教|唆|策|预|准|起|产|萌|决|商|共|合|伙)"
)
_RUNNING = re.compile(rf"(?:原审)?(?:被告人|上诉人)((?:{MASKED}|[\u3400-\u9fff·]{{2,12}}?{_VERB}))")
_NEXT = re.compile(rf"(?:、|和|及|与|以及|、被告人|和被告人|及被告人)(?:被告人)?({MASKED})")
_JOIN = re.compile(r"[、，]|以及|[和与及](?=被告|[\u3400-\u9fff]{2})")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦代区尧尕肖付覃隋仝闭麦邝布楼佟揭邸茆谌植宾亓苟郇衣来阳苑邬鄞栗肇原冶才桌檀卿未"
)


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
        if 2 <= len(name) <= 12 and re.fullmatch(r"[\u3400-\u9fffA-Za-z×*·\d]+", name):
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
    """Defendants of a bare paragraph of facts: every 被告人 or 上诉人 that is followed by a name."""
    view = document.view
    rows: list[tuple[str, int, int]] = []
    for m in _RUNNING.finditer(view):
        if not masked(m[1]) and not _name_in_full(view, m[1]):
            continue
        rows.append((m[1], m.start(1), m.end(1)))
        at = m.end()
        while more := _NEXT.match(view, at):
            rows.append((more[1], more.start(1), more.end(1)))
            at = more.end()
    return _distinct(rows)


def _name_in_full(view: str, name: str) -> bool:
    return name[0] in _SURNAMES and (len(name) <= 4 or "·" in name)


def _distinct(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    first: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return list(first.values())


def _with_later_forms(document: Document, found: list[Defendant]) -> tuple[Defendant, ...]:
    """Add the forms under which the text goes on to speak of a defendant (张大明 in the heading, 张某 in the facts)."""
    known = {name for d in found for name in d.names}
    later = Counter(m[1] for m in _FORM.finditer(document.view) if m[1] not in known)
    more: dict[int, list[str]] = {}
    for form in later:
        owners = [d for d in found if same_person(d.name, form)]
        if len(owners) == 1:
            more.setdefault(owners[0].n, []).append(form)
    return tuple(Defendant(d.n, d.name, (*d.names, *more.get(d.n, ())), d.start, d.end) for d in found)
