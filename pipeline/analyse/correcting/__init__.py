"""Estimates from machine labels corrected with a hand-coded probability sample, and how many more cases to code for a wanted interval.

A machine's labels used as truth give biased shares and intervals that are too narrow, even at 90 % accuracy (Egami, Hinck, Stewart and
Wei, "Using imperfect surrogates for downstream inference: design-based supervised learning", NeurIPS 2023). A sample drawn with known
probabilities tells by how much: this package reads it from `samples` and `sampling_frames`, and only reads.
"""

from __future__ import annotations

from pipeline.analyse.correcting.planning import plan_coding
from pipeline.analyse.correcting.showing import render, render_plan
from pipeline.analyse.correcting.table import Corrected, corrected_table

__all__ = ["Corrected", "corrected_table", "plan_coding", "render", "render_plan"]
