"""The tables of the report as data: what each counts, in which unit, by which column; all of them against the types of attack."""

from pipeline.analyse.catalogue.counting import count, count_all
from pipeline.analyse.catalogue.definitions import Definition, catalogue, parse_catalogue

__all__ = ["Definition", "catalogue", "count", "count_all", "parse_catalogue"]
