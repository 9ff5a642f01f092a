"""A sheet to draw on with matplotlib, and the inline SVG that it becomes: texts in both languages, colours of the page, tips on marks."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

from pipeline.codebook import Term

WIDTH = 420
LEFT, RIGHT = 148, 36  # room for the labels of lying bars, and for the numbers at their ends
SIZE, SMALL = 13, 11.5  # of texts, in units of the drawing
_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_PLACE = re.compile(r"@(\d+)")
_SENTINEL = re.compile(r"#fa(\d{4})")
_LONG = re.compile(r"(\d\.\d)\d+")
_SETTINGS: Any = {"svg.fonttype": "none", "path.simplify": False}


class Sheet:
    """A drawing of `WIDTH` by `height` units. `axes` are matplotlib's, inside the given margins, without frame.

    matplotlib sees placeholders: for texts ("@3"), because a text has two languages, and for colours, because the page is dark or light.
    """

    def __init__(self, name: str, height: float, *, left: float = LEFT, right: float = RIGHT, top: float = 4, bottom: float = 4) -> None:
        from matplotlib.figure import Figure

        self.name, self.height = name, height
        self._terms: list[Term] = []
        self._styles: list[str] = []
        self._tips: dict[str, Term] = {}
        self._figure: Any = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        size = ((WIDTH - left - right) / WIDTH, (height - top - bottom) / height)
        self.axes: Any = self._figure.add_axes((left / WIDTH, bottom / height, *size))
        self.axes.set_axis_off()

    def write(
        self,
        term: Term,
        x: float,
        y: float,
        style: str,
        *,
        size: float = SMALL,
        shift: tuple[float, float] = (0, 0),
        anchor: str = "center",
        across: str = "data",
    ) -> None:
        """Write a term at (x, y), moved by `shift` units; `across` "axes fraction" takes x as a share of the width. Upright it is centred, unless moved."""
        self._terms.append(term)
        self.axes.annotate(
            f"@{len(self._terms) - 1}", (x, y), shift, xycoords=(across, "data"), textcoords="offset points",
            ha=anchor, va="baseline" if shift[1] else "center", fontsize=size, color=self.paint(style),
        )  # fmt: skip

    def paint(self, style: str) -> str:
        """A placeholder for the colour that the style sheet calls `--style`."""
        if style not in self._styles:
            self._styles.append(style)
        return f"#fa{self._styles.index(style):04d}"

    def tell(self, artist: Any, tip: Term) -> None:
        """Give a mark the text that a pointer reads."""
        gid = f"{self.name}-{len(self._tips)}"
        artist.set_gid(gid)
        self._tips[gid] = tip

    def svg(self, label: Term) -> Markup:
        """The drawing as inline SVG, named `label` to screen readers."""
        import matplotlib as mpl

        buffer = io.StringIO()
        with mpl.rc_context({**_SETTINGS, "svg.hashsalt": self.name}):
            self._figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
        root = ElementTree.fromstring(buffer.getvalue())  # our own text
        self._tidy(root)
        root.attrib = {"viewBox": f"0 0 {WIDTH} {self.height:g}", "role": "img", "aria-label": f"{label.zh} / {label.en}"}
        ElementTree.register_namespace("", _SVG)
        ElementTree.register_namespace("xlink", _LINK)
        return Markup(_SENTINEL.sub(self._colour, ElementTree.tostring(root, encoding="unicode")))  # ElementTree has escaped it

    def _tidy(self, root: ElementTree.Element) -> None:
        """Drop what a drawing inside a page does not need: metadata, a style sheet, clipping, ids, figures behind the first decimal."""
        unwanted = {f"{{{_SVG}}}{tag}" for tag in ("metadata", "style", "clipPath")}
        for parent in list(root.iter()):
            for child in [child for child in parent if child.tag in unwanted]:
                parent.remove(child)
        for element in root.iter():
            element.attrib.pop("clip-path", None)
            for name in {"d", "x", "y", "transform"} & element.attrib.keys():
                element.set(name, _LONG.sub(r"\1", element.attrib[name]))
            if element.tag == f"{{{_SVG}}}text":
                self._write(element)
            elif element.tag == f"{{{_SVG}}}g":
                self._name(element)

    def _write(self, element: ElementTree.Element) -> None:
        """Put the words of both languages into a text, and leave the font to the page."""
        style = element.get("style", "")
        size = re.search(r"([\d.]+)px", style)
        if element.get("transform", "").startswith("rotate(-0 "):
            element.attrib.pop("transform")
        kept = [part.strip() for part in style.split(";") if part.strip().startswith(("text-anchor", "fill", "opacity"))]
        element.set("style", "; ".join([f"font-size: {size[1] if size else SIZE}px", *kept]))
        found = _PLACE.fullmatch(element.text or "")
        if not found:
            return
        term, element.text = self._terms[int(found[1])], ""
        if term.zh == term.en:
            element.text = term.zh
            return
        for language, words in (("zh", term.zh), ("en", term.en)):
            ElementTree.SubElement(element, f"{{{_SVG}}}tspan", {"lang": language}).text = words

    def _name(self, element: ElementTree.Element) -> None:
        """Keep no id (several drawings share a page); a mark gets its tip."""
        tip = self._tips.get(element.attrib.pop("id", ""))
        if tip is not None:
            title = ElementTree.Element(f"{{{_SVG}}}title")
            title.text = tip.zh if tip.zh == tip.en else f"{tip.zh} | {tip.en}"
            element.insert(0, title)

    def _colour(self, found: re.Match[str]) -> str:
        return f"var(--{self._styles[int(found[1])]})"
