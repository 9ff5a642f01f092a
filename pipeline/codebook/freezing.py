"""Frozen copies of the codebook: its file byte for byte, dated, with its hash in the name, and a line of JSON beside it.

A copy is made before codings are compared (unblinding): it shows later which definitions they were made by.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pipeline.codebook.meaning import meanings
from pipeline.codebook.nouns import Codebook
from pipeline.codebook.parse import parse
from pipeline.schema import CodebookError

HASH_DIGITS = 16  # of the SHA-256 in the name; the whole of it stands in the JSON


@dataclass(frozen=True, slots=True)
class Frozen:
    """What stands beside a frozen copy: its version, day, the SHA-256 of its bytes, and the meaning of each variable."""

    version: str
    date: str
    sha256: str
    meanings: dict[str, str]

    @property
    def name(self) -> str:
        """The name of the copy's file."""
        return f"codebook-{self.version}-{self.date}-{self.sha256[:HASH_DIGITS]}.toml"


def freeze(source: bytes, folder: Path, day: date) -> tuple[Path, bool]:
    """Put a copy of the codebook's file `source` (UTF-8) into `folder`, made where it is missing: (its path, whether it is new).

    A version that lies there already with the same meanings is left as it is. CodebookError when it lies there with other meanings, or
    when a copy there is no longer what it was.
    """
    codebook = parse(source.decode(), "codebook.toml")
    for earlier in frozen(folder):
        if earlier.version == codebook.version:
            _refuse_other_meanings(codebook, earlier, folder)
            return folder / earlier.name, False
    copy = Frozen(codebook.version, day.isoformat(), hashlib.sha256(source).hexdigest(), meanings(codebook.variables))
    line = json.dumps(asdict(copy), ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / copy.name, source)
        _write(folder / f"{Path(copy.name).stem}.json", line.encode())  # last: without it there is no frozen copy
    except OSError as error:
        raise CodebookError(f"{folder} cannot be written: {error.strerror or error}") from error
    return folder / copy.name, True


def frozen(folder: Path) -> list[Frozen]:
    """The copies in `folder`, by version and day; none where there is no folder. CodebookError for one that has been changed since."""
    return sorted((_read(path) for path in folder.glob("codebook-*.json")), key=lambda copy: (copy.date, copy.version))


def _read(path: Path) -> Frozen:
    try:
        copy = Frozen(**json.loads(path.read_bytes()))
        source = path.with_name(copy.name).read_bytes()
    except (OSError, ValueError, TypeError) as error:
        raise CodebookError(f"{path}: not the record of a frozen codebook: {error}") from error
    if hashlib.sha256(source).hexdigest() != copy.sha256:
        raise CodebookError(f"{path.with_name(copy.name)} has been changed since it was frozen: put the frozen file back")
    return copy


def _refuse_other_meanings(codebook: Codebook, earlier: Frozen, folder: Path) -> None:
    now = meanings(codebook.variables)
    changed = sorted(name for name in now.keys() | earlier.meanings.keys() if now.get(name) != earlier.meanings.get(name))
    if changed:
        raise CodebookError(
            f"codebook {codebook.version} was frozen on {earlier.date} with another meaning of {', '.join(changed)} "
            f"({folder / earlier.name}): give the changed codebook a new version"
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step: a reader sees all of it or nothing."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
