"""The model card: what a model was trained on, how well it does on cases it had not seen, and what it must not be used for."""

from pipeline.classify.card.card import evaluation_that_still_holds, read_card, write_card, write_evaluation
from pipeline.classify.card.rendering import render

__all__ = ["evaluation_that_still_holds", "read_card", "render", "write_card", "write_evaluation"]
