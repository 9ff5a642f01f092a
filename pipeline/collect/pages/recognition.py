"""Character recognition of printed pages (the extra `ocr`): what stands where on a picture, and how sure the engine is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from pipeline.collect.pages.layout import Piece
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST = 0.5  # confidence under which a line is dropped (the rim of a seal), and a document refused
_UPRIGHT = 0.8  # confidence under which a page may lie on its side or head
_TURNS = (180, 90, 270)
_UPENDED = 2.0  # height to width of what is no line of text: writing in the margin, half a seal
_EVEN = 0.2  # slope beyond which a line says nothing about how a page lies
_LONG = 5  # characters of a line that tells how a page lies
_LONGEST = 4000  # points of a picture's longer side; the engine works on 2000
_LEAST_SIDE = 64
_SLIMMEST = 3  # longer side to shorter
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """A line that the engine saw: its text, its confidence from 0 to 1, and its corners from top left, clockwise."""

    text: str
    score: float
    corners: Sequence[Corner]


@dataclass(frozen=True, slots=True)
class Page:
    """What was recognised on one page. `score` is the mean confidence, each character counting the same."""

    pieces: list[Piece]
    score: float
    length: int


Engine = Callable[["Image"], Iterable[Seen]]


@functools.cache
def engine() -> Engine:
    """Return the engine, loaded once (about a second). Raises RecordError: missing_reader."""
    try:
        import onnxruntime  # noqa: F401  # rapidocr asks for it only when it reads
        from rapidocr import RapidOCR
    except ImportError as error:
        detail = "its text is a picture; to have it recognised: pip install 'anjuan[ocr]'"
        raise RecordError(Reason.MISSING_READER, detail) from error
    loaded = RapidOCR(params={"Global.log_level": "critical", "Global.text_score": 0.0, "Global.use_cls": False})

    def see(image: Image) -> list[Seen]:
        found: Any = loaded(_sized(image))
        if found.boxes is None or found.txts is None:
            return []
        corners = [[(float(x), float(y)) for x, y in box] for box in found.boxes]
        return [Seen(*line) for line in zip(found.txts, map(float, found.scores), corners, strict=True)]

    return see


def _sized(image: Image) -> Image:
    """Return a picture of a size that the engine can take: it enlarges the shorter side, so that strips would fill the memory.

    What the engine itself makes smaller is made smaller before; a strip is laid on a white sheet, at its top left.
    """
    import PIL.Image

    if max(image.size) > _LONGEST:
        image = image.resize((max(1, image.width * _LONGEST // max(image.size)), max(1, image.height * _LONGEST // max(image.size))))
    least = max(_LEAST_SIDE, max(image.size) // _SLIMMEST)
    if min(image.size) >= least:
        return image
    sheet = PIL.Image.new("RGB", (max(image.width, least), max(image.height, least)), "white")
    sheet.paste(image, (0, 0))
    return sheet


def read(image: Image, see: Engine) -> Page:
    """Return what stands on a picture, turned upright."""
    seen = list(see(image))
    if seen and _uprightness(seen) < _UPRIGHT:
        seen = max([seen, *(list(see(image.rotate(turn, expand=True))) for turn in _TURNS)], key=_uprightness)
    return _page(seen)


def mean(pages: Iterable[Page]) -> float:
    """Return the mean confidence over pages, 0 when nothing was seen."""
    lengths = [(page.score, page.length) for page in pages]
    return sum(score * length for score, length in lengths) / max(1, sum(length for _, length in lengths))


def confidence(pages: Sequence[Page]) -> float:
    """Return the mean confidence over all pages of a document. Raises RecordError: illegible, not_a_judgment (no text at all)."""
    if not any(page.length for page in pages):
        raise RecordError(Reason.NOT_A_JUDGMENT, "no text can be seen on the picture; leave the file out")
    score = mean(pages)
    if score < LEAST:
        detail = f"the text can be recognised with a confidence of {score:.2f} only; scan the page again, upright, at 300 dpi"
        raise RecordError(Reason.ILLEGIBLE, detail)
    return score


def _page(seen: Sequence[Seen]) -> Page:
    length = sum(len(line.text) for line in seen)
    score = sum(line.score * len(line.text) for line in seen) / length if length else 0.0
    slope = _slope(seen)
    pieces = [_piece(line, slope) for line in seen if line.score >= LEAST and line.text.strip()]
    return Page([piece for piece in pieces if _is_line(piece)], score, length)


def _uprightness(seen: Sequence[Seen]) -> float:
    """Return the mean confidence, with nothing for lines that run up or down the page."""
    pieces = [(_piece(line, 0.0), line.score) for line in seen]
    return sum(score * len(piece.text) for piece, score in pieces if _is_line(piece)) / max(1, sum(len(line.text) for line in seen))


def _slope(seen: Iterable[Seen]) -> float:
    """Return by how much the lines of a page that was laid askew fall, for each unit to the right."""
    ends = [(line.corners[0], line.corners[1]) for line in seen if len(line.text) >= _LONG]
    slopes = [(right[1] - left[1]) / (right[0] - left[0]) for left, right in ends if right[0] > left[0]]
    return median([slope for slope in slopes if abs(slope) < _EVEN] or [0.0])


def _piece(line: Seen, slope: float) -> Piece:
    straight = [(x + slope * y, y - slope * x) for x, y in line.corners]
    across, down = [x for x, _ in straight], [y for _, y in straight]
    return Piece(line.text.strip(), min(across), max(across), min(down), max(down))


def _is_line(piece: Piece) -> bool:
    return len(piece.text) == 1 or piece.height < _UPENDED * (piece.right - piece.left)
