"""Label Studio's JSON (https://labelstud.io/guide/task_format): one task for each judgment, one annotation for each voice.

Values are choices, numbers and texts on the whole task, words are labelled regions; doubts, notes and lists known to be empty have controls
of their own (see `labelstudio_config`). `completed_by` is not written, for Label Studio refuses whom it does not know; the voice is a text.
Offsets of <Text> count code points since 2021 (label-studio-frontend #308), UTF-16 code units before: where a file holds the words too,
they tell which.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson

from pipeline.annotate.exchange.draft import Draft, Field
from pipeline.annotate.exchange.keys import field, field_name, is_closed, label, marked
from pipeline.annotate.exchange.nouns import IMPORTED, CodedJudgment, MalformedError, Reading, Texts, is_voice
from pipeline.annotate.exchange.offsets import Utf16
from pipeline.annotate.exchange.shape import head, members, offsets, part, read_head, shown
from pipeline.codebook import Codebook, load
from pipeline.schema import Entry

NAME, ENCODING = "labelstudio", "utf-8"
TEXT, WORDS, UNSURE, EMPTY, NOTE, CODER = "text", "words", "unsure", "known_empty", "note", "coder"
_CONTROL = re.compile(r"(?:(note)__)?(case|(?:defendant|victim)_[1-9][0-9]{0,8})__(\w*)")
_TASK = ("judgment_id", "source_id", "title", "text_hash")
_ABOUT = ("mode", "codebook_version", "seconds", "state", "at")
_EXACT = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what a JavaScript number says as it is written
_LINE_BREAKS = re.compile(r"[\r\n]")
_BLANKS = re.compile(r"\\n|\s+")


def control(unit: str, variable: str) -> str:
    """The name of the control of a field, such as `victim_3__role`."""
    return f"{unit.replace(':', '_')}__{variable}"


def controlled(name: str) -> tuple[bool, Field] | None:
    """Whether a control is for a note, and its field; None for any other control."""
    found = _CONTROL.fullmatch(name)
    return (bool(found[1]), (re.sub(r"_(?=\d)", ":", found[2]), found[3])) if found else None


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = True) -> Iterator[str]:
    """A JSON array of tasks; the codings of one judgment must follow one another."""
    before = "["
    for _, group in groupby(coded, key=lambda each: each.judgment_id):
        of_task = list(group)
        data = {"text": of_task[0].text, **{name: value for name, value in head(of_task[0]).items() if name in _TASK}}
        task = {"data": data, "annotations": [_annotation(each, notes) for each in of_task]}
        yield f"{before}\n{orjson.dumps(task).decode()}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def _annotation(coded: CodedJudgment, notes: bool) -> dict[str, Any]:
    codebook = load()
    results = [_result(CODER, "textarea", {"text": [coded.coder]}) | {"meta": head(coded, "coder", *_TASK)}]
    for entry in coded.entries:
        results += _values(codebook, entry)
        results += [_region(codebook, coded.text, entry, words) for words in entry.words]
        if entry.note and notes:
            results.append(_result(f"note__{control(entry.unit, entry.variable)}", "textarea", {"text": [entry.note]}))
    names = [field_name(entry.unit, entry.variable) for entry in coded.entries if entry.unsure]
    empty = [field_name(entry.unit, entry.variable) for entry in coded.entries if "" in entry.values]
    results += [_result(UNSURE, "choices", {"choices": names})] if names else []
    results += [_result(EMPTY, "choices", {"choices": empty})] if empty else []
    for number, result in enumerate(results, 1):
        result["id"] = f"r{number}"
    return {"result": results, "was_cancelled": False, "ground_truth": False, "lead_time": coded.seconds}


def _result(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": TEXT, "type": kind, "origin": "manual", "value": value}


def _values(codebook: Codebook, entry: Entry) -> list[dict[str, Any]]:
    """What was chosen, as the kind of control that fits; a list known to be empty is told elsewhere."""
    values, variable = [value for value in entry.values if value], codebook.variables.get(entry.variable)
    if not values:
        return []
    name = control(entry.unit, entry.variable)
    if is_closed(variable):
        return [_result(name, "choices", {"choices": values})]
    if variable and variable.kind == "integer" and all(_EXACT.fullmatch(value) for value in values):
        return [_result(name, "number", {"number": int(value)}) for value in values]
    return [_result(name, "textarea", {"text": values})]


def _region(codebook: Codebook, text: str, entry: Entry, words: tuple[int, int, str]) -> dict[str, Any]:
    start, end, value = words
    shown_words = _LINE_BREAKS.sub(r"\\n", text[start:end])  # as Label Studio writes them
    return _result(WORDS, "labels", {"start": start, "end": end, "text": shown_words, "labels": [label(codebook, entry, value)]})


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of an export; skipped annotations, drafts and predictions are none."""
    reading = Reading()
    try:
        tasks = orjson.loads(content)
    except ValueError as error:
        reading.problems.append(f"{file}: not JSON ({error}); export the project as JSON")
        return reading
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        place = f"{file}, task {number}"
        try:
            reading.coded += _coded(task, place, reading.losses)
        except MalformedError as error:
            reading.problems.append(f"{place}: {error}")
    return reading


