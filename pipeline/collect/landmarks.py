"""Where a source says that the parts of a judgment begin: its own section split, kept as `metadata["sections"]`.

`heading:0 facts:512 court_view:1803` names sections of `pipeline.schema.Section` with offsets of the canonical text. The split is
the site's, made by program: its facts mix pleas and findings. `pipeline.text.sections` reads it only where the text shows no part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.collect.cleaning import plain
from pipeline.schema import Section
from pipeline.text import canonical

_TELLING = 24  # characters by which the beginning of a part is found
_BEGINNING = 400  # characters of a part in which these stand, blanks included
_SURE = 0.5  # share of a part that certainly lies between its beginning and that of the next


def landmarks(text: str, parts: Iterable[tuple[Section, str]]) -> str:
    """Return where in the canonical text the parts begin, in their order; parts that are not found there are left out."""
    found: dict[Section, int] = {}
    position = 0
    for section, part in parts:
        start = _find(text, part, position)
        if start >= 0:
            found.setdefault(section, start)
            position = start + max(int(len(part) * _SURE), 1)
    return " ".join(f"{section}:{start}" for section, start in found.items())


def _find(text: str, part: str, position: int) -> int:
    """Return where the part begins at or behind `position`, whatever blanks stand between its characters; -1 when it does not."""
    beginning = canonical(plain(part[:_BEGINNING])).split()
    telling = "".join(beginning)[:_TELLING]
    if not telling:
        return -1
    start = text.find(telling, position)
    if start >= 0:
        return start
    spread = re.compile(r"\s*".join(map(re.escape, telling))).search(text, position)
    return spread.start() if spread else -1
