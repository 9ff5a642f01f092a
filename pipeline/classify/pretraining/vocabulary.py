"""Words and characters that many judgments share, so that none of them can point to a person or to one case."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipeline.classify.encoders.static import words_of
from pipeline.classify.pretraining.told import Told, full_names
from pipeline.schema import AnjuanError

FEWEST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Kept words (and single characters) with their counts; `documents`: texts that were counted."""

    words: tuple[str, ...]
    times: dict[str, int]
    in_documents: dict[str, int]
    documents: int
    fewest_documents: int

    def share(self, word: str) -> float:
        """How much of all kept words this one is."""
        return self.times[word] / max(sum(self.times.values()), 1)


def count_words(texts: Collection[Told], fewest_documents: int = FEWEST_DOCUMENTS) -> Vocabulary:
    """Words of at least `fewest_documents` texts that are no party's name and that no dictionary takes for one, the commonest first.

    Raises:
        AnjuanError: the texts share no word so often.
    """
    times: Counter[str] = Counter()
    in_documents: Counter[str] = Counter()
    for text in texts:
        found = [word for sentence in text.without_names() for word in words_of(sentence)]
        found += [one for word in found if len(word) > 1 for one in word]
        times.update(found)
        in_documents.update(set(found))
    often = [word for word, number in in_documents.items() if number >= fewest_documents]
    words = sorted(set(often) - names_among(often, full_names(texts)), key=lambda word: (-times[word], word))
    if not words:
        raise AnjuanError(f"no word stands in {fewest_documents} of the {len(texts)} texts; give more texts, or lower --fewest-documents")
    kept, seen_in = {word: times[word] for word in words}, {word: in_documents[word] for word in words}
    return Vocabulary(tuple(words), kept, seen_in, len(texts), fewest_documents)


def names_among(words: Iterable[str], names: Collection[str]) -> set[str]:
    """The words that are a party's name, or a given name of one, or that jieba's dictionary calls a person's name (nr).

    A single character names nobody.
    """
    given = {name[1:] for name in names if len(name) > 2} | {name[2:] for name in names if len(name) > 3}
    return {word for word in words if len(word) > 1 and (word in names or word in given or _tagged_as_name(word))}


def _tagged_as_name(word: str) -> bool:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    return any(flag.startswith("nr") for _, flag in jieba.posseg.lcut(word))
