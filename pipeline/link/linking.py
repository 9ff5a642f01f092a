"""From judgments to links, chains and cited documents: a pure function of what is stored, whatever the order in which it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.link.candidates import pairs
from pipeline.link.citations import Citation
from pipeline.link.duplicates import linked
from pipeline.link.grouping import chains, consistent, originals
from pipeline.link.instances import Cited, Shelf, cited
from pipeline.link.likeness import Comparer
from pipeline.link.nouns import Document, Link, Texts


class Linked(NamedTuple):
    """`links`, sorted; `chain` of every judgment; `copy_of` for copies; `cited` by judgment, in the order of the text."""

    links: list[Link]
    chain: dict[str, str]
    copy_of: dict[str, str]
    cited: dict[str, list[Cited]]


def link(documents: Sequence[Document], citations: Mapping[str, Sequence[Citation]], texts: Texts) -> Linked:
    """Link all judgments. `texts` gives the text of one; it is asked only for judgments that may be copies."""
    ordered = sorted(documents, key=lambda document: document.judgment_id)
    by_id = {document.judgment_id: document for document in ordered}
    comparer = Comparer(texts)
    alike = (linked(ordered[one], ordered[other], comparer) for one, other in pairs(ordered))
    links = consistent(by_id, (link for link in alike if link))
    copy_of = originals(by_id, links)
    shelf = Shelf.of(document for document in ordered if document.judgment_id not in copy_of)
    found = {}
    for judgment_id in sorted(citations.keys() & by_id.keys()):
        found[judgment_id], earlier = cited(by_id[judgment_id], citations[judgment_id], shelf)
        links += [link for link in earlier if copy_of.get(judgment_id) != link.other_id]
    return Linked(sorted(links), chains(by_id, links, copy_of), copy_of, found)
