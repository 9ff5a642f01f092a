"""The persons of a judgment: whom the database names, whom the rules for names find in the text, and the masker that replaces them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.extract.accused.names import is_company, name_like
from pipeline.extract.harm.occurrences import Occurrences
from pipeline.extract.harm.person_names import person_names
from pipeline.extract.harm.surnames import COMPOUND_SURNAMES, EVERYDAY_SURNAMES, FUNCTION_WORDS, SURNAMES
from pipeline.release import Masker, Spots, recognisers
from pipeline.store import Store
from pipeline.store.connection import bound
from pipeline.text import Document

Names = tuple[tuple[str, str], ...]  # each name with the person whose other name it is, "" where it is a person's own

_NAMES = """
SELECT judgment_id, unit, variable, value FROM labels WHERE variable IN ('name', 'alias') AND value <> ''
AND judgment_id IN (SELECT value FROM json_each(?)) ORDER BY id
"""


class Work(NamedTuple):
    """A judgment to be masked, with the names that the database knows of it."""

    judgment_id: str
    text: str
    names: Names


@cache
def masker() -> Masker:
    """The masker with the family names of the extraction."""
    surnames = {"surname": SURNAMES - FUNCTION_WORDS, "common_surname": SURNAMES - EVERYDAY_SURNAMES}
    vocabulary = {name: "".join(sorted(letters)) for name, letters in surnames.items()}
    return Masker(recognisers({**vocabulary, "compound": "|".join(COMPOUND_SURNAMES)}))


def people(store: Store, ids: Sequence[str]) -> Mapping[str, Names]:
    """The persons that anybody has named in these judgments."""
    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in store.query(_NAMES, [bound(ids)]):
        said[row["judgment_id"]].append((row["unit"], row["variable"], row["value"]))
    return {judgment_id: people_among(said[judgment_id]) for judgment_id in ids}


def people_among(labels: Iterable[tuple[str, str, str]]) -> Names:
    """The names and other names among labels, (unit, variable, value) each; companies are none, nor is what cannot be a victim's name."""
    rows = [row for row in labels if row[1] in ("name", "alias") and len(row[2]) > 1 and not is_company("", row[2])]
    owners = {unit: value for unit, variable, value in rows if variable == "name"}
    found = {value: "" for unit, variable, value in rows if variable == "name" and (not unit.startswith("victim") or name_like(value))}
    for unit, variable, value in rows:
        if variable == "alias":
            found.setdefault(value, owners.get(unit, ""))
    return tuple(found.items())


def spot(work: Work) -> Spots:
    """Everything in the text that tells who somebody is; sent to other processes."""
    known = {name for name, _ in work.names}
    view = Document.read(work.text).view
    return masker().spot(work.text, known | person_names(view, Occurrences(view), sorted(known)))


def spot_value(value: str, names: Collection[str]) -> Spots:
    """The same in a value that is not coded, such as an occupation."""
    return masker().spot(value, names)
