"""What python-docx has no word for: fonts for Chinese characters, rules of a three-line table, repeated headings, numbered captions.

Element names are those of ECMA-376, part 1 (WordprocessingML).
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_HEAVY, _LIGHT = "12", "6"  # eighths of a point: 1.5 pt above and below, 0.75 pt under the headings
# Elements that may stand in tblPr after tblBorders, in the order of the schema.
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def set_fonts(style: Any, latin: str, chinese: str) -> None:
    """Fonts of a style: one for Latin letters and digits, one for Chinese characters; those of the theme no longer count."""
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), chinese)


def set_language(style: Any, language: str) -> None:
    """The language that Word checks the spelling of; Chinese characters are Chinese whatever it is."""
    properties = style.element.get_or_add_rPr()
    element = _child("lang", {"val": "en-GB" if language == "zh-CN" else language, "eastAsia": "zh-CN"})
    properties.append(element)


def add_sequence(paragraph: Any, name: str, number: int) -> None:
    """A number that Word keeps up (field SEQ), printed as `number` until it does."""
    field = _child("fldSimple", {"instr": f" SEQ {name} \\* ARABIC "})
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = str(number)
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def set_row(row: Any, heads: bool) -> None:
    """A row is not parted by the end of a page; `heads`: it is repeated at the top of each, and a rule stands under it."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if not heads:
        return
    properties.append(OxmlElement("w:tblHeader"))
    for cell in row.cells:
        borders = OxmlElement("w:tcBorders")
        borders.append(_rule("bottom", _LIGHT))
        cell._tc.get_or_add_tcPr().append(borders)


def set_borders(table: Any) -> None:
    """A heavy rule above and below the table and none between."""
    borders = OxmlElement("w:tblBorders")
    borders.append(_rule("top", _HEAVY))
    borders.append(_rule("bottom", _HEAVY))
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_BORDERS)


def _rule(side: str, size: str) -> Any:
    return _child(side, {"val": "single", "sz": size, "space": "0", "color": "000000"})


def _child(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
