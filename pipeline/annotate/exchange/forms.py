"""The forms of exchange by name, and which of them a file is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.annotate.exchange import codings, committed, doccano, jsonl, labelstudio, table
from pipeline.annotate.exchange.nouns import CodedJudgment, MalformedError, Reading, Texts
from pipeline.annotate.exchange.shape import lines, loaded
from pipeline.schema import AnjuanError

Write = Callable[[Iterable[CodedJudgment], Counter[str], bool], Iterator[str]]
Read = Callable[[str, str, Texts], Reading]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: `write` (codings, what is lost, whether notes are written) and `read` (content, the file's name, texts)."""

    name: str
    encoding: str
    write: Write
    read: Read


_MODULES = (committed, labelstudio, doccano, jsonl, table, codings)
FORMS = {each.NAME: Form(each.NAME, each.ENCODING, each.write, each.read) for each in _MODULES}


def named(name: str) -> Form:
    """The form of that name; AnjuanError with the choices when there is none."""
    if name not in FORMS:
        raise AnjuanError(f"unknown form '{name}'; choose one of: {', '.join(FORMS)}")
    return FORMS[name]


def recognised(content: str, file: str) -> Form:
    """The form that a file is in, by how it begins; AnjuanError when it is none of them."""
    beginning = content.lstrip()[:1]
    if beginning == "[":
        return FORMS["labelstudio"]
    if beginning == "{":
        return _by_keys(content, file)
    first = content.partition("\n")[0]
    if "judgment_id" in first and "variable" in first:
        return FORMS["csv"]
    raise AnjuanError(f"{file} is in none of the forms {', '.join(FORMS)}, or is empty; say which with --form")


def _by_keys(content: str, file: str) -> Form:
    """The form of JSON objects, by the keys of the first that can be read."""
    for _, line in lines(content):
        try:
            keys = loaded(line).keys()
        except MalformedError:
            continue
        if {"data", "annotations"} <= keys:
            return FORMS["labelstudio"]
        if "text" in keys:
            return FORMS["jsonl" if "entries" in keys else "doccano"]
        return FORMS["annotations" if "entries" in keys else "codings"]
    raise AnjuanError(f"{file}: no line is a JSON object; say with --form which of {', '.join(FORMS)} it is in")
