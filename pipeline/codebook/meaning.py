"""What decides a coding: the meaning of a variable and of a value as a hash, and what differs between two versions of a codebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.codebook.nouns import Value, Variable

OF_VARIABLE = ("units", "kind", "definition_zh", "definition_en", "silence", "silence_zh", "silence_en")
OF_VALUE = ("definition_zh", "definition_en", "order")
ADDED, REMOVED = "added", "removed"


class Difference(NamedTuple):
    """One thing that differs: `part` is "added", "removed" or the key that changed; `value` is "" where the variable itself is meant."""

    variable: str
    value: str
    part: str
    before: str
    after: str

    def parted(self) -> tuple[str, str, str, str]:
        """What both say at the beginning, what only the old says, what only the new says, what both say at the end."""
        head = _shared(self.before, self.after)
        before, after = self.before[head:], self.after[head:]
        tail = _shared(before[::-1], after[::-1])
        return self.before[:head], before[: len(before) - tail], after[: len(after) - tail], before[len(before) - tail :]


def meaning(item: Variable | Value) -> str:
    """Hash of what decides a coding (16 hexadecimal digits): of a value, or of a variable with all its values.

    Units, kind, names, definitions, silence and the rank of values count. Labels, groups, comments and the order in which values are
    listed do not: who only spells a label better need not code again.
    """
    content = json.dumps(_content(item), ensure_ascii=False)
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def _content(item: Variable | Value) -> list[object]:
    if isinstance(item, Value):
        return [item.name, *(getattr(item, key) for key in OF_VALUE)]
    values = sorted(item.values, key=lambda value: value.name)
    return [item.name, *(getattr(item, key) for key in OF_VARIABLE), *map(_content, values)]


def meanings(variables: Mapping[str, Variable]) -> dict[str, str]:
    """The meaning of each variable by its name."""
    return {name: meaning(variable) for name, variable in variables.items()}


def recordable(variable: Variable) -> tuple[str, ...]:
    """Every value that a label of a closed variable may have; none for an open one, which takes any.

    "" is among them where silence is "", and for a list, which may be known to be empty.
    """
    if not variable.names:
        return ()
    empty = ("",) if variable.silence == "" or variable.kind == "list" else ()
    return (*variable.names, *empty)


def differences(old: Mapping[str, Variable], new: Mapping[str, Variable]) -> list[Difference]:
    """All that decides a coding and differs between two versions' variables, in the order of the new codebook; what is gone comes last."""
    found = [difference for name, variable in new.items() for difference in _of_variable(old.get(name), variable)]
    return [*found, *(Difference(name, "", REMOVED, old[name].definition_en, "") for name in old if name not in new)]


def _of_variable(old: Variable | None, new: Variable) -> Iterator[Difference]:
    if old is None:
        yield Difference(new.name, "", ADDED, "", new.definition_en)
        return
    yield from _parts(new.name, "", OF_VARIABLE, old, new)
    before, after = ({value.name: value for value in variable.values} for variable in (old, new))
    for name, value in after.items():
        if name in before:
            yield from _parts(new.name, name, OF_VALUE, before[name], value)
        else:
            yield Difference(new.name, name, ADDED, "", value.definition_en)
    yield from (Difference(new.name, name, REMOVED, before[name].definition_en, "") for name in before if name not in after)


def _parts(variable: str, value: str, keys: tuple[str, ...], old: Variable | Value, new: Variable | Value) -> Iterator[Difference]:
    for key in keys:
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield Difference(variable, value, key, _shown(before), _shown(after))


def _shown(part: object) -> str:
    """A part as text: units are joined, a rank that is not set is empty."""
    if isinstance(part, tuple):
        return ", ".join(part)
    return "" if part is None else str(part)


def _shared(one: str, other: str) -> int:
    """How many characters two texts share from their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
