"""Groups: which judgments are one document, and which documents are one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.link.nouns import SAME_DOCUMENT, Document, Link, completeness

CLEARLY = 0.02  # by which the better of two fits must lead
_RANKS = ("first", "second", "review", "retrial", "enforcement")


class Groups:
    """Sets that are joined one link at a time."""

    def __init__(self, members: Iterable[str]) -> None:
        self._parent = {member: member for member in members}

    def find(self, member: str) -> str:
        """The name of the member's set."""
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def join(self, one: str, other: str) -> None:
        """Make one set of the sets of two members."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first

    def sets(self) -> list[list[str]]:
        """All sets, their members in the order in which they were given."""
        found: dict[str, list[str]] = {}
        for member in self._parent:
            found.setdefault(self.find(member), []).append(member)
        return list(found.values())


def consistent(documents: Mapping[str, Document], links: Iterable[Link]) -> list[Link]:
    """The links that may all hold together, the strongest first: an unnumbered text joins one numbered document and never two.

    It joins none where it fits two about equally well, as the facts of accomplices judged apart do.
    """
    links = sorted(links, key=lambda link: (-link.score, link))
    ambiguous = _ambiguous(documents, links)
    groups = Groups(documents)
    keys = {judgment_id: {document.key} - {""} for judgment_id, document in documents.items()}
    kept = []
    for link in links:
        if link.relation in SAME_DOCUMENT:
            if not ambiguous.isdisjoint(_unnumbered(documents, link)):
                continue
            one, other = groups.find(link.judgment_id), groups.find(link.other_id)
            union = keys[one] | keys[other]
            if len(union) > 1:
                continue
            groups.join(one, other)
            keys[groups.find(one)] = union
        kept.append(link)
    return kept


def _unnumbered(documents: Mapping[str, Document], link: Link) -> set[str]:
    """The unnumbered text of a link to a numbered document; empty for other links."""
    bare = {judgment_id for judgment_id in link[:2] if not documents[judgment_id].key}
    return bare if len(bare) == 1 else set()


def _ambiguous(documents: Mapping[str, Document], links: Iterable[Link]) -> set[str]:
    """Unnumbered texts that fit documents under different numbers about equally well; `links` the strongest first."""
    best: dict[str, Link] = {}
    found = set()
    for link in links:
        for judgment_id in _unnumbered(documents, link) if link.relation in SAME_DOCUMENT else ():
            first = best.setdefault(judgment_id, link)
            keys = {documents[i].key for i in (*first[:2], *link[:2])} - {""}
            if len(keys) > 1 and first.score - link.score < CLEARLY:
                found.add(judgment_id)
    return found


def originals(documents: Mapping[str, Document], links: Iterable[Link]) -> dict[str, str]:
    """For every judgment that is a copy the most complete copy of the same document."""
    groups = Groups(documents)
    for link in links:
        if link.relation in SAME_DOCUMENT:
            groups.join(link.judgment_id, link.other_id)
    found = {}
    for members in groups.sets():
        best = max((documents[member] for member in members), key=completeness).judgment_id
        found.update({member: best for member in members if member != best})
    return found


def chains(documents: Mapping[str, Document], links: Iterable[Link], copies: Mapping[str, str]) -> dict[str, str]:
    """For every judgment the chain it belongs to: the id of the chain's earliest document, its own when it stands alone."""
    groups = Groups(documents)
    for link in links:
        groups.join(link.judgment_id, link.other_id)
    found = {}
    for members in groups.sets():
        first = _earliest([documents[member] for member in members if member not in copies])
        found.update(dict.fromkeys(members, first))
    return found


def _earliest(documents: Sequence[Document]) -> str:
    def age(document: Document) -> tuple[int, str, str]:
        rank = _RANKS.index(document.stage) if document.stage in _RANKS else len(_RANKS)
        return rank > 0, document.decided_on or "9", document.judgment_id

    return min(documents, key=age).judgment_id
