"""Channels tried before the act to settle the medical dispute (codebook `prior_dispute_channel`, a list)."""

from __future__ import annotations

import re

from pipeline.extract.case import Case
from pipeline.extract.reason.cues import Cue, Story, Zone, cues, label, story
from pipeline.schema import Label

_LATER = re.compile(r"案发后|事发后|事后|作案后|归案后|到案后|立案后|(?:审理|诉讼|庭审|取保候审)(?:期间|过程|中)|谅解|和解协议")
_READ = (Zone.FINDINGS, Zone.PROSECUTION, Zone.WITNESS, Zone.OPINION)


def channel_labels(case: Case) -> list[Label]:
    """One `prior_dispute_channel` label for each channel that the text says was tried before the act; none when it names none."""
    told = story(case)
    first: dict[str, Cue] = {}
    for cue in cues("prior_dispute_channel", told, placed=False):
        if cue.zone in _READ and _before_the_act(cue, told):
            first.setdefault(cue.match.rule.value, cue)
    return [label("prior_dispute_channel", value, (cue.match.span(told.document),)) for value, cue in sorted(first.items())]


def _before_the_act(cue: Cue, told: Story) -> bool:
    """What the findings tell after the last attack, or with words that place it after the act, was tried too late."""
    if _LATER.search(told.document.view, *told.document.sentence_at(cue.match.start)):
        return False
    return cue.zone is not Zone.FINDINGS or not told.attacks or cue.match.start < told.attacks[-1]
