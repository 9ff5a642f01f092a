"""Keywords: expressions that say which judgments a study wants, as data, and the matcher that says where they match."""

from pipeline.collect.keywords.file import KeywordsError, load
from pipeline.collect.keywords.matching import Expression, Hit, Keywords

__all__ = ["Expression", "Hit", "Keywords", "KeywordsError", "load"]
