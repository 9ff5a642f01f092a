"""What agreement is measured on, and what comes out: plain data for pages, tables and files."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.schema import Entry

CASE = "case"
SCOPE = "in_scope"
PARTIES = ("victim", "defendant")
OWN_WORDS = frozenset({"note", "confidence"})  # what a coder says of the own work, not of the case: there is nothing to agree on


@dataclass(frozen=True, slots=True)
class Coding:
    """All that one coder says of one judgment, entry by entry."""

    judgment_id: str
    coder: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        """Entries without anything said are left out: so removed parties are gone."""
        said = tuple(entry for entry in self.entries if entry.values or entry.words or entry.unsure or entry.note)
        object.__setattr__(self, "entries", said)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two coders' entries on one variable of what is the same unit to both; `units` are the unit's names with each of them.

    A coder who has not answered has an entry without values. `variable` is "" where one of them lacks the whole party: its unit is "".
    """

    judgment_id: str
    variable: str
    coders: tuple[str, str]
    units: tuple[str, str]
    entries: tuple[Entry, Entry]

    @property
    def kind(self) -> str:
        """case, victim or defendant."""
        return (self.units[0] or self.units[1]).partition(":")[0]

    @property
    def answered(self) -> bool:
        """Whether both have given a value."""
        return bool(self.variable and self.entries[0].values and self.entries[1].values)

    @property
    def agreed(self) -> bool:
        """Whether both have given the same values, in whatever order."""
        return self.answered and answer(self.entries[0]) == answer(self.entries[1])


def answer(entry: Entry) -> tuple[str, ...]:
    """The values as a set in one order; () for a list that is known to be empty."""
    return tuple(sorted({value.strip() for value in entry.values} - {""}))


@dataclass(frozen=True, slots=True)
class Measure:
    """A coefficient with its 95 % interval. `value` is None where it is undefined, and `why` says so (see `WHYS`)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


WHYS = {
    "nothing": ("nothing to compare", "没有可比较的"),
    "one_value": ("undefined: one value alone occurs", "无定义：只出现一个取值"),
    "open_values": ("not for open values", "开放取值不计算"),
    "pairs_only": ("for two coders only", "只适用于两人"),
}


@dataclass(frozen=True, slots=True)
class SpanOverlap:
    """How far two coders quote the same words, over the `n` answers for which both quote any.

    `f1`: mean over these answers of 2 |A∩B| / (|A|+|B|) in characters; `touching`: share of them with any character in common.
    """

    n: int = 0
    f1: float | None = None
    touching: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Agreement on one variable of one kind of unit, between two coders or (`len(coders) > 2`) among all.

    `n` units in `cases` judgments were answered by both (by two at least); `unanswered` by one alone, which counts for nothing else.
    `metric` is the distance of `alpha`: nominal, or masi for lists. `ordinal` is alpha by rank for ordered variables, over the
    `ordinal_n` units with ranked values alone ("unstated" has no rank); None for variables without ranks.
    """

    kind: str
    variable: str
    coders: tuple[str, ...]
    n: int
    cases: int
    unanswered: int
    percent: Measure
    kappa: Measure
    alpha: Measure
    metric: str
    ordinal: Measure | None
    ordinal_n: int
    spans: SpanOverlap


@dataclass(frozen=True, slots=True)
class PartyCount:
    """How many victims or defendants two coders both have, and how many only the first or only the second."""

    kind: str
    coders: tuple[str, str]
    both: int
    first_only: int
    second_only: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the first coder said `values[i]` where the second said `values[j]`: `counts[i][j]`."""

    kind: str
    variable: str
    coders: tuple[str, str]
    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Codings (one coder, one judgment) that were not compared: made with suggestions in sight, not finished, or of nobody else."""

    assisted: int = 0
    unfinished: int = 0
    single: int = 0


@dataclass(frozen=True, slots=True)
class CaseAgreement:
    """Agreement of two coders on one judgment: of `compared` variables that either answered, `agreed` are the same with both.

    A variable that one alone answered, or a party that one alone has, is a question to be settled, and counts as not agreed.
    """

    judgment_id: str
    coders: tuple[str, str]
    compared: int
    agreed: int

    @property
    def share(self) -> float | None:
        """Share of the variables agreed on; None where nothing is compared."""
        return self.agreed / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything that the codings of several people tell about their agreement.

    `disagreements`: answers of both that differ, answers of one alone, and parties of one alone (variable ""), by judgment.
    """

    coders: tuple[str, ...] = ()
    cases: int = 0
    rows: tuple[Row, ...] = ()
    parties: tuple[PartyCount, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    disagreements: tuple[Compared, ...] = ()
    left_out: LeftOut = field(default_factory=LeftOut)
