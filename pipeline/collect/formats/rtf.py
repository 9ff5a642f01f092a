"""Rich text (.rtf, often under the name .doc): control words and bytes in the code pages of their fonts."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

NAME = "rtf"
_SIGNATURE = b"{\\rtf"
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)"
    r"|[\r\n]+|\\", re.DOTALL,
)  # fmt: skip
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5"}
_LATIN = "cp1252"
_NARROW = (0, 1)  # charsets of Latin fonts, in which some programs write Chinese all the same
# What Latin fonts print among Chinese, in cp1252: … ‘ ’ “ ” – — · ×
_LATIN_SIGNS = frozenset(b"\x85\x91\x92\x93\x94\x96\x97\xb7\xd7")
_SIGNS = {
    "par": "\n", "line": "\n", "page": "\n", "sect": "\n", "column": "\n", "row": "\n", "nestrow": "\n", "cell": "\t", "nestcell": "\t",
    "tab": "\t", "emdash": "—", "endash": "–", "emspace": "\u3000", "enspace": " ", "qmspace": " ", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
_UNSEEN = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "objclass", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "fldinst", "annotation", "atnid", "atnauthor", "shprslt", "nonshppict", "nonesttables", "listtable",
    "listoverridetable", "rxe", "xe", "tc", "bkmkstart", "bkmkend", "filetbl", "revtbl", "pntxta", "pntxtb", "ftnsep", "ftnsepc", "sp",
}  # fmt: skip
_SEEN_ALTHOUGH_NEW = {"shpinst", "shptxt", "footnote", "ud"}  # groups marked as optional that hold text all the same
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group, and ends with it."""

    unseen: bool = False
    note: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int = -1
    skip: int = 1  # signs after a Unicode character that say the same in bytes


def recognise(start: bytes) -> bool:
    """Tell rich text by its first control word."""
    return start.lstrip().startswith(_SIGNATURE)


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment in the text; no headers, hidden or deleted text. Raises RecordError: truncated."""
    reader = _Reader(data.decode("latin-1"))
    reader.run()
    return from_lines(NAME, name, "".join(reader.text + reader.notes).split("\n"))


class _Reader:
    """One pass over the control words; `text` and `notes` are what a reader sees."""

    def __init__(self, source: str) -> None:
        self.text: list[str] = []
        self.notes: list[str] = []
        self._source = source
        self._state = _State()
        self._outer: list[_State] = []
        self._bytes = bytearray()
        self._codec = "gb18030"
        self._fonts: Mapping[int, int] = _fonts(source)
        self._skip = 0  # signs still to be passed over
        self._optional = False  # after \*
        self._at = 0

    def run(self) -> None:
        """Read to the end of the outermost group. Raises RecordError: truncated."""
        steps: dict[str, Callable[[re.Match[str]], None]] = {
            "word": self._word, "hex": self._byte, "sign": self._sign, "brace": self._brace, "text": self._plain
        }  # fmt: skip
        while token := _TOKEN.match(self._source, self._at):
            self._at = token.end()
            if token.lastgroup:
                steps["word" if token.lastgroup == "number" else token.lastgroup](token)
            if not self._outer:
                self._flush()
                return
        raise RecordError(Reason.TRUNCATED, "the rich-text file breaks off before its end; copy it again or save it as .docx")

    def _brace(self, token: re.Match[str]) -> None:
        self._flush()
        self._optional, self._skip = False, 0
        if token["brace"] == "{":
            self._outer.append(self._state)
        elif self._outer:
            self._state = self._outer.pop()

    def _word(self, token: re.Match[str]) -> None:
        word, number = token["word"], int(token["number"] or 1)
        optional, self._optional = self._optional, False
        if word == "u":
            self._flush()
            self._put(chr(number & 0xFFFF))
            self._skip = self._state.skip
            return
        self._flush()
        if word in _UNSEEN or (optional and word not in _SEEN_ALTHOUGH_NEW):
            self._state = dataclasses.replace(self._state, unseen=True)
        elif word == "bin":
            self._at += max(0, number)
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        else:
            self._set(word, number, bare=token["number"] is None)

    def _set(self, word: str, number: int, *, bare: bool) -> None:
        """Follow a control word that changes the state."""
        if word == "f":
            self._state = dataclasses.replace(self._state, font=number)
        elif word == "uc":
            self._state = dataclasses.replace(self._state, skip=number)
        elif word == "v":
            self._state = dataclasses.replace(self._state, hidden=bare or number != 0)
        elif word == "deleted":
            self._state = dataclasses.replace(self._state, deleted=bare or number != 0)
        elif word == "plain":
            self._state = dataclasses.replace(self._state, hidden=False, deleted=False)
        elif word == "footnote":
            self._state = dataclasses.replace(self._state, note=True)
            self._put("\n")
        elif word == "ansicpg":
            self._codec = {936: "gb18030", 950: "big5", 54936: "gb18030", 65001: "utf-8"}.get(number, _LATIN)

    def _byte(self, token: re.Match[str]) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(int(token["hex"], 16))

    def _plain(self, token: re.Match[str]) -> None:
        text = token["text"][self._skip :]
        self._skip = max(0, self._skip - len(token["text"]))
        self._bytes += text.encode("latin-1")

    def _sign(self, token: re.Match[str]) -> None:
        self._flush()
        sign = token["sign"]
        self._optional = sign == "*"
        if self._skip:
            self._skip -= 1
        elif sign in _SYMBOLS:
            self._put(_SYMBOLS[sign])

    def _flush(self) -> None:
        """Decode the bytes so far: a character may be written half in code, half as a plain letter."""
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            if not self._state.unseen:
                self._put(data.decode(self._encoding(data), "replace"))

    def _encoding(self, data: bytes) -> str:
        charset = self._fonts.get(self._state.font, _NARROW[0])
        if charset in _CHARSETS:
            return _CHARSETS[charset]
        latin = self._codec == _LATIN or all(byte < 0x80 or byte in _LATIN_SIGNS for byte in data)
        return _LATIN if latin else self._codec

    def _put(self, text: str) -> None:
        state = self._state
        if not (state.unseen or state.hidden or state.deleted):
            (self.notes if state.note else self.text).append(_PRIVATE.sub("", text))


def _fonts(source: str) -> dict[int, int]:
    """Return the charset of each font."""
    start = source.find("{\\fonttbl")
    table = source[start : start + (1 << 16)] if start >= 0 else ""
    return {int(font): int(charset) for font, charset in re.findall(r"\\f(\d{1,9})\b[^{};]{0,80}?\\fcharset(\d{1,4})", table)}
