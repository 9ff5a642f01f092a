"""Who is attacked: for each act that the findings tell, the persons whom it hits.

An act's object stands behind the verb (殴打医生刘某), behind a preposition before it (将刘某打伤, 对刘某拳打脚踢), or before 被 (刘某被打伤). Acts
by persons who are not charged count less; acts against things (砸坏刘某的车) and against offenders do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.engine.matching import Match
from pipeline.extract.harm.acts import Acts
from pipeline.extract.harm.persons import FILLER, Mention, People, Side
from pipeline.extract.harm.titled import called
from pipeline.text import Document

# How surely the words make the person a victim.
DIRECT, INDIRECT, DOUBTFUL = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Attack:
    """The act at `start:end` of the view hits the person of `mention`."""

    mention: Mention
    start: int
    end: int
    rule: str
    act: str
    strength: int
    by_offender: bool


_DENIED = re.compile(
    r"(?:没有?|未(?!成年|遂|果|经)|并未|不曾|无人|否认|避免|防止|制止|阻止|劝阻|停止|拒绝|不敢|准备|预谋|打算|商量|商议|企图|意图|想要|为了?|是否|如果|若|假如|害怕|担心|生怕|唯恐)[^，。；：\n]{0,6}$"
)
# Longer than any denial.
_DENIAL = 12
_BODY = r"头|脸|面部|颈|脖|胸|腹|背|腰|腿|脚|臂|手(?!机|表|提|包|续|镯)|肩|眼(?!镜)|耳|鼻|嘴|口(?!罩|袋)|牙|身上|身体|全身|臀|膝|额|腕|指|肋|裆|阴|下体|发|衣(?!物|柜|架)|领|左|右|太阳穴|要害|部位|肘|踝|生命|人身|自由|去路|胳膊|肚|喉|颌|下巴|睾|上身|下身|性?命|心|肝|肺|脾|肾|动脉|皮|髋|股|胫|腓|尺骨|桡骨|锁骨|骨|伤"
_POSSESSED = re.compile(
    rf"{FILLER}*(?:等人)?(?:(?:家|的)(?![^，。；：\n]{{0,12}}(?:{_BODY}))|所(?:有|驾|乘|骑|开|在)|(?:驾驶|停放|停|乘坐|驾)[^，。；：\n]{{0,12}}的|名下|店|(?:一方|一伙|身边|相跟|手下|带来|同行|同来|纠集|叫来|雇佣|所带|带领)的)"
)
_GAP_BLOCK = re.compile(
    r"后(?!面|方|背|脑|排|座|的|颈|腰|勺|肩)|(?<!当)(?<!值)时(?!任)|(?<!合)并(?!肩)|而|但|(?<!见)被(?!害)|将|把|由|因|让|叫|遂|又|等人(?!的)|期间|过程|随即|与其(?:同|一)|、(?=[^，。；]{0,3}[打砸踢])|(?:之|的)(?:妻|夫|父|母|子|女|兄|弟|家属|亲属|朋友|同事)(?=$)|要求|请求|为由|来到|回到|见|看到|听"
)
_OBJECT = re.compile(r"[^，。；：！？\n\ue000\ue001\ue002\ue003]{0,26}?([\ue000-\ue003])")
_BEFORE = re.compile(
    r"(?:将|把|对(?!方|面|打|质|话|讲|说)着?|向|朝着?|冲着?|照着?|往|给(?!予)|围着|围住|按住|追着|拉着|拽着|揪着|揪住|抓住|压着|缠着|逼着|堵住|拿|持[^，。；\n\ue000-\ue003]{1,12}(?:对|向|朝)|用[^，。；\n\ue000-\ue003]{1,14}(?:对|向|朝))([^，。；：！？\n\ue000-\ue003]{0,18}?)([\ue000-\ue003])"
)
_PASSIVE = re.compile(r"(?<![^，。；])?(?:被(?!害|告|申请|上诉|扶养|抚养|抓获|拘|捕|害)|遭到?|受到|挨(?!着|近))")
# 被张某拉住后打张某: what 被 belongs to is over.
_THEN = re.compile(r"后(?!面|方|背|脑|排|座|的|颈|腰|勺|肩)|之际|时(?!任|[，、])")
# A quarrel told as the reason of this one.
_HEARD = re.compile(r"得知|听说|获悉|听闻|闻讯")
_WATCHED = re.compile(r"看见|看到|见|听说|得知|发现|听到|因|怀疑|以为")
# 打伤医生甲、乙，护士丙、丁: the second list hangs on the same verb when nothing but a sign follows it.
_NEXT_LIST = re.compile(rf"{FILLER}*，[^，。；：！？、\n\ue000-\ue003]{{1,8}}([\ue002])")
_LIST_ENDS = re.compile(rf"{FILLER}*(?:等[^，。；]{{0,4}}人)?(?:刺伤|砍伤|打伤|受伤)?[，。；]")
# Pleas that a retold judgment leaves among the findings.
_PLEADED = re.compile(r"[^。；\n]{0,24}(?:上诉称|上诉提出|辩称|辩解|供称|辩护人)")
_STRANGER = re.compile(
    r"^一?名?(?:陌生|不明身份|身份不明)的?(?:人|男子|女子|男人|女人)|^(?:他人|别人|人|一?名?陌生人|对方(?:家属|亲友)|[^，。]{0,6}(?:狗|犬|猫|蛇|牛|马|车辆?|轿车|货车|电动车|摩托车|机器))$"
)
_WITH = re.compile(r"(?:与|和|同|跟)([^，。；：！？\n\ue000-\ue003]{0,14}?)([\ue000-\ue003])")
_PRONOUN_AFTER = re.compile(
    r"(?:了|着|到|向|中|在|伤|死|倒)?(?:其(?!他|余|中)|(?:他(?!人)|她)(?!的(?!头|脸|面|颈|脖|胸|腹|背|腰|腿|手|身|肩|眼|鼻|嘴|耳|下体|衣|胳膊|后脑|要害))|对方|被害人(?![^，。；]{0,6}[\ue000-\ue003])|二人|两人|三人|伤者)"
)
_PRONOUN_BEFORE = re.compile(
    r"(?:将|把|对着?|向|朝着?|冲着?|照着?|往|给|从|按住|抓住|追上|上前|围着|拽住|拉住|抱住|揪住)(?:其(?!他|余|中)|他(?!人)|她|对方|被害人|二人|两人|三人)[^，。；：\n]{0,20}$"
)
_TITLES = ("被害人", "受害人")
_VIOLENCE = re.compile(r"[打砍捅刺踢砸推撞咬]|殴|冲突|斗|围攻|拉扯")


def near(stretch: tuple[int, int], position: int, reach: int = 600) -> tuple[int, int]:
    """The part of a clause or sentence that is near the place: a text without signs is one sentence."""
    return max(stretch[0], position - reach), min(stretch[1], position + reach)


def pleaded(document: Document, position: int) -> bool:
    """Whether the sentence at the place tells what the defence says."""
    return _PLEADED.match(document.view, *document.sentence_at(position)) is not None


def attacks(people: People, acts: Acts, sides: Mapping[int, int]) -> list[Attack]:
    """Every act against a person that the findings tell, in text order; what is only charged where the findings name nobody hit.

    `sides`: who acts with the offenders (see `allies`).
    """
    reader = _Reader(people, acts.document, sides)
    told = [a for m in acts.found for a in reader.read(m)]
    if any(a.strength == DIRECT for a in told):
        return told
    return told + [a for m in acts.charged for a in reader.read(m)]


@dataclass(frozen=True)
class _Reader:
    people: People
    document: Document
    sides: Mapping[int, int]

    def read(self, match: Match) -> Iterable[Attack]:
        """The persons whom the act of a match hits."""
        start, end = near(self.document.clause_at(match.start), match.start)
        if pleaded(self.document, match.start):
            return
        if match.rule.id not in ("harm", "appraised") and _DENIED.search(self.people.view, max(start, match.start - _DENIAL), match.start):
            return
        strength = DOUBTFUL if match.rule.value == "mutual" else DIRECT
        objects, passive = self._objects(match, start, end)
        if not objects and match.rule.value != "harm":
            objects, strength = self._pronoun(match, start), INDIRECT if strength == DIRECT else DOUBTFUL
        by_offender = passive or self._by_offender(start, match.start, objects)
        for mention in objects:
            sure = strength if by_offender else min(strength, INDIRECT) if match.rule.value != "mutual" else DOUBTFUL
            yield Attack(mention, match.start, match.end, match.rule.id, match.rule.value, sure, by_offender)

    def _objects(self, match: Match, start: int, end: int) -> tuple[list[Mention], bool]:
        """Persons hit by the act, and whether the text says so with 被."""
        marked, value = self.people.marked, match.rule.value
        if match.rule.id == "hurt":
            return self._hurt(start, match.start), False
        if match.rule.id == "appraised":
            return self._appraised(match.start), False
        if value == "mutual":
            return self._companions(start, match.start), False
        if value != "harm":
            if (passive := self._passive(start, match.start)) is not None:
                return passive, True
            if (before := self._before(start, match.start, match)) is not None:
                return before, False
        if inside := self.people.between(match.start, match.end):
            return self._list_from(inside[-1], end), False
        found = _OBJECT.match(marked, match.end, end)
        if not found or _GAP_BLOCK.search(marked, match.end, found.start(1)):
            return [], False
        first = self._owned_by(self.people.at(found.start(1)), end)
        listed = self._list_from(first, end)
        if value != "harm" and value != "rob" and any(_POSSESSED.match(marked, m.start + 1) for m in (first, listed[-1])):
            return [], False
        return listed, False

    def _appraised(self, position: int) -> list[Mention]:
        """The person whose injury was found to be below the lowest grade, or was not appraised."""
        before = self.people.between(near(self.document.sentence_at(position), position)[0], position)
        if not before or before[-1].person.side in (Side.OFFENDER, Side.UNNAMED):
            return []
        return [m for m in self.people.listed_with(before[-1]) if m.start <= before[-1].start]

    def _hurt(self, start: int, verb: int) -> list[Mention]:
        """A、B等人不同程度受伤: the persons just before, where the sentence tells of violence."""
        before = self.people.between(start, verb)
        told = _VIOLENCE.search(self.people.view, *near(self.document.sentence_at(verb), verb)) or _VIOLENCE.search(
            self.people.view, self._earlier(start), start
        )
        if not before or not told or verb - before[-1].end > 16 or "的" in self.people.view[before[-1].end : verb]:
            return []
        return [m for m in self.people.listed_with(before[-1]) if m.start <= before[-1].start and m.person.side is not Side.OFFENDER]

    def _owned_by(self, mention: Mention, end: int) -> Mention:
        """张某的妻子李某: the object is the last of the chain."""
        following = self.people.between(mention.end, min(end, mention.end + 10))
        chained = following and self.people.view.startswith(("的", "之"), mention.end)
        return following[0] if chained else mention

    def _list_from(self, first: Mention, end: int) -> list[Mention]:
        listed = [m for m in self.people.listed_with(first) if first.start <= m.start < end]
        if listed and (more := _NEXT_LIST.match(self.people.marked, listed[-1].start + 1)):
            further = [m for m in self.people.listed_with(self.people.at(more.start(1))) if m.start >= more.start(1)]
            if _LIST_ENDS.match(self.people.marked, further[-1].start + 1):
                return [*listed, *further]
        return listed

    def _before(self, start: int, verb: int, match: Match) -> list[Mention] | None:
        """Persons behind 将, 把, 对, 向, 朝 before the verb; None when there is no such phrase."""
        found = list(_BEFORE.finditer(self.people.marked, start, verb))
        if not found:
            return None
        first = self._owned_by(self.people.at(found[-1].start(2)), verb)
        if _POSSESSED.match(self.people.marked, first.start + 1, verb) and not re.search(
            _BODY, self.people.view[first.end : match.end + 8]
        ):
            return []
        listed = self._list_from(first, verb)
        return listed if self._is_object(listed[-1].end, verb) else None

    def _is_object(self, end: int, verb: int) -> bool:
        """Between the object and its verb stands no other verb with an object of its own."""
        return not re.search(r"(?:要求|索要|提出|询问|请求|说|表示|报警|不满)", self.people.view[end:verb])

    def _passive(self, start: int, verb: int) -> list[Mention] | None:
        """Persons before 被; None when the verb is not passive."""
        marks = list(_PASSIVE.finditer(self.people.marked, start, verb))
        if not marks:
            return None
        if _THEN.search(self.people.view, marks[-1].end(), verb):
            return None
        agents = self.people.between(marks[-1].end(), verb)
        named = [a for a in agents if a.person.side in (Side.OFFENDER, Side.ACCOMPLICE)]
        if agents and not named:
            return []
        if not agents and _STRANGER.match(self.people.view[marks[-1].end() : verb].strip()) and verb - marks[-1].end() > 0:
            return []
        return self._subject(marks[-1].start(), {a.person.key for a in agents}, start)

    def _subject(self, position: int, agents: set[int], start: int) -> list[Mention]:
        """The persons last named before 被 in the sentence, other than those who act."""
        first, _ = near(self.document.sentence_at(position), position)
        before = [m for m in self.people.between(first, position) if m.person.key not in agents]
        if not before:
            return []
        last = before[-1]
        own = last.start >= start
        if last.person.side is Side.OFFENDER and not (own and agents):
            return []
        if own and _POSSESSED.match(self.people.marked, last.start + 1, position):
            return []
        if _WATCHED.search(self.people.view, last.end, position) or (own and _HEARD.search(self.people.view, start, last.start)):
            return []
        listed = [m for m in self.people.listed_with(last) if first <= m.start <= last.start]
        return self._singled_out(listed)

    def _singled_out(self, listed: list[Mention]) -> list[Mention]:
        """被害人A与B、C去讨债时被打伤: only A is called a victim."""
        titles = [m for m in listed if self.people.view.endswith(_TITLES, 0, m.start)]
        if len(titles) != 1 or titles[0] is not listed[0]:
            return listed
        return [m for m in called(self.people, titles[0]) if m in listed]

    def _companions(self, start: int, verb: int) -> list[Mention]:
        """A与B扭打: the persons behind 与."""
        found = list(_WITH.finditer(self.people.marked, start, verb))
        if not found:
            return []
        return self._list_from(self.people.at(found[-1].start(2)), verb)

    def _pronoun(self, match: Match, start: int) -> list[Mention]:
        """其, 对方: the person last named who is no offender, in this sentence or the one before."""
        marked = self.people.marked
        if not (_PRONOUN_AFTER.match(marked, match.end) or _PRONOUN_BEFORE.search(marked, start, match.end)):
            return []
        first, _ = near(self.document.sentence_at(match.start), match.start)
        before = [m for m in self.people.between(self._earlier(first), match.start) if m.person.side is Side.OTHER]
        return before[-1:]

    def _earlier(self, sentence: int) -> int:
        return self.document.sentence_at(sentence - 1)[0] if sentence else 0

    def _by_offender(self, start: int, verb: int, objects: Sequence[Mention]) -> bool:
        """Whether an offender or an accomplice acts: named in the clause, else in the sentence before it, or nobody is named."""
        hit = {o.person.key for o in objects}
        for first in (start, near(self.document.sentence_at(verb), verb)[0]):
            named = (m for m in self.people.between(first, verb) if m.person.key not in hit)
            actors = [m for m in named if not self.people.view.startswith(("的", "之"), m.end)]
            if any(a.person.side in (Side.OFFENDER, Side.ACCOMPLICE) or a.person.key in self.sides for a in actors):
                return True
            if actors and first == start:
                return False
        return not any(a.person.side is Side.OTHER for a in actors)
