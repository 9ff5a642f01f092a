"""What the extraction is measured against: `jieba.cut` alone, and a spaCy blank Chinese pipeline that holds our rules' words."""

from __future__ import annotations

import logging
from collections.abc import Callable

from phrases import all_rules, words_of

GAPPED = 100  # patterns with a gap that the Matcher holds; their number only slows the peer down
LONGEST_GAP = 10
Work = Callable[[str], object]


def jieba_cut() -> Work:
    """Cut a text into words: what every pipeline over jieba pays first."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return lambda text: list(jieba.cut(text))


def spacy_phrases() -> tuple[Work, str]:
    """Find our rules' words with spaCy, and how many words and patterns these are.

    The segmenter is the default one (characters). The peer says where phrases stand and no more: no section, speaker, negation or person.
    """
    import spacy
    from spacy.matcher import Matcher, PhraseMatcher

    pipeline = spacy.blank("zh")
    phrases, gaps = words_of([rule.expression.regex.pattern for rule in all_rules()])
    words = PhraseMatcher(pipeline.vocab)
    words.add("rules", [pipeline.make_doc(phrase) for phrase in sorted(phrases)])
    gapped = Matcher(pipeline.vocab)
    some = sorted((min(a), gap, min(b)) for a, gap, b in gaps if gap <= LONGEST_GAP)[::2][:GAPPED]
    for first, gap, last in some:
        within = {"TEXT": {"NOT_IN": ["，", "。", "；", "\n"]}, "OP": f"{{0,{gap}}}"}
        gapped.add(f"{first}...{last}", [[*({"TEXT": c} for c in first), within, *({"TEXT": c} for c in last)]])

    def work(text: str) -> object:
        document = pipeline(text)
        return words(document), gapped(document)

    return work, f"spaCy {spacy.__version__}, {len(phrases)} phrases and {len(some)} patterns"
