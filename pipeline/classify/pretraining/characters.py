"""The tokenizer of the small BERT: one token for each character, those that many judgments share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from pipeline.classify.pretraining.told import Told
from pipeline.classify.pretraining.vocabulary import FEWEST_DOCUMENTS
from pipeline.schema import AnjuanError

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def count_characters(texts: Collection[Told], fewest_documents: int = FEWEST_DOCUMENTS) -> list[str]:
    """Characters that stand in the facts of at least `fewest_documents` texts, in the order of Unicode.

    Raises:
        AnjuanError: the texts share no character so often.
    """
    counts = Counter(one for text in texts for one in set("".join(text.without_names())) if not one.isspace())
    kept = sorted(one for one, number in counts.items() if number >= fewest_documents)
    if not kept:
        raise AnjuanError(f"no character stands in {fewest_documents} of the {len(texts)} texts; give more, or lower --fewest-documents")
    return kept


def character_tokenizer(characters: Collection[str], longest: int) -> Any:
    """A fast tokenizer of transformers over `SPECIAL` and the characters; others are [UNK], blanks are dropped."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokens = {token: i for i, token in enumerate((*SPECIAL, *characters))}
    made = Tokenizer(models.WordLevel(tokens, unk_token="[UNK]"))
    made.normalizer = normalizers.Replace(Regex(r"\s+"), "")
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    special = [(name, tokens[name]) for name in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=special)
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=longest, **names)
