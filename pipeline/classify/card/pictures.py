"""The pictures of a card, drawn from its evaluation: reliability, confusion, learning curve, F1 of each value. SVG, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import StringIO
from typing import Any

_WHOLE = "whole texts"
_BLUE, _GREY, _RED, _GREEN = "#2b6a99", "#7a7f87", "#b5482e", "#4f8a4b"
_COLOURS = (_BLUE, _RED, _GREEN, "#8a5a9c", "#a8802a", "#3c8f8f")
_STYLE: Any = {
    "svg.hashsalt": "anjuan",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _GREY,
    "legend.frameon": False,
}


def pictures(card: dict[str, Any]) -> dict[str, str]:
    """SVG files of a card by name; none without matplotlib, or for what was not measured."""
    found = card["evaluation"]
    if find_spec("matplotlib") is None:
        return {}
    drawn = {"classes.svg": _classes(card["variable"], found)}
    if _WHOLE in found["kinds"][found["shown"]]["parts"]:
        drawn |= {"reliability.svg": _reliability(card["variable"], found), "confusion.svg": _confusion(card["variable"], found)}
    if found["curve"]:
        drawn["learning_curve.svg"] = _curve(card["variable"], found)
    return drawn


def _reliability(variable: str, found: dict[str, Any]) -> str:
    with _figure(4.2, 4.0) as (axes, svg):
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle="--")
        for kind, colour in _coloured(found):
            bins = found["kinds"][kind]["parts"][_WHOLE]["bins"]
            stated, right = [b["stated"] for b in bins], [b["right"] for b in bins]
            error = found["kinds"][kind]["parts"][_WHOLE]["calibration_error"]["score"]
            axes.plot(stated, right, color=colour, linewidth=1, label=f"{kind}: calibration error {error:.3f}")
            axes.scatter(stated, right, s=[6 + 1.2 * b["n"] for b in bins], color=colour, alpha=0.55, linewidths=0)
        axes.set(
            xlim=(0, 1.03), ylim=(0, 1.03), xlabel="probability stated", ylabel="share right", title=f"{variable}: reliability, whole texts"
        )
        axes.legend(loc="upper left")
    return svg()


def _confusion(variable: str, found: dict[str, Any]) -> str:
    scores = found["kinds"][found["shown"]]["parts"][_WHOLE]
    classes, rows = scores["classes"], scores["confusion"]
    size = 1.6 + 0.52 * len(classes)
    with _figure(size + 0.8, size) as (axes, svg):
        shares = [[n / (sum(row) or 1) for n in row] for row in rows]
        axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1, edgecolors="white", linewidth=1)
        for y, row in enumerate(rows):
            for x, n in enumerate(row):
                if n:
                    axes.text(x + 0.5, y + 0.5, f"{n:.3g}", ha="center", va="center", color="white" if shares[y][x] > 0.5 else "black")
        middles = [i + 0.5 for i in range(len(classes))]
        axes.set_xticks(middles, classes, rotation=40, ha="right")
        axes.set_yticks(middles, classes)
        axes.set(xlabel="answered as", ylabel="coded as", title=f"{variable}: {found['shown']}, whole texts")
        axes.invert_yaxis()
        axes.tick_params(length=0)
    return svg()


def _curve(variable: str, found: dict[str, Any]) -> str:
    colours = dict(_coloured(found))
    with _figure(5.6, 3.8) as (axes, svg):
        for kind, points in found["curve"].items():
            for passages in (False, True):
                rows = [row for row in points if row["passages"] == passages]
                if not rows:
                    continue
                sizes, scores = [row["n"] for row in rows], [row["macro_f1"] for row in rows]
                axes.plot(
                    sizes,
                    [row["score"] for row in scores],
                    color=colours.get(kind, _GREY),
                    marker="o" if passages else "s",
                    markersize=3.5,
                    linestyle="-" if passages else "--",
                    linewidth=1.2,
                    label=f"{kind}, with short passages" if passages else kind,
                )
                axes.fill_between(
                    sizes,
                    [row["low"] for row in scores],
                    [row["high"] for row in scores],
                    color=colours.get(kind, _GREY),
                    alpha=0.09,
                    linewidth=0,
                )
        if rules := found["kinds"].get("rules"):  # they learn nothing: a level, not a curve
            axes.axhline(rules["parts"][_WHOLE]["macro_f1"]["score"], color=colours["rules"], linewidth=1.2, linestyle=":", label="rules")
        axes.set(xlabel="coded whole texts to learn from", ylabel="macro-F1, whole texts", title=f"{variable}: learning curve")
        axes.set_xlim(left=0)
        axes.set_ylim(top=1.0)
        axes.legend(loc="lower right")
    return svg()


def _classes(variable: str, found: dict[str, Any]) -> str:
    part, kinds = found["headline"], _coloured(found)
    values = list(found["kinds"][found["shown"]]["parts"][part]["by_class"])
    with _figure(5.6, 1.3 + 0.22 * len(values) * (len(kinds) + 0.6)) as (axes, svg):
        for place, (kind, colour) in enumerate(kinds):
            rows = [found["kinds"][kind]["parts"][part]["by_class"][value]["f1"] for value in values]
            heights = [i + (place - (len(kinds) - 1) / 2) * 0.7 / len(kinds) for i in range(len(values))]
            axes.hlines(heights, [row["low"] for row in rows], [row["high"] for row in rows], color=colour, linewidth=1.4)
            axes.plot([row["score"] for row in rows], heights, "o", color=colour, markersize=4, label=kind)
        counts = [found["kinds"][found["shown"]]["parts"][part]["by_class"][value]["n"] for value in values]
        axes.set_yticks(range(len(values)), [f"{value} ({n})" for value, n in zip(values, counts, strict=True)])
        axes.set(xlim=(0, 1.02), xlabel="F1 with 95 % interval", title=f"{variable}: {part}")
        axes.invert_yaxis()
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return svg()


def _coloured(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The kinds that are drawn, the shown one first; the majority is a table's matter."""
    kinds = [found["shown"], *(kind for kind in found["kinds"] if kind not in (found["shown"], "majority"))]
    return [(kind, _COLOURS[i % len(_COLOURS)]) for i, kind in enumerate(kinds)]


@contextmanager
def _figure(width: float, height: float) -> Iterator[tuple[Any, Callable[[], str]]]:
    """Axes to draw on, and what gives the SVG once they are drawn; `width` and `height` in inches."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    written = StringIO()
    with rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure.add_subplot(), written.getvalue
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
