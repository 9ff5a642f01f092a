"""What a heading's paragraph says of one person: sex, birth, ethnicity, schooling, occupation.

The paragraph is read clause by clause up to the first clause about coercive measures or earlier sentences (因涉嫌…, 曾因…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.heading.printed_dates import DATE, iso


@dataclass(frozen=True, slots=True)
class Particular:
    """One particular of a person: `value` as the codebook writes it, said by `view[start:end]`."""

    value: str
    start: int
    end: int


_CLAUSE = re.compile(r"[^，。；、（）\n]+")
# Here the account of the proceedings or of earlier offences begins.
_PROCEEDINGS = re.compile(
    r"涉嫌|^[曾后现又并]?因|曾因|罚款|处以|本院|审理|起诉|(?:因|以)(?:本案|犯|其他|盗|抢|吸|赌|殴|打|故意|寻衅|酒|嫖|诈|贩|违|伤|扰|阻|妨|敲|容|非法|交通|危险|聚众)|拘留|羁押|逮捕|取保|监视居住|判处|刑满|抓获|归案|投案|服刑|戒毒|劳动教养|劳教|处罚|前科"
)
_SEX = re.compile(r"(?:(?:^|[：:]|性别)|(?<=[\u3400-\u9fff×*某\d]))([男女])(?:性)?(?=$|\d{1,2}岁|[12]\d{3}年|汉族|生于|出生)")
_GROUPS = (
    "蒙古|维吾尔|哈萨克|柯尔克孜|乌孜别克|塔吉克|塔塔尔|鄂温克|鄂伦春|俄罗斯|达斡尔|布依|朝鲜|土家|哈尼|傈僳|傈傈|高山|拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|"
    "德昂|保安|裕固|独龙|赫哲|门巴|珞巴|基诺|革家|穿青人?|汉|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京"
)
_ETHNICITY = re.compile(rf"(?:民族[：:为]?)?({_GROUPS})族(?!自治|乡|镇|村|县|州|区|[\u3400-\u9fff]{{0,4}}族自治|学校|中学|小学)")
_ETHNICITY_ALONE = re.compile(r"(?:民族[：:]?)?(汉|回|藏|苗|彝|壮|满|侗|瑶|蒙古|维吾尔)$")
_LEVELS = (
    ("illiterate", r"半?文盲|不识字|无文化|没有?文化|未上过?学|没上过学|没读过书|未读过?书|未受过?教育|未入学"),
    ("college", r"研究生|硕士|博士|(?:大学)?本科|大学|大专|专科|高职|大本|学士|高等(?:教育|专科|院校)|电大|夜大|党校"),
    ("senior", r"高中|中等?专(?:业)?(?:学校)?|职高|职业高中|职业中专|中技|技校|技工学校|职专|高级中学|中职|职业中学|职中|普高"),
    ("junior", r"初中|初级中学|中学"),
    ("primary", r"小学|初小|高小|完小|扫盲班?"),
)
_LEVEL = "|".join(f"(?P<{level}>{words})" for level, words in _LEVELS)
# The clause is about schooling when nothing but these words stands around the level: 小学教师 and 大学生 are occupations.
_SCHOOLING = re.compile(
    rf"(?:(?:具有|受教育程度|文化程度|文化水平|文化|学历|教育程度)[：:为系是]?)?(?:{_LEVEL})(?:[一二三四五六初高上下\d]{{0,2}}年级?|专科|本科)?"
    r"(?:在读|在校|肄业|毕业|结业|辍学|未毕业|以上|以下)?(?:文化|学历|程度|水平|研究生|毕业|肄业|专业)*$"
)
_SCHOOLING_TOLD = re.compile(rf"(?:{_LEVEL})(?:[一二三四五六\d]年级)?(?:肄业|毕业)?(?:文化|学历|程度)")
DAY = re.sub(r"\?P<[a-z]+>", "?:", DATE.pattern)
BORN = re.compile(
    rf"(?:出生日期|出生年月日?|出生于|生于|出生)[：:]?(?:公历|农历)?(?:{DAY})|(?:{DAY})(?:（[农阴公]历）)?(?:出生|生(?!产|活|育|日|病)|出(?=[，。；]|$))"
)
_BARE_DATE = re.compile(rf"(?:{DAY})$")
# A bare date before these words dates an arrest or a sentence.
_DATED_ACCOUNT = re.compile(r"，?(?:[曾又现后先]{0,2}因|被|经|由|到|在|向|本院|刑满|投案|主动|自动|以|前往|至|起|期间)")
# Clauses that state neither schooling nor occupation.
_NO_OCCUPATION = re.compile(
    r"^[男女]|族$|族自治|出生|生于|籍贯|籍$|籍人|户口|户籍|住|居住|暂住|(?:号码|证号|证件|身份证)|曾用名|又名|别名|绰号|外号|化名|自报|小名|国籍|国人$|党员|团员|群众|党派|已婚|未婚|离异|丧偶|聋|哑|盲人|残疾|文化|文盲|学历|"
    r"^(?:广东|湖南|四川)?[\u3400-\u9fff]{2,24}(?:省|市|县|区|州|旗|镇|乡|村|组)人?$|[省市县区州旗镇乡村]人$|自治区(?![\u3400-\u9fff]{2,40}[员师工长商]$)|^(?![\u3400-\u9fff]{0,6}(?:工|代表|经营|负责|经纪|承包|控制|投资|主持|合伙|军|商|艺|管理|生意)人$)[\u3400-\u9fff]{2,6}人$|同上|同案|之[父母子女妻夫兄弟姐妹婿媳侄甥孙嫂舅叔]|^(?:夫妇|夫妻|父子|父女|母子|母女|兄弟|姐妹|兄妹|姐弟)|被害|怀孕|哺乳|身体|电话|邮编|不详|无前科|法定代理|"
    r"^\d[\d×X*]{0,20}(?:[年月日岁号楼栋幢组室]|$)|岁$|^\(|略$|[路街巷弄]\d|号$|室$|特别行政区|台湾|证编码|[ABab]区$|吸毒|^主持工作$|(?:公司|集团|工厂|医院|银行|学校)$|^以下|简称|原籍|现羁押|代表资格|委员资格|人大代表"
)
_POST = re.compile(
    rf"^(?:(?:自|于)?{DAY}(?:[起至到以]|{DAY}|今|后|来|期间|间|，){{0,4}}(?:历任|先后任|先后担任|担任|任|在(?=.{{2,30}}(?:工作|任职)))|系|原系|现系|捕前系?|案发前系?|原任|曾任|历任|担任|任|曾系|现任|被捕前系?|归案前系?|作案前系?|案发时系?|事发前系?|捕前为|职业[：:为系]?|职务[：:为系]?|自述|自称|从事|身份[：:]?)+(?=..)"
)
_OCCUPATION = re.compile(
    r"无业|无职业|无固定职业|无固定工作|无工作|待业|失业|闲散|下岗|农民|务农|农业|粮农|菜农|果农|渔民|牧民|牧业|村民|居民|务工|打工|民工|工人|职工|职员|员工|工作人员|雇员|学生|在校生|个体|经商|商人|商贩|小贩|自由职业|"
    r"退休|离休|退伍|公务员|干部|经营|法定代表人|法人|负责人|实际控制人|董事|股东|总监|经理|主任|主管|主席|书记|厂长|店长|院长|所长|科长|处长|局长|校长|队长|站长|组长|班长|部长|会长|社长|行长|镇长|乡长|县长|市长|村长|老板|业主|摊主|店主|车主|船主|"
    r"司机|驾驶员|驾驶|保安|厨师|教师|老师|医生|医师|护士|律师|会计|出纳|文员|技师|技工|工程师|设计师|教练|保姆|家政|中介|销售|推销|采购|代理|装修|建筑|施工|泥工|木工|电工|焊工|瓦工|油漆工|钳工|车工|缝纫|修理|理发|养殖|种植|运输|餐饮|服务|快递|外卖|"
    r"警察|民警|辅警|协警|军人|僧人|演员|歌手|记者|编辑|主播|微商|网店|包工头|承包|合伙人|工作$|员$|师$|工$|户$|者$|长$|手$|匠$"  # each begins with a letter of its own: such a search skips what begins with none
)
# 居民 stands for an occupation in the occupation's place; behind a place it tells the household register.
_RESIDENT = re.compile(r"(?:城镇|城市|农村|非农业?)?居民")
_STATUS = re.compile(rf"{_RESIDENT.pattern}|农民|村民")  # 农民，无职业: the register first, then the occupation
_JOBLESS = re.compile(r"，(?:现)?(?:无(?:固定)?(?:职业|业|工作)|待业)[，。；]")
_PLACE = re.compile(r"[，：](?:[^，：]{0,4}(?:出生地|户籍|户口|籍贯|原籍|住)[^，]{0,30}|[^，]{2,20}[省市县区州旗镇乡村])，$")
_EMPLOYER = re.compile(r"(?:公司|厂|店|局|委|所|院|中心)$")
_MASKED_POST = re.compile(r"(?:公司|厂|店|局|所|院|校|队|站|政府|银行|中心|集团|村委会)[\u3400-\u9fff×X*]{2,12}$")


def clauses(view: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each clause that tells who the person is, up to the account of the proceedings."""
    for m in _CLAUSE.finditer(view, start, end):
        if _PROCEEDINGS.search(m[0]) and not _POST.match(m[0]):
            return
        yield m.start(), m.end()


