"""Two codings of one judgment beside each other: which answers can be compared, and how far the two agree on the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from pipeline.annotate.agreement.alignment import align
from pipeline.annotate.agreement.nouns import CASE, OWN_WORDS, PARTIES, SCOPE, CaseAgreement, Coding, Compared, PartyCount
from pipeline.codebook import Codebook
from pipeline.schema import Entry

Said = Mapping[tuple[str, str], Entry]
_SUMMARY = ("name", "role", "injury", "charge")  # what a party that one coder alone has is shown by


def compare(first: Coding, second: Coding, codebook: Codebook) -> list[Compared]:
    """Every variable that either has answered, with what both say of it; parties are aligned, and who is alone stands for itself.

    Left out: derived variables and the coders' own words about their work. Where either says that the case is out of scope, what is
    asked only in scope is left out, and of the rest only what both have answered is compared: nothing more was asked of that coder.
    """
    coders = (first.coder, second.coder)
    said = (_by_place(first), _by_place(second))
    in_scope = all(takes_in_scope(coding) for coding in (first, second))
    found = []
    for units in _units(first, second):
        if not all(units):
            found += [Compared(first.judgment_id, "", coders, units, (_summary(said[0], units[0]), _summary(said[1], units[1])))]
            continue
        for variable in _asked(codebook, units[0].partition(":")[0], in_scope):
            one, other = (entries.get((unit, variable), Entry(unit, variable)) for entries, unit in zip(said, units, strict=True))
            if one.values or other.values:
                found.append(Compared(first.judgment_id, variable, coders, units, (one, other)))
    return [each for each in found if in_scope or each.answered or each.variable == SCOPE]


def takes_in_scope(coding: Coding) -> bool:
    """Whether a coder takes the case to be in scope; who codes without saying so does."""
    return not any(entry.unit == CASE and entry.variable == SCOPE and "0" in entry.values for entry in coding.entries)


def _by_place(coding: Coding) -> Said:
    return {(entry.unit, entry.variable): entry for entry in coding.entries}


def _asked(codebook: Codebook, kind: str, in_scope: bool) -> list[str]:
    variables = codebook.of_unit(kind)
    return [v.name for v in variables if not v.derived and v.name not in OWN_WORDS and (in_scope or not v.scope_only)]


def _units(first: Coding, second: Coding) -> Iterator[tuple[str, str]]:
    """The names of each unit with both coders; "" with the one who does not have it."""
    yield CASE, CASE
    for kind in PARTIES:
        for one, other in align(first.entries, second.entries, kind):
            yield f"{kind}:{one}" if one else "", f"{kind}:{other}" if other else ""


def _summary(said: Said, unit: str) -> Entry:
    """A party in a line, for the list of disagreements; an entry that says nothing where a coder does not have the party."""
    shown = [said[unit, name].values for name in _SUMMARY if (unit, name) in said] if unit else []
    return Entry(unit, "", tuple(value for values in shown for value in values if value))


def party_counts(pairs: Mapping[tuple[str, str], Sequence[tuple[Coding, Coding]]]) -> list[PartyCount]:
    """For each pair of coders and kind of party that occurs, how many they have in common and how many one alone has.

    Counted in the cases that both take to be in scope.
    """
    counts = []
    for coders, codings in pairs.items():
        asked = [both for both in codings if all(map(takes_in_scope, both))]
        for kind in PARTIES:
            found = Counter((bool(one), bool(other)) for a, b in asked for one, other in align(a.entries, b.entries, kind))
            if found:
                counts.append(PartyCount(kind, coders, found[True, True], found[True, False], found[False, True]))
    return counts


def case_agreement(first: Coding, second: Coding, codebook: Codebook, variables: Set[str] | None = None) -> CaseAgreement:
    """How far two coders agree on one judgment, over all variables or some (then without parties that one alone has)."""
    found = [each for each in compare(first, second, codebook) if variables is None or each.variable in variables]
    return CaseAgreement(first.judgment_id, (first.coder, second.coder), len(found), sum(each.agreed for each in found))
