"""The rule files as a lawyer opens them: name, text, opening comment, and the line of every rule and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.codebook import toml_lines
from pipeline.schema import AnjuanError


@dataclass(frozen=True)
class RuleFile:
    """The text of one rule file; `place` is what messages call it ("rules/alcohol.toml", or the path of a changed copy)."""

    name: str
    place: str
    text: str

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """The file as TOML; tomllib.TOMLDecodeError when it is none."""
        return tomllib.loads(self.text)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rules as written, in order."""
        return list(self.tables.get("rule", []))

    @property
    def note(self) -> str:
        """The comment with which the file opens, on one line."""
        lines = []
        for line in self.text.splitlines():
            if not line.startswith("#"):
                break
            lines.append(line.lstrip("# "))
        return " ".join(lines)

    def line(self, rule: int, key: str = "") -> int:
        """Line of a rule (counted from 0) or of one of its keys; that of the rule where the key is not written."""
        table = ("rule", rule)
        return self._lines.get((*table, key) if key else table, self._lines.get(table, 1))

    def line_of(self, words: str, rule: int, key: str) -> int:
        """Line on which `words` stand in a list of sentences; that of the key where they are written in another form."""
        first = self.line(rule, key)
        last = self._lines.get(("rule", rule + 1), len(self.text.splitlines()) + 1)
        numbered = enumerate(self.text.splitlines()[first - 1 : last - 1], first)
        return next((number for number, line in numbered if words in line), first)

    @cached_property
    def _lines(self) -> Mapping[tuple[str | int, ...], int]:
        return toml_lines(self.text)


def names() -> list[str]:
    """Names of the rule files that ship, sorted; vocabularies and lists of charges are none."""
    folder = files("pipeline.extract") / "rules"
    found = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    return sorted(path.name.removesuffix(".toml") for path in found if "[[rule]]" in path.read_text(encoding="utf-8"))


def shipped_file(name: str) -> RuleFile:
    """The shipped rule file called `name` (with or without ".toml"); AnjuanError, listing the names, when there is none."""
    name = name.removesuffix(".toml")
    if name not in names():
        raise AnjuanError(f"there is no rule file {name!r}; choose one of: {', '.join(names())}")
    path = files("pipeline.extract") / "rules" / f"{name}.toml"
    return RuleFile(name, f"rules/{name}.toml", path.read_text(encoding="utf-8"))


def file_at(path: Path) -> RuleFile:
    """A rule file anywhere on the disk, such as a changed copy; AnjuanError when it cannot be read as UTF-8 text."""
    try:
        return RuleFile(path.stem, str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AnjuanError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise AnjuanError(f"{path} is not UTF-8 text: save it as UTF-8 and try again") from error
