"""A Chinese font inside the report, so that it can be read where none is installed.

With the optional packages fontTools, uharfbuzz and pylopdf-fonts-zh-cn the report carries exactly the characters it uses, cut from Noto Sans SC.
Without them it carries the cut that ships in `font/`: every label of the codebook and the report, and the characters that are most
frequent in judgments; a rare character in a quotation is then left to the reader's own fonts. Both are under the SIL Open Font License.
"""

from __future__ import annotations

import base64
import importlib
import io
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

FIRST_CJK = 0x2E80  # below lie Latin, Greek, punctuation and signs, which every machine has
NAME_IDS = (0, 1, 2, 13, 14)  # copyright, names and licence stay in the font
UNUSED_TABLES = ("BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")


@dataclass(frozen=True, slots=True)
class Font:
    """A font file to embed. `complete` says that it was cut for the very characters asked for."""

    data: bytes
    format: str
    complete: bool

    @property
    def url(self) -> str:
        """The font as a data URL for `@font-face`."""
        return f"data:font/{self.format};base64,{base64.b64encode(self.data).decode()}"


def font_for(text: str) -> Font:
    """The font that shows `text`: cut to measure where the optional packages are installed, else the one that ships."""
    path = full_font()
    if path is None:
        return Font(files("pipeline.analyse").joinpath("font/han.woff2").read_bytes(), "woff2", complete=False)
    return Font(cut(path, characters_of(text), "woff"), "woff", complete=True)


def characters_of(text: str) -> str:
    """The Chinese characters and full-width punctuation of `text`, each once, sorted."""
    return "".join(sorted({character for character in set(text) if ord(character) >= FIRST_CJK}))


def full_font() -> Path | None:
    """The whole Noto Sans SC where the optional packages are installed, else None."""
    try:
        importlib.import_module("fontTools.ttLib")
        importlib.import_module("uharfbuzz")
        package: Any = importlib.import_module("pylopdf_fonts_zh_cn")
    except ImportError:
        return None
    path = Path(package.sans_path())
    return path if path.is_file() else None


def cut(path: Path, characters: str, flavour: str) -> bytes:
    """The font at `path` reduced to `characters`, without hints and layout features; flavour "woff" or "woff2" (needs brotli).

    HarfBuzz cuts, as its `hb-subset` does, in a quarter of the time that fontTools takes; fontTools packs.
    """
    harfbuzz: Any = importlib.import_module("uharfbuzz")
    wanted = harfbuzz.SubsetInput()
    wanted.flags = harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(map(ord, characters))
    wanted.name_id_set.update(NAME_IDS)
    wanted.layout_feature_tag_set.clear()
    wanted.drop_table_tag_set.update(int.from_bytes(name.encode(), "big") for name in UNUSED_TABLES)
    face = harfbuzz.Face(harfbuzz.Blob.from_file_path(str(path)))
    truetype: Any = importlib.import_module("fontTools.ttLib")
    font = truetype.TTFont(io.BytesIO(harfbuzz.subset(face, wanted).blob.data))
    font.flavor = flavour
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
