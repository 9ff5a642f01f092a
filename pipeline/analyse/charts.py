"""Which charts the report shows: rows of its tables laid out as bars and points. Each chart stands beside the table of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.analyse.catalogue import Definition
from pipeline.analyse.charts_forms import Bar, Box, Lane, Point, Segment, boxes, columns, counts, number, shares, stacked
from pipeline.analyse.figures import percentage, span
from pipeline.analyse.numbers import Numbers
from pipeline.analyse.statistics import interval
from pipeline.analyse.tables import TOTAL, UNTYPED, Cell, Row, Table, finest
from pipeline.codebook import Codebook, Term, Variable

LONGEST_AXIS = 60  # years
CHARTED = 12  # lines of one chart
FEWEST = 3  # values of a box


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title and key. `head` and `body`: its numbers, where no table of the report stands below it."""

    name: str
    title: Term
    note: Term
    key: tuple[tuple[str, Term], ...]
    svg: Markup
    head: tuple[Term, ...] = ()
    body: tuple[tuple[Term, ...], ...] = ()


_WITHIN = Term("note", "各类型案件中的比例；条内为数目。", "Share within each type; the numbers in the bars are counts.")
_POINTS = Term("note", "点为占该类型的比例，线为 95% 区间。", "Points: share within each type; lines: 95 % intervals.")
_MARKED = Term(
    "note",
    "点为占该类型的比例，线为 95% 区间，菱形为该研究的比例。",
    "Points: share within each type; lines: 95 % intervals; diamonds: the study.",
)
_MISSING = Term("missing", "未编码", "Not recorded")


def charts(table: Table, codebook: Codebook) -> list[Chart]:
    """The charts of Table 1; none where no case is in scope."""
    if not table.cell("cases", TOTAL.name).n:
        return []
    found = [
        types_chart(table, codebook),
        causes_chart(table, codebook),
        injuries_chart(table, codebook),
        yes_chart(table, codebook["weapon_prepared"]),
        yes_chart(table, codebook["alcohol"]),
        roles_chart(table, codebook["role"]),
    ]
    return [chart for chart in found if chart is not None]


def types_chart(table: Table, codebook: Codebook) -> Chart:
    """The three types here and in the study, as shares of all cases."""
    here = [Segment(column, table.cell("cases", column.name).n, column.name) for column in _parts(table)]
    found = ((value, table.study.of("cases", value.name)) for value in codebook["attack_type"].values)
    study = [Segment(value, figure.n, value.name) for value, figure in found if figure is not None]
    bars = [
        Bar(Term("here", "本次", "This collection"), tuple(here), table.cell("cases", TOTAL.name).n),
        Bar(Term("study", "研究", "The study"), tuple(study), sum(segment.n for segment in study)),
    ]
    note = Term("note", "占全部案件的比例；条内为案件数。", "Share of all cases; the numbers in the bars are cases.")
    return _stacked_chart("types", Term("types", "袭医类型", "Attack types"), note, bars)


def causes_chart(table: Table, codebook: Codebook) -> Chart:
    """The study's groups of causes within each type."""
    parts = [(group, f"cause.{group.name}", f"p{place}") for place, group in enumerate(codebook["cause"].groups, 1)]
    return _by_type(table, "causes", Term("causes", "起因", "Causes"), parts)


def injuries_chart(table: Table, codebook: Codebook) -> Chart:
    """The worst injury within each type, from death to none."""
    values = codebook["worst_injury"].values
    parts = [(value, f"worst_injury={value.name}", f"injury-{value.name}") for value in values]
    return _by_type(table, "injuries", Term("injuries", "最重损伤", "Worst injury"), parts)


