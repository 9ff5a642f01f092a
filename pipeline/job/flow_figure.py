"""The flow of records as a figure: boxes and arrows of PRISMA 2020 as a self-contained SVG in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from pipeline.codebook import Term
from pipeline.job.screening import Flow

WIDTH, BOX, HEIGHT, GAP, LEFT, RIGHT = 640, 280, 46, 26, 20, 340
# The column of what goes on, and beside each step what leaves there.
STEPS: tuple[tuple[Term, Term | None], ...] = (
    (Term("found", "检索到的记录", "Records found"), None),
    (Term("stored", "入库的裁判文书", "Judgments stored"), Term("lost", "重复 {duplicates}，不可用 {rejected}", "Duplicates {duplicates}, unusable {rejected}")),
    (Term("to_screen", "待筛选", "To be screened"), None),
    (Term("screened", "已筛选", "Screened"), Term("open", "未筛完 {waiting}，待仲裁 {conflicts}", "Undecided {waiting}, conflicts {conflicts}")),
    (Term("included", "纳入", "Included"), Term("out", "排除 {excluded}", "Excluded {excluded}")),
    (Term("coded", "已编码", "Coded"), None),
)  # fmt: skip


def table(flow: Flow, language: str) -> list[dict[str, object]]:
    """The counts as rows: step, n."""
    return [{"step": label, "n": number} for label, number in _lines(flow, language)]


def _lines(flow: Flow, language: str) -> Iterator[tuple[str, int]]:
    words = {step.name: step.label(language) for step, _ in STEPS}
    words |= {term.name: term.label(language) for term in (*_LEAVING,)}
    for name in (
        "found",
        "duplicates",
        "rejected",
        "stored",
        "to_screen",
        "screened",
        "waiting",
        "conflicts",
        "excluded",
        "included",
        "coded",
    ):
        yield words[name], getattr(flow, name)


_LEAVING = (
    Term("duplicates", "其中重复", "of these duplicates"),
    Term("rejected", "其中不可用", "of these unusable"),
    Term("waiting", "未筛完", "Not yet decided by all screeners"),
    Term("conflicts", "筛选意见不一致，待仲裁", "Conflicts to be decided"),
    Term("excluded", "排除", "Excluded"),
)


def figure(flow: Flow, language: str) -> str:
    """The SVG, `WIDTH` wide; it carries its own look and needs nothing from outside."""
    height = GAP + len(STEPS) * (HEIGHT + GAP)
    counts = {name: getattr(flow, name) for name in Flow.__slots__}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15" fill="none" stroke="#5b6672">'
    ]
    for place, (step, leaving) in enumerate(STEPS):
        top = GAP + place * (HEIGHT + GAP)
        parts += _box(LEFT, top, f"{step.label(language)}  n = {counts[step.name]}")
        if place:
            parts += _arrow(LEFT + BOX / 2, top - GAP, LEFT + BOX / 2, top)
        if leaving:
            parts += _box(RIGHT, top, leaving.label(language).format(**counts))
            parts += _arrow(LEFT + BOX, top + HEIGHT / 2, RIGHT, top + HEIGHT / 2)
    return "".join([*parts, "</svg>\n"])


def _box(x: float, y: float, text: str) -> list[str]:
    return [
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="5" fill="#ffffff"/>',
        f'<text x="{x + BOX / 2}" y="{y + HEIGHT / 2 + 5}" text-anchor="middle" fill="#1d242c" stroke="none">{escape(text)}</text>',
    ]


def _arrow(x1: float, y1: float, x2: float, y2: float) -> list[str]:
    head = f"{x2 - 4},{y2 - 6} {x2 + 4},{y2 - 6} {x2},{y2}" if x1 == x2 else f"{x2 - 6},{y2 - 4} {x2 - 6},{y2 + 4} {x2},{y2}"
    return [f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>', f'<polygon points="{head}" fill="#5b6672"/>']
