"""The report's charts: counts from Table 1 laid out as rectangles, lines and texts, which the template writes as inline SVG.

Every text has a Chinese and an English form; every chart carries the table of its numbers for readers who cannot see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.analyse.figures import percentage
from pipeline.analyse.reading import Case
from pipeline.analyse.tables import TOTAL, Table
from pipeline.codebook import Codebook, Term, Variable

WIDTH = 560
LEFT = 118  # room for the labels of the bars
RIGHT = 52  # room for the count at the end of a bar
BAR, GAP = 26, 14
INSIDE = 30  # a segment narrower than this carries no number
YEARS_SHOWN = 24
HEIGHT_OF_YEARS = 150


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `style` is a class of the style sheet, `tip` what a pointer reads."""

    x: float
    y: float
    width: float
    height: float
    style: str
    tip: Term


@dataclass(frozen=True, slots=True)
class Text:
    """A text at a point; `anchor` is start, middle or end."""

    x: float
    y: float
    anchor: str
    term: Term
    style: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title, key and table of numbers (`head` and `body`)."""

    name: str
    title: Term
    note: Term
    height: float
    key: tuple[tuple[str, Term], ...]
    head: tuple[Term, ...]
    body: tuple[tuple[Term, ...], ...]
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar."""

    term: Term
    n: int
    style: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of segments that together make `denominator`; `mark` is the study's share, 0 to 1."""

    term: Term
    segments: tuple[Segment, ...]
    denominator: int
    mark: float | None = None


def charts(table: Table, cases: Sequence[Case], codebook: Codebook) -> list[Chart]:
    """All charts of the report that have something to show."""
    if not table.cell("cases", TOTAL.name).n:
        return []
    years = years_chart(table, cases)
    return [
        types_chart(table, codebook),
        *([years] if years else []),
        causes_chart(table, codebook),
        injuries_chart(table, codebook),
        yes_chart(table, codebook["weapon_prepared"]),
        yes_chart(table, codebook["alcohol"]),
    ]


def number(n: int | str) -> Term:
    """A number as a term: the same in every language."""
    return Term(str(n), str(n), str(n))


def types_chart(table: Table, codebook: Codebook) -> Chart:
    """The three types here and in the study, as shares of all cases."""
    columns = [column for column in table.columns if column.name != TOTAL.name]
    here = [Segment(column, table.cell("cases", column.name).n, f"type-{column.name}") for column in columns]
    study = [
        Segment(value, figure.n, f"type-{value.name}")
        for value in codebook["attack_type"].values
        if (figure := table.study.of("cases", value.name)) is not None
    ]
    bars = [
        Bar(Term("here", "本次", "This collection"), tuple(here), table.cell("cases", TOTAL.name).n),
        Bar(Term("study", "研究", "The study"), tuple(study), sum(segment.n for segment in study)),
    ]
    note = Term("note", "占全部案件的比例；条内为案件数。", "Share of all cases; the numbers in the bars are cases.")
    return _stacked("types", Term("types", "袭医类型", "Attack types"), note, bars)


def causes_chart(table: Table, codebook: Codebook) -> Chart:
    """The study's groups of causes within each type."""
    parts = [(group, f"cause.{group.name}", f"cause-{group.name}") for group in codebook["cause"].groups]
    note = Term("note", "各类型案件中的比例；条内为案件数。", "Share within each type; the numbers in the bars are cases.")
    return _by_type(table, "causes", Term("causes", "起因", "Causes"), note, parts)


def injuries_chart(table: Table, codebook: Codebook) -> Chart:
    """The worst injury within each type, from death to none."""
    values = codebook["worst_injury"].values
    parts = [(value, f"worst_injury={value.name}", f"injury-{value.name}") for value in values]
    note = Term("note", "各类型案件中的比例；条内为案件数。", "Share within each type; the numbers in the bars are cases.")
    return _by_type(table, "injuries", Term("injuries", "最重损伤", "Worst injury"), note, parts)


