"""Lists of binary Word files ([MS-DOC] PlfLst, PlfLfo, STSH), in the shape in which paragraphs are counted."""

from __future__ import annotations

import dataclasses
import struct

from pipeline.collect.word.binary import Document, properties
from pipeline.collect.word.lists import Level, Numbering

LEVEL, LIST = 0x260A, 0x460B  # properties of a paragraph: depth, and the list's number from 1
_LISTED, _OVERRIDE, _LEVEL = 28, 16, 28  # bytes of a list, of an override, of a level without its text
_LEVELS = 9
_MOST = 10_000
_FORMS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital", 11: "japaneseCounting",
    14: "decimalFullWidth", 16: "japaneseLegal", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet",
    26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle",
    30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 255: "none",
}  # fmt: skip


def lists(document: Document) -> dict[str, Numbering]:
    """Return the lists by the number (from 1) under which paragraphs name them."""
    levels = _levels(document)
    table = document.overrides()
    count = min(struct.unpack_from("<I", table)[0], _MOST) if len(table) > 4 else 0
    at = 4 + _OVERRIDE * count
    found: dict[str, Numbering] = {}
    for number in range(count):
        identifier, changes = struct.unpack_from("<i8xB", table, 4 + _OVERRIDE * number)
        own, restarts, at = _changes(table, at, changes, levels.get(identifier, {}))
        found[str(number + 1)] = Numbering(str(identifier), own, restarts)
    return found


def numbered_styles(document: Document) -> dict[int, tuple[int, int]]:
    """Return list and depth of the styles that number their paragraphs, what they are based on included."""
    sheet = document.styles()
    if len(sheet) < 6:
        return {}
    header, count, base = struct.unpack_from("<HHH", sheet)
    at, stated, parents = 2 + header, dict[int, dict[int, int]](), dict[int, int]()
    for style in range(count):
        size = struct.unpack_from("<H", sheet, at)[0]
        body = sheet[at + 2 : at + 2 + size]
        if len(body) > base + 2:
            stated[style], parents[style] = _style(body, base)
        at += 2 + size
    return {style: found for style in stated if (found := _inherited(style, stated, parents))[0]}


def _style(body: bytes, base: int) -> tuple[dict[int, int], int]:
    """Return a paragraph style's properties and the style that it is based on."""
    kind = struct.unpack_from("<H", body, 2)[0]
    name = struct.unpack_from("<H", body, base)[0]
    at = base + 2 + 2 * name + 2
    if kind & 0xF != 1 or at + 4 > len(body):
        return {}, kind >> 4
    size = struct.unpack_from("<H", body, at)[0]
    return dict(properties(body[at + 4 : at + 2 + size])), kind >> 4


def _inherited(style: int, stated: dict[int, dict[int, int]], parents: dict[int, int]) -> tuple[int, int]:
    """Return list and depth that a style states itself, or takes from the styles under it."""
    listed: int | None = None
    depth: int | None = None
    for _ in range(20):
        own = stated.get(style, {})
        listed = own.get(LIST) if listed is None else listed
        depth = own.get(LEVEL) if depth is None else depth
        style = parents.get(style, 0xFFF)
    return listed or 0, depth or 0


def _levels(document: Document) -> dict[int, dict[int, Level]]:
    """Return the levels of each list by its identifier."""
    start, length = document.lists()
    if length < 2:
        return {}
    count = struct.unpack_from("<H", document.table, start)[0]
    at = start + 2 + _LISTED * count
    found: dict[int, dict[int, Level]] = {}
    for number in range(count):
        entry = start + 2 + _LISTED * number
        identifier, flags = struct.unpack_from("<i22xB", document.table, entry)
        levels: dict[int, Level] = {}
        for depth in range(1 if flags & 1 else _LEVELS):
            levels[depth], at = _level(document.table, at)
        found[identifier] = levels
    return found


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """Return the level that stands at a place, and where the next begins."""
    begin, form, flags = struct.unpack_from("<iBB", table, at)
    runs, paragraphs = table[at + 24], table[at + 25]
    at += _LEVEL + runs + paragraphs
    length = struct.unpack_from("<H", table, at)[0]
    signs = struct.unpack_from(f"<{length}H", table, at + 2)
    text = "".join(f"%{sign + 1}" if sign < _LEVELS else chr(sign) for sign in signs)
    level = Level(_FORMS.get(form, "decimal"), text, begin, restarts=not flags & 8, plain=bool(flags & 4))
    return level, at + 2 + 2 * length


def _changes(table: bytes, at: int, count: int, levels: dict[int, Level]) -> tuple[dict[int, Level], dict[int, int], int]:
    """Return the levels of a list with what paragraphs of this name change: other starts, other forms."""
    own, restarts = dict(levels), dict[int, int]()
    if at + 4 > len(table):
        return own, restarts, at
    at += 4
    for _ in range(count):
        begin, flags = struct.unpack_from("<iI", table, at)
        depth, at = flags & 0xF, at + 8
        if flags & 0x20:
            own[depth], at = _level(table, at)
            begin = own[depth].start
        if flags & 0x10:
            restarts[depth] = begin
            own[depth] = dataclasses.replace(own.get(depth, Level()), start=begin)
    return own, restarts, at
