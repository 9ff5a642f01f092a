"""Sensitivity: one table under each choice that another careful reader could have made, and how far each cell moves."""

from __future__ import annotations

from pipeline.analyse.sensitivity.choices import Choice, Choices, Extreme, choices, parse_choices
from pipeline.analyse.sensitivity.counting import Scenario, Sensitivity, sensitivity
from pipeline.analyse.sensitivity.ranges import Extent, extents
from pipeline.analyse.sensitivity.showing import cell_rows, scenario_rows
from pipeline.analyse.sensitivity.terminal import render

__all__ = [
    "Choice",
    "Choices",
    "Extent",
    "Extreme",
    "Scenario",
    "Sensitivity",
    "cell_rows",
    "choices",
    "extents",
    "parse_choices",
    "render",
    "scenario_rows",
    "sensitivity",
]
