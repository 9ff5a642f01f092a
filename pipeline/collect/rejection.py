"""Why a file or a record was not imported: the reasons, and the row that says so in `import_log`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.schema import RecordError


class Reason(StrEnum):
    """Keys of `import_log.reason`."""

    UNREADABLE = "unreadable"  # missing, no permission, a compression method that Python lacks
    NOT_UTF8 = "not_utf8"  # neither UTF-8 nor UTF-16 nor GB18030 nor Big5
    BINARY = "binary"  # spreadsheet, database, program, other archives
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"  # the end is missing
    HALF_WRITTEN = "half_written"  # still being downloaded or written: the next import reads it
    TOO_LARGE = "too_large"  # beyond the limits of `pipeline.collect.limits`
    UNSAFE_PATH = "unsafe_path"  # archive members that point outside, symbolic links
    MISSING_READER = "missing_reader"  # its reader is an extra that is not installed (ocr, or a converter for old Word files)
    ILLEGIBLE = "illegible"  # a scan that is recognised with too little confidence
    LOGIN_PAGE = "login_page"
    CAPTCHA_PAGE = "captcha_page"  # and other pages of a site's defence against robots
    NOT_PUBLIC = "not_public"  # 不公开理由 instead of the text
    CIVIL = "civil"  # 民事
    ADMINISTRATIVE = "administrative"  # 行政
    ENFORCEMENT = "enforcement"  # 执行
    OTHER_PROCEDURE = "other_procedure"  # 国家赔偿, 司法救助, ...
    NOT_A_JUDGMENT = "not_a_judgment"
    UNKNOWN_FORMAT = "unknown_format"  # holds Chinese text, but under names that no reader knows
    BAD_RECORD = "bad_record"  # broken JSON, a text that is no text
    READER_FAILED = "reader_failed"  # a fault of the reader, not of the file


@dataclass(frozen=True, slots=True)
class Rejected:
    """One file or record that was left out. `path` names the file (`a.zip!inner/b.html`), `place` the record (`line 12`)."""

    path: str
    place: str
    reason: str
    detail: str

    @classmethod
    def because(cls, path: str, place: str, error: RecordError) -> Rejected:
        """Return the row for an error raised while reading `place` of `path`."""
        return cls(path, place, str(error.reason), error.detail)
