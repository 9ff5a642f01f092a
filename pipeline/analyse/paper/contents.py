"""What goes into a paper: Table 1 beside the study and the catalogue's tables, numbered, each with its tests and its notes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline import __version__
from pipeline.analyse.catalogue import Definition, catalogue
from pipeline.analyse.proof.counted import TABLE_ONE, count_tables
from pipeline.analyse.reading import EVERY, ONCE
from pipeline.analyse.statistics import Association, tests_of
from pipeline.analyse.tables import TOTAL, UNTYPED, Part, Table
from pipeline.codebook import Term, load
from pipeline.schema import AnjuanError

_TITLE = Term("title", "三类袭医案件比较", "The three types of attack compared")
_BY_TYPE = Term("by_type", "{}（按袭医类型）", "{} by type of attack")
_PERCENT = Term(
    "percent",
    "数字为{}数，括号内为占该列的百分比（首行为占全部的百分比）。",
    "Numbers are {}, in brackets their percentage of the column (in the first row of all).",
)
_OF_BLOCKS = Term("of_blocks", "括号内为百分比：{}。", "In brackets percentages: {}.")
_LIMITS = Term("limits", "95% CI 为合计栏百分比的 Wilson 区间。", "95% CI: Wilson interval of the percentage in the total.")
_COUNTED = {
    EVERY: Term("every", "每份文书计一次。", "Each judgment counts once."),
    ONCE: Term(
        "once", "同一文书的副本和同一案件的各审级文书只计一次。", "Copies of one judgment and the instances of one case count once."
    ),
}
_CLUSTERED = Term("clustered", "区间未计入同案各项之间的相关。", "The interval takes the {} of one case as independent of each other.")
_TESTS = Term(
    "tests",
    "p：该行与同栏其余有记载者相比，按期望频数选用 χ² 检验或 Fisher 精确检验，一案有数人者按案件置换检验；经 Holm 法对本表各行校正。",
    "p: the line against all others of the column with an answer; chi-square or Fisher's exact test by expected counts, a permutation of "
    "cases where one case has several units; corrected by Holm over the lines of this table.",
)
_QUESTIONS = Term("questions", "粗体行的 p 检验该项全部取值。", "In bold rows p is that of all values of the question.")
_WHOLE = Term("whole", "全部取值按类型比较：{}。", "All values by type: {}.")
_LEFT = Term("untyped", "“未分类”为尚无类型的案件，不参加检验。", "'Not typed' are cases without a type; they are not tested.")
_STUDY = Term("study", "“研究”为所发表的数字，空白为未报告：{}。", "'Study' is what was published, blank where nothing is reported: {}.")
_FIGURE = Term("figure", "{}。", "{}.")
_SOURCE = Term("source", "anjuan {}，编码手册 {}。", "anjuan {}, codebook {}.")


@dataclass(frozen=True, slots=True)
class PaperTable:
    """One table of a paper. `number` counts from 1; `tests` are by key of block and line; `notes` stand below the table."""

    number: int
    name: str
    title: Term
    table: Table
    tests: Mapping[str, Association]
    notes: tuple[Term, ...]

    @property
    def beside_study(self) -> bool:
        """Whether published figures stand beside ours."""
        return bool(self.table.study_columns)


def names() -> tuple[str, ...]:
    """The names of the tables that a paper can have: "one" is Table 1."""
    return (TABLE_ONE, *(definition.name for definition in catalogue()))


def paper_tables(connection: sqlite3.Connection, view: str = EVERY, only: Sequence[str] = ()) -> list[PaperTable]:
    """The tables over an open database, all or `only` those named, in their order.

    AnjuanError for a name that is none and where no case is in scope; StoreError where tables are missing.
    """
    if unknown := [name for name in only if name not in names()]:
        raise AnjuanError(f"there is no table {', '.join(unknown)}; choose of: {', '.join(names())}")
    found, cases = count_tables(connection, view)
    if not cases:
        raise AnjuanError("no case of this database is in scope, so that there is nothing to put into a table")
    wanted = [name for name in found if not only or name in only]
    defined = {definition.name: definition for definition in catalogue()}
    return [_paper_table(number, name, found[name], defined.get(name), view) for number, name in enumerate(wanted, 1)]


def _paper_table(number: int, name: str, table: Table, definition: Definition | None, view: str) -> PaperTable:
    tests = tests_of(table)
    title = _filled(_BY_TYPE, definition, definition) if definition else _TITLE
    return PaperTable(number, name, title, table, tests, tuple(_notes(table, definition, tests, view)))


def _notes(table: Table, definition: Definition | None, tests: Mapping[str, Association], view: str) -> list[Term]:
    """What a reader must know to read the table: what was counted, of what the percentages are, how it was tested, what the study says."""
    notes = [*(_about(definition) if definition else _about_blocks(table)), _LIMITS]
    if definition and _several_of_a_case(table):
        notes.append(_filled(_CLUSTERED, Term("", "", _lower(definition.unit.en))))
    notes += [_COUNTED[view], _TESTS]
    if definition is None:
        notes.append(_QUESTIONS)
    elif whole := tests.get(definition.name):
        notes.append(Term("whole", _WHOLE.zh.format(whole.text("zh")), _WHOLE.en.format(whole.text("en"))))
    if UNTYPED in table.columns:
        notes.append(_LEFT)
    if table.study_columns:
        notes.append(_filled(_STUDY, Term("", table.study.citation_zh, table.study.citation_en)))
    if definition and definition.study.zh:
        notes.append(_filled(_FIGURE, definition.study))
    return [*notes, Term("source", _SOURCE.zh.format(__version__, load().version), _SOURCE.en.format(__version__, load().version))]


def _several_of_a_case(table: Table) -> bool:
    behind = table.parts[0].rows[0].cells[TOTAL.name].judgments
    return len(set(behind)) < len(behind)


def _about(definition: Definition) -> list[Term]:
    """What a table of the catalogue counts, and what its definition adds."""
    unit = Term("unit", definition.unit.zh, _lower(definition.unit.en))
    note = definition.note
    return [_filled(_PERCENT, unit), *([Term("note", f"{note.zh.rstrip('。')}。", f"{note.en.rstrip('.')}.")] if note.zh else [])]


def _about_blocks(table: Table) -> list[Term]:
    """Of what the percentages of each block are, blocks of one kind together."""
    alike: dict[str, list[Part]] = {}
    for part in table.parts:
        alike.setdefault(part.block.note.en, []).append(part)
    zh = "；".join(f"{'、'.join(p.block.label.zh for p in parts)}：{parts[0].block.note.zh}" for parts in alike.values())
    en = "; ".join(f"{', '.join(p.block.label.en for p in parts)}: {_lower(parts[0].block.note.en)}" for parts in alike.values())
    return [_filled(_OF_BLOCKS, Term("", zh, en))]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _filled(form: Term, words: Term, named: Term | None = None) -> Term:
    """A form of words with the words filled in, without the full stops at their end."""
    return Term((named or form).name, form.zh.format(words.zh.rstrip("。")), form.en.format(words.en.rstrip(".")))
