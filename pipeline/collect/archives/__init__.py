"""Archives of every form: what is inside them, however nested, and what must not be unpacked."""

from __future__ import annotations

from pipeline.collect.archives.damage import UNPACKING_ERRORS, unpacking_error
from pipeline.collect.archives.names import is_litter, shown
from pipeline.collect.archives.nesting import unpack

__all__ = ["UNPACKING_ERRORS", "is_litter", "shown", "unpack", "unpacking_error"]
