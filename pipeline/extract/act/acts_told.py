"""Whether the words told under a date tell the act charged, or background and procedure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.act.dates import Date
from pipeline.extract.case import Case
from pipeline.schema import Section

_VIOLENCE = re.compile(
    r"殴打|厮打|撕打|撕扯|扭打|互殴|斗殴|打架|打斗|追打|击打|踢打|打砸|拳打|脚踢|脚踹|用脚|用拳|一拳|拳头|耳光|巴掌|推搡|推倒|拉扯|抓扯|揪|掐|扼|捂|勒|咬|砍(?![伐毛竹树柴木])|捅|刺|扎|戳|劈|划伤|割|"
    r"打伤|打成|致伤|打倒|打在|打了|打中|动手|行凶|挥拳|抽打|砸|泼|点燃|点火|放火|纵火|烧|爆炸|引爆|开枪|射击|枪击|撞|冲撞|冲卡|碾压|驾车|持刀|持械|持枪|持棍|手持|劫|抢|挟持|劫持|绑|拘禁|"
    r"剥夺[^，。；]{0,8}自由|限制[^，。；]{0,8}自由|看管|看守(?!所)|关押|贴身跟随|拒不(?:离开|撤离|退出)|滞留|骗至|强奸|强行|奸淫|性关系|性侵|性行为|搂抱|抚摸|强吻|亲吻|猥亵|侮辱|辱骂|恐吓|威胁|胁迫|要挟|敲诈|勒索|逼迫|跪|堵|拦|阻拦|阻挠|阻碍|抗拒|闹事|起哄|滋事|毁坏|损毁|损坏|砸坏|"
    r"纠集|聚集|围攻|围堵|拉横幅|横幅|花圈|灵堂|停尸|纸钱|杀害|杀死|致死|伤害|投毒|投放|下药|抛|扔|张贴|散布|谎称|煽动|毒打|踹|抢夺|拽|摔|扯"
)
# Verbs of crimes without violence, for cases where no violent crime is charged.
_OTHER_CRIME = re.compile(
    r"盗窃|窃取|窃得|盗走|偷走|偷盗|扒窃|诈骗|骗取|骗得|骗走|虚构|冒充|贩卖|出售|卖给|销售|运输|走私|制造|制作|生产|容留|吸食|非法持有|藏匿|携带|购买|收购|收买|拐卖|开设|赌博|抽头|组织|介绍|招揽|卖淫|嫖娼|"
    r"挪用|侵占|贪污|受贿|行贿|收受|索取|虚开|伪造|变造|买卖|集资|吸收|透支|套取|滥伐|采伐|砍伐|盗伐|狩猎|猎捕|捕捞|种植|开采|占用|驾驶|无证|醉酒|超速|追尾|碰撞|肇事|逃逸|传播|发布|拒不|隐匿|转移|窝藏|包庇|"
    r"作伪证|诬告|偷越|翻墙|翻窗|撬|溜门|潜入|入户|秘密|倒卖|经营|转账|转款|偷拍|跟踪|闯入|侵入|搜查|破坏|剪断|拆除|滥用|玩忽|谎报"
)
_VIOLENT_CHARGE = re.compile(
    r"(?:故意伤害|故意杀人|过失致人|抢劫|抢夺|强奸|猥亵|侮辱|寻衅滋事|聚众|斗殴|拘禁|绑架|妨害公务|袭警|敲诈勒索|放火|爆炸|投放|危险方法|毁坏财物|虐待|强迫|劫持|暴力|黑社会|侵入住宅|拐卖|扰乱|破坏)"
)
_OFFENCE_NAME = re.compile(r"(?:犯|涉嫌|以|构成)[^，。；]{0,40}?罪|“[^”]{0,30}”|故意伤害(?:案|罪)|(?:法医|伤情|损伤)[^，。；]{0,30}鉴定")
_ACTING = re.compile(r"被告人|上诉人|犯罪嫌疑人|嫌疑人|(?:因|与)[^，。；]{0,30}(?:发生|产生)|争吵|口角|纠纷|冲突|争执")
_PROCEDURE = re.compile(
    r"判处|判决|裁定|逮捕|拘留|羁押|抓获|投案|自首|到案|归案|传唤|释放|取保|监视居住|立案|起诉|公诉|鉴定|谅解|赔偿|调解|出院|死亡。|病历|扣押|检查笔录|勘验|登记结婚|离婚|出生|生于|签订|户籍|出具|作出|受理|送达|通缉|上网追逃|决定书|解除"
)
_PROCEDURE_FIRST = re.compile(
    r"被[^，。]{0,24}(?:判处|逮捕|拘留|抓获|行政处罚)|投案|自首|刑满释放|^[^，。]{0,8}，?(?:送|经|作|到)[^，。]{0,20}鉴定|到案|归案|因犯|提起公诉|向本院"
)
_OFFENDER = re.compile(r"被告人|上诉人|嫌疑人|同案人")
_KNOWN = r"(?:相识|认识|恋爱|结婚|同居|离婚|入职|打工|就职|住院|就诊|手术|入院)(?![^，。；]{0,16}的)"
_PUNISHED = r"^[^，。；]{0,4}因[^，。；]{0,60}被[^，。；]{0,24}(?:判处|判刑|判决|处罚|处以|拘留|劳动教养|强制)"
_BACKGROUND = re.compile(rf"^[^。；]{{0,40}}(?:{_KNOWN}|(?:租住|承包)(?![^，。；]{{0,16}}的)|借款|借给|成立|购得|购买)|{_PUNISHED}")
# A period tells acts only when its own sentence says that they were repeated: 2018年2月起，被告人张某多次殴打李某.
_REPEATED = re.compile(r"多次|数次|连续|[二两三四五六七八九十\d]次")
_PERIOD = re.compile(r"[^，。；]{0,6}(?:以来|起，|开始|间，|期间)")
# Crimes without violence are done by buying, lending and founding, and go on for years; only office is background: 2010年起任经理.
_PEACEFUL_BACKGROUND = re.compile(
    rf"^[^。；]{{0,40}}(?:{_KNOWN})|{_PUNISHED}|^(?![^。；]{{0,90}}(?:利用|非法|虚构|骗|窃|侵吞))[^。；]{{0,40}}(?:担任|任命|任职|聘任|注册成立|登记成立)"
)
_CHARGED = re.compile(r"(?:指控|公诉|起诉)[^。；]{0,80}犯[^。]{0,80}罪")
_CONVICTED = re.compile(r"犯[^。；]{0,60}罪")
_OPENING = 6000
# Possession is told by what was found: 当场查获.
_SEIZED = re.compile(r"查获|缴获|搜出|起获|查扣|搜查出|收缴")
# A year alone dates an act when it opens the words on the offender: 2013年，被告人张某.
_YEAR_OPENS = re.compile(
    r"(?:(?:至|到|－|-|—)[^，。；]{0,12})?(?:年?(?:初|底|末|春|夏|秋|冬|上半|下半|中)[^，。；]{0,6}|[^，。；]{0,4})，?(?:被告人|上诉人|原审被告人)"
)
# Where the narrative of the acts stops.
_AFTER_THE_ACTS = re.compile(
    r"(?<=[。；\n])(?:(?:认定|证实|证明|对于?)?(?:上述|以上|前述)[^。；]{0,24}(?:事实|证据)|另查明|又查明|还查明|再查明|同时查明|案发后|"
    r"(?<=\n)(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、．]))"
)
# 另查明 opens what is no part of the acts: payments, earlier convictions.
_FOUND_BESIDES = re.compile(r"(?:另|又|还|再|同时)(?:经)?(?:审理)?查明|案发后|归案后")
_NAMED_LATE = 60
_NAMED_BEFORE = 80


@dataclass(frozen=True, slots=True)
class Telling:
    """What a reader must know of the case to tell acts from background."""

    view: str
    names: Sequence[str]
    violent: bool  # a violent crime is charged, or no charge is known

    def rank(self, date: Date, stop: int) -> int:
        """How `view[date.end:stop]` looks: 0 the act with an offender named, 1 an act or an offender's doing, 2 an offender, 3 nothing."""
        rank = self._rank(date, stop)
        return 1 if rank == 0 and _FOUND_BESIDES.match(self._before(date)) else rank

    def _rank(self, date: Date, stop: int) -> int:
        cut = _AFTER_THE_ACTS.search(self.view, date.end, stop)
        words = self.view[date.end : cut.start() if cut else stop]
        acts = _OFFENCE_NAME.sub("", words)
        offender = self._offender(words) or self._offender(self._before(date))
        act = _VIOLENCE.search(acts) or (None if self.violent else _OTHER_CRIME.search(acts))
        if act and self.violent and _PERIOD.match(words) and not _REPEATED.search(words.partition("。")[0]):
            return 2 if offender else 3
        background = _BACKGROUND if self.violent else _PEACEFUL_BACKGROUND
        if act and not background.search(words) and not _PROCEDURE_FIRST.search(acts, 0, min(act.start(), _NAMED_LATE)):
            return 0 if offender and (len(date.iso) > 4 or (not self.violent and _YEAR_OPENS.match(words))) else 1
        if not self.violent and offender and _SEIZED.search(words):
            return 1
        if offender and _ACTING.search(acts) and not _PROCEDURE.search(words.partition("。")[0]):
            return 1
        return 2 if offender and not _PROCEDURE_FIRST.search(words, 0, _NAMED_LATE) else 3

    def _offender(self, words: str) -> bool:
        return bool(_OFFENDER.search(words)) or any(name in words for name in self.names)

    def _before(self, date: Date) -> str:
        """The words of the date's sentence before it: 被告人张某于2018年3月4日."""
        before = self.view[max(date.start - _NAMED_BEFORE, 0) : date.start]
        return before[max(before.rfind(sign) for sign in "。；\n") + 1 :]


def telling(case: Case) -> Telling:
    """What the case's opening or its verdict says of the crimes charged, and its defendants' names."""
    document = case.document
    charged = _CHARGED.search(document.view, 0, _OPENING)
    if not charged:
        verdicts = (_CONVICTED.search(document.view, a, b) for a, b in document.stretches(Section.DISPOSITION))
        charged = next((v for v in verdicts if v), None)
    violent = not charged or bool(_VIOLENT_CHARGE.search(charged[0]))
    return Telling(document.view, [name for d in case.defendants for name in d.names], violent)
