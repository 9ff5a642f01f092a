"""From WordprocessingML to the lines that a reader sees: one for each paragraph, one for each row of a plain table.

Names are compared without their namespace: strict, transitional and Word 2003 files differ in nothing else that matters here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml.etree import Element
from lxml.etree import _Element as Node

from pipeline.collect.word.lists import Counter, Numbering

# What a reader does not see, or what only describes what follows.
_UNSEEN = {
    "del", "moveFrom", "delText", "delInstrText", "instrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr", "trPr", "rt",
    "rubyPr", "Fallback", "sectPr", "ffData", "docPr", "cellDel", "binData", "annotationRef", "proofErr", "bookmarkStart", "bookmarkEnd",
}  # fmt: skip
_BOXES = {"txbxContent", "footnote", "endnote"}  # text boxes; Word 2003 writes its notes in the text
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Signs that Word keeps as a place in a symbol font.
_SYMBOLS = {
    ("symbol", 0xB4): "×", ("symbol", 0xB0): "°", ("symbol", 0xB1): "±", ("symbol", 0xB7): "·", ("symbol", 0xA3): "≤", ("symbol", 0xB3): "≥",
    ("symbol", 0x2D): "−", ("wingdings", 0xFC): "✓", ("wingdings", 0xFE): "☑", ("wingdings", 0xFD): "☒", ("wingdings", 0x52): "☑",
    ("wingdings", 0x54): "☒", ("wingdings", 0xA8): "□", ("wingdings", 0x6F): "□", ("wingdings", 0xA1): "○", ("wingdings", 0x6C): "●",
    ("wingdings", 0x6E): "■", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0x53): "☒", ("wingdings 2", 0xA3): "□",
}  # fmt: skip
_NO = {"0", "false", "off", "none"}
_WIDEST_CELL = 1000  # characters of a cell that still stands in one line with its row


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or character style says about its text: the list that numbers it, and whether it is hidden (None: as before)."""

    list_name: str = ""
    depth: int = 0
    hidden: bool | None = None


@dataclass(slots=True)
class Story:
    """Reads the parts of one document in order. `notes` collects the footnotes that the text refers to."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    lists: Mapping[str, Numbering] = field(default_factory=dict)
    default_style: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)  # parts in other formats (w:altChunk), by relationship
    _counter: Counter = field(init=False)
    _lines: list[str] = field(default_factory=list)
    _carried: str = ""  # a paragraph whose end was deleted: the next goes on with it
    _fields: list[bool] = field(default_factory=list)  # open fields: True once the result has begun
    _note: int = 0

    def __post_init__(self) -> None:
        self._counter = Counter(self.lists)

    def lines(self, body: Node) -> list[str]:
        """Return the lines of a part: the body, a header, a note."""
        outer, self._lines = self._lines, []
        self._blocks(body)
        self._end_paragraph("")
        found, self._lines = self._lines, outer
        return found

    def note(self, number: int, body: Node) -> list[str]:
        """Return the lines of a footnote, which Word prints with its number."""
        self._note = number
        return self.lines(body)

    def _blocks(self, node: Node) -> None:
        for child in children(node):
            name = local(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name == "altChunk":
                self.chunks.append(value(child, "id"))
            elif name == "AlternateContent":
                self._blocks(_choice(child))
            elif _is_seen(child, name):
                self._blocks(child)

    def _paragraph(self, node: Node) -> None:
        self._fields = [begun for begun in self._fields if begun]  # an instruction ends with its paragraph
        properties = find(node, "pPr")
        style = self.styles.get(_style(properties, "pStyle") or self.default_style, Style())
        number = self._number(properties, style)
        pieces: list[str] = []
        boxes: list[Node] = []
        self._inline(node, pieces, boxes, bool(style.hidden))
        text = "".join(pieces)
        if _mark_deleted(properties):
            self._carried += (number if text.strip() else "") + text
        else:
            self._end_paragraph(number + text if text.strip() else "")
        for box in boxes:
            self._blocks(box)

    def _end_paragraph(self, text: str) -> None:
        text, self._carried = self._carried + text, ""
        if text.strip():
            self._lines.append(text)

    def _number(self, properties: Node | None, style: Style) -> str:
        """Return the automatic number of a paragraph; the paragraph's own list goes before that of its style."""
        printed = find(find(properties, "listPr"), "t")  # Word 2003 writes the number out
        if printed is not None:
            return value(printed)
        own = find(properties, "numPr")
        inherited = own is not None and find(own, "numId") is None
        name = style.list_name if own is None or inherited else value(find(own, "numId"))
        depth = value(find(own, "ilvl")) if own is not None else str(style.depth)
        return self._counter.next(name, int(depth) if depth.isdecimal() else 0) if name and name != "0" else ""

    def _inline(self, node: Node, pieces: list[str], boxes: list[Node], hidden: bool) -> None:
        """Collect the text of a paragraph, and the text boxes anchored in it."""
        for child in children(node):
            name = local(child)
            if name == "t":
                if not hidden and all(self._fields):
                    pieces.append(_text(child))
            elif name == "r":
                self._inline(child, pieces, boxes, self._is_hidden(child, hidden))
            elif name in _BOXES:
                boxes.append(child)
            elif name == "AlternateContent":
                self._inline(_choice(child), pieces, boxes, hidden)
            elif _is_seen(child, name):
                self._sign(child, name, pieces, hidden)
                self._inline(child, pieces, boxes, hidden)

    def _sign(self, node: Node, name: str, pieces: list[str], hidden: bool) -> None:
        """Collect what stands for a sign, a field or a note."""
        if name == "fldChar":
            self._field(value(node, "fldCharType"))
        elif hidden or not all(self._fields):
            return
        elif name in _SIGNS:
            pieces.append(_SIGNS[name])
        elif name == "sym":
            pieces.append(_symbol(node))
        elif name in {"footnoteReference", "endnoteReference"}:
            self.notes.append((name.removesuffix("Reference"), value(node, "id")))
        elif name in {"footnoteRef", "endnoteRef"} and self._note:
            pieces.append(f"{self._note} ")

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _is_hidden(self, run: Node, hidden: bool) -> bool:
        properties = find(run, "rPr")
        vanish = find(properties, "vanish")
        if vanish is not None:
            return value(vanish) not in _NO
        stated = self.styles.get(_style(properties, "rStyle"), Style()).hidden
        return hidden if stated is None else stated

    def _table(self, table: Node) -> None:
        for row in _rows(table):
            cells = [lines for cell in _cells(row) if (lines := self.lines(cell))]
            if all(len(lines) == 1 and len(lines[0]) < _WIDEST_CELL for lines in cells):
                self._end_paragraph("\t".join(line for lines in cells for line in lines))
            else:
                self._lines += [line for lines in cells for line in lines]


