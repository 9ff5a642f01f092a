"""The readers, each a module for one format, in order of specificity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from pipeline.collect.formats import (
    cail,
    case_report,
    cjrc,
    csv_records,
    docx,
    html_page,
    json_records,
    judge,
    lecard,
    lecard_query,
    markdata,
    mhtml,
    mlmn,
    multi_defendant,
    pdf,
    picture,
    pkulaw,
    plain_record,
    plain_text,
    rtf,
    sentencing_contest,
    simucourt,
    sql_dump,
    tagged_records,
    titled_record,
    topjudge,
    wenshu_dump,
    wenshu_reply,
    wenshu_script,
    wenshu_table,
    word97,
    word_xml,
)
from pipeline.collect.source import Source
from pipeline.schema import Judgment


class ContainerReader(Protocol):
    """A file of many records. `records` yields (place, mapping or other value or RecordError)."""

    def recognise(self, head: str) -> bool: ...  # noqa: D102

    def records(self, source: Source) -> Iterator[tuple[str, object]]: ...  # noqa: D102


class RecordReader(Protocol):
    """One record of a container. `fallback_id` is its identifier when it has none of its own."""

    def recognise(self, record: Mapping[str, object]) -> bool: ...  # noqa: D102

    def parse(self, record: Mapping[str, object], fallback_id: str) -> Judgment: ...  # noqa: D102


class DocumentReader(Protocol):
    """A file that is one document. `name` is the file's name, its identifier when it has none of its own."""

    def recognise(self, head: str) -> bool: ...  # noqa: D102

    def parse(self, text: str, name: str) -> Judgment: ...  # noqa: D102


class BinaryReader(Protocol):
    """A file that is one document and no text (Word, PDF, picture), told by its first bytes."""

    def recognise(self, start: bytes) -> bool: ...  # noqa: D102

    def parse(self, data: bytes, name: str) -> Judgment: ...  # noqa: D102


BINARIES: tuple[BinaryReader, ...] = (docx, pdf, picture, word97, rtf, word_xml)
CONTAINERS: tuple[ContainerReader, ...] = (tagged_records, json_records, sql_dump, csv_records)
RECORDS: tuple[RecordReader, ...] = (
    lecard, judge, cail, lecard_query, wenshu_reply, wenshu_dump, wenshu_table, topjudge, simucourt, sentencing_contest, cjrc,
    multi_defendant, mlmn, titled_record, markdata, plain_record,
)  # fmt: skip
DOCUMENTS: tuple[DocumentReader, ...] = (wenshu_script, mhtml, html_page, case_report, pkulaw, plain_text)