def yes_chart(table: Table, variable: Variable) -> Chart:
    """The share of "yes" within each type, with the study's share as a mark."""
    bars = []
    for column in _typed(table):
        cell = table.cell(f"{variable.name}=yes", column.name)
        mark = cell.published.n / cell.published.denominator if cell.published else None
        bars.append(Bar(column, (Segment(column, cell.n, f"type-{column.name}"),), cell.denominator, mark))
    note = Term(
        "note",
        "各类型案件中为“是”的比例；竖线为研究所发表的比例。",
        "Share of 'yes' within each type; the upright line is the study's share.",
    )
    return _single(variable.name, variable, note, bars)


def years_chart(table: Table, cases: Sequence[Case]) -> Chart | None:
    """Cases by year of decision, stacked by type; None when no date is known."""
    columns = [column for column in table.columns if column.name != TOTAL.name]
    known = {column.name for column in columns}
    counts: Counter[tuple[int, str]] = Counter()
    for case in cases:
        year = str(case.row["decided_on"] or "")[:4]
        if year.isdigit():
            counts[int(year), case.row["attack_type"] if case.row["attack_type"] in known else "untyped"] += 1
    if not counts:
        return None
    last = max(year for year, _ in counts)
    first = max(min(year for year, _ in counts), last - YEARS_SHOWN + 1)
    return _columns(list(range(first, last + 1)), columns, counts, len(cases))


def _typed(table: Table) -> list[Term]:
    return [column for column in table.columns if column.name not in (TOTAL.name, "untyped")]


def _by_type(table: Table, name: str, title: Term, note: Term, parts: Sequence[tuple[Term, str, str]]) -> Chart:
    bars = []
    for column in table.columns:
        segments = [Segment(term, table.cell(line, column.name).n, style) for term, line, style in parts]
        cases = table.cell("cases", column.name).n
        missing = cases - sum(segment.n for segment in segments)
        if missing:
            segments.append(Segment(Term("missing", "未编码", "Not recorded"), missing, "missing"))
        bars.append(Bar(column, tuple(segments), cases))
    return _stacked(name, title, note, bars)


def _stacked(name: str, title: Term, note: Term, bars: Sequence[Bar]) -> Chart:
    """Bars filled to 100 %, one below the other."""
    key = {segment.style: segment.term for bar in bars for segment in bar.segments}
    head = (Term("", "", ""), *key.values(), TOTAL)
    body = [(bar.term, *(_written(_count(bar, style), bar.denominator) for style in key), number(bar.denominator)) for bar in bars]
    chart = Chart(name, title, note, _height(bars), tuple(key.items()), head, tuple(body))
    for index, bar in enumerate(bars):
        _draw_bar(chart, bar, index)
        chart.texts.append(Text(WIDTH - RIGHT + 8, _middle(index), "start", number(bar.denominator), "count"))
    return chart


def _single(name: str, title: Term, note: Term, bars: Sequence[Bar]) -> Chart:
    """Bars on a scale from 0 to 100 %, each with its share at its end and the study's as an upright line."""
    head = (Term("", "", ""), Term("here", "本次", "This collection"), Term("study", "研究", "The study"))
    body = [
        (bar.term, _written(bar.segments[0].n, bar.denominator), number("–" if bar.mark is None else f"{100 * bar.mark:.0f} %"))
        for bar in bars
    ]
    chart = Chart(name, title, note, _height(bars), (), head, tuple(body))
    for index, bar in enumerate(bars):
        end = _draw_bar(chart, bar, index)
        percent = percentage(bar.segments[0].n, bar.denominator)
        clear = end if bar.mark is None else max(end, _x(bar.mark) + 2)  # the number never stands on the mark
        chart.texts.append(Text(clear + 6, _middle(index), "start", number(f"{percent} %"), "count"))
        if bar.mark is not None:
            chart.strokes.append(Stroke(_x(bar.mark), _top(index) - 3, _x(bar.mark), _top(index) + BAR + 3, "mark"))
    return chart