def yes_chart(table: Table, variable: Variable) -> Chart:
    """The share of "yes" within each type, with the study's share as a mark."""
    lanes = []
    for column in _parts(table):
        cell = table.cell(f"{variable.name}=yes", column.name)
        mark = cell.published.n / cell.published.denominator if cell.published else None
        lanes.append(Lane(column, _points([(column, cell)]), mark))
    head = (Term("", "", ""), Term("here", "本次", "This collection"), Term("study", "研究", "The study"))
    body = [
        (
            lane.term,
            _written(table.cell(f"{variable.name}=yes", lane.term.name)),
            number("–" if lane.mark is None else f"{100 * lane.mark:.0f} %"),
        )
        for lane in lanes
    ]
    return Chart(variable.name, variable, _MARKED, (), shares(f"c-{variable.name}", variable, lanes), head, tuple(body))


def roles_chart(table: Table, role: Variable) -> Chart | None:
    """In which share of the cases of each type persons of a role were harmed; None where no role is recorded."""
    title = Term("roles", "被害人身份", "Victims' roles")
    rows = [row for value in role.values if (row := table.row(f"role={value.name}")).cells[TOTAL.name].n]
    if not rows:
        return None
    head = (Term("", "", ""), *_parts(table))
    body = [(row.line.label, *(_written(row.cells[column.name]) for column in _parts(table))) for row in rows]
    return Chart("roles", title, _POINTS, _key(table), shares("c-roles", title, _lanes(table, rows)), head, tuple(body))


def chart_of(definition: Definition, table: Table) -> Chart | None:
    """The chart that a definition asks for; None where it asks for none or nothing is stated."""
    drawn: dict[str, Callable[[Definition, Table], Chart]] = {
        "stacked": _stacked_table,
        "shares": _shares_table,
        "counts": _counts_table,
        "columns": _columns_table,
    }
    if not definition.chart or not any(row.cells[TOTAL.name].n for row in finest(table.parts[-1].rows) if not row.silent):
        return None
    return drawn[definition.chart](definition, table)


def numbers_chart(numbers: Numbers) -> Chart | None:
    """Boxes by type of attack; None where no type has `FEWEST` values."""
    found = []
    for column in numbers.columns:
        spread = numbers.spreads[column.name]
        summary = spread.summary
        if summary.median is None or summary.q1 is None or summary.q3 is None or summary.n < FEWEST:
            continue
        style = "strong" if column is TOTAL else column.name
        tip = f" {summary.median:g} [{summary.q1:g}, {summary.q3:g}], n = {summary.n}"
        ends = min(spread.values), max(spread.values)
        term = Term("", f"{column.zh}：{tip.strip()}", f"{column.en}:{tip}")
        found.append(Box(column, style, ends[0], summary.q1, summary.median, summary.q3, ends[1], term))
    if not found:
        return None
    measure = numbers.measure
    title = Term(measure.name, f"{measure.zh}（{measure.scale.zh}）", f"{measure.en} ({measure.scale.en})")
    note = Term(
        "note", "箱体为上下四分位数，粗线为中位数，须线至最小值和最大值。", "Box: quartiles; thick line: median; whiskers: extremes."
    )
    return Chart(measure.name, title, note, (), boxes(f"c-{measure.name}", title, found))


def _stacked_table(definition: Definition, table: Table) -> Chart:
    rows = finest(table.parts[-1].rows)
    parts = [(row.line.label, row.line.key, _style(place, row)) for place, row in enumerate(rows, 1)]
    return _by_type(table, definition.name, definition, parts, number_of="number", own_table=True)


def _shares_table(definition: Definition, table: Table) -> Chart:
    rows = [row for row in finest(table.parts[-1].rows) if row.cells[TOTAL.name].n][:CHARTED]
    return Chart(definition.name, definition, _POINTS, _key(table), shares(f"c-{definition.name}", definition, _lanes(table, rows)))


def _counts_table(definition: Definition, table: Table) -> Chart:
    bars = [_counted(table, row) for row in finest(table.parts[-1].rows) if row.cells[TOTAL.name].n and not row.silent]
    return Chart(definition.name, definition, _rest(table, bars), _key(table), counts(f"c-{definition.name}", definition, bars))


