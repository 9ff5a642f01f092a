"""Photographed and scanned judgments (PNG, JPEG, TIFF, BMP, WebP, GIF): one document in a file, its pages in the frames of a TIFF."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.collect.limits import LIMITS
from pipeline.collect.pages import recognition
from pipeline.collect.pages.layout import paragraphs, rows, without_margins
from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

if TYPE_CHECKING:
    from PIL.Image import Image

NAME = "picture"
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
_APPLE = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypavif")  # photographs of telephones, from the fifth byte
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")


def recognise(start: bytes) -> bool:
    """Tell a picture by its signature; two letters are too few for a BMP, whose reserved bytes are zero."""
    return (
        start.startswith(_SIGNATURES)
        or start[4:12] in _APPLE
        or (start.startswith(b"RIFF") and start[8:12] == b"WEBP")
        or (start.startswith(b"BM") and start[6:10] == b"\x00\x00\x00\x00" and len(start) > 14)
    )


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment on the picture. Raises RecordError: missing_reader (without the extra), illegible, ..."""
    if data[4:12] in _APPLE:
        raise RecordError(Reason.BINARY, "this is a photograph in a form that cannot be opened here (HEIC); save it as JPEG or PDF")
    see = recognition.engine()
    pages = [recognition.read(image, see) for image in frames(data)]
    score = recognition.confidence(pages)
    kept, margin = without_margins([rows(page.pieces) for page in pages])
    try:
        return from_lines(NAME, name, paragraphs(kept), margin=margin, stated={"ocr": f"{score:.3f}"})
    except RecordError as error:
        if error.reason != Reason.NOT_A_JUDGMENT:
            raise
        detail = f"{error.detail}; if it is a later page of a judgment, put all its pages into one PDF"
        raise RecordError(error.reason, detail) from error


def frames(data: bytes) -> Iterator[Image]:
    """Yield the pictures in a file, as a viewer shows them. Raises RecordError: truncated, too_large."""
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=_FORMATS) as file:
            warnings.simplefilter("ignore")
            for number, frame in enumerate(ImageSequence.Iterator(file)):
                if frame.width * frame.height > LIMITS.pixels or number >= LIMITS.pages:
                    raise RecordError(Reason.TOO_LARGE, f"a picture of {frame.width} x {frame.height} points; save its pages smaller")
                yield ImageOps.exif_transpose(frame).convert("RGB")
                if file.format == "MPO":  # a camera's second picture shows the same, smaller
                    return
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise RecordError(Reason.TRUNCATED, "the picture is damaged or its end is missing; copy it again") from error
