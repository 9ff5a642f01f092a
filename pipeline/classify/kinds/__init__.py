"""The kinds of model, each in a module of its own that is imported when it is asked for.

`rules` follows the codebook's decision order and learns nothing; `linear` is the default and needs nothing but scikit-learn;
`encoded` adds vectors of the sentences from a pretrained encoder (extra `embed`); `transformer` fine-tunes a model directory of the
user's (extra `nn`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pipeline.classify.model import Model
from pipeline.schema import AnjuanError

_WHERE = {
    "rules": ("pipeline.classify.kinds.rules", "RulesModel"),
    "linear": ("pipeline.classify.kinds.linear", "LinearModel"),
    "encoded": ("pipeline.classify.kinds.encoded", "EncodedModel"),
    "ensemble": ("pipeline.classify.kinds.ensemble", "EnsembleModel"),
    "transformer": ("pipeline.classify.kinds.transformer.model", "TransformerModel"),
}
KINDS = tuple(_WHERE)


def kind_of_model(kind: str) -> type[Model]:
    """The class of a kind of model.

    Raises:
        AnjuanError: there is no such kind; the line lists those that there are.
    """
    if kind not in _WHERE:
        raise AnjuanError(f"there is no model of kind {kind!r}; kinds: {', '.join(KINDS)}")
    module, name = _WHERE[kind]
    found: type[Model] = getattr(import_module(module), name)
    return found


def create(kind: str, variable: str, settings: Any = None) -> Model:
    """A new model of a kind, with the kind's default settings when none are given."""
    model: Any = kind_of_model(kind)
    return model(variable, settings or model.choices(variable)[0])  # type: ignore[no-any-return]
