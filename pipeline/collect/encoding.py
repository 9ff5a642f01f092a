"""Which encoding a file is in, told from a sample of its bytes."""

from __future__ import annotations

import codecs

SAMPLE = 1 << 20
_HAN = ("\u4e00", "\u9fff")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Lead bytes of the rows that hold the everyday characters: GB2312 level 1, Big5 level 1. Chinese read in the wrong
# encoding decodes without an error more often than not, but into rare characters. Big5 as Windows writes it, then Hong Kong's:
# plain Big5 lacks everyday characters of both (裏, 碁, 邨) and the dot inside names.
_EVERYDAY_ROWS = {"gb18030": (0xB0, 0xD7), "cp950": (0xA4, 0xC6), "big5hkscs": (0xA4, 0xC6)}
_EVERYDAY_SHARE = 0.6
_DAMAGE = 0.01


def detect(sample: bytes, *, complete: bool) -> str | None:
    """Return the codec for a file that begins with `sample`, or None when it is no text in an encoding known here.

    `complete` says that the sample is the whole file; otherwise a character cut at its end is no error. A file with a few
    damaged bytes (under 1 % of its characters) keeps its encoding: the damaged records are refused one by one.
    """
    for bom, codec in _BOMS:
        if sample.startswith(bom):
            return codec
    if _decode(sample, "utf-8", complete) is not None:
        return "utf-8-sig"
    shares = {codec: _everyday_share(text, codec) for codec in _EVERYDAY_ROWS if (text := _decode(sample, codec, complete)) is not None}
    best = max(shares, key=lambda codec: shares[codec], default=None)
    if best is not None and shares[best] >= _EVERYDAY_SHARE:
        return best
    return next((codec for codec in ("utf-8-sig", "gb18030") if _damage(sample, codec) <= _DAMAGE), None)


def undecodable(text: str) -> bool:
    """Tell whether `text`, decoded with `errors="surrogateescape"`, holds bytes that were no characters."""
    try:
        text.encode("utf-8")  # much faster than a search for them
    except UnicodeEncodeError:
        return True
    return False


def _decode(sample: bytes, codec: str, complete: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(sample, complete)
    except UnicodeDecodeError:
        return None


def _everyday_share(text: str, codec: str) -> float:
    """Return which share of the Han characters stands in the everyday rows of the codec."""
    low, high = _EVERYDAY_ROWS[codec]
    han = [c for c in text[:20000] if _HAN[0] <= c <= _HAN[1]]
    everyday = sum(low <= c.encode(codec)[0] <= high for c in han)
    return everyday / len(han) if han else 0.0


def _damage(sample: bytes, codec: str) -> float:
    """Return which share of the characters beyond ASCII cannot be decoded."""
    text = codecs.getincrementaldecoder(codec)("surrogateescape").decode(sample, False)
    beyond = sum(not c.isascii() for c in text)
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    return broken / beyond if beyond else 1.0
