"""The persons of a judgment: whom the database names, whom the rules for names find in the text, and the masker that replaces them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
SELECT a.judgment_id, a.unit, a.value, a.variable, coalesce((
    SELECT n.value FROM labels AS n WHERE n.judgment_id = a.judgment_id AND n.unit = a.unit AND n.variable = 'name' AND n."by" = a."by" LIMIT 1
), '') AS owner
FROM labels AS a WHERE a.variable IN ('name', 'alias') AND a.value <> '' AND a.judgment_id IN (SELECT value FROM json_each(?))
ORDER BY a.judgment_id, a.variable DESC, a.id
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
    """The persons that anybody has named in these judgments; companies are none, nor is what cannot be a victim's name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in store.query(_NAMES, [bound(ids)]):
        name = row["value"]
        if is_company("", name) or len(name) < 2 or (row["unit"].startswith("victim") and not name_like(name)):
            continue
        other = row["owner"] if row["variable"] == "alias" else ""
        found[row["judgment_id"]].setdefault(name, "" if is_company("", other) else other)
    return {judgment_id: tuple(found[judgment_id].items()) for judgment_id in ids}


def spot(work: Work) -> Spots:
    """Everything in the text that tells who somebody is; sent to other processes."""
    known = {name for name, _ in work.names}
    view = Document.read(work.text).view
    return masker().spot(work.text, known | person_names(view, Occurrences(view), sorted(known)))


def spot_value(value: str, names: Collection[str]) -> Spots:
    """The same in a value that is not coded, such as an occupation."""
    return masker().spot(value, names)
