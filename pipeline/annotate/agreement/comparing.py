"""Two codings of one judgment beside each other: which answers can be compared, and how far the two agree on the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from pipeline.annotate.agreement.alignment import align, parties
from pipeline.annotate.agreement.nouns import CASE, OWN_WORDS, PARTIES, SCOPE, CaseAgreement, Coding, Compared, PartyCount
from pipeline.codebook import Codebook, Variable
from pipeline.schema import Entry

Said = Mapping[tuple[str, str], Entry]
_SUMMARY = ("name", "role", "injury", "charge")  # what a party that one coder alone has is shown by


def compare(first: Coding, second: Coding, codebook: Codebook) -> list[Compared]:
    """Every variable that either has answered, with what both say of it; parties are aligned, and who is alone stands for itself.

    Left out: derived variables, the coders' own words about their work, and what is asked only in scope where either says that the
    case is out of scope.
    """
    coders = (first.coder, second.coder)
    said = (_by_place(first), _by_place(second))
    in_scope = all(_in_scope(entries) for entries in said)
    found = []
    for units in _units(first, second):
        wanted = _asked(codebook, (units[0] or units[1]).partition(":")[0], in_scope)
        if not all(units):
            found.append(Compared(first.judgment_id, "", coders, units, (_summary(said[0], units[0]), _summary(said[1], units[1]))))
            continue
        for variable in wanted:
            one, other = (entries.get((unit, variable.name)) for entries, unit in zip(said, units, strict=True))
            if (one and one.values) or (other and other.values):
                both = (one or Entry(units[0], variable.name), other or Entry(units[1], variable.name))
                found.append(Compared(first.judgment_id, variable.name, coders, units, both))
    return found


def _by_place(coding: Coding) -> Said:
    return {(entry.unit, entry.variable): entry for entry in coding.entries}


def _in_scope(said: Said) -> bool:
    """Whether a coder takes the case to be in scope; who codes without saying so does."""
    entry = said.get((CASE, SCOPE))
    return entry is None or "0" not in entry.values


def _asked(codebook: Codebook, kind: str, in_scope: bool) -> list[Variable]:
    variables = codebook.of_unit(kind)
    return [v for v in variables if not v.derived and v.name not in OWN_WORDS and (in_scope or not v.scope_only)]


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


def party_counts(compared: Iterable[Compared], pairs: Mapping[tuple[str, str], Sequence[tuple[Coding, Coding]]]) -> list[PartyCount]:
    """For each pair of coders and kind of party that occurs, how many they have in common and how many one alone has."""
    alone = [each for each in compared if not each.variable]
    counts = []
    for coders, codings in pairs.items():
        for kind in PARTIES:
            first = sum(bool(each.units[0]) for each in alone if each.coders == coders and each.kind == kind)
            second = sum(bool(each.units[1]) for each in alone if each.coders == coders and each.kind == kind)
            both = sum(len(parties(coding.entries, kind)) for coding, _ in codings) - first
            if both or first or second:
                counts.append(PartyCount(kind, coders, both, first, second))
    return counts


def case_agreement(first: Coding, second: Coding, codebook: Codebook, variables: Set[str] | None = None) -> CaseAgreement:
    """How far two coders agree on one judgment, over all variables or some (then without parties that one alone has)."""
    found = [each for each in compare(first, second, codebook) if variables is None or each.variable in variables]
    return CaseAgreement(first.judgment_id, (first.coder, second.coder), len(found), sum(each.agreed for each in found))