def _coded(task: object, place: str, losses: Counter[str]) -> list[CodedJudgment]:
    if not isinstance(task, dict) or "annotations" not in task or not isinstance(task.get("data"), dict):
        raise MalformedError("a task must have `data` and `annotations`; export the project as JSON, not as JSON-MIN or CSV")
    text = part(task["data"], TEXT, str)
    about = {name: task["data"].get(name) for name in _TASK}
    found = []
    for annotation in members(task, "annotations", dict):
        if part(annotation, "was_cancelled", bool, False):
            losses["annotations that were skipped in Label Studio"] += 1
            continue
        results = members(annotation, "result", dict)
        said = {**about, **_about(annotation, results)}
        found.append(CodedJudgment(text=text, entries=_entries(results, text, losses), **read_head(said, place)))
    return found


def _about(annotation: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Who has coded and how: as `write` has put it, else as Label Studio knows it."""
    told: Mapping[str, Any] = next((result for result in results if result.get("from_name") == CODER), {})
    meta = told.get("meta")
    kept = {name: meta[name] for name in _ABOUT if name in meta} if isinstance(meta, dict) else {}
    seconds = part(annotation, "lead_time", float, 0.0)
    at = part(annotation, "updated_at", str, "") or part(annotation, "created_at", str, "")
    coder = "".join(_texts(told)) or _user(annotation.get("completed_by"))
    return {"mode": IMPORTED, "seconds": seconds, "at": at, **kept, "coder": coder}


def _user(completed_by: object) -> str:
    """A voice for a user of Label Studio: the e-mail address before the @, else the number."""
    if isinstance(completed_by, dict):
        name = str(completed_by.get("email") or "").partition("@")[0] or str(completed_by.get("id") or "")
        completed_by = re.sub(r"[^\w.\-]", "_", name)[:40]
    name = f"user{completed_by}" if isinstance(completed_by, int) else str(completed_by or "")
    return name if is_voice(name) else ""


def _entries(results: Sequence[Mapping[str, Any]], text: str, losses: Counter[str]) -> tuple[Entry, ...]:
    draft = Draft()
    regions = [result for result in results if result.get("type") in ("labels", "hypertextlabels")]
    for result in results:
        if result not in regions and not _take(draft, result):
            losses[f"results of Label Studio's control '{result.get('from_name')}' ({result.get('type')})"] += 1
    for (start, end), result in zip(_places(text, regions), regions, strict=True):
        for name in members(part(result, "value", dict), part(result, "type", str), str):
            draft.mark(start, end, marked(name))
    return draft.entries()


def _take(draft: Draft, result: Mapping[str, Any]) -> bool:
    """Add one result to the draft; False when it is of a control that is none of anjuan's."""
    name = part(result, "from_name", str, "")
    if name == CODER:
        return True
    if name in (UNSURE, EMPTY):
        for each in map(field, members(part(result, "value", dict), "choices", str)):
            draft.doubt(each) if name == UNSURE else draft.choose(each, [""])
        return True
    if (found := controlled(name)) is None:
        return False
    note, where = found
    if note:
        draft.note(where, "\n".join(_texts(result)))
    else:
        draft.choose(where, _chosen(result))
    return True


def _chosen(result: Mapping[str, Any]) -> list[str]:
    value = part(result, "value", dict)
    kind = part(result, "type", str)
    if kind == "choices":
        return members(value, "choices", str)
    if kind == "number":
        number = part(value, "number", float)
        return [str(int(number)) if number.is_integer() else str(number)]
    if kind == "textarea":
        return _texts(result)
    raise MalformedError(f"the control '{result.get('from_name')}' must give choices, number or textarea, not {shown(kind)}")


def _texts(result: Mapping[str, Any]) -> list[str]:
    """The lines of a text area, which may be one."""
    value = part(result, "value", dict, {})
    return [value["text"]] if isinstance(value.get("text"), str) else members(value, "text", str)


def _places(text: str, regions: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where regions lie, in code points. Their words tell whether their offsets count code points or UTF-16 code units."""
    spans = [_span(part(region, "value", dict)) for region in regions]
    words = [part(region["value"], "text", str, "") for region in regions]
    units = Utf16(text)
    in_units = [(units.place(start), units.place(end)) for start, end in spans]
    for places in (spans, in_units):
        if all(_fits(text, place, said) for place, said in zip(places, words, strict=True)):
            return [(start, end) for start, end in places if start is not None and end is not None]
    span, said = next((span, said) for span, said in zip(spans, words, strict=True) if not _fits(text, span, said))
    raise MalformedError(f"the words '{said[:40]}' do not stand at {span[0]}-{span[1]} of the text of {len(text)} characters")


def _span(value: Mapping[str, Any]) -> tuple[int, int]:
    """Start and end of a region; regions of HTML have them beside their paths."""
    whole = value.get("globalOffsets")
    told = whole if isinstance(whole, dict) else value
    return offsets([told.get("start"), told.get("end")])


def _fits(text: str, place: tuple[int | None, int | None], words: str) -> bool:
    """Whether a region lies in the text, and its words stand there; blanks aside, which a browser shows as it likes."""
    start, end = place
    if start is None or end is None or end > len(text):
        return False
    return not words or _BLANKS.sub("", words) == _BLANKS.sub("", text[start:end])
