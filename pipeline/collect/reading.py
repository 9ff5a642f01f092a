"""From one file to its judgments: find the reader, unwrap the records, turn every error into a row for the log."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from pipeline.collect.archives import UNPACKING_ERRORS, unpacking_error
from pipeline.collect.formats import (
    BINARIES,
    CONTAINERS,
    DOCUMENTS,
    RECORDS,
    ContainerReader,
    DocumentReader,
    wenshu_cipher,
    wenshu_list,
)
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob, Source
from pipeline.schema import Judgment, RecordError

_START = 1 << 12  # bytes that tell a binary document
_PATIENCE = 1000  # records without a known one after which a file is given up
_WRAPPED = 4  # levels of arrays and replies around a record
_WRAPPERS = ("result", "data", "results", "records", "list", "items", "rows", "docs", "documents", "hits", "response", "_source", "RECORDS")
_LONG_CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef0-9]{60}")


def read_blob(blob: Blob, limits: Limits) -> Iterator[Judgment | Rejected]:
    """Yield the judgments of a file, and a Rejected for the file or each of its records that is none."""
    try:
        start = blob.start(_START)
        if binary := next((reader for reader in BINARIES if reader.recognise(start)), None):
            yield dataclasses.replace(binary.parse(_whole(blob, limits), blob.name), path=blob.path)
            return
        source = Source.of(blob, limits)
        container = next((reader for reader in CONTAINERS if reader.recognise(source.head)), None)
        if container is None:
            yield _document(source, next(reader for reader in DOCUMENTS if reader.recognise(source.head)))
        else:
            yield from _records(source, container)
    except RecordError as error:
        yield Rejected.because(blob.path, "", error)
    except UNPACKING_ERRORS as error:
        yield Rejected.because(blob.path, "", unpacking_error(error))


def _whole(blob: Blob, limits: Limits) -> bytes:
    """Return the bytes of a binary document. Raises RecordError: too_large."""
    data = blob.start(limits.binary + 1)
    if len(data) > limits.binary:
        raise RecordError(Reason.TOO_LARGE, f"one document of over {limits.binary} bytes; split it into single judgments")
    return data


def _document(source: Source, reader: DocumentReader) -> Judgment:
    return dataclasses.replace(reader.parse(source.whole(), source.blob.name), path=source.blob.path)


def _records(source: Source, container: ContainerReader) -> Iterator[Judgment | Rejected]:
    """Read record by record. A file without one known record gets one row in the log, not one for each record."""
    path, stem = source.blob.path, PurePosixPath(source.blob.name).stem
    unknown: list[Rejected] = []
    any_known = False
    for place, value in container.records(source):
        for known, outcome in _outcomes(value, path, place, f"{stem}:{place.rpartition(' ')[2]}"):
            if known and not any_known:
                any_known = True
                yield from unknown
            if any_known:
                yield outcome
            elif isinstance(outcome, Rejected):
                unknown.append(outcome)
        if not any_known and len(unknown) >= _PATIENCE:
            break
    if not any_known:
        yield _summed_up(unknown, path)


def read_record(value: object, path: str, place: str, fallback_id: str) -> Iterator[Judgment | Rejected]:
    """Yield the judgments of one record that was cut out of a file, and a Rejected for each that is none."""
    for _, outcome in _outcomes(value, path, place, fallback_id):
        yield outcome


def _outcomes(value: object, path: str, value_place: str, fallback_id: str) -> Iterator[tuple[bool, Judgment | Rejected]]:
    """Yield whether a reader knew the record (or it was broken), and the judgment or rejection.

    Of several records in one value the second has the place `line 1.2`, and its number behind the identifier that it may need.
    """
    for number, record in enumerate([value] if isinstance(value, RecordError) else _unwrap(value)):
        place, record_id = (f"{value_place}.{number + 1}", f"{fallback_id}.{number + 1}") if number else (value_place, fallback_id)
        reader = next((reader for reader in RECORDS if isinstance(record, Mapping) and reader.recognise(record)), None)
        try:
            if isinstance(record, RecordError):
                raise record
            if reader is None or not isinstance(record, Mapping):
                yield False, Rejected.because(path, place, _unknown(record))
            else:
                yield True, dataclasses.replace(reader.parse(record, record_id), path=f"{path}, {place}")
        except RecordError as error:
            yield True, Rejected.because(path, place, error)


def _known(record: object) -> bool:
    return isinstance(record, Mapping) and any(reader.recognise(record) for reader in RECORDS)


def _unwrap(value: object, levels: int = _WRAPPED) -> list[object]:
    """Return the records inside arrays, replies (`{"code": 1, "result": {...}}`) and JSON inside a string; else the value itself.

    An encrypted reply is opened. In place of what cannot be opened, and of a list of search results, stands the RecordError.
    """
    if isinstance(value, str):
        value = _loads(value)
    if refusal := wenshu_list.refusal(value):
        return [refusal]
    if levels and isinstance(value, list):
        return [record for member in value for record in _unwrap(member, levels - 1)]
    if levels and isinstance(value, Mapping) and not _known(value):
        opened = _opened(value)
        if opened is not None:
            return [opened] if isinstance(opened, RecordError) else _unwrap(opened, levels - 1)
        inside = [record for key in _WRAPPERS if key in value for record in _unwrap(value[key], levels - 1)]
        return [record for record in inside if _known(record) or isinstance(record, RecordError)] or [value]
    return [value]


def _opened(reply: Mapping[object, object]) -> str | RecordError | None:
    """Return the text inside an encrypted reply of China Judgments Online, or why there is none; None for any other record."""
    result, key = reply.get("result"), reply.get("secretKey")
    if isinstance(result, str) and isinstance(key, str) and result and key:
        try:
            return wenshu_cipher.decrypt(result, key)
        except RecordError as error:
            return error
    if "secretKey" in reply and not result:
        code = str(reply.get("code"))[:8]
        return RecordError(
            Reason.LOGIN_PAGE, f"the site answered with code {code} and no document; log in, open the document again and save it"
        )
    return None


def _loads(text: str) -> object:
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        value: object = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text
    return value


def _unknown(record: object) -> RecordError:
    """Say what a record is that no reader knows."""
    if not isinstance(record, Mapping):
        return RecordError(Reason.NOT_A_JUDGMENT, "the value is no record with named fields; leave the file out")
    if refusal := wenshu_list.head_refusal(record):
        return refusal
    keys = ", ".join(map(str, list(record)[:8]))
    if any(isinstance(value, str) and _LONG_CHINESE.search(value) for value in record.values()):
        return RecordError(
            Reason.UNKNOWN_FORMAT, f"no field here is known to hold a judgment ({keys}); name the text `text` and its identifier `id`"
        )
    return RecordError(Reason.NOT_A_JUDGMENT, f"the record holds no text of a judgment ({keys}); leave the file out")


def _summed_up(unknown: list[Rejected], path: str) -> Rejected:
    """Return one row for a file of which nothing was known."""
    if not unknown:
        return Rejected(path, "", Reason.EMPTY, "the file holds no record; save it again from its source")
    first = unknown[0]
    among = f"none of {'its first ' if len(unknown) >= _PATIENCE else ''}{len(unknown)} records is known; in {first.place}: "
    return Rejected(path, "", first.reason, (among if len(unknown) > 1 else "") + first.detail)