def _columns_table(definition: Definition, table: Table) -> Chart:
    """Upright bars; between the first and the last number every number has its place, be it empty."""
    rows = {row.line.label.name: row for row in finest(table.parts[-1].rows)}
    known = sorted(name for name in rows if name.isdigit())
    first, last = (0, 23) if definition.column == "hour" else (int(known[0]), int(known[-1])) if known else (0, -1)
    places = [f"{place:02d}" for place in range(max(first, last - LONGEST_AXIS), last + 1)]
    bars = [_counted(table, rows[place]) if place in rows else Bar(number(place), (), 0) for place in places]
    return Chart(definition.name, definition, _rest(table, bars), _key(table), columns(f"c-{definition.name}", definition, bars))


def _rest(table: Table, bars: Iterable[Bar]) -> Term:
    """What the bars count, and how many cases they leave out."""
    rest = table.cell("number", TOTAL.name).n - sum(segment.n for bar in bars for segment in bar.segments)
    return Term("note", f"案件数；另有 {rest} 件未载明。", f"Number of cases; not stated in {rest} more.")


def _parts(table: Table) -> list[Term]:
    return [column for column in table.columns if column.name != TOTAL.name]


def _key(table: Table) -> tuple[tuple[str, Term], ...]:
    return tuple((column.name, column) for column in _parts(table))


def _style(place: int, row: Row) -> str:
    if row.line.variable == "injury" and row.line.values:
        return f"injury-{row.line.values[0]}"
    return "missing" if row.silent or row.line.values == ("unclear",) else f"p{(place - 1) % 10 + 1}"


def _by_type(
    table: Table, name: str, title: Term, parts: Sequence[tuple[Term, str, str]], *, number_of: str = "cases", own_table: bool = False
) -> Chart:
    bars = []
    for column in table.columns:
        segments = [Segment(term, table.cell(line, column.name).n, style) for term, line, style in parts]
        units = table.cell(number_of, column.name).n
        if missing := units - sum(segment.n for segment in segments):
            segments.append(Segment(_MISSING, missing, "missing"))
        bars.append(Bar(column, tuple(segments), units))
    return _stacked_chart(name, title, _WITHIN, bars, own_table)


def _stacked_chart(name: str, title: Term, note: Term, bars: Sequence[Bar], own_table: bool = False) -> Chart:
    key = {segment.style: segment.term for bar in bars for segment in bar.segments if segment.n}
    svg = stacked(f"c-{name}", title, bars)
    if own_table:
        return Chart(name, title, note, tuple(key.items()), svg)
    head = (Term("", "", ""), *key.values(), TOTAL)
    body = [(bar.term, *(_share_of(bar, style) for style in key), number(bar.denominator)) for bar in bars]
    return Chart(name, title, note, tuple(key.items()), svg, head, tuple(body))


def _share_of(bar: Bar, style: str) -> Term:
    n = sum(segment.n for segment in bar.segments if segment.style == style)
    return number(f"{n} ({percentage(n, bar.denominator)} %)" if n else "0")


def _counted(table: Table, row: Row) -> Bar:
    parts = tuple(Segment(column, row.cells[column.name].n, column.name) for column in _parts(table))
    return Bar(row.line.label, parts, row.cells[TOTAL.name].n)


def _lanes(table: Table, rows: Iterable[Row]) -> list[Lane]:
    columns = [column for column in _parts(table) if column.name != UNTYPED.name]
    return [Lane(row.line.label, _points([(column, row.cells[column.name]) for column in columns])) for row in rows]


def _points(cells: Iterable[tuple[Term, Cell]]) -> tuple[Point, ...]:
    found = []
    for column, cell in cells:
        limits = interval(cell.n, cell.denominator, effective=cell.effective)
        if limits.share is not None and limits.low is not None and limits.high is not None:
            between = span(cell.n, cell.denominator, cell.effective)
            share = f"{cell.n} / {cell.denominator} ({percentage(cell.n, cell.denominator)} %; 95 %: {between})"
            found.append(
                Point(column.name, limits.share, limits.low, limits.high, Term("", f"{column.zh}：{share}", f"{column.en}: {share}"))
            )
    return tuple(found)


def _written(cell: Cell) -> Term:
    return number(f"{cell.n} ({percentage(cell.n, cell.denominator)} %)" if cell.n else "0")
