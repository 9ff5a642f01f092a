"""Names of persons as Chinese courts print them: masked (张某, 李××, 王**, 刘某甲, 陈某1), of minorities (with ·), of companies; aliases.

Masking follows the Supreme People's Court's rules on publishing judgments online (法释〔2016〕19号, articles 8-10): the family name stays,
the rest becomes 某, with a number or 甲乙丙丁 where two persons would look the same. Older documents use 某某, ××, XX and **.
"""

from __future__ import annotations

import re

# One name, to be followed by something that ends it: always used reluctantly, with a lookahead.
NAME = r"[\u3400-\u9fff〇A-Za-z×*Ⅹ?？·•.．\d]{2,24}?"
COMPANY = r"[^，。；：\n（）]{2,40}?(?:（[^（）\n]{1,12}）[^，。；：\n（）]{0,30}?)?(?:公司|厂|[商酒饭书网药]店|中心|医院|学校|合作社|研究院|研究所|事务所|村民委员会|委员会|局|集团|企业|银行|协会|学会|政府|办公室|管理处|大队|经营部|加油站|矿|场|社|部|站|所|室|馆|园|行|院|校|店)"
_RANKS = "甲乙丙丁戊己庚辛壬癸"
# A masked name in running text, where no sign ends it. Some publishers put the number before 某 (刘1某), or hide the last letter (何大某).
MASKED = (
    r"(?:[\u3400-\u9fff](?:\d|[X×])某(?!某)"
    rf"|[\u3400-\u9fff](?:某{{1,3}}+|[×Ⅹ]{{1,3}}+|[Xx]{{1,3}}+(?![A-Za-z])|\*{{1,3}}+)(?:[{_RANKS}]|[A-Z](?![A-Za-z])|\d{{1,2}}+(?![\d年月日时岁名]))?+)"
)
_MASK = re.compile(r"[某×Ⅹ*]|(?<=[\u3400-\u9fff])[Xx]")
_RANK = re.compile(rf"(?:[{_RANKS}]|\d{{1,2}}|[A-Z])$")
_ALIAS_WORD = (
    r"(?:曾用姓名|曾用名|又名|别名|曾化名|化名|绰号|外号|诨号|诨名|小名|乳名|俗名|俗称|原名|自报名|自报姓名|真名|真实姓名|英文名|中文名|汉语名|网名|昵称|微信名|法名|经名|学名|"
    r"人称|以下简称|简称|下称|亦名|亦作|现名|自称|自报|又叫|别号|户籍名|户籍姓名|身份证名)"
)
_ALIAS = re.compile(
    rf"(?P<word>{_ALIAS_WORD})(?:[、/及和]?{_ALIAS_WORD})?(?:字)?(?:为|叫|是|系)?[：]?"
    r"(?P<names>[“\"‘][^”\"’\n]{1,16}[”\"’](?:(?:、|，|和|及)?[“\"‘][^”\"’\n]{1,16}[”\"’])*|[^，。；：（）\n“”]{1,30})"
)
_SHORT_NAME = ("以下简称", "简称", "下称")
_NO_ALIAS = re.compile(r"[男女无]|不详|.*(?:出生|\d{2}|\d年|岁|文化|身份|情况|住址|住所|户籍|以上|上述|均|本案|因|族$|省|自报|人$)|[\d.]+")
# Behind these words a paragraph tells of the proceedings, or of earlier ones.
_ACCOUNT = re.compile(r"涉嫌|曾因|因犯|因本案|被判|被刑事|被抓获")
# Family names that occur among Chinese citizens (百家姓 and the census).
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦代区尧尕肖付覃隋仝闭麦邝布楼佟揭邸茆谌植宾亓苟郇衣来阳苑邬鄞栗肇原冶才桌檀卿未兰芦淦辜但疏帖缴岩刀召佘冼粟郄谯贠拜妥虎撒揣呙禤"
COMPOUND = "(?:欧阳|上官|司马|诸葛|慕容|皇甫|尉迟|东方|公孙|令狐|长孙|夏侯|司徒|端木|南宫|独孤|司空|轩辕|宇文|澹台|公冶|淳于|申屠|太史|闻人|呼延|东郭|西门|钟离|鲜于|亓官|完颜|纳兰)"
_LEADING_WORD = re.compile(rf"^{_ALIAS_WORD}")
_QUOTED = re.compile(r"[^“”\"‘’「」、，]{2,16}(?=[、”\"’])")
_LISTED = re.compile(r"(?:(?!或者?|以及)[^、，/和及“”\"‘’])+")
_QUOTES = '“”"‘’「」'


def masked(name: str) -> bool:
    """Whether part of the name is hidden (某, ×, X, *)."""
    return bool(_MASK.search(name))


def name_like(text: str) -> bool:
    """Whether the whole text can be one name: masked, of at most four letters after a family name, with ·, or a company's."""
    if re.fullmatch(MASKED + r"[\u3400-\u9fff]?", text) or re.fullmatch(COMPANY, text):
        return True
    if "·" in text:
        return len(text) <= 24
    return 2 <= len(text) <= 4 and text[0] in SURNAMES and re.fullmatch(r"[\u3400-\u9fff]+", text) is not None


def aliases(paragraph: str, company: bool = False) -> list[tuple[str, int]]:
    """Other names that a paragraph gives to the person with whose name it begins, each with its place: 曾用名, 又名, 绰号, 化名, 自报.

    A short form (以下简称…) is the person's only where it stands beside the name, or that of a company.
    """
    account = _ACCOUNT.search(paragraph)
    found = []
    for m in _ALIAS.finditer(paragraph, 0, account.start() if account else len(paragraph)):
        if m["word"] in _SHORT_NAME and not company and not re.search(r"^[^，。]{0,50}（$", paragraph[: m.start()]):
            continue
        for part in (_QUOTED if m["names"][0] in _QUOTES else _LISTED).finditer(m["names"]):
            name = _LEADING_WORD.sub("", part[0])
            if 1 < len(name) <= (30 if name.isascii() else 16) and not _NO_ALIAS.fullmatch(name):
                found.append((name, m.start("names") + part.start() + part[0].index(name)))
    return found


def is_company(role: str, name: str) -> bool:
    """Whether a party is a unit (被告单位): by its role as printed, else by its name."""
    return "单位" in role or ("人" not in role and len(name) > 4 and re.fullmatch(COMPANY, name) is not None)


def same_person(name: str, form: str) -> bool:
    """Whether two forms of a name may stand for one person: 陈某 and 陈某某 and 陈大明; 李小军 and 李小君 (a slip of the pen)."""
    if name == form or not name or not form or name[0] != form[0]:
        return name == form
    if not masked(name) and not masked(form):
        return len(name) == len(form) >= 3 and sum(a != b for a, b in zip(name, form, strict=True)) == 1
    if masked(name) and masked(form):
        if max(len(_tail(name)), len(_tail(form))) > 1:
            return False
        ranks = {m[0] for n in (name, form) if (m := _RANK.search(n))}
        return len(ranks) < 2 and (_tail(name) == _tail(form) or not (_tail(name) and _tail(form)))
    hidden, full = (name, form) if masked(name) else (form, name)
    tail = _tail(hidden)
    return len(full) <= 4 and (not tail or full.endswith(tail))


def _tail(name: str) -> str:
    """Letters that stand after the mask: 唐 in 白某唐; none in 张某甲."""
    rest = re.split(r"[某×Ⅹ*Xx]+", _RANK.sub("", name))[-1]
    return rest if masked(name) else ""
