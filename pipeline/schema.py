"""The four nouns of anjuan, and its errors.

A rule, an annotator and a model say the same kind of thing: that a *variable* of a *unit* has a *value*, and which words say so.
They therefore share one type, `Label`, and one table. Offsets count characters (code points) of `Judgment.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Section(StrEnum):
    """Parts of a Chinese criminal judgment, in the order in which they are usually printed."""

    HEADING = "heading"  # 首部, 当事人信息
    PROCEDURE = "procedure"  # 诉讼记录, 案件由来
    PRIOR_JUDGMENT = "prior_judgment"  # 原判认定, 原审法院认为 (second instance and retrial)
    PROSECUTION = "prosecution"  # 公诉机关指控
    DEFENCE = "defence"  # 辩护意见, 上诉理由
    FACTS = "facts"  # 经审理查明
    EVIDENCE = "evidence"  # 证据
    COURT_VIEW = "court_view"  # 本院认为
    DISPOSITION = "disposition"  # 判决如下
    CLOSING = "closing"  # 尾部: appeal notice, signatures, date
    STATUTE = "statute"  # 附法条


class Speaker(StrEnum):
    """Who asserts the words: a finding counts only when the right mouth says it."""

    COURT = "court"
    PROSECUTION = "prosecution"
    DEFENCE = "defence"  # the defendant or counsel
    WITNESS = "witness"  # witnesses and victims
    EXPERT = "expert"  # forensic opinions
    RECORD = "record"  # party data, procedure, documents
    STATUTE = "statute"


@dataclass(frozen=True, slots=True)
class Judgment:
    """One document: identifiers, metadata as printed by its source, and one canonical text.

    `text` is canonical (see `pipeline.text.canonical`): as long as `original`, character for character.
    `metadata` holds only what the source states beside the text (court, case_number, decided_on, ...), in strings.
    """

    source: str  # name of the reader: "lecard", "wenshu_new", ...
    source_id: str  # the record's own identifier, else the file's name
    text: str
    original: str = ""
    title: str = ""
    path: str = ""  # where it was read: file, archive member, line
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def judgment_id(self) -> str:
        """Content hash: the same text is the same judgment wherever it was found (16 hexadecimal digits)."""
        return hashlib.blake2b(self.text.strip().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the canonical text, `text[start:end]`, with who says it and the rule that found it.

    `accepted` is the court's answer to a plea that it reports: True (采纳), False (不予采纳), None where it says neither.
    `weight` is the share of a model's answer that these words carry; None where no model says so.
    """

    start: int
    end: int
    section: Section
    speaker: Speaker
    rule: str = ""
    accepted: bool | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """Somebody (`by`: "rules", "model", a person's name, "adjudicated") says that `variable` of `unit` is `value`.

    What the defence pleads is told `by` "defence": it decides nothing, it is kept for who asks what was claimed and rejected.

    `unit` is "case", "defendant:2" or "victim:1" (counted from 1). A list variable has one label for each of its members.
    `score` is a probability where a model gave one.
    """

    unit: str
    variable: str
    value: str
    by: str = "rules"
    spans: tuple[Span, ...] = ()
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one coder has put down about one variable of one unit: the labels with their words, a doubt, a note to the adjudicator.

    `values`: one, or the members of a list; empty when nothing is chosen (a list that is known to be empty is `("",)`).
    `words`: (start, end, value) in characters of `Judgment.text`; value "" for words that were marked before a value was chosen.
    """

    unit: str
    variable: str
    values: tuple[str, ...] = ()
    words: tuple[tuple[int, int, str], ...] = ()
    unsure: bool = False
    note: str = ""


class AnjuanError(Exception):
    """An error for the user: one line that names the file, the place and what to do. The command line prints it and exits with 1."""


class RecordError(AnjuanError):
    """One record cannot be used. The batch goes on; `reason` is a key of `import_log`, `detail` a sentence for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class CodebookError(AnjuanError):
    """The codebook or a rule file says something impossible; the message names file and line."""


class StoreError(AnjuanError):
    """The database cannot be used (from a newer version, not a database, locked)."""
