"""How screening by people stands: each screener's decisions and stopping rule, what two decided differently, and the flow of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.annotate.screening.stopping import DEFAULT, Sampled, Verdict, quiet, sample_order, verdict
from pipeline.annotate.screening.stopping import Rule as Rule  # commands make one

if TYPE_CHECKING:
    from pipeline.store import Store

TASK, VARIABLE = "screen", "in_scope"
SAMPLE = "sample"  # the reason that is kept with a decision once the random sample has begun
SEED = 0  # of the random sample's order; a screener's name is added, so that two screeners read different samples
_POOL = """
SELECT a.judgment_id, l.value, (SELECT min(id) FROM changes AS h
    WHERE h.judgment_id = a.judgment_id AND h."by" = :voice AND h.unit = 'case' AND h.variable = 'in_scope') AS first_change
FROM assignments AS a
LEFT JOIN labels AS l ON l.judgment_id = a.judgment_id AND l.unit = 'case' AND l.variable = 'in_scope' AND l."by" = :voice
WHERE a.coder = :coder AND a.task = 'screen' ORDER BY a.position, a.judgment_id
"""
_BEGUN = """
SELECT min(h.id) AS first FROM assignments AS a JOIN changes AS h ON h.judgment_id = a.judgment_id AND h."by" = :voice
WHERE a.coder = :coder AND a.task = 'screen' AND h.unit = 'case' AND h.variable = 'in_scope' AND h.reason = :reason
AND h.at >= (SELECT max(drawn_at) FROM samples WHERE id IN (SELECT sample_id FROM assignments WHERE coder = :coder AND task = 'screen'))
"""
# Every judgment that somebody screens: how many decided, what they said, and the adjudicator's word above theirs.
_SCREENED = """
SELECT a.judgment_id, count(DISTINCT a.coder) AS screeners, count(DISTINCT l."by") AS decided, min(l.value) AS low, max(l.value) AS high,
    (SELECT value FROM labels AS d WHERE d.judgment_id = a.judgment_id AND d.unit = 'case' AND d.variable = 'in_scope'
     AND d."by" = 'adjudicated') AS settled,
    EXISTS (SELECT 1 FROM assignments AS k WHERE k.judgment_id = a.judgment_id AND k.task = 'code' AND k.state = 'done') AS coded
FROM assignments AS a
LEFT JOIN labels AS l ON l.judgment_id = a.judgment_id AND l.unit = 'case' AND l.variable = 'in_scope' AND l."by" = 'screen:' || a.coder
WHERE a.task = 'screen' GROUP BY a.judgment_id ORDER BY a.judgment_id
"""
_FOUND = "SELECT outcome, coalesce(sum(records), 0) AS n FROM import_log GROUP BY outcome"


def voice(coder: str) -> str:
    """By which name a screener's decisions are kept."""
    return f"screen:{coder}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One screener's pool: all judgments of it in order of assignment, the decisions in order of reading, and what the rule says.

    `sample`: the once unread in the random order in which they are read; empty while the ranking still finds.
    """

    pool: tuple[str, ...]
    decided: dict[str, bool]
    sample: tuple[str, ...]
    verdict: Verdict

    @property
    def unread(self) -> list[str]:
        """What is not yet decided, in the order of the sample or of assignment."""
        return [name for name in self.sample or self.pool if name not in self.decided]


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts as in the flow diagram of PRISMA 2020 (Page et al., BMJ 2021;372:n71). `waiting`: not yet decided by all who screen it."""

    found: int
    duplicates: int
    rejected: int
    stored: int
    to_screen: int
    screened: int
    waiting: int
    excluded: int
    conflicts: int
    included: int
    coded: int


