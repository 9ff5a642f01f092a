"""From codings to everything that is said about their agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import combinations
from zlib import crc32

from pipeline.annotate.agreement import coefficients, ratings
from pipeline.annotate.agreement.comparing import compare, party_counts
from pipeline.annotate.agreement.nouns import Agreement, Coding, Compared, Confusion, LeftOut, Measure, Row, answer
from pipeline.annotate.agreement.overlap import overlap
from pipeline.annotate.agreement.ratings import Ratings
from pipeline.codebook import Codebook, Variable

DRAWS = 1000
SEED = 20261123
_FREE_TEXT = ("text", "date")
_MOST_VALUES = 200  # where nearly every case has a value of its own, correction for chance says nothing
Pairs = Mapping[tuple[str, str], Sequence[tuple[Coding, Coding]]]


def measure(
    codings: Iterable[Coding],
    codebook: Codebook,
    variables: Set[str] | None = None,
    coders: Sequence[str] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    left_out: LeftOut | None = None,
) -> Agreement:
    """Agreement between all pairs of coders, and among all where there are more than two.

    `variables`: only these. `coders`: the order in which they stand; others follow by name. `draws`: of the bootstrap, 0 for no intervals.
    """
    pairs = paired(codings, coders)
    found = [each for both in pairs.values() for one, other in both for each in compare(one, other, codebook)]
    found = [each for each in found if variables is None or each.variable in variables]
    named = tuple(dict.fromkeys(coder for pair in pairs for coder in pair))
    groups = _groups(found, codebook)
    rows = [row for place, group in groups.items() for row in _rows(codebook[place[1]], place[0], group, list(pairs), named, draws, seed)]
    return Agreement(
        coders=named,
        cases=len({one.judgment_id for both in pairs.values() for one, _ in both}),
        rows=tuple(rows),
        parties=tuple(party_counts(pairs)) if variables is None else (),
        confusions=tuple(_confusions(codebook, groups, list(pairs))),
        disagreements=tuple(sorted((each for each in found if not each.agreed), key=_by_judgment)),
        left_out=left_out or LeftOut(),
    )


def paired(codings: Iterable[Coding], coders: Sequence[str] = ()) -> dict[tuple[str, str], list[tuple[Coding, Coding]]]:
    """The codings of one judgment by two coders, for each pair of coders who have judgments in common."""
    place = {coder: i for i, coder in enumerate(coders)}
    by_judgment: dict[str, list[Coding]] = {}
    for coding in codings:
        by_judgment.setdefault(coding.judgment_id, []).append(coding)
    pairs: dict[tuple[str, str], list[tuple[Coding, Coding]]] = {}
    for found in by_judgment.values():
        found.sort(key=lambda coding: (place.get(coding.coder, len(place)), coding.coder))
        for one, other in combinations(found, 2):
            pairs.setdefault((one.coder, other.coder), []).append((one, other))
    return dict(sorted(pairs.items(), key=lambda item: [(place.get(coder, len(place)), coder) for coder in item[0]]))


def _by_judgment(each: Compared) -> tuple[str, tuple[str, str]]:
    return each.judgment_id, each.coders


def _groups(found: Iterable[Compared], codebook: Codebook) -> dict[tuple[str, str], list[Compared]]:
    """What is compared, by kind of unit and variable, in the codebook's order."""
    groups: dict[tuple[str, str], list[Compared]] = {}
    for each in found:
        if each.variable:
            groups.setdefault((each.kind, each.variable), []).append(each)
    order = {name: place for place, name in enumerate(codebook.variables)}
    units = list(codebook.units)
    return dict(sorted(groups.items(), key=lambda item: (units.index(item[0][0]), order[item[0][1]])))


def _rows(
    variable: Variable,
    kind: str,
    group: Sequence[Compared],
    pairs: Sequence[tuple[str, str]],
    coders: tuple[str, ...],
    draws: int,
    seed: int,
) -> list[Row]:
    """The row of all coders where there are more than two, then one for each pair."""
    rows = []
    spoken = tuple(coder for coder in coders if any(coder in each.coders for each in group))
    if len(spoken) > 2:
        rows.append(_row(variable, kind, spoken, group, ratings.of_all(group), draws, seed))
    for pair in pairs:
        own = [each for each in group if each.coders == pair]
        if own:
            rows.append(_row(variable, kind, pair, own, ratings.of_pair(own), draws, seed))
    return rows


def _row(variable: Variable, kind: str, coders: tuple[str, ...], group: Sequence[Compared], rated: Ratings, draws: int, seed: int) -> Row:
    salt = crc32("\t".join((kind, variable.name, *coders)).encode())  # so that a row does not depend on which others are asked for
    open_values = variable.kind in _FREE_TEXT or len(rated.domain) > _MOST_VALUES
    rated = rated.sameness if open_values else rated
    drawn = coefficients.drawn(rated, draws, seed ^ salt)
    metric = "masi" if variable.kind == "list" else "nominal"
    none = Measure(why="open_values")
    ranked = rated.within(variable.ordered) if variable.ordered else None
    return Row(
        kind=kind,
        variable=variable.name,
        coders=coders,
        n=len(rated.codes),
        cases=len(set(rated.judgments)),
        unanswered=sum(not each.answered for each in group),
        percent=coefficients.percent(rated, drawn),
        kappa=none if open_values else coefficients.kappa(rated, drawn) if len(coders) == 2 else Measure(why="pairs_only"),
        alpha=none if open_values else coefficients.alpha(rated, drawn, metric),
        metric=metric,
        ordinal=None if ranked is None else coefficients.alpha(ranked, coefficients.drawn(ranked, draws, seed ^ salt), "ordinal"),
        ordinal_n=len(ranked.codes) if ranked else 0,
        spans=overlap(group),
    )


def _confusions(
    codebook: Codebook, groups: Mapping[tuple[str, str], Sequence[Compared]], pairs: Sequence[tuple[str, str]]
) -> list[Confusion]:
    """A table for every pair of coders and variable with declared single values: those that occur, in the codebook's order."""
    found = []
    for (kind, name), group in groups.items():
        if codebook[name].kind in ("choice", "flag"):
            own = {pair: [each for each in group if each.coders == pair and each.answered] for pair in pairs}
            found += [_confusion(codebook[name], kind, pair, both) for pair, both in own.items() if both]
    return found


def _confusion(variable: Variable, kind: str, pair: tuple[str, str], both: Sequence[Compared]) -> Confusion:
    said = [tuple(" + ".join(answer(entry)) for entry in each.entries) for each in both]
    occurring = {value for values in said for value in values}
    values = [name for name in variable.names if name in occurring] + sorted(occurring - set(variable.names))
    place = {value: i for i, value in enumerate(values)}
    counts = [[0] * len(values) for _ in values]
    for one, other in said:
        counts[place[one]][place[other]] += 1
    return Confusion(kind, variable.name, pair, tuple(values), tuple(tuple(row) for row in counts))
