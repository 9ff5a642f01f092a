"""What goes into a paper: Table 1 beside the study, the catalogue's tables, medians, corrected shares, numbered, each with its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline import __version__
from pipeline.analyse.catalogue import Definition, catalogue
from pipeline.analyse.counting import TABLE_ONE, Counted
from pipeline.analyse.flow import count_answers
from pipeline.analyse.numbers import tested
from pipeline.analyse.paper.crosstab import Crosstab
from pipeline.analyse.paper.form import PaperTable
from pipeline.analyse.paper.medians import MedianTable
from pipeline.analyse.paper.shares import ShareTable
from pipeline.analyse.reading import EVERY, ONCE
from pipeline.analyse.statistics import Association, tests_of
from pipeline.analyse.tables import UNTYPED, Part, Table
from pipeline.analyse.wording import load_wording
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
_CLUSTERED = Term(
    "clustered",
    "同案的数人（数罪）并不相互独立：区间按有效样本量计（方差按案件聚类；Korn & Graubard 1998，Franco 等 2019）。",
    "Several persons or charges of one case are not independent: the interval is that of the effective sample size (variance clustered by "
    "case; Korn & Graubard 1998, Franco et al. 2019).",
)
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
_WHOSE = Term("whose", "类型的来源：{}。", "Attack types are from: {}.")
_CORRECT = Term(
    "correct",
    "其中自动给出者的占比未经校正：没有以已知概率抽取的人工编码样本。",
    "Shares of what machines gave are not corrected: no hand-coded sample was drawn with known probabilities.",
)
_REFUSED = Term("refused", "占比未能校正：{}。", "Shares could not be corrected: {}.")
_MEDIANS = Term("medians", "刑期与办案时间（按袭医类型）", "Length of sentences and time to judgment by type of attack")
_SPREAD = Term(
    "spread",
    "n 为有数值者/可有数值者（期限按被告人计，时间按案件计）；Q1、Q3 为第 1 和第 3 四分位数（R 第 7 型）；95% CI 为合计栏中位数的次序统计量区间。",
    "n: those with a number of those who can have one (terms count defendants, days count cases). Q1, Q3: first and third quartile "
    "(R's type 7). 95% CI: of the median in the total, by order statistics.",
)
_RANKS = Term(
    "ranks",
    "p：各类型以 Kruskal–Wallis 检验比较，任一类型不足 5 例时按置换检验；经 Holm 法对本表各项校正。",
    "p: types compared by Kruskal and Wallis's test, by permutation where a type has under five; corrected by Holm over this table.",
)
_CORRECTED = Term("corrected", "袭医类型占比的校正估计", "Shares of the attack types, corrected for the machine's errors")
_VOICES = Term(
    "voices",
    "括号内为 95% 区间。机器：以机器标签为真值，估计有偏、区间偏窄；人工编码：只用随机抽取的案件，按抽样概率加权；校正：机器标签加人工样本所示的"
    "修正（DSL，Egami 等 2023；PPI++，Angelopoulos 等 2023）。“编码”为有此值者/范围内的人工编码案件。各案（副本、各审级合并）计一次。",
    "In brackets 95% intervals. Machine: its labels taken for the truth, biased, the interval too narrow. Hand-coded: only cases drawn by "
    "chance, weighted by their probabilities. Corrected: the machine's labels and what the hand-coded sample shows them to miss (DSL, Egami "
    "et al. 2023; PPI++, Angelopoulos et al. 2023). Coded: hand-coded cases with the value, of those in the column. Each case counts once.",
)
_DRAWN = Term("drawn", "样本 {}：抽样框 {} 件，人工编码 {} 件。", "Sample {}: {} cases in the frame, {} coded by hand.")
_SOURCE = Term("source", "anjuan {}，编码手册 {}。", "anjuan {}, codebook {}.")


MEDIANS, CORRECTED = "medians", "corrected"


def names() -> tuple[str, ...]:
    """The names of the tables that a paper can have: "one" is Table 1; "corrected" needs a hand-coded sample."""
    return (TABLE_ONE, *(definition.name for definition in catalogue()), MEDIANS, CORRECTED)


def paper_tables(counted: Counted, only: Sequence[str] = ()) -> list[PaperTable]:
    """The tables of what was counted, all or `only` those named, in their order.

    AnjuanError for a name that is none, where no case is in scope, and where shares are asked for that cannot be corrected.
    """
    if unknown := [name for name in only if name not in names()]:
        raise AnjuanError(f"there is no table {', '.join(unknown)}; choose of: {', '.join(names())}")
    if not counted.cases:
        raise AnjuanError("no case of this database is in scope, so that there is nothing to put into a table")
    if CORRECTED in only and not corrects(counted):
        raise AnjuanError(f"no shares can be corrected: {_uncorrected(counted).en}")
    defined = {definition.name: definition for definition in catalogue()}
    found = [_crosstab(name, counted, defined.get(name)) for name in counted.tables if not only or name in only]
    found += [_medians(counted)] if not only or MEDIANS in only else []
    found += [_shares(counted)] if corrects(counted) and (not only or CORRECTED in only) else []
    return [replace(paper, number=number) for number, paper in enumerate(found, 1)]


def corrects(counted: Counted) -> bool:
    """Whether there are hand-coded cases, drawn with known probabilities, that correct the machine's shares."""
    return counted.corrected is not None and counted.corrected.coded > 0


