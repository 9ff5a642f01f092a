"""The tables as a paper needs them: Word, Excel or CSV, each number with its share, interval and test."""

from pipeline.analyse.paper.contents import names, paper_tables
from pipeline.analyse.paper.form import PaperTable
from pipeline.analyse.paper.writing import write_tables

__all__ = ["PaperTable", "names", "paper_tables", "write_tables"]
