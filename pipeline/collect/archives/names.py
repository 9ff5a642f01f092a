"""Names of archive members: shown to people, kept apart, and refused where they point outside the archive."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import PurePosixPath

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # written by desktops beside the user's files
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)  # they forge lines, colours and directions of a terminal
_LONGEST = 1000  # characters of a name that are shown


def shown(name: str) -> str:
    """Return a name that can be printed on one line and stored, whatever it holds."""
    return _UNPRINTABLE.sub("\ufffd", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def decoded(raw: bytes) -> str | None:
    """Return a name whose encoding nobody has written down: UTF-8, else GB18030 as Chinese Windows packs it; None when it is neither."""
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def is_litter(name: str) -> bool:
    """Tell a file that no person has made: desktop litter, or hidden."""
    parts = name.replace("\\", "/").split("/")
    return any(part in _LITTER or (part.startswith(".") and part.strip(".")) for part in parts)


def refuse_unsafe(name: str) -> None:
    """Raise RecordError (unsafe_path) for a name that is absolute, climbs out of the archive, names a drive or holds NUL."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if os.path.isabs(name) or name.startswith(("/", "\\")) or ".." in parts or (parts and parts[0][1:2] == ":"):
        raise RecordError(Reason.UNSAFE_PATH, "the archive member's name points outside the archive; pack it again with plain names")
    if "\x00" in name:
        raise RecordError(Reason.UNSAFE_PATH, "the archive member's name holds a NUL byte; pack it again with plain names")


class Paths:
    """The paths of one archive's members, each given once: a second member of the same name is `name #2`."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._seen: Counter[str] = Counter()

    def of(self, name: str) -> str:
        """Return the path for the next member of this name: `a.zip!b/c.html`."""
        name = shown(name)[:_LONGEST]
        self._seen[name] += 1
        number = f" #{self._seen[name]}" if self._seen[name] > 1 else ""
        return f"{self._archive}!{name}{number}"
