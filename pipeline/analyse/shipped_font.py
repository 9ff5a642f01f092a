"""Cut the font that ships, `font/han.woff2`, anew: run `python -m pipeline.analyse.shipped_font` after adding to `font/characters.txt`."""

from __future__ import annotations

from pathlib import Path

from pipeline.analyse.fonts import characters_of, cut, full_font
from pipeline.schema import AnjuanError


def rebuild(folder: Path) -> int:
    """Cut `han.woff2` in `folder` from the characters listed in `characters.txt` there; returns its size in bytes.

    Needs fontTools with brotli, uharfbuzz and pylopdf-fonts-zh-cn.
    """
    path = full_font()
    if path is None:
        raise AnjuanError("the font cannot be cut: pip install 'anjuan[report]'")
    characters = characters_of((folder / "characters.txt").read_text(encoding="utf-8"))
    return (folder / "han.woff2").write_bytes(cut(path, characters, "woff2"))


if __name__ == "__main__":
    print(rebuild(Path(__file__).parent / "font"), "bytes")
