"""What an encoder of our own may have learnt by heart: names in the vocabulary, rare words, and names that a masked model can guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.classify.encoders.static import StaticEncoder
from pipeline.classify.pretraining.told import Told, full_names
from pipeline.classify.pretraining.vocabulary import names_among
from pipeline.text.words import WordFinder


@dataclass(frozen=True, slots=True)
class VocabularyCheck:
    """Entries that should not be there: `names` of persons, and `rare` words with the number of texts that hold them."""

    words: int
    texts: int
    fewest_documents: int
    names: tuple[str, ...]
    rare: tuple[tuple[str, int], ...]

    @property
    def passed(self) -> bool:
        """Whether there are none."""
        return not self.names and not self.rare

    @property
    def lines(self) -> list[str]:
        """The check for people."""
        return [
            f"vocabulary: {self.words} entries, checked against {self.texts} texts",
            f"  names of persons: {', '.join(self.names) or 'none'}",
            f"  in fewer than {self.fewest_documents} texts: {', '.join(f'{word} ({n})' for word, n in self.rare) or 'none'}",
        ]


def check_vocabulary(encoder: StaticEncoder, texts: Collection[Told], fewest_documents: int) -> VocabularyCheck:
    """Look for names and rare words among the entries of a static encoder.

    No more can be asked of it, for it can reproduce no sentence: it holds one vector for each entry and nothing about their order or
    about which stand together; a sentence's vector is a weighted sum, the same for every order of its words. What the regression adds
    to a vector is a mean over the sentences of at least `fewest_documents` judgments.
    """
    found = words_in_texts(encoder.words, texts)
    names = names_among(encoder.words, full_names(texts))
    rare = sorted((word, found[word]) for word in encoder.words if found[word] < fewest_documents)
    return VocabularyCheck(len(encoder.words), len(texts), fewest_documents, tuple(sorted(names)), tuple(rare))


def words_in_texts(words: Sequence[str], texts: Collection[Told]) -> Mapping[str, int]:
    """Number of texts that hold each string, wherever a segmenter would cut: independent of how the vocabulary was counted."""
    finder, counts = WordFinder(words), Counter[str]()
    for text in texts:
        counts.update({words[number] for number, _, _ in finder.find("\n".join(text.without_names()))})
    return counts
