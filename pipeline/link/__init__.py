"""Identity: which judgments are the same document seen twice, and which are instances of one case.

Pure functions over signatures and what is known of each judgment; `pipeline.job.linking` reads both from the database.
"""

from pipeline.link.citations import Citation
from pipeline.link.linking import Linked, link
from pipeline.link.nouns import Document, Link, Relation
from pipeline.link.signature import FORM, Signature, sign

__all__ = ["FORM", "Citation", "Document", "Link", "Linked", "Relation", "Signature", "link", "sign"]
