"""The forms of the report's charts, drawn with matplotlib: stacked bars, shares with intervals, lying and upright bars of counts, boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from pipeline.analyse.charts_svg import LEFT, RIGHT, SIZE, SMALL, WIDTH, Sheet
from pipeline.analyse.figures import percentage, thousands
from pipeline.analyse.fonts import FIRST_CJK
from pipeline.codebook import Term

ROW, THICK = 30, 0.68  # height of a lying bar's row; the share of it that the bar fills
LANE = 13  # height of one point's line
TRACK = WIDTH - LEFT - RIGHT
INSIDE = 24  # a segment narrower than this carries no number
UPRIGHT = 170  # height of a chart of upright bars
LATIN = 0.52  # width of a Latin letter, of that of a Chinese character
YEAR = 34  # room that a label below an upright bar needs
PALE = frozenset({"injury-slight", "injury-none_or_unstated", "missing", "untyped", "p5", "p6", "p7"})  # fills that take dark numbers


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar; `style` is a colour of the style sheet."""

    term: Term
    n: int
    style: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of segments; `denominator` is what its shares are of."""

    term: Term
    segments: tuple[Segment, ...]
    denominator: int


@dataclass(frozen=True, slots=True)
class Point:
    """A share with its interval, all from 0 to 1; `tip` tells them in words."""

    style: str
    share: float
    low: float
    high: float
    tip: Term


@dataclass(frozen=True, slots=True)
class Lane:
    """The points of one line of a chart of shares; `mark` is the share that the study published."""

    term: Term
    points: tuple[Point, ...]
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Median, quartiles and extremes of one group."""

    term: Term
    style: str
    low: float
    q1: float
    median: float
    q3: float
    high: float
    tip: Term


def number(n: int | str) -> Term:
    """A number as a term: the same in every language."""
    return Term(str(n), str(n), str(n))


def stacked(name: str, label: Term, bars: Sequence[Bar]) -> Markup:
    """Lying bars filled to 100 %, each with its number of cases at the end."""
    sheet = _lying(name, len(bars) * ROW, len(bars), 1)
    for index, bar in enumerate(bars):
        _lie(sheet, bar, index, 1 / bar.denominator if bar.denominator else 0, TRACK)
        _label(sheet, bar.term, index)
        sheet.write(number(thousands(bar.denominator)), 1.02, index, "muted", anchor="left")
    return sheet.svg(label)


def counts(name: str, label: Term, bars: Sequence[Bar]) -> Markup:
    """Lying bars as long as their counts."""
    most = max((_sum(bar) for bar in bars), default=0) or 1
    row = 18 if len(bars) > 8 else 24
    sheet = _lying(name, len(bars) * row, len(bars), 1)
    for index, bar in enumerate(bars):
        _lie(sheet, bar, index, 1 / most, 0)
        _label(sheet, bar.term, index, SMALL)
        sheet.write(number(thousands(_sum(bar))), _sum(bar) / most + 0.02, index, "muted", anchor="left")
    return sheet.svg(label)


def shares(name: str, label: Term, lanes: Sequence[Lane]) -> Markup:
    """A point for each share on a scale from 0 to 25, 50, 75 or 100 %, its interval as a line through it, the study's share as a diamond."""
    most = max((len(lane.points) for lane in lanes), default=1) or 1
    row = max(LANE * most + 8, 24)
    highest = max((share for lane in lanes for share in (*(point.high for point in lane.points), lane.mark or 0)), default=1)
    end = next(end for end in (25, 50, 75, 100) if highest <= end / 100)
    sheet = _lying(name, len(lanes) * row + 20, len(lanes), end / 100, bottom=20)
    _scale(sheet, [(share / 100, number(f"{share} %")) for share in range(0, end + 1, 5 if end == 25 else 25)], len(lanes))
    for index, lane in enumerate(lanes):
        _label(sheet, lane.term, index, SMALL)
        if index:
            sheet.axes.axhline(index - 0.5, color=sheet.paint("rule"), linewidth=0.6)
        for place, point in enumerate(lane.points):
            _point(sheet, point, index + (place - (len(lane.points) - 1) / 2) * LANE / row)
        if lane.mark is not None:
            sheet.axes.scatter(
                [lane.mark], [index], s=42, marker="D", facecolors="none", edgecolors=sheet.paint("ink"), linewidths=1.4, zorder=3
            )
    return sheet.svg(label)


