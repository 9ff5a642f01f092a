"""Names of persons anywhere in a document: masked ones (张某, 李某甲, 王××), and full ones behind a title (被害人, 证人, 医生)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from pipeline.extract.harm.occurrences import Occurrences
from pipeline.extract.harm.surnames import COMPOUND_SURNAMES, EVERYDAY_SURNAMES, FUNCTION_WORDS, SURNAMES

# What a masked name is followed by when it names a place or a company instead (某医院, 刘某超市).
_THING = (
    r"某|医院|医科|中医|妇幼|市|县|区(?!别)|镇|乡|村|路|街|公司|小区|派出所|大学|学院|中心|卫生|诊所|酒店|宾馆|饭店|省|自治|网吧|广场|车站|公安|检察|法院|种|些|品牌|型号|"
    r"门诊|工地|超市|餐厅|会所|商场|银行|律师事务所|社区|小学|中学|幼儿园|高速|年|月(?!经)|号|学校|集团|工厂|煤矿|山庄|花园|大厦|项目|栋|楼(?!下|上)|室"
)
# The first character alone settles most places.
THING_HEADS = frozenset(word[0] for word in _THING.split("|"))
NOT_PERSON = rf"(?!(?=[{''.join(sorted(THING_HEADS))}])(?:{_THING}))"
_HAN = r"\u3400-\u9fff〇"
_COMPOUND = frozenset(COMPOUND_SURNAMES)
# Begins with a set of characters, which the regular expression engine finds fast; a digit before 某 (张1某) is read backwards.
_MASK = r"[某×ⅩXx*](?:(?<=某)某{0,2}|(?<=[×Ⅹ])[×Ⅹ]{0,2}|(?<=[Xx])[Xx]{0,2}(?![A-Za-z])|(?<=\*)\*{0,2})"
_RANK = (
    r"(?:[甲乙丙丁戊己庚辛壬癸]|[A-Z](?![A-Za-z])|\d{1,2}(?=[12]\d{3}年)|\d{1,2}(?![\d年月日时点分岁.%]|[人名次刀拳脚处万元余多几个号针天楼床位级])"
    r"|[一二三四五六七八九十](?![人名位个次年月日时点审级脚拳刀巴耳把下棍砖掌记推同直起家边度些方行样般旦向定会共并]))?"
)
# A mask with its rank; the surname before it is read backwards.
_MASKED = re.compile(rf"{_MASK}{_RANK}{NOT_PERSON}")
_NAMELESS = re.compile(rf"某(?<![{_HAN}]某)[甲乙丙丁戊己庚辛]")
_TITLE = (
    r"被害人|受害人|被害者|受害者|死者|伤者|证人|自诉人|原告人|被告人|上诉人|报案人|目击者|护士长|护士|医生|医师|大夫|主任|院长|科长|保安员|保安|保安队长|门卫|护工|司机|驾驶员|收费员|"
    r"民警|辅警|协警|警察|特警|法警|队员|所长|妻子|丈夫|儿子|女儿|父亲|母亲|哥哥|弟弟|姐姐|妹妹|女友|男友|邻居|同事|朋友|村民|患者|病人|家属|工作人员|服务员|老板|经理|店主|业主|乘客|同学|老师"
)
_TITLED = re.compile(rf"(?:{_TITLE})[：“]?(?=[{_HAN}A-Z])")
_VICTIM_TITLES = ("被害人", "受害人", "被害者", "受害者", "死者")
_MASKED_MIDDLE = re.compile(r"[某X×*](?<=(?:被害人|受害人|被告人)[\u3400-\u9fff][某X×*])[\u3400-\u9fff](?=[，。、；：（）的与和及])")
# Names that follow one title, at most; and how many characters decide whether a name stands at a place.
_LONGEST_LIST = 12
# Where the publisher leaves the last character of a name: 白某唐, 白某1唐.
_NOT_LAST = frozenset("某甲乙丙丁戊己庚辛壬癸的被")
# So often a character that always follows a mask is part of the name, whatever it means otherwise (赵某1进).
_SURELY = 4
_BEFORE_LAST = frozenset("某Xx×*0123456789")
_CONTEXT = 8
# Provinces on number plates: 浙H××× is a car.
_PLATES = frozenset("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
_OPENS_CLAUSE = frozenset("，。、；\n“（")
# Words that end like a surname begins: 对方某, 证明某.
_EVERYDAY_PAIRS = frozenset(
    re.findall(
        r"[^|]{2}",
        "对方|双方|地方|警方|院方|校方|甲方|乙方|一方|三方|提高|最高|长江|证明|说明|查明|声明|表明|写明|造成|完成|构成|组成|形成|达成|安全|部门|专门|上门|医生|发生|学生|先生|产生|有关|相关|机关|海关|公关|"
        "中国|全国|我国|当时|同时|水平|公路|道路|马路|线路|教官|军官|法官|警官|检察官|智商|厂商|城区|小区|市区|地区|时代|年代|交代|菜单|名单|订单|了解|分解|调解|收支|事项|款项|千万|百万|十万|数万|几万|"
        "上海|进城|办公|时任|担任|责任|信任|主任|路上|身上|晚上|车上|网上|以上|房东|股东|山东|广东|自由|理由|微信|短信|相信|通信|利益|收益|公益|平常|日常|经常|正常|非常|通常|异常|有利|胜利|权利|便利|顺利|邻居|定居|居住|美元|单元|公元|百元|千元|万元|不幸|信奉|丰富|关闭|钢琴|学习|练习|复习|实习|"
        "来宾|嘉宾|宜昌|南昌|许昌|武昌|佛山|中山|唐山|鞍山|乐山|黄山|泰山|千秋|太原|中原|开原|监督|老虎|菜刀|砍刀|尖刀|一刀|两刀|三刀|几刀|数刀|持刀|拿刀|华阴|山阴",
    )
)
_NUMERALS = frozenset("一二三四五六七八九十")
_MASKS = frozenset("某×ⅩXx*")
# What stands before a mask and is no surname of one character, or may not be.
_UNCLEAR_HEADS = frozenset("某×") | {name[1] for name in COMPOUND_SURNAMES}
# What a full name can begin with.
_HEADS = SURNAMES | {name[0] for name in COMPOUND_SURNAMES}
_LISTED = re.compile(r"(?:、|和|与|及|以及)(?=[\u3400-\u9fff]{2})")
_BEFORE_NAME = re.compile(
    r"(?:被害人|受害人|死者|证人|原告人|同事|保安|民警|医生|护士|[、及和与同将对向把被，。“（\n由让致给后时着看到使令是因])$"
)
_PLACE_FOLLOWS = re.compile(r"[一二三四五]?(?:村|镇|乡|路|县|市(?!场)|公司|小区|组|屯)")
_HAN_ONLY = re.compile(r"[\u3400-\u9fff]{2,5}")
# Characters that follow a name rather than end it.
_AFTER_NAME = frozenset(
    "的被在与和及将对向是于之等打用从持到把说因为系上下左右头面身称述家方证供予以即并遂随便就也均都仍又再不未没有无使让叫给问要去来进出走跑逃开回返站坐躺倒受伤死亡致造所其此该这那且而但或者当时后前先"
    "见听看找带拿取驾骑乘推拉拖拽扯踢踹砍捅刺扎割掐勒抱按压追赶拦阻劝骂吵闹喊哭笑抓抢偷盗骗借还付赔偿款钱车店院厂处住所妻夫父母子女儿兄弟姐妹老某经由提出陈辩认为同意表示签字自己本人双二两三四五六七八九十一左手"
    "脚腿胸腹背腰颈肩臂眼鼻嘴耳脸部体伙结发生遭挨请求送接报警电话短信告知通过协商承诺收购买卖邀约跟陪替帮应需可能会曾已正欲想担任职务工作期间案件情况诉讼代理法定委托护律师审判书记员，。、；：（）"
)
_NEVER_LAST = _NOT_LAST | _AFTER_NAME
_NO_HEAD = frozenset("的被在与和及将对向是于之即等系因所其此该这那且而但或到从说请要均都也就已曾可能应陈述家亲代法近委诉")
# What a victim has or suffers, and what happens to things.
_NEVER_IN_NAME = frozenset("脑颅骨肋肺肝脾肾损伤创裂偷盗抢骗窃款")
# Pairs of characters that begin like a name and are none.
_NOT_NAME = frozenset(
    re.findall(
        r"[^|]{2}",
        "陈述|家属|方面|应当|任何|高度|常见|明知|有关|安全|和其|于是|向其|从而|经过|单位|解除|查明|计算|应该|成为|万元|相互|相关|关系|辨认|强行|家中|家人|时任|曾经|双方|全部|全身|连续|金额|"
        "甚至|许可|成员|关于|金属|查看|应急|向他|向她|向民|向我|经济|连同|严重|明显|公开|单独|解释|安排|方便|江苏|江西|海南|云南|安徽|路过|水平|房屋|房间|毛巾|黄色|白色|红色|黑色|蓝色|祝愿|"
        "包括|时间|终于|对于|由于|查获|损失|谅解|达成|班长|施暴|施救|施工|温和|后来|上前|上述|东西|门口|公司|公安|来到|来源|来了|原因|原来|次日|国家|通过|通知|平时|门诊|花费|位于|全体|席卷|"
        "全家|年龄|项目|农民|农村|强奸|强迫|连夜|乐意|管理|古怪|照片|财物|财产|生命|衣服|衣物|身体|住处|住所|宿舍|手机|现金|尸体|尸检|伤情|伤势|过错|头部|面部|胸部|颈部|腹部|血迹|指甲|权利|"
        "健康|名誉|存款|银行|信任|意志|反抗|同意|行踪|姓名|钱财|两个|右大|左大|上衣|下身|婆媳|夫妻|吆喝|呼救|倒地|伤残|死因|病历|住院|出院|医疗|丧葬|亲友|近亲|法定|诉讼|当庭|无权|无过|有过|"
        "送医|实施|缺少|杀害|九级|十级|八级|七级|关押|关闭|商量|商店|万分|温度|石头|章程|汤碗|包扎|包装|卫生|党员|计划|简单|时候|代理|代为|代表|应诉|信息|相识|相邻|况且|但是|后果|后背|后脑|"
        "但其|让其|都是|初步|初中|门前|门外|让他|和公|郑重|马上|任意|乐观|白天|黄金|金牌|钱款|车辆|车主|高声|高喊|谢绝|史料|常年|余下|余款|单方|单据|水果|石块|江边|龙头|牛肉|马路|于当|于同|"
        "于凌|和民|和保|和现|程度|进行|救治|抢救|救助|报警|遭受|提供|存在|赔偿|签订|索要|支付|解救|送往|逃跑|逃离|反抗|挣脱|躲避|拒绝|住院|发现|离开|返回|赶到",
    )
)


def person_names(view: str, words: Occurrences, known: Iterable[str] = ()) -> set[str]:
    """Names in the text: masked ones, masked ones with a last character (白某唐), and full ones behind a title; `known` ones are names."""
    masked = _masked(view, words)
    titles = [(m.end(), m[0].startswith(_VICTIM_TITLES)) for m in _TITLED.finditer(view)]
    titled = {view[end] for end, _ in titles}
    found = {n for n, places in masked.items() if _plausible(n, places, view, titled)}
    found |= {longer for n in found if n[-1] in _BEFORE_LAST for longer in _with_last_character(n, masked[n], view)}
    middles = {view[m.start() - 1 : m.end()] for m in _MASKED_MIDDLE.finditer(view)}
    return found | {m for m in middles if m[-1] not in _AFTER_NAME} | _FullNames(view, words, known).behind(titles)


def _masked(view: str, words: Occurrences) -> dict[str, list[int]]:
    """Every masked word that has the form of a name, and where it begins."""
    places: dict[str, list[int]] = defaultdict(list)
    for start, end in [m.span() for m in _MASKED.finditer(view, 1)]:
        places[view[start - 1 : end]].append(start - 1)
    words.know(places)
    for word in [w for w in places if not ("\u3400" <= w[0] <= "\u9fff" and w[0] not in _UNCLEAR_HEADS)]:
        for start in places.pop(word):
            end = start + len(word)
            mask = start + (not (view[start + 1] == "某" and view[start].isdecimal()))
            if mask and view[mask - 1] not in "某×" and (head := _head(view, mask)):
                places[head + view[mask:end]].append(mask - len(head))
    for m in _NAMELESS.finditer(view):
        places[m[0]].append(m.start())
    return places


def _head(view: str, end: int) -> str:
    """The surname, or the letter for one, that ends at the place."""
    before, head = view[max(0, end - 2) : end], view[end - 1]
    if before in _COMPOUND:
        return before
    if "\u3400" <= head <= "\u9fff" or head == "〇":
        return head
    letter = "A" <= head <= "Z" and not (len(before) > 1 and (before[0] in _PLATES or (before[0].isascii() and before[0].isalpha())))
    return head if letter else ""


def _plausible(name: str, places: Sequence[int], view: str, titled: Set[str]) -> bool:
    """Whether a masked word is a name: by its surname, else by a title before it or by standing first in clauses."""
    head, count = name[0], len(places)
    known = name[:2] in COMPOUND_SURNAMES or (head in SURNAMES and head not in EVERYDAY_SURNAMES)
    if count < 2 and (name[-1] in _NUMERALS or (name[-1] in "×Xx*" and head not in titled)):
        return False
    if known or not "\u3400" <= head <= "\u9fff" or head == "某":
        return True
    if head in titled or name[-1] in "甲乙丙丁戊己庚辛壬癸0123456789":
        return head in SURNAMES or head in titled
    if head in SURNAMES and head not in FUNCTION_WORDS and count > 1:
        return 2 * sum(view[at - 1 : at + 1] in _EVERYDAY_PAIRS or view[at - 1 : at].isdecimal() for at in places) < count
    opening = sum(view[at - 1 : at] in _OPENS_CLAUSE for at in places if at)
    return opening >= (1 if head in SURNAMES else 2) and opening * 3 >= count


def _with_last_character(name: str, places: Sequence[int], view: str) -> set[str]:
    """白某唐 beside 白某: a further character that is repeated, in more than one setting, and before signs that end a name."""
    length = len(name)
    after = [view[at + length : at + length + 1] for at in places]
    characters = set(after)
    always = len(characters) == 1 and len(after) >= _SURELY
    found = set()
    for character in characters - (_NOT_LAST if always else _NEVER_LAST):
        count = after.count(character)
        if count < 2 or not "\u3400" <= character <= "\u9fff":
            continue
        following = [view[at + length + 1 : at + length + 2] for at, one in zip(places, after, strict=True) if one == character]
        ended = sum(f in "，。、；：（）的与和及在系" for f in following)
        if (len(set(following)) > 1 or ended == count > 2) and (ended >= 2 or (ended and 2 * count >= len(after))):
            found.add(name + character)
    return found


class _FullNames:
    """Names printed in full behind titles of one text."""

    def __init__(self, view: str, words: Occurrences, known: Iterable[str] = ()) -> None:
        self._view, self._words = view, words
        self._known: dict[tuple[str, bool], str] = {}
        self._sure: dict[str, list[str]] = {}  # first two characters -> names that are known to be names
        for name in sorted(known, key=len, reverse=True):
            self._sure.setdefault(name[:2], []).append(name)

    def behind(self, titles: Iterable[tuple[int, bool]]) -> set[str]:
        """The names at the places, and those listed with them; `strong` titles (被害人) take names with rare surnames."""
        found: set[str] = set()
        view = self._view
        for start, strong in titles:
            if view[start + 1 : start + 2] in _MASKS or not (strong or view[start] in _HEADS):
                continue
            for _ in range(_LONGEST_LIST):
                name = self._at(start, strong)
                if not name:
                    break
                found.add(name)
                joined = _LISTED.match(self._view, start + len(name))
                if not joined:
                    break
                start, strong = joined.end(), False
        return found

    def _at(self, start: int, strong: bool) -> str:
        for sure in self._sure.get(self._view[start : start + 2], ()):
            if self._view.startswith(sure, start):
                return sure
        head = self._view[start : start + 1]
        if self._view[start + 1 : start + 2] in _MASKS or not (strong or head in _HEADS):
            return ""
        key = (self._view[start : start + _CONTEXT], strong)
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = self._full_name(start) or (self._rare_name(start) if strong else "")
        return name

    def _full_name(self, start: int) -> str:
        """A surname and one or two characters, as many as the document repeats together."""
        view, count = self._view, self._words.count
        base = 2 if view[start : start + 2] in _COMPOUND else 1
        head, short, long = view[start : start + 1], view[start : start + base + 1], view[start : start + base + 2]
        everyday = base == 1 and head in EVERYDAY_SURNAMES
        if base == 1 and head not in SURNAMES:
            return ""
        if not _HAN_ONLY.fullmatch(short) or short[-1] in _AFTER_NAME or short in _NOT_NAME or short[-1] == "某":
            return ""
        if everyday and count(long) < 3:
            return ""
        if not _HAN_ONLY.fullmatch(long) or len(long) == len(short) or long[-1] in _AFTER_NAME:
            return short if not everyday and (view[start + len(short) : start + len(short) + 1] in _AFTER_NAME or count(short) > 1) else ""
        if count(long) * 10 >= count(short) * 6:
            return "" if _PLACE_FOLLOWS.match(view, start + len(long)) else long
        return "" if everyday else short

    def _rare_name(self, start: int) -> str:
        """A name whose first character is no known surname: the longest stretch that the document keeps repeating."""
        view, words = self._view, self._words
        name = view[start : start + 2]
        if not _HAN_ONLY.fullmatch(name) or name[0] in _NO_HEAD or name[1] in _AFTER_NAME or name[-1] == "某" or name in _NOT_NAME:
            return ""
        while len(name) < 5 and words.count(longer := view[start : start + len(name) + 1]) >= 0.8 * words.count(name):
            if len(longer) == len(name) or not _HAN_ONLY.fullmatch(longer):
                break
            name = longer
        name = name.rstrip("的被在与和及将对向是于")
        settings = [(_BEFORE_NAME.search(view, max(0, at - 4), at), view[at + len(name) : at + len(name) + 1]) for at in words.of(name)]
        named = sum(bool(before) for before, _ in settings)
        repeated = len(settings) > 2 and len({after for _, after in settings}) > 1
        looks = name[-1] not in "内外上里处中间" and name[0] not in "一二两三四五六七八九十多数" and _NEVER_IN_NAME.isdisjoint(name)
        return name if repeated and looks and named >= 0.7 * len(settings) else ""