def _crosstab(name: str, counted: Counted, definition: Definition | None) -> PaperTable:
    table = counted.tables[name]
    tests = tests_of(table)
    title = _filled(_BY_TYPE, definition, definition) if definition else _TITLE
    notes = _notes(table, definition, tests, counted.view)
    return PaperTable(0, name, title, Crosstab(table, tests), (*notes, *([] if definition else _quality(counted)), _source()))


def _medians(counted: Counted) -> PaperTable:
    notes = (_SPREAD, _COUNTED[counted.view], _RANKS, _source())
    return PaperTable(0, MEDIANS, _MEDIANS, MedianTable(tuple(tested(counted.measures))), notes)


def _shares(counted: Counted) -> PaperTable:
    found = counted.corrected
    assert found is not None
    numbers = ", ".join(map(str, found.samples)), found.cases, found.coded
    drawn = Term("drawn", _DRAWN.zh.format(*numbers), _DRAWN.en.format(*numbers))
    remarks = [_filled(_FIGURE, remark.term) for remark in found.remarks]
    return PaperTable(0, CORRECTED, _CORRECTED, ShareTable(found), (drawn, _VOICES, *remarks, _source()))


def _quality(counted: Counted) -> list[Term]:
    """Whose the attack types are, and a warning where machines gave them and nothing corrects for their errors."""
    answers, wording = count_answers(counted.cases), load_wording()
    listed = {lang: "，" if lang == "zh" else ", " for lang in ("zh", "en")}
    zh, en = (listed[lang].join(f"{wording.answers[key].label(lang)} {n}" for key, n in answers.items()) for lang in ("zh", "en"))
    warned = {"model", "rules", "out_of_fold"} & answers.keys() and not corrects(counted)
    return [_filled(_WHOSE, Term("", zh, en)), *([_uncorrected(counted)] if warned else [])]


def _uncorrected(counted: Counted) -> Term:
    """Why no share is corrected."""
    if counted.refusal:
        return _filled(_REFUSED, Term("", counted.refusal, counted.refusal))
    if counted.corrected is None:
        return _CORRECT
    return _filled(_REFUSED, counted.corrected.remarks[-1].term)


def _source() -> Term:
    version = __version__, load().version
    return Term("source", _SOURCE.zh.format(*version), _SOURCE.en.format(*version))


def _notes(table: Table, definition: Definition | None, tests: Mapping[str, Association], view: str) -> list[Term]:
    """What a reader must know to read the table: what was counted, of what the percentages are, how it was tested, what the study says."""
    notes = [*(_about(definition) if definition else _about_blocks(table)), _LIMITS]
    if any(cell.effective is not None for part in table.parts for row in part.rows for cell in row.cells.values()):
        notes.append(_CLUSTERED)
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
    return notes


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