def local(node: Node) -> str:
    """Return an element's name without its namespace."""
    tag: str = node.tag
    return tag[tag.rfind("}") + 1 :]


def children(node: Node) -> Iterator[Node]:
    """Yield the elements right under a node (no entities, comments or instructions)."""
    children: Iterator[Node] = node.iterchildren("*")
    return children


def find(node: Node | None, name: str) -> Node | None:
    """Return the first child of that name."""
    return next(node.iterchildren(f"{{*}}{name}"), None) if node is not None else None


def value(node: Node | None, name: str = "val") -> str:
    """Return an attribute, whatever its namespace, or ''."""
    return next((str(v) for key, v in node.attrib.items() if str(key).rpartition("}")[2] == name), "") if node is not None else ""


def is_on(node: Node | None) -> bool | None:
    """Return what an on-off property says, None when it is missing."""
    return None if node is None else value(node) not in _NO


def _is_seen(node: Node, name: str) -> bool:
    """Tell what may hold text; a control that still shows its prompt (单击此处输入文字) holds none."""
    return name not in _UNSEEN and (name != "sdt" or find(find(node, "sdtPr"), "showingPlcHdr") is None)


def _style(properties: Node | None, name: str) -> str:
    return value(find(properties, name))


def _mark_deleted(properties: Node | None) -> bool:
    """Tell whether the end of a paragraph is deleted or moved away (tracked changes)."""
    mark = find(properties, "rPr")
    return find(mark, "del") is not None or find(mark, "moveFrom") is not None


def _choice(node: Node) -> Node:
    """Return the first of alternatives that say the same (a drawing, and its form for older programs)."""
    chosen = find(node, "Choice")
    fallback = find(node, "Fallback")
    return chosen if chosen is not None else fallback if fallback is not None else Element("none")


def _text(node: Node) -> str:
    """Return the text of w:t; blanks at its ends count only where the file says so."""
    text = (node.text or "").replace("\n", " ")
    return text if value(node, "space") == "preserve" else text.strip(" \t\r\n")


def _symbol(node: Node) -> str:
    code = value(node, "char")
    try:
        place = int(code, 16)
    except ValueError:
        return "\ufffd"
    if place < 0xF000:
        return chr(place) if 0x20 <= place < 0xD800 or place >= 0xE000 else "\ufffd"
    return _SYMBOLS.get((value(node, "font").lower(), place & 0xFF), "\ufffd")


def _rows(table: Node) -> Iterator[Node]:
    """Yield the rows of a table that are not deleted, through content controls."""
    for child in children(table):
        name = local(child)
        if name == "tr":
            if find(find(child, "trPr"), "del") is None:
                yield child
        elif name not in _UNSEEN:
            yield from _rows(child)


def _cells(row: Node) -> Iterator[Node]:
    for child in children(row):
        name = local(child)
        if name == "tc":
            if find(find(child, "tcPr"), "cellDel") is None:
                yield child
        elif name not in _UNSEEN:
            yield from _cells(child)