def _draw_bar(chart: Chart, bar: Bar, index: int) -> float:
    """Add the label, the track and the segments of a bar; returns where the last segment ends."""
    chart.texts.append(Text(LEFT - 10, _middle(index), "end", bar.term, "label"))
    chart.boxes.append(Box(LEFT, _top(index), _x(1) - LEFT, BAR, "track", bar.term))
    x = float(LEFT)
    for segment in bar.segments:
        width = (_x(1) - LEFT) * segment.n / bar.denominator if bar.denominator else 0.0
        if not width:
            continue
        chart.boxes.append(Box(round(x, 1), _top(index), round(width, 1), BAR, segment.style, _tip(segment, bar)))
        if width >= INSIDE:
            chart.texts.append(Text(round(x + width / 2, 1), _middle(index), "middle", number(segment.n), f"inside on-{segment.style}"))
        x += width
    return round(x, 1)


def _columns(years: Sequence[int], types: Sequence[Term], counts: Counter[tuple[int, str]], cases: int) -> Chart:
    """Upright bars, one a year."""
    shown = sum(n for (year, _), n in counts.items() if year in years)
    note = Term(
        "note", f"按裁判年份；{cases - shown} 件未载日期或更早。", f"By year of decision; {cases - shown} without a date or earlier."
    )
    head = (Term("year", "年份", "Year"), *types, TOTAL)
    body = [(number(year), *(number(counts[year, kind.name]) for kind in types), number(_of_year(counts, year))) for year in years]
    key = tuple((f"type-{kind.name}", kind) for kind in types)
    title = Term("years", "案件与年份", "Cases by year")
    chart = Chart("years", title, note, HEIGHT_OF_YEARS + 34, key, head, tuple(body))
    step, highest = (WIDTH - 40) / len(years), max(_of_year(counts, year) for year in years)
    for index, year in enumerate(years):
        _draw_year(chart, 20 + index * step, step, year, types, counts, (HEIGHT_OF_YEARS - 24) / (highest or 1))
    chart.strokes.append(Stroke(20, HEIGHT_OF_YEARS, WIDTH - 20, HEIGHT_OF_YEARS, "axis"))
    return chart


def _draw_year(
    chart: Chart, x: float, step: float, year: int, types: Sequence[Term], counts: Counter[tuple[int, str]], scale: float
) -> None:
    y, width = float(HEIGHT_OF_YEARS), min(step * 0.72, 48)
    left = x + (step - width) / 2
    for kind in types:
        height = counts[year, kind.name] * scale
        if height:
            y -= height
            tip = Term("", f"{year} 年 {kind.zh}：{counts[year, kind.name]}", f"{year}, {kind.en}: {counts[year, kind.name]}")
            chart.boxes.append(Box(round(left, 1), round(y, 1), round(width, 1), round(height, 1), f"type-{kind.name}", tip))
    chart.texts.append(Text(round(x + step / 2, 1), HEIGHT_OF_YEARS + 18, "middle", number(year), "label small"))
    if total := _of_year(counts, year):
        chart.texts.append(Text(round(x + step / 2, 1), round(y - 8, 1), "middle", number(total), "count small"))


def _of_year(counts: Counter[tuple[int, str]], year: int) -> int:
    return sum(n for (found, _), n in counts.items() if found == year)


def _count(bar: Bar, style: str) -> int:
    return sum(segment.n for segment in bar.segments if segment.style == style)


def _written(n: int, denominator: int) -> Term:
    return number(f"{n} ({percentage(n, denominator)} %)" if n else "0")


def _tip(segment: Segment, bar: Bar) -> Term:
    share = f"{segment.n} / {bar.denominator} ({percentage(segment.n, bar.denominator)} %)"
    return Term("", f"{bar.term.zh}：{segment.term.zh} {share}", f"{bar.term.en}: {segment.term.en} {share}")


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _top(index: int) -> float:
    return 8 + index * (BAR + GAP)


def _middle(index: int) -> float:
    return _top(index) + BAR / 2


def _height(bars: Sequence[Bar]) -> float:
    return 8 + len(bars) * (BAR + GAP)
