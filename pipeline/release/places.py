"""How far the name of an institution reaches to the left of the word for its kind, and whether an address names a place at all."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

Places = Sequence[tuple[int, int]]

_REACH = 30  # characters of the longest name before the word for the kind
_NAME = re.compile(r"[\u3400-\u9fff〇A-Za-z0-9×*·]*$")
# Words that stand before a name and never inside one, but for the names listed below; the weaker ones only where no division begins it.
_BEFORE = re.compile(
    r"位于|前往|离开|附近的?|当地|开设|开办|经营|承包|隔壁|打砸|冲击|围堵|冲进|闯入|扰乱|系原|曾在|就职|任职|担任|起诉|要求|认为|因为|由于|通知|联系|委托|指定|聘请|"
    r"一会儿|时间|他们|我们|随后|提供|观看|证实|证明|卖给|交给|绰号|[做作]出|出具|带领|包括|单位|属于|成立|注册|设立|组建|入职|代表|身为|挂靠|虚构|收购|转让|骗取|冒充|冒用|窜|[一两几某多][家间]|[了着过在到至往于送经由从被为系是将与和及或该此其的把给等]"
)
_MAYBE_BEFORE = re.compile(r"[自向去来进入出赴找因对以称本同两各另就并且让请回住有租用驾乘打说叫再后前内外里上下]")
_PROTECTED = re.compile(
    r"(?<=[仁信泰太永祥安瑞中康义正人协])和|和平|和谐|和睦|同济|同仁|同心|同德|同和|大同|经济|中山|自贡|自治|因特|来宾|进贤|上海|华西|第[一二三四五六七八九十]+|过渡|和田|用友|住友|前进|前锋|上饶|下关|内江|外国语|"
    r"出租|对外|进出口|进口|出口|经贸|经开|以岭|以利|本溪|本田|有色|有限|有线|将军|后勤|回龙|回民|来福|向阳|上城|下城|里水|用品|内蒙古|自动化|自来水|打印|打捞|出版|住宅|租赁|用途|上汽|下沙|往来|同创|同方|就业|并购|等级"
)
_UNNAMED = re.compile(
    r"某.*|[大小县市区镇乡村省州旗家所个间座里医]|乡镇|县级?|市级?|[他它余]|[其好][他它余]|[一二三两几多数每某本全各]+[家所个间]|各大|外地|私人|民营|公立|私立|专科|综合|三甲|基层|正规|涉案|案发|所在|就近|任何|"
    r"相关|有关|上级|下级|上述|所述|城区|市区|乡村|农村|住院|民办|公办|中心|连锁|大型|小型|高级|普通|职业|高等|成人|业余|广播|电视|函授|初级|完全|子公司|总|分|集团|"
    r"股份|被告|原告|被害|我们?|你们?|贵|母|子|新|老|空壳|皮包|第三方|上市|单位|律师|法律|医学|司法|物证|伤情|价格|物价|公安|[\u3400-\u9fff]{0,8}公安(?:机关|局|分局|厅)?(?:物证|司法|法医)?"
)
_BARE = frozenset(
    {
        "医院",
        "诊所",
        "超市",
        "派出所",
        "大学",
        "学院",
        "小学",
        "中学",
        "酒店",
        "宾馆",
        "饭店",
        "网吧",
        "商场",
        "工厂",
        "门诊部",
        "卫生室",
        "医务室",
        "加油站",
    }
)
_LEVEL = re.compile(r"(?:自治|兵)?([省市县区旗州镇乡村]|(?<!集)团|街道)(?:第[一二三四五六七八九十\d]+)?$")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_NO_ADDRESS = re.compile(
    r"[本同该某此邻各全外我他她你农山渔几两一邻自原]+[\u3400-\u9fff]?(?:村|镇|乡|社区|小区|路|街|街道|巷)?|(?:[上下回走迷带让拦半在沿顺问去来出铁公马道水电网线思销门后退出活套对经通逃认归来陌一心二三四末穷各老].{0,2})?路|"
    r".*(?:高速公路|公路|马路|道路|线路|铁路|网路|电路|思路|后路|退路|去路|出路|逃路|一路|上路|带路|拦路|沿路|半路|问路|走路|让路)|.*(?:乡镇|城乡|家乡|老乡|故乡|下乡|城镇|村镇|农村|逛街|上街|沿街)|[东西南北]?大街"
)
_PRECEDED = re.compile(r"(?:[省市县区旗州盟]|位于|住所?地?|家住|租住|居住|暂住|现住|户籍地|籍贯|前往|途经|地址|[在到至往于从经])[：为]?$")
_TAKEN = re.compile(
    r"医院|法院|检察院|公安|看守所|监狱|派出所|病房|诊室|护士|医生|公司|办公|发生|期间|进行|被害|被告|之间|过程|情况|打|殴|刺|砍|持|将"
)


def institution(view: str, start: int, kind: str, divisions: Places, levelled: bool) -> tuple[int, str] | None:
    """(where the name begins, what to put for it and its kind) of an institution whose kind stands at `start`; None when it has no name.

    `levelled`: keep whether it is one of a province, city, county or town.
    """
    window = view[max(0, start - _REACH) : start]
    name = _NAME.search(window)
    left = start - len(name[0]) if name else start
    edge = left
    held = [(a, b) for a, b in divisions if b > left and a < start]
    held += [(left + m.start(), left + m.end()) for m in _PROTECTED.finditer(view[left:start])]
    left = _behind(_BEFORE, view, left, start, held)
    # Words before the first division are the sentence's, not the name's.
    first = next((a for a, b in divisions if left <= a and b <= start), None)
    left = _behind(_MAYBE_BEFORE, view, left, start, held) if first is None else first
    said = view[left:start]
    # A bare 医院 behind a comma and unknown words may follow a verb (威胁医院): only a preposition or a division shows a name there.
    told = first is not None or left > edge or kind not in _BARE
    if not told or not said or _UNNAMED.fullmatch(_ORDINAL.sub("", said) or "大"):
        return None
    level = _LEVEL.search(said) if levelled else None
    return left, ("某" + level[1] if level else "某") + _ORDINAL.sub("", kind)


def _behind(words: re.Pattern[str], view: str, left: int, end: int, held: Places) -> int:
    """Where the last of the words ends that stands in `view[left:end]` and in no name that is held; `left` when none does."""
    ends = (m.end() for m in words.finditer(view, left, end) if not any(a <= m.start() < b for a, b in held))
    return max(ends, default=left)


def address(view: str, start: int, end: int, divisions: Places) -> tuple[int, str] | None:
    """(where it begins, what to put) of a place below the county that is named in `view[start:end]`; None when none is."""
    i = bisect_right(divisions, start, key=lambda place: place[1]) - 1
    inner = [b for a, b in divisions if start <= a and b < end and view[b - 1] in "省市县区旗州盟"]
    if inner:
        start = max(inner)
    elif (
        not (i >= 0 and divisions[i][1] == start) and not _PRECEDED.search(view[max(0, start - 4) : start]) and not _told(view, start, end)
    ):
        cut = [m.end() for m in _PRECEDED_INSIDE.finditer(view, start, end)]
        if not cut:
            return None
        start = cut[-1]
    said = view[start:end]
    return None if len(said) < 2 or _NO_ADDRESS.fullmatch(said) or _TAKEN.search(said) else (start, "某处")


def _told(view: str, start: int, end: int) -> bool:
    """Whether the words alone tell that they name a place: two levels of it (a village in a town), or one in a gap of the sentence."""
    said = view[start:end]
    return bool(_TWO_LEVELS.match(said)) or (
        view[start - 1 : start] in _GAP and bool((alone := _ONE_LEVEL.match(view, start)) and alone.end() == end)
    )


_GAP = frozenset("，。；、：（“\n的和与及由为沿是归")
_TWO_LEVELS = re.compile(r"[\u3400-\u9fff×*]{2,4}(?:镇|乡|街道|苏木)[\u3400-\u9fff×*]{1,4}(?:村|社区|路|街|屯|嘎查|大道)")
_ONE_LEVEL = re.compile(
    r"(?![本同该某此邻各全外我他她你所有沿这那哪以后先并且且应然没]|根据|按照|代表|证实|证明|提供|热心|迫使|租用|时任|担任|通过|经过|包括|当地|其[他它同])(?!.?[该此同])"
    r"[\u3400-\u9fff]{2,3}(?:(?<![乡城小集村])镇(?![原赉海江里上])|(?<![老家下城同故])乡(?![村镇亲])|(?<![乡农度假政然新山全本困])村(?![民里主集级镇干官])|街道|"
    r"(?<!居住|所在|所住|住地|成立)社区|大道|[东西南北中]路)(?:[\dA-Za-z一二三四五六七八九十]{1,4}(?:号|组|队|栋|幢|室))*"
)
_PRECEDED_INSIDE = re.compile(r"位于|家住|租住|居住|暂住|现住|前往|途经|[在到至往于从住](?!期)")
