"""Binary Word and WPS documents (.doc, .wps of Word 97 and later). What is HTML or DOCX under such a name is told by content before."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from pipeline.collect.limits import LIMITS
from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.collect.word import converter
from pipeline.collect.word.binary import Document, Paragraph
from pipeline.collect.word.binary_lists import LEVEL, LIST, lists, numbered_styles
from pipeline.collect.word.lists import Counter
from pipeline.schema import Judgment, RecordError

NAME = "doc"
_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_97 = 0xC1  # the first version of the format that is read here
_WORD = 0xA5EC
_ENCRYPTED_FLAG, _TABLE_FLAG = 0x0100, 0x0200
_ROW_END = 0x2417
_NO_LIST = {0, 0xF801}
_DAMAGE = (struct.error, ValueError, IndexError, OSError, KeyError, TypeError, AttributeError, RecursionError)
# Signs that stand for something else: cell, line, page, hyphens; picture, note and comment marks are no text.
_SIGNS = {"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x09": "\t"}
_OTHERS = (
    ("Workbook", "an Excel file (.xls); save its table as CSV"),
    ("Book", "an Excel file (.xls); save its table as CSV"),
    ("PowerPoint Document", "a PowerPoint file (.ppt); save its text as .txt"),
    ("__properties_version1.0", "an Outlook message (.msg); save its text or attachment"),
)


def recognise(start: bytes) -> bool:
    """Tell a compound file by its signature."""
    return start.startswith(_SIGNATURE)


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment in a document. Raises RecordError: encrypted, truncated, binary (no Word file), missing_reader (before Word 97)."""
    try:
        streams = _streams(data)
        return _judgment(Document(*streams), name) if streams else from_lines(NAME, name, converter.lines(data))
    except _DAMAGE as error:
        raise RecordError(Reason.TRUNCATED, "the Word file is damaged or its end is missing; copy it again or save it as .docx") from error


def _streams(data: bytes) -> tuple[bytes, bytes] | None:
    """Return the two streams that hold a Word 97 document, None for an older version. Raises RecordError: encrypted, binary."""
    from olefile import OleFileIO

    with OleFileIO(io.BytesIO(data)) as file:
        if file.exists("EncryptedPackage"):
            raise RecordError(Reason.ENCRYPTED, "the document asks for a password; remove it and save the document again")
        if not file.exists("WordDocument"):
            if "WordDocument".encode("utf-16-le") in data:
                raise ValueError("the directory of the file is damaged")
            what = next((what for stream, what in _OTHERS if file.exists(stream)), "a compound file without a Word document; save its text")
            raise RecordError(Reason.BINARY, f"this is {what}")
        main = file.openstream("WordDocument").read(LIMITS.binary)
        signature, version, flags = struct.unpack_from("<HH6xH", main)
        if flags & _ENCRYPTED_FLAG:
            raise RecordError(Reason.ENCRYPTED, "the document asks for a password; remove it and save the document again")
        if signature != _WORD or version < _WORD_97:
            return None
        table = file.openstream("1Table" if flags & _TABLE_FLAG else "0Table").read(LIMITS.binary)
        return main, table


def _judgment(document: Document, name: str) -> Judgment:
    main, notes, headers, macros, comments, endnotes, boxes, _ = document.lengths()
    reader = _Reader(document)
    lines = list(reader.lines(0, main))
    margin = list(reader.lines(main + notes, main + notes + headers))
    after = main + notes + headers + macros + comments
    lines += reader.lines(main, main + notes)
    lines += reader.lines(after, after + endnotes)
    lines += reader.lines(after + endnotes, after + endnotes + boxes)
    return from_lines(NAME, name, lines, margin=margin)


class _Reader:
    """Reads stretches of a document's text, counting its lists."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._counter = Counter(lists(document))
        self._styles = numbered_styles(document)

    def lines(self, start: int, end: int) -> Iterator[str]:
        """Yield the lines between two characters: one for each paragraph, one for each row of a plain table."""
        pieces: list[str] = []
        row: list[list[str]] = []
        cell: list[str] = []
        for position, sign in self._seen(start, min(end, len(self._document.text))):
            if sign not in "\r\x07":
                pieces.append(sign)
                continue
            paragraph = self._document.paragraph(position)
            text, pieces = "".join(pieces), []
            line = self._number(paragraph) + text if text.strip() else ""
            if sign == "\r" and not row and not _in_table(paragraph):
                yield from filter(None, [*cell, line])
                cell = []
                continue
            cell += [line] if line else []
            if sign == "\x07":
                row, cell = [*row, cell], []
            if _ROW_END in paragraph.properties:
                yield from _row(row)
                row = []
        yield from filter(None, [*_row(row), *cell, "".join(pieces)])

    def _seen(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield the characters that a reader sees: no deleted or hidden text, of fields only the result."""
        fields: list[bool] = []
        text, dropped = self._document.text, self._document.dropped
        for position in range(start, end):
            sign = text[position]
            if dropped[position]:
                continue
            if sign == "\x13":
                fields.append(False)
            elif sign == "\x14" and fields:
                fields[-1] = True
            elif sign == "\x15" and fields:
                fields.pop()
            elif sign in "\r\x07":
                fields = [begun for begun in fields if begun]  # an instruction ends with its paragraph
                yield position, sign
            elif all(fields) and (sign >= " " or sign in _SIGNS):
                yield position, _SIGNS.get(sign, sign)

    def _number(self, paragraph: Paragraph) -> str:
        by_style = self._styles.get(paragraph.style, (0, 0))
        listed = paragraph.properties.get(LIST, by_style[0])
        depth = paragraph.properties.get(LEVEL, by_style[1])
        return "" if listed in _NO_LIST else self._counter.next(str(listed), depth)


def _in_table(paragraph: Paragraph) -> bool:
    return paragraph.properties.get(0x2416) == 1


def _row(cells: list[list[str]]) -> list[str]:
    filled = [cell for cell in cells if cell]
    if all(len(cell) == 1 for cell in filled):
        return ["\t".join(cell[0] for cell in filled)] if filled else []
    return [line for cell in filled for line in cell]
