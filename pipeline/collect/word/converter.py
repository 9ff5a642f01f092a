"""LibreOffice, where it is installed, for word processors' files that nothing here reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_PROGRAMS = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_SECONDS = 120


def lines(data: bytes) -> list[str]:
    """Return the lines of a document of any word processor. Raises RecordError: missing_reader, truncated."""
    found = program()
    if found is None:
        detail = "a Word file older than Word 97; install LibreOffice, which reads it, or save it as .docx"
        raise RecordError(Reason.MISSING_READER, detail)
    with tempfile.TemporaryDirectory(prefix="anjuan-") as folder:
        text = _converted(found, data, Path(folder))
    if text is None:
        raise RecordError(Reason.TRUNCATED, "LibreOffice cannot read the document; copy it again or save it as .docx")
    return text.removeprefix("\ufeff").splitlines()


def program() -> str | None:
    """Return where LibreOffice is installed, or None."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _converted(command: str, data: bytes, folder: Path) -> str | None:
    """Convert in a folder and with a profile of its own: no macro, no document of the user's is touched."""
    source = folder / "document"
    source.write_bytes(data)
    arguments = [command, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    arguments += ["--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder), str(source)]
    try:
        subprocess.run(
            arguments, timeout=_SECONDS, capture_output=True, check=False, stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder)}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    result = folder / "document.txt"
    return result.read_text("utf-8", "replace") if result.is_file() else None
