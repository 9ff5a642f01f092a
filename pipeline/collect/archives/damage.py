"""What an exception met while reading bytes means for the user."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
import zlib

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

# What reading and unpacking can raise on damaged or foreign files.
UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
_BZ2_DAMAGE = "Invalid data stream"
_PASSWORD = "is encrypted, password"  # as zipfile says it


def unpacking_error(error: Exception) -> RecordError:
    """Say what an exception met while reading bytes means for the user."""
    if isinstance(error, NotImplementedError):
        return RecordError(Reason.UNREADABLE, "the archive is packed by a method that cannot be read here; unpack it first")
    if isinstance(error, RuntimeError) and _PASSWORD in str(error):
        return RecordError(Reason.ENCRYPTED, "the archive member is encrypted; unpack it with its password first")
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile) and str(error) != _BZ2_DAMAGE:
        text = error.strerror or str(error)
        return RecordError(Reason.UNREADABLE, f"the file cannot be read ({text}); check its name and permissions")
    return RecordError(Reason.TRUNCATED, "the archive is damaged or its end is missing; copy or download it again")
