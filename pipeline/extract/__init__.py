"""Extraction: from a judgment to labels, each with the words that say so."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.extract.accused.defendants import defendants
from pipeline.extract.accused.people import defendant_labels
from pipeline.extract.act.alcohol import alcohol_labels
from pipeline.extract.act.incident import incident_labels
from pipeline.extract.act.mental import mental_labels
from pipeline.extract.act.weapon import weapon_labels
from pipeline.extract.case import Case
from pipeline.extract.decision.circumstances import circumstance_labels
from pipeline.extract.decision.disposition import disposition_labels
from pipeline.extract.harm.victims import victim_labels
from pipeline.extract.heading.header import header_labels
from pipeline.extract.reason.cause import cause_labels
from pipeline.extract.reason.channels import channel_labels
from pipeline.extract.reason.motive import motive_labels
from pipeline.extract.reason.relation import relation_labels
from pipeline.extract.reason.setting import setting_labels
from pipeline.schema import Judgment, Label
from pipeline.text import Document

EXTRACTORS: tuple[Callable[[Case], list[Label]], ...] = (
    header_labels,
    defendant_labels,
    disposition_labels,
    circumstance_labels,
    victim_labels,
    weapon_labels,
    alcohol_labels,
    mental_labels,
    incident_labels,
    cause_labels,
    motive_labels,
    relation_labels,
    setting_labels,
    channel_labels,
)


def read_case(judgment: Judgment) -> Case:
    """Read a judgment's text and find its defendants: what every extractor starts from."""
    document = Document.of(judgment)
    return Case(judgment, document, defendants(document, judgment.metadata.get("criminals", "")))


def extract_from(case: Case) -> list[Label]:
    """All labels of a case that has been read."""
    return [label for extractor in EXTRACTORS for label in extractor(case)]


def extract(judgment: Judgment) -> list[Label]:
    """All labels of a judgment by the rules, in the codebook's variables and values."""
    return extract_from(read_case(judgment))