def columns(name: str, label: Term, bars: Sequence[Bar]) -> Markup:
    """Upright bars of counts, side by side in their order."""
    sheet = Sheet(name, UPRIGHT, left=8, right=8, top=18, bottom=20)
    most = max((_sum(bar) for bar in bars), default=0) or 1
    step = math.ceil(len(bars) * YEAR / (WIDTH - 16))
    sheet.axes.set(xlim=(-0.5, max(len(bars), 6) - 0.5), ylim=(0, most))
    sheet.axes.axhline(0, color=sheet.paint("strong"), linewidth=1)
    for index, bar in enumerate(bars):
        bottom = 0
        for segment in bar.segments:
            for patch in sheet.axes.bar([index], [segment.n], 0.76, bottom, color=sheet.paint(segment.style)) if segment.n else ():
                sheet.tell(patch, _tip(bar, segment))
            bottom += segment.n
        if bottom and (step == 1 or bottom == most):
            sheet.write(number(thousands(bottom)), index, bottom, "muted", shift=(0, 3))
        if not index % step:
            sheet.write(bar.term, index, 0, "ink", shift=(0, -14))
    return sheet.svg(label)


def boxes(name: str, label: Term, found: Sequence[Box]) -> Markup:
    """The median in a box from the first to the third quartile, whiskers to the extremes."""
    sheet = _lying(name, len(found) * ROW + 20, len(found), 1, bottom=20)
    most = max((box.high for box in found), default=0) or 1
    sheet.axes.set_xlim(0, most)
    _scale(sheet, [(tick, number(f"{tick:g}")) for tick in _ticks(most)], len(found))
    for index, box in enumerate(found):
        _label(sheet, box.term, index)
        drawn = sheet.axes.bxp(
            [{"whislo": box.low, "q1": box.q1, "med": box.median, "q3": box.q3, "whishi": box.high, "fliers": []}],
            positions=[index], orientation="horizontal", widths=0.5, showfliers=False, patch_artist=True, manage_ticks=False,
            boxprops={"facecolor": sheet.paint(box.style), "edgecolor": sheet.paint(box.style)},
            medianprops={"color": sheet.paint("ink"), "linewidth": 3},
            whiskerprops={"color": sheet.paint(box.style)}, capprops={"color": sheet.paint(box.style)},
        )  # fmt: skip
        sheet.tell(drawn["boxes"][0], box.tip)
    return sheet.svg(label)


def _lying(name: str, height: float, rows: int, most: float, bottom: float = 0) -> Sheet:
    sheet = Sheet(name, height + 8, bottom=bottom + 4)
    sheet.axes.set(xlim=(0, most), ylim=(rows - 0.5, -0.5))
    return sheet


def _label(sheet: Sheet, term: Term, index: int, size: float = SIZE) -> None:
    zh, en = (_fitting(words, (LEFT - 8) / size) for words in (term.zh, term.en))
    sheet.write(Term(term.name, zh, en), 0, index, "ink", size=size, shift=(-8, 0), anchor="right", across="axes fraction")


def _fitting(words: str, room: float) -> str:
    """The words, cut where they are wider than `room`, in widths of a Chinese character."""
    widths = accumulate(1 if ord(character) >= FIRST_CJK else LATIN for character in words)
    fitting = sum(width <= room for width in widths)
    return words if fitting == len(words) else words[: fitting - 1].rstrip(" ,、") + "…"


def _lie(sheet: Sheet, bar: Bar, index: int, scale: float, room: float) -> None:
    """The segments of a lying bar; those that are wide enough in `room` units carry their number."""
    left = 0.0
    for segment in (segment for segment in bar.segments if segment.n):
        width = segment.n * scale
        for patch in sheet.axes.barh([index], [width], THICK, left, color=sheet.paint(segment.style)):
            sheet.tell(patch, _tip(bar, segment))
        if width * room >= INSIDE:
            sheet.write(number(thousands(segment.n)), left + width / 2, index, "on-pale" if segment.style in PALE else "on")
        left += width


def _point(sheet: Sheet, point: Point, y: float) -> None:
    colour = sheet.paint(point.style)
    sheet.axes.plot([point.low, point.high], [y, y], color=colour, linewidth=2, solid_capstyle="round", alpha=0.55)
    sheet.tell(sheet.axes.scatter([point.share], [y], s=34, color=colour, zorder=2), point.tip)


def _scale(sheet: Sheet, ticks: Sequence[tuple[float, Term]], rows: int) -> None:
    for x, term in ticks:
        sheet.axes.axvline(x, color=sheet.paint("rule"), linewidth=0.8, zorder=0)
        sheet.write(term, x, rows - 0.5, "muted", shift=(0, -14))


def _ticks(most: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    return [float(tick) for tick in MaxNLocator(5, integer=True).tick_values(0, most) if tick <= most]


def _tip(bar: Bar, segment: Segment) -> Term:
    share = f"{segment.n} / {bar.denominator} ({percentage(segment.n, bar.denominator)} %)"
    return Term("", f"{bar.term.zh}：{segment.term.zh} {share}", f"{bar.term.en}: {segment.term.en} {share}")


def _sum(bar: Bar) -> int:
    return sum(segment.n for segment in bar.segments)
