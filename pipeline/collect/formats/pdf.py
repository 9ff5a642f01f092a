"""PDF: the text of its pages in reading order; pages that are pictures go through character recognition (the extra `ocr`)."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.collect.limits import LIMITS
from pipeline.collect.pages import recognition
from pipeline.collect.pages.layout import Piece, paragraphs, rows, without_margins
from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

NAME = "pdf"
_SIGNATURE = b"%PDF-"
_FRONT = 1024  # bytes before the signature that readers of PDF put up with
_FEW = 15  # characters up to which a page may still be a picture with a stamp or a page number
_COVERED = 0.3  # of a page that a picture must fill
_DRAWN = 200  # lines and curves of a page whose letters are drawn
_UNREADABLE = 0.2  # share of signs without a meaning from which a page's text is none (fonts that do not say what they show)
_NOTHING = "\x00\x02\r\n\xad\ufffe\ufeff"  # line ends, and hyphens at them
_DPI = 200
_POINTS = 72  # for each inch
_PIXELS = 40_000_000  # of a rendered page
_QUARTERS = 4  # in which a page may be turned
_TILT = 0.1  # of a quarter, that upright signs may have
# Radicals that some programs write in place of the characters that look like them, where Unicode knows no equivalence.
_RADICALS = dict(
    zip(
        "⺠⻄⻅⻆⻋⻓⻔⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⺟⻘⺎⺒⺝⻉⻐⻙⻳⻁⻈",
        "民西见角车长门页风飞食马骨鬼鱼鸟麦黄齐齿龙母青尢巳月刂钅韦龟虎讠",
        strict=True,
    )
)


def recognise(start: bytes) -> bool:
    """Tell a PDF by its signature, which may follow some bytes of another program's."""
    return _SIGNATURE in start[:_FRONT]


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment on the pages. Raises RecordError: encrypted, truncated, missing_reader (pictures without the extra)."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        raise _refusal(error.err_code) from error
    try:
        return _judgment(document, name)
    except PdfiumError as error:
        raise RecordError(Reason.TRUNCATED, f"a page cannot be read ({error}); copy or download the PDF again") from error
    finally:
        document.close()


def _refusal(code: int | None) -> RecordError:
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    if code in {FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY}:
        return RecordError(Reason.ENCRYPTED, "the PDF asks for a password; remove it and save the PDF again")
    return RecordError(Reason.TRUNCATED, "the PDF is damaged or its end is missing; copy or download it again")


def _judgment(document: PdfDocument, name: str) -> Judgment:
    if len(document) > LIMITS.pages:
        raise RecordError(Reason.TOO_LARGE, f"a PDF of {len(document)} pages; split it into single judgments")
    pages = [_page(document, number) for number in range(len(document))]
    stated = _recognise_pictures(document, pages)
    kept, margin = without_margins([rows(pieces or ()) for pieces in pages])
    title = document.get_metadata_value("Title")
    return from_lines(NAME, name, paragraphs(kept), title=title, margin=margin, stated=stated)


def _recognise_pictures(document: PdfDocument, pages: list[list[Piece] | None]) -> dict[str, str]:
    """Fill in the pages that are pictures; return the confidence as metadata. Raises RecordError: missing_reader, illegible."""
    pictures = [number for number, pieces in enumerate(pages) if pieces is None]
    if not pictures:
        return {}
    see = recognition.engine()
    read = [recognition.read(_rendered(document, number), see) for number in pictures]
    score = recognition.confidence(read) if len(pictures) == len(pages) else recognition.mean(read)
    for number, page in zip(pictures, read, strict=True):
        scale = _scale(document, number)
        pages[number] = [Piece(p.text, p.left / scale, p.right / scale, p.top / scale, p.bottom / scale) for p in page.pieces]
    return {"ocr": f"{score:.3f}"}


def _scale(document: PdfDocument, number: int) -> float:
    """Return the pixels for each point at which a page is rendered: 200 dpi, less for posters."""
    width, height = document.get_page_size(number)
    return min(_DPI / _POINTS, math.sqrt(_PIXELS / max(width * height, 1.0)))


def _rendered(document: PdfDocument, number: int) -> Image:
    page = document[number]
    bitmap = page.render(scale=_scale(document, number))
    try:
        image: Image = bitmap.to_pil().convert("RGB")
        return image
    finally:
        bitmap.close()
        page.close()


def _page(document: PdfDocument, number: int) -> list[Piece] | None:
    """Return the signs on a page, None when the page is a picture."""
    page = document[number]
    text = page.get_textpage()
    try:
        pieces = _pieces(text)
        signs = "".join(piece.text for piece in pieces if piece.text.strip())
        strange = sum(1 for sign in signs if unicodedata.category(sign) in {"Co", "Cc", "Cn"} or sign == "\ufffd")
        if strange > _UNREADABLE * len(signs) or (len(signs) <= _FEW and _is_picture(page)):
            return None
        return pieces
    finally:
        text.close()
        page.close()


def _is_picture(page: PdfPage) -> bool:
    """Tell whether a page without text is one. Raises RecordError where text is there, but no font to tell it by."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_TEXT

    width, height = page.get_size()
    drawn, written, covered = 0, 0, 0.0
    for part in page.get_objects(max_depth=5):
        drawn += part.type == FPDF_PAGEOBJ_PATH
        written += part.type == FPDF_PAGEOBJ_TEXT
        if part.type == FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = part.get_bounds()
            covered += abs((right - left) * (top - bottom))
    if covered >= _COVERED * width * height or drawn >= _DRAWN:
        return True
    if written > 2 * _FEW:
        detail = "the PDF's fonts are neither in it nor on this machine; install a Chinese font, or save the PDF with its fonts embedded"
        raise RecordError(Reason.UNREADABLE, detail)
    return False


def _pieces(text: PdfTextPage) -> list[Piece]:
    """Return the signs that stand upright on a page, as most of its signs do: what lies across it is a watermark."""
    from pypdfium2 import raw

    handle, box = text.raw, raw.FS_RECTF()
    found: list[tuple[int, str, tuple[float, float, float, float]]] = []
    for index in range(raw.FPDFText_CountChars(handle)):
        sign = chr(raw.FPDFText_GetUnicode(handle, index))
        if sign in _NOTHING or (sign.isspace() and raw.FPDFText_IsGenerated(handle, index)):
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, index, ctypes.byref(box)):
            continue
        turn = raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2)
        if abs(turn - round(turn)) < _TILT:
            found.append((round(turn) % _QUARTERS, _plain(sign), (box.left, box.bottom, box.right, box.top)))
    upright = Counter(turn for turn, _, _ in found).most_common(1)
    return [Piece(sign, *_turned(place, turn)) for turn, sign, place in found if turn == upright[0][0]]


def _turned(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """Return left, right, top and bottom as a reader sees them whose text runs some quarters to the right; y grows downwards."""
    left, bottom, right, top = box
    return (
        (left, right, -top, -bottom),
        (-top, -bottom, -right, -left),
        (-right, -left, bottom, top),
        (bottom, top, left, right),
    )[turn]


def _plain(sign: str) -> str:
    """Return the character for a radical that stands in its place (⼈ for 人): fonts know one glyph for both."""
    if "\u2f00" <= sign <= "\u2fd5":
        return unicodedata.normalize("NFKC", sign)
    return _RADICALS.get(sign, sign)
