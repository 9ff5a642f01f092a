"""Case reports of journals and of the Supreme Court, as Markdown or text: 刑事审判参考, 人民司法, 指导案例.

Only what tells the case is taken (基本案情, 案情, 审判, 裁判结果). The commentary (主要问题, 评析, and in 刑事审判参考 also 裁判理由) restates
other cases, whose facts must not become this one's.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pipeline.collect.record import judgment
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

NAME = "case_report"
_FRONT = 12  # lines in which the title stands
_MARKUP = re.compile(r"^[#>\s]+|\*\*|__|\\(?=[\[\]*_#.\-])|\s+$")
_TITLE = re.compile(r"【(第?\d{1,9}号?)】\s*(.{2,200})|(指导性?案例第?\d{1,4}号)[：:\s]*(.{2,200})")
_FACTS = "基本案情|案情简介|案情"
_TELLS = f"{_FACTS}|审判|审理经过|裁判结果|裁判"
_COMMENTS = (
    "主要问题|争议问题|争议焦点|焦点问题|裁判理由|裁判说理|评析|评述|裁判要旨|裁判要点|裁判摘要|关键词|相关法条|法官后语|点评|撰稿人?"
)
_NUMBER = "(?:[一二三四五六]|\\d)[、.．]"
# 【案情】 or 一、基本案情, alone on its line or before its text; without either mark, alone on its line. 二、本案涉及的主要问题 as well.
_HEADING = re.compile(
    rf"(?:【({_TELLS}|{_COMMENTS})】|{_NUMBER}\s*({_TELLS}|[^，。：:]{{0,8}}?(?:{_COMMENTS}))(?=$|[:：\s])"
    rf"|[（(]?({_TELLS}|{_COMMENTS})(?=[:：]?$|[:：].*审编))[:：]?\s*(.*)"
)
_NUMBERS = re.compile(r"□?\s*案号[:：]?\s*.*号.*")
_REASONS = "裁判理由"


def recognise(head: str) -> bool:
    """Tell a report by the number in its title and a heading over the case."""
    lines = [_bare(line) for line in head.lstrip("\ufeff").split("\n")]
    front = [line for line in lines if line][:_FRONT]
    return any(_TITLE.match(line) for line in front) and any(_tells(line) for line in lines)


def parse(text: str, name: str) -> Judgment:
    """Return what the report tells of its case. Raises RecordError."""
    lines = [line for raw in text.lstrip("\ufeff").split("\n") if (line := _bare(raw))]
    titles = [found for line in lines if (found := _TITLE.match(line))]
    if len({found[0] for found in titles}) > 1 and sum(map(_tells, lines)) > 1:
        raise RecordError(Reason.BAD_RECORD, f"the file holds {len(titles)} case reports; put each into a file of its own")
    number, title = next(((found[1] or found[3], found[2] or found[4]) for found in titles), (PurePosixPath(name).stem, ""))
    told = "\n".join(_told(lines, guiding=number.startswith("指导")))
    if not told:
        raise RecordError(Reason.NOT_A_JUDGMENT, "the report has no part that tells the case (基本案情, 案情); leave the file out")
    case = title.partition("——")[0].strip()
    facts = {"report": number, "report_title": title}
    return judgment(NAME, number, told, title=case if case.endswith("案") else "", metadata=facts, judgment_expected=False)


def _bare(line: str) -> str:
    """Return a line without the marks of Markdown."""
    return _MARKUP.sub("", line).strip()


def _tells(line: str) -> bool:
    found = _HEADING.match(line)
    return found is not None and (found[1] or found[2] or found[3]) in _FACTS.split("|")


def _told(lines: list[str], *, guiding: bool) -> list[str]:
    """Return the lines of the parts that tell the case. The court's reasons of a guiding case are its own."""
    kept, telling = list[str](), False
    for line in lines:
        if found := _HEADING.match(line):
            heading, line = found[1] or found[2] or found[3], found[4]
            telling = heading in _TELLS.split("|") or (guiding and heading == _REASONS)
        if line and (telling or _NUMBERS.fullmatch(line)):
            kept.append(line)
    return kept
