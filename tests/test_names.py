"""English names of what judgments print: each in Latin letters and of one thing, and a table in English has them."""

from __future__ import annotations

import re

from pipeline.analyse.names import _names, named
from pipeline.analyse.serials import PROVINCES


def test_every_province_and_charge_has_one_name_in_latin_letters() -> None:
    assert set(PROVINCES) <= _names().keys()
    assert all(re.fullmatch(r"[A-Z][A-Za-z' ,-]+", english) for english in _names().values())
    assert len(set(_names().values())) == len(_names())


def test_what_has_no_name_stands_as_printed() -> None:
    assert (named("寻衅滋事罪").zh, named("寻衅滋事罪").en) == ("寻衅滋事罪", "Picking quarrels and provoking trouble")
    assert named("某某罪").en == "某某罪"
