"""The model card: what a model was trained on, how well it does on cases it had not seen, and what it must not be used for."""

from pipeline.classify.card.card import read_card, render, write_card

__all__ = ["read_card", "render", "write_card"]
