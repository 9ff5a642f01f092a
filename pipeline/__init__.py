"""anjuan (案卷): Chinese criminal judgments as a research database."""

__version__ = "0.1.0"
