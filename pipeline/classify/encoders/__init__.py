"""Pretrained sentence encoders that install from the package registry and run offline, each in a module of its own (extra `embed`)."""

from pipeline.classify.encoders.encoder import ENCODERS, Encoder, Vectors, load_encoder

__all__ = ["ENCODERS", "Encoder", "Vectors", "load_encoder"]
