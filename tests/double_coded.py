"""What the tests of adjudication share: invented texts, two coders who differ, and an adjudicator."""

from __future__ import annotations

from pipeline.schema import Entry
from pipeline.store import Desk, Save

HOSTILE = '<script>alert("注")</script><img src=x onerror=alert(1)>'
TEXTS = (
    "经审理查明，被告人张某醉酒后因输液太慢，推搡护士李某甲，致其轻微伤。<script>alert(1)</script>",
    "经审理查明，被告人陈某因退费不成，辱骂收费员吴某。",
    "经审理查明，被告人冯某盗窃手机一部。",
)
ANNA, BO, CHEN = "王某", "李某", "陈某"
IN_SCOPE, OUT = Entry("case", "in_scope", ("1",)), Entry("case", "in_scope", ("0",))
YES, NO = Entry("case", "alcohol", ("yes",), ((10, 12, "yes"),)), Entry("case", "alcohol", ("no",), note=HOSTILE)
FIRST = (IN_SCOPE, YES, Entry("case", "cause", ("service_speed",)), Entry("case", "", note=HOSTILE), Entry("victim:1", "role", ("nurse",)))
SECOND = (IN_SCOPE, NO, Entry("case", "cause", ("service_speed",), unsure=True), Entry("victim:1", "role", ("doctor",)))


def code(desk: Desk, judgment_id: str, coder: str, *entries: Entry, finish: bool = True) -> None:
    desk.save([Save(judgment_id, coder, entry) for entry in entries], actor=coder.removeprefix("screen:"), mode="blind")
    if finish:
        desk.mark(coder, "code", judgment_id, "done")
