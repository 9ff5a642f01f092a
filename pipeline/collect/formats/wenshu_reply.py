"""China Judgments Online, new site: the decrypted reply of `docInfoSearch` (keys s1 to s54, HTML in `qwContent`)."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect import html_text
from pipeline.collect.cleaning import is_furniture
from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError, Section

NAME = "wenshu_reply"
_LABELS = {
    "s2": "court", "s7": "case_number", "s31": "decided_on", "s41": "published_on", "s9": "procedure", "s8": "case_type",
    "s11": "cause_of_action", "s17": "parties", "s33": "province", "s34": "city", "s35": "county",
}  # fmt: skip
# 首部, 当事人, 诉讼记录, 诉控辩, 事实, 理由, 判决结果, 尾部: the document cut into parts; also its text, for replies without their HTML.
_PARTS = (
    ("s22", Section.HEADING), ("s53", Section.HEADING), ("s23", Section.PROCEDURE), ("s24", Section.PROSECUTION), ("s25", Section.FACTS),
    ("s26", Section.COURT_VIEW), ("s27", Section.DISPOSITION), ("s28", Section.CLOSING),
)  # fmt: skip


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a reply by its HTML, or by title and identifier under their s-numbers."""
    return "qwContent" in record or ("s1" in record and ("s5" in record or "s7" in record))


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of `qwContent`, else of 全文 (s21), else of the parts. Raises RecordError."""
    facts = metadata((key, record.get(s)) for s, key in _LABELS.items())
    if laws := _legal_basis(record.get("s47")):
        facts["legal_basis"] = laws
    parts = [(section, part) for key, section in _PARTS if (part := printed(record.get(key)))]
    text = _text(record) or "\n".join(part for _, part in parts)
    if not text and (reason := printed(record.get("s32"))):
        raise RecordError(Reason.NOT_PUBLIC, f"the court has not published this document ({reason[:40]})")
    return judgment(
        NAME,
        identifier(record, ("s5", "docId", "文书ID"), fallback_id),
        text,
        title=printed(record.get("s1")),
        metadata=facts,
        parts=parts,
    )


def _text(record: Mapping[str, object]) -> str:
    content = record.get("qwContent")
    if isinstance(content, str) and content.strip():
        return "\n".join(line for line in html_text.lines(html_text.parse(content).body) if not is_furniture(line))
    return printed(record.get("s21"))


def _legal_basis(laws: object) -> str:
    if not isinstance(laws, list):
        return ""
    return ",".join(f"{printed(law.get('fgmc'))}{printed(law.get('tkx'))}" for law in laws if isinstance(law, Mapping))
