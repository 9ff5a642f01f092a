"""How much a file may ask of this machine before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is held in memory or unpacked. The longest Chinese judgments have about 3 million characters."""

    small: int = 256 << 10  # bytes of a file that is read in one go, perhaps by another process: saved pages, not dumps
    line: int = 32 * MEBI  # characters of one line or one JSON value
    document: int = 32 * MEBI  # characters of a file that is one document
    binary: int = 128 * MEBI  # bytes of a Word file, PDF or picture
    office_part: int = 64 * MEBI  # bytes of one unpacked part of a Word document
    pixels: int = 128 * MEBI  # of one picture or page
    pages: int = 3000  # of a PDF or a picture of many pages
    nested_archive: int = 4096 * MEBI  # bytes of a zip archive inside an archive, which must be unpacked to be opened
    in_memory: int = 32 * MEBI  # bytes of an unpacked member held in memory; beyond, in a nameless temporary file
    scratch: int = 32 * 1024 * MEBI  # bytes unpacked at one time from an archive that cannot be read in place
    directory: int = 256 * MEBI  # bytes of a zip archive's list of members, about one million
    unpacked: int = 256 * 1024 * MEBI  # bytes unpacked from one archive, everything inside it included
    ratio: int = 200  # unpacked to packed size; Chinese text packs about 1:4, bulk CSV up to 1:20
    ratio_floor: int = 4 * MEBI  # below this size the ratio does not matter
    depth: int = 5  # archives inside archives
    ascii_scan: int = 64 * MEBI  # bytes searched for the first character that can tell the encoding


LIMITS = Limits()
