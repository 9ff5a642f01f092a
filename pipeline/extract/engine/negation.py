"""Negation: 未达到轻微伤 is no grade, 没有饮酒 no drinking; but 未成年, 无故 and 不服 negate nothing.

The method is NegEx (Chapman et al. 2001) with pseudo-cues, as in medspaCy and EDS-NLP, written for Chinese: a cue negates what follows
it closely in the same clause.
"""

from __future__ import annotations

import re

_PSEUDO = re.compile(
    r"未成年|未遂|未婚|未果|未得逞|未尽|未经|未决|无故|无辜|无业|无视|无论|无端|无证|无奈|无力|毫无顾忌|不服|不满|不顾|不法|不特定|不料|不久|不慎|不断|不仅|不但|不止|不同|不听|不让|不准|"
    r"不知|不明|不治|不省人事|不计后果|不合|不要|不能控制|不配合|不肯|不愿|不同意|非法|非常|除非|莫非|没收|没过|没多久|没想到|从不"
)
_CUE = re.compile(
    r"(?:尚|并|均|也|还|从|决)?(?:未(?:能|曾|予|有|见|发现|构成|达到?|造成|致)?|没有?(?:发现|构成|达到|造成)?|不(?:是|属于?|构成|成立|存在|认为|足以)?|无(?:法)?|非|否认|排除|并非|不曾)"
)

# Longer than any cue and reach together: what stands further left negates nothing, and a text without signs stays fast.
_WINDOW = 60


def negated(view: str, clause_start: int, position: int, reach: int = 6) -> bool:
    """Whether a cue in the same clause negates the words at `position`; `reach` is the most characters between cue and words."""
    clause_start = max(clause_start, position - _WINDOW)
    before = view[clause_start:position]
    masked = _PSEUDO.sub(lambda m: "〓" * len(m[0]), before)
    return any(position - clause_start - m.end() <= reach for m in _CUE.finditer(masked))