def sex(view: str, rows: list[tuple[int, int]]) -> Particular | None:
    """male or female, where 男 or 女 stands as a particular of its own."""
    for start, end in rows:
        if m := _SEX.search(view[start:end]):
            return Particular("male" if m[1] == "男" else "female", start + m.start(1), start + m.end())
    return None


def birth(view: str, rows: list[tuple[int, int]]) -> Particular | None:
    """Date of birth, cut to what is known; a bare date counts where it stands among the first particulars."""
    for n, (start, end) in enumerate(rows):
        text = view[start:end]
        told = BORN.search(text) if "生" in text or "出" in text else None
        m = told or (_BARE_DATE.match(text) if n < 4 and not _DATED_ACCOUNT.match(view, end) else None)
        if m and (date := iso_of(m[0])):
            return Particular(date, start + m.start(), start + m.end())
    return None


def iso_of(born: str) -> str:
    """ISO form of the date in the words; '' when there is none."""
    date = DATE.search(born)
    return iso(date) if date else ""


def ethnicity(view: str, rows: list[tuple[int, int]]) -> Particular | None:
    """Ethnicity in full: 汉族, also where only 汉 is printed."""
    for start, end in rows:
        named = _ETHNICITY.search(view, start, end) if view.find("族", start, end) >= 0 else None
        if m := (named or _ETHNICITY_ALONE.match(view[start:end])):
            at = start if m.re is _ETHNICITY_ALONE else 0
            return Particular(m[1] + "族", at + m.start(1), at + m.end())
    return None


