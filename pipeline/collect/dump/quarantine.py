"""Rows that cannot be read, written to a file so that none is lost: JSON lines beside the database.

Every line says where the row stands and why it is there. Its bytes are in `text` when they are UTF-8, else in `base64`; a row too
long to be held is named by its place and length alone. `may_match` says that keywords stand in it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

import orjson

from pipeline.collect.dump.portions import BadRow

_UNFIT = re.compile(r"[^\w.-]+")
_NAME = 60  # characters


def quarantine_file(folder: Path, member: str, keywords: str) -> Path:
    """Return the file for the bad rows of a member, whatever its name holds."""
    name = _UNFIT.sub("_", re.split(r"[/\\!]", member)[-1])[:_NAME].lstrip(".")
    digest = hashlib.blake2b(f"{member}\n{keywords}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return folder / f"{name}-{digest}.jsonl"


def append(path: Path, member: str, rows: Sequence[BadRow], since: int) -> int:
    """Write rows behind the first `since` bytes of the file, on to the disk; how long it is then.

    What stands behind `since` was written by a run that did not come to note it in the ledger, and is written again.
    """
    if not rows and not path.exists():
        return since
    path.parent.mkdir(exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as file:
        file.truncate(min(since, file.seek(0, os.SEEK_END)))
        file.seek(0, os.SEEK_END)
        file.writelines(_line(member, row) for row in rows)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _line(member: str, row: BadRow) -> bytes:
    place = {"member": member, "row": row.row, "offset": row.offset, "length": row.length, "reason": row.reason, "may_match": row.may_match}
    return orjson.dumps(place | _content(row.data), option=orjson.OPT_APPEND_NEWLINE)


def _content(data: bytes | None) -> dict[str, str]:
    if data is None:
        return {}
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
