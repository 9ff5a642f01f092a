"""A small database with invented judgments, for the tests of the analysis: eight judgments, six of them in scope, one without a type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.schema import Judgment, Label, Section, Span, Speaker
from pipeline.store import Harvest, Rejected, Store

TEXTS = {
    "H1": "经审理查明，被告人张某认为手术没有做好，携带菜刀到诊室，将医生李某甲砍死。",
    "H2": "经审理查明，被告人王某因残疾怨恨医院，事先购买匕首，将医生刘某刺成重伤。",
    "R1": "经审理查明，被告人陈某酒后嫌输液太慢，推搡护士赵某，赵某的损伤为轻伤二级。",
    "R2": "经审理查明，被告人周某不愿先交押金，辱骂收费员吴某<script>alert(1)</script>。",
    "F1": "经审理查明，被告人郑某醉酒后无故殴打护士钱某。",
    "U1": "经审理查明，被告人孙某在医院大厅打砸。",
    "N1": "经审理查明，被告人冯某盗窃手机一部。",
    "N2": "经审理查明，被告人何某与邻居斗殴。",
}
# id: attack_type, by, cause, weapon_prepared, alcohol, worst_injury, quotations by variable, victims (role, injury, persons)
CASES: dict[str, tuple[str, str, str, str, str, str, dict[str, str], list[tuple[str, str, int]]]] = {
    "H1": (
        "hatred",
        "adjudicated",
        "treatment_outcome",
        "yes",
        "not_mentioned",
        "death",
        {"weapon_prepared": "携带菜刀", "attack_type": "认为手术没有做好", "worst_injury": "砍死"},
        [("doctor", "death", 1)],
    ),
    "H2": (
        "hatred",
        "model",
        "treatment_outcome",
        "yes",
        "not_mentioned",
        "serious",
        {"weapon_prepared": "事先购买匕首"},
        [("doctor", "serious", 1)],
    ),
    "R1": ("reactive", "Reader A", "service_speed", "no", "yes", "minor", {"alcohol": "酒后"}, [("nurse", "minor", 1)]),
    "R2": (
        "reactive",
        "model",
        "payment",
        "no",
        "not_mentioned",
        "none_or_unstated",
        {"cause": "辱骂收费员吴某<script>alert(1)</script>"},
        [("admin", "none_or_unstated", 3), ("police", "none_or_unstated", 1)],
    ),
    "F1": ("fortuitous", "rules", "unrelated", "no", "yes", "none_or_unstated", {"alcohol": "醉酒"}, [("nurse", "none_or_unstated", 1)]),
    "U1": ("", "rules", "", "no", "not_mentioned", "none_or_unstated", {}, []),
}
YEARS = {"H1": "2014-05-06", "H2": "2015-01-02", "R1": "2015-03", "R2": "2019", "F1": "", "U1": "2016-07-08"}


def build(path: Path) -> dict[str, str]:
    """Write the database to `path`; returns the judgment_id of each id above."""
    judgments = [Judgment("test", name, text, title=f"{name} 刑事判决书") for name, text in TEXTS.items()]
    ids = {judgment.source_id: judgment.judgment_id for judgment in judgments}
    with Store.open(path) as store:
        run = store.begin_run("test")
        again = [replace(judgments[0], path=f"a.jsonl, line {line}") for line in (9, 10)]
        store.save_import(run, Harvest([("a.jsonl", judgment) for judgment in [*judgments, *again]]), ())
        refused = [("line 1", "civil"), ("line 2", "civil"), ("line 3", "not_public"), ("line 4", "seen_on_mars")]
        store.log_rejected(run, [Rejected("b.jsonl", place, reason) for place, reason in refused])
        voices = {name: [label.by for label in labels(name)] for name in TEXTS}
        for by in sorted({by for found in voices.values() for by in found}):
            batch = [(ids[name], [label for label in labels(name) if label.by == by]) for name in TEXTS if by in voices[name]]
            store.replace_labels("test", by, by, batch, "1.2")
        store.finish_run(run, {})
    return ids


def labels(name: str) -> list[Label]:
    """All labels of one judgment: the type by its own voice, everything else by the rules."""
    charge = {"N1": "盗窃罪", "N2": "故意伤害罪"}.get(name, "寻衅滋事罪")
    found = [Label("defendant:1", "name", "张某"), Label("defendant:1", "charge", charge)]
    if name not in CASES:
        return [*found, Label("case", "in_scope", "0")]
    attack_type, by, *values, quotes, victims = CASES[name]
    found += [Label("case", "in_scope", "1"), Label("case", "case_number", f"（2015）某01刑初{ord(name[0])}{name[1]}号")]
    found += [Label("case", "court", "某市中级人民法院"), Label("case", "decided_on", YEARS[name])]
    if attack_type:
        found.append(Label("case", "attack_type", attack_type, by, spans(name, quotes.get("attack_type"))))
    for variable, value in zip(("cause", "weapon_prepared", "alcohol", "worst_injury"), values, strict=True):
        if value:
            found.append(Label("case", variable, str(value), "rules", spans(name, quotes.get(variable))))
    for number, (role, injury, persons) in enumerate(victims, 1):
        unit = f"victim:{number}"
        found += [Label(unit, "role", role), Label(unit, "injury", injury), Label(unit, "persons", str(persons))]
    return found


def spans(name: str, quote: str | None) -> tuple[Span, ...]:
    """The span of a quotation in the text of one judgment."""
    if not quote:
        return ()
    start = TEXTS[name].index(quote)
    return (Span(start, start + len(quote), Section.FACTS, Speaker.COURT),)