def education(view: str, rows: list[tuple[int, int]]) -> Particular | None:
    """illiterate, primary, junior, senior or college."""
    for find in (_SCHOOLING.match, _SCHOOLING_TOLD.search):
        for start, end in rows:
            if m := find(view[start:end]):
                return Particular(str(m.lastgroup), start + m.start(), start + m.end())
    return None


def occupation(view: str, rows: list[tuple[int, int]]) -> Particular | None:
    """Occupation as printed, without 系 and 案发前系."""
    for start, end in _joined(view, rows):
        text = view[start:end]
        post = _POST.match(text)
        told = text[post.end() :] if post else text
        named = _OCCUPATION.search(told)
        if not (post or named or _MASKED_POST.search(told)):
            continue
        if _SCHOOLING.match(told) or (_NO_OCCUPATION.search(told) and not (post and named)):
            continue
        if _RESIDENT.fullmatch(told) and _PLACE.search(view[max(start - 40, 0) : start]):
            continue
        if _STATUS.fullmatch(told) and _JOBLESS.match(view, end):
            continue
        return Particular(told, end - len(told), end)
    return None


def _joined(view: str, rows: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Clauses with those joined that belong to one post: 某（深圳）有限公司经理, 某公司股东、董事."""
    pending: tuple[int, int] | None = None
    for start, end in rows:
        if pending and view[pending[1] : start] in "（）、" and _continues(view, pending, start, end):
            pending = pending[0], end
            continue
        if pending:
            yield pending
        pending = start, end
    if pending:
        yield pending


def _continues(view: str, row: tuple[int, int], start: int, end: int) -> bool:
    between, told, more = view[row[1] : start], view[slice(*row)], view[start:end]
    if between == "、":
        if _SCHOOLING.match(told):
            return False
        return bool((_EMPLOYER.search(told) and _EMPLOYER.search(more)) or (_joins(told) and _OCCUPATION.search(more)))
    if between == "）" and _EMPLOYER.search(told) and _OCCUPATION.search(more):
        return True
    return between in ("（", "）") and bool(re.search(r"公司|厂|店|中心|集团|银行|医院", view[start : end + 30].split("，")[0]))


def _joins(told: str) -> bool:
    return bool(_POST.match(told) or _OCCUPATION.search(told) or _EMPLOYER.search(told))
