"""`anjuan annotate simulate`: screening played through many times on coded judgments, on the processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, quantiles
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.codebook import load as load_codebook
from pipeline.collect import read
from pipeline.collect.keywords import load as load_keywords
from pipeline.job.progress import Progress
from pipeline.resources import shipped
from pipeline.schema import AnjuanError, Judgment

if TYPE_CHECKING:
    from pipeline.annotate.screening import Rule
    from pipeline.annotate.screening.simulation import CodedPool, Screening

EFFORT = 0.20  # the share of a pool within which the active order is to find what is wanted
LARGE = 10_000  # judgments of the pool for which the sample's size is told beside the simulated one
ORDERS = {"active": "active learning", "keywords": "likeness to the query", "longest": "longest first", "random": "random order"}
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What many simulated screenings came to: a row for each order, and a row for the rule."""

    orders: Rows
    rule: Rows


def query() -> str:
    """What stands in for the first judgment in scope: the words that sites are searched for, and the codebook's definition."""
    words = [word for expression in load_keywords(shipped("corpora/keywords.toml")).expressions for word in expression.query]
    return "。".join([*dict.fromkeys(words), load_codebook()["in_scope"].definition_zh])


def simulate(
    texts: Sequence[Path], codings: Sequence[Path], runs: int, prevalence: float, rule: Rule, seed: int, jobs: int, progress: Progress
) -> Simulated:
    """Screen `runs` pools drawn from coded judgments, each with its own seed.

    Raises:
        AnjuanError: no coded judgment has its text, or too few are in scope.
    """
    from pipeline.annotate.screening import simulation, vectorise

    told, pool = coded_pool(texts, codings)
    simulation.check(pool, prevalence)
    vectors = vectorise(told, query())
    work = partial(simulation.simulate, vectors, pool, prevalence, rule)
    progress.start("simulate", runs)
    found: list[Screening] = []
    for batch in engine.run(work, range(seed, seed + runs), jobs):
        for _, result in batch:
            if isinstance(result, AnjuanError):
                raise result
            found.append(result)
        progress.advance(len(batch))
    return summary(found, prevalence, rule)


def coded_pool(texts: Sequence[Path], codings: Sequence[Path]) -> tuple[list[str], CodedPool]:
    """The texts that are coded in or out of scope, each once, and what is coded of them."""
    from pipeline.annotate.screening.simulation import CodedPool
    from pipeline.classify.coded import UNSEEN, read_codings

    if UNSEEN in {path.stem for path in (*texts, *codings)}:
        raise AnjuanError(f"{UNSEEN}.jsonl holds cases that nothing may be chosen by; leave it out of --texts and --codings")
    held = {item.judgment_id: item.text for item in read(list(texts)) if isinstance(item, Judgment)}
    rows = {row.judgment_id: row for path in codings for row in read_codings(path) if row.judgment_id in held and row.value("in_scope")}
    if not rows:
        raise AnjuanError("no coding of in_scope has its text; --texts and --codings must belong together")
    told = [held[judgment_id] for judgment_id in rows]
    return told, CodedPool(
        tuple(row.value("in_scope") == "1" for row in rows.values()),
        tuple(row.group for row in rows.values()),
        tuple(row.source for row in rows.values()),
        tuple(map(len, told)),
    )


def summary(found: Sequence[Screening], prevalence: float, rule: Rule) -> Simulated:
    """The rows of both tables."""
    from pipeline.annotate.screening import Sampled, verdict

    orders = [_order(name, [run.until[name] for run in found]) for name in ORDERS]
    kept = [run.recall >= rule.recall - 1e-9 for run in found]
    in_scope = round(LARGE * prevalence)
    unread = LARGE - round(LARGE * EFFORT)
    at_large = LARGE - unread + verdict(LARGE, in_scope, Sampled(unread), rule).more
    row = {
        "runs": len(found),
        "pool": found[0].pool,
        "in_scope": found[0].in_scope,
        "recall_kept": share(fmean(kept)),
        "promised": share(rule.confidence),
        "mean_recall": share(fmean(run.recall for run in found)),
        "read": share(fmean(run.read for run in found)),
        "saved": share(1 - fmean(run.read for run in found)),
        f"saved_of_{LARGE}_at_best": share(1 - at_large / LARGE),
    }
    return Simulated(orders, [row])


def _order(name: str, until: list[float]) -> dict[str, Any]:
    within = fmean(value <= EFFORT for value in until)
    worst = quantiles(until, n=20)[-1] if len(until) > 1 else until[0]
    return {
        "order": ORDERS[name],
        "read_until_found": share(fmean(until)),
        "worst_of_20": share(worst),
        f"within_{EFFORT:.0%}": share(within),
    }


def share(value: float) -> str:
    """A share as a percentage."""
    return f"{value:.1%}"
