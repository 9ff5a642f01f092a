"""SimuCourt: Chinese keys, the judgment taken apart by hand: 基本案情, 法院意见, 刑事_罪名, 刑事_刑期 ...; 无 stands for nothing."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "simucourt"
_CHARGE = "原告诉请判令（公诉机关指控）"
_PARTS = (
    (Section.HEADING, "法院"), (Section.HEADING, "案号"), (Section.HEADING, "被告基本情况"), (Section.PROSECUTION, _CHARGE),
    (Section.PROSECUTION, "原告陈述"), (Section.DEFENCE, "被告陈述"), (Section.DEFENCE, "被告代理人辩护"), (Section.FACTS, "基本案情"),
    (Section.COURT_VIEW, "法院意见"),
)  # fmt: skip
_SENTENCE = ("刑事_罪名", "刑事_刑期", "刑事_罚金")
_LABELS = ("法院", "案号", "发布时间", "审理程序", "案由")


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its facts, the court's opinion and the name of the case."""
    return "基本案情" in record and "法院意见" in record and "案件名" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the parts as one text, in the order of a judgment, a paragraph each; the sentence's pieces on one line. Raises RecordError."""
    parts = [(section, text) for section, key in _PARTS if (text := _said(record, key))]
    if sentence := "，".join(filter(None, (_said(record, key) for key in _SENTENCE))):
        parts.append((Section.DISPOSITION, sentence))
    kind = _said(record, "类别")
    facts = metadata([*((label, _said(record, label)) for label in _LABELS), ("case_type", kind and f"{kind}案件")])
    if defendants := _said(record, "被告"):
        facts["criminals"] = defendants
    articles = [_said(record, key) for key in record if key.startswith("引用法律条文")]
    return judgment(
        NAME,
        identifier(record, ("序号",), fallback_id),
        "\n".join(text for _, text in parts),
        title=_said(record, "案件名"),
        metadata=facts | metadata([("legal_basis", articles)]),
        parts=parts,
    )


def _said(record: Mapping[str, object], key: str) -> str:
    text = printed(record.get(key))
    return "" if text == "无" else text