def standing(store: Store, coder: str, rule: Rule = DEFAULT) -> Standing:
    """How far a screener has come, read from what is stored: nothing is kept beside it, so nothing is lost with the server."""
    names = {"coder": coder, "voice": voice(coder)}
    rows = store.query(_POOL, names)
    begun = store.query(_BEGUN, {**names, "reason": SAMPLE})[0]["first"]
    read = sorted((row for row in rows if row["value"] in ("0", "1")), key=lambda row: row["first_change"] or 0)
    decided = {row["judgment_id"]: row["value"] == "1" for row in read}
    pool = tuple(row["judgment_id"] for row in rows)
    if begun is None and quiet(len(pool), list(decided.values())):
        begun = float("inf")
    before = {row["judgment_id"] for row in read if begun is None or (row["first_change"] or 0) < begun}
    sample = () if begun is None else tuple(sample_order((name for name in pool if name not in before), f"{SEED} {coder}"))
    return Standing(pool, decided, sample, _verdict(pool, decided, before, sample, rule))


def _verdict(pool: tuple[str, ...], decided: dict[str, bool], before: set[str], sample: tuple[str, ...], rule: Rule) -> Verdict:
    """The sample counts as far as it has been read without a gap: what was skipped might be what matters."""
    read = next((place for place, name in enumerate(sample) if name not in decided), len(sample))
    found = sum(decided[name] for name in sample[:read])
    return verdict(len(pool), sum(decided[name] for name in before), Sampled(len(pool) - len(before), read, found), rule)


def screeners(store: Store) -> list[str]:
    """Who has been given judgments to screen, by name."""
    return [row["coder"] for row in store.query("SELECT DISTINCT coder FROM assignments WHERE task = 'screen' ORDER BY coder", [])]


def conflicts(store: Store) -> list[str]:
    """The judgments on which screeners differ and nobody has decided."""
    return [row["judgment_id"] for row in store.query(_SCREENED, []) if _is_conflict(row)]


def _is_conflict(row: dict[str, Any]) -> bool:
    return row["settled"] is None and row["low"] != row["high"]


def flow(store: Store) -> Flow:
    """Count the records from what was found to what is coded."""
    log = {row["outcome"]: row["n"] for row in store.query(_FOUND, [])}
    rows, stored = store.query(_SCREENED, []), store.count()
    answers = [_answer(row) for row in rows]
    duplicates, rejected = log.get("duplicate", 0), log.get("rejected", 0)
    return Flow(
        found=stored + duplicates + rejected,
        duplicates=duplicates,
        rejected=rejected,
        stored=stored,
        to_screen=len(rows),
        screened=sum(row["decided"] > 0 for row in rows),
        waiting=answers.count("waiting"),
        excluded=answers.count("0"),
        conflicts=answers.count("conflict"),
        included=answers.count("1"),
        coded=sum(row["coded"] for row, answer in zip(rows, answers, strict=True) if answer == "1"),
    )


def _answer(row: dict[str, Any]) -> str:
    """What screening has come to for one judgment: "0", "1", "conflict" or "waiting"."""
    if row["settled"] is not None:
        return str(row["settled"])
    if _is_conflict(row):
        return "conflict"
    return str(row["low"]) if row["decided"] == row["screeners"] else "waiting"


def rows(store: Store, rule: Rule = DEFAULT) -> list[dict[str, Any]]:
    """A row for each screener: what is read and found, and what the rule says."""
    return [{"screener": name, **shown(standing(store, name, rule))} for name in screeners(store)]


def shown(state: Standing) -> dict[str, Any]:
    """A verdict as a row: numbers, and shares as percentages."""
    told = state.verdict
    return {
        "pool": told.pool,
        "read": len(state.decided),
        "found": sum(state.decided.values()),
        "sampled": told.sampled,
        "p_value": f"{told.p_value:.4f}",
        "missed_at_most": "" if told.missed is None else told.missed,
        "recall_at_least": "" if told.recall is None else f"{told.recall:.1%}",
        "more_at_best": told.more,
        "may_stop": "yes" if told.may_stop else "no",
    }
