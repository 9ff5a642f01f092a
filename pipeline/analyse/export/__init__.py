"""Tables of the database as files for other programs, with labels of variables and values in Chinese or English.

One module for each form. Heavy libraries are imported only when their form is asked for.
"""

from __future__ import annotations

from pipeline.analyse.export.exporting import FORMS, Wanted, Written, check, export

__all__ = ["FORMS", "Wanted", "Written", "check", "export"]
