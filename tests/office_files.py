"""Word, PDF and compound files made by hand, in the shapes that Word, WPS and printers' drivers write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{OFFICE}"'
)
_KINDS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header1": "header",
    "footer1": "footer",
}


def p(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; a run without markup is text."""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(text: str, num: int = 1, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def numbering(*lists: Sequence[tuple[str, str]], nums: str = "") -> str:
    """Lists of levels, each (number format, text around it); list N is named by w:numId N."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (form, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for number, levels in enumerate(lists, 1)
    )
    named = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(1, len(lists) + 1))
    return part("numbering", abstract + named + nums)


def part(root: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {NAMESPACES}>{inner}</w:{root}>'


def docx(body: str, parts: Mapping[str, str] | None = None, title: str = "", files: Mapping[str, bytes | str] | None = None) -> bytes:
    """A Word document; `parts` are further parts of word/ by name (styles, numbering, footnotes, header1)."""
    parts = dict(parts or {})
    relations = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/{_KINDS[name]}" Target="{name}.xml"/>' for n, name in enumerate(parts))
    core = f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{OFFICE}/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": core,
        "word/document.xml": part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        **{f"word/{name}.xml": text for name, text in parts.items()},
        **(files or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def pdf(pages: Iterable[Sequence[tuple[float, float, float, str]]], *, turn: int = 0, extra: str = "", picture: bool = False) -> bytes:
    """A PDF whose pages hold (x, y from the bottom, size, text) in a Chinese font that is not embedded.

    `turn`: the text runs that many degrees to the left, and the page says that it is to be shown turned back. `extra` is written into
    the trailer; with `picture` each page is covered by a grey picture.
    """
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>")
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
        b" /DW 1000 /W [1 [500 500] 814 939 500] /FontDescriptor 5 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120"
        b" /CapHeight 880 /StemV 80 >>"
    )
    objects.append(_stream(b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"))
    kids = []
    for page in pages:
        drawn = b"q 500 0 0 800 40 20 cm /I Do Q\n" if picture else b""
        texts = (f"BT /F {size} Tf {_place(x, y, turn)} Tm <{text.encode('utf-16-be').hex()}> Tj ET".encode() for x, y, size, text in page)
        objects.append(_stream(drawn + b"\n".join(texts)))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Resources << /Font << /F 3 0 R >> /XObject << /I 6 0 R >> >>"
            b" /Contents %d 0 R >>" % (turn, len(objects))
        )
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    data, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, extra.encode(), len(data))
    return data + table + trailer


def _place(x: float, y: float, turn: int) -> str:
    """The matrix that puts text at a place of the page as it is shown."""
    return {
        0: f"1 0 0 1 {x} {y}",
        90: f"0 1 -1 0 {595 - y} {x}",
        180: f"-1 0 0 -1 {595 - x} {842 - y}",
        270: f"0 -1 1 0 {y} {842 - x}",
    }[turn]


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE): each stream in sectors of 512 bytes, none in the small ones."""
    names, sectors, fat, entries = list(streams), bytearray(), [], []
    for name in names:
        content = streams[name].ljust(4096, b"\x00")
        content += bytes(-len(content) % 512)
        first, count = len(fat), len(content) // 512
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        sectors += content
        entries.append((name, 2, first, max(4096, len(streams[name]))))
    directory = b"".join(
        _entry(name, kind, start, size, right=number + 1 if 0 < number < len(entries) else -1, child=1 if number == 0 and entries else -1)
        for number, (name, kind, start, size) in enumerate([("Root Entry", 5, 0xFFFFFFFE, 0), *entries])
    )
    directory += bytes(-len(directory) % 512)
    directory_at = len(fat)
    fat += [*range(directory_at + 1, directory_at + len(directory) // 512), 0xFFFFFFFE]
    sectors += directory
    tables = -(-(len(fat) + 4) // 128) + 1
    fat_at = list(range(len(fat), len(fat) + tables))
    fat += [0xFFFFFFFD] * tables
    sectors += struct.pack(f"<{tables * 128}I", *fat, *[0xFFFFFFFF] * (tables * 128 - len(fat)))
    header = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, fat_at[0])  # fmt: skip
    return (header[:76] + struct.pack("<109I", *fat_at, *[0xFFFFFFFF] * (109 - tables))).ljust(512, b"\x00") + bytes(sectors)


def _entry(name: str, kind: int, start: int, size: int, *, right: int, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    return text.ljust(64, b"\x00") + struct.pack("<HBBiii36xII4x", len(text), kind, 1, -1, right, child, start, size)


def doc(
    paragraphs: Sequence[tuple[str, bytes]],
    *,
    hidden: Sequence[tuple[int, int]] = (),
    lengths: Sequence[int] | None = None,
    lists: tuple[bytes, bytes, bytes] = (b"", b"", b""),
    flags: int = 0x0200,
    version: int = 0xC1,
) -> bytes:
    """A binary Word 97 file. A paragraph is its text with its end mark, and its properties (sprms).

    `hidden` are character positions; `lengths` those of text, footnotes, headers, ...; `lists` the list table, its levels, the overrides.
    """
    text, at = "".join(content for content, _ in paragraphs), 0x800
    places, papx = [at], []
    for content, properties in paragraphs:
        places.append(places[-1] + 2 * len(content))
        stated = b"\x00\x00" + properties
        papx.append(bytes([0, (len(stated) + 1) // 2]) + stated.ljust(len(stated) + len(stated) % 2, b"\x00"))
    body = text.encode("utf-16-le")
    pages_at = -(-(at + len(body)) // 512)
    edges = sorted({at, at + len(body), *(at + 2 * position for pair in hidden for position in pair)})
    unseen = {at + 2 * start for start, _ in hidden}
    runs = [b"\x05\x3c\x08\x01\x00\x08\x00" if edge in unseen else b"\x00" for edge in edges[:-1]]
    main = bytearray(0x800)
    table = b""
    parts = {
        0x1A2: b"\x02" + struct.pack("<I", 16) + struct.pack("<IIHIH", 0, len(text), 0, at, 0),
        0x102: struct.pack("<III", at, at + len(body), pages_at),
        0xFA: struct.pack("<III", at, at + len(body), pages_at + 1),
        0x2EA: lists[2],
    }
    for place, content in parts.items():
        struct.pack_into("<II", main, place, len(table), len(content))
        table += content
    struct.pack_into("<II", main, 0x2E2, len(table), len(lists[0]))
    table += lists[0] + lists[1]
    struct.pack_into("<HH6xH", main, 0, 0xA5EC, version, flags)
    struct.pack_into("<8i", main, 0x4C, *(lengths or [len(text), 0, 0, 0, 0, 0, 0, 0]))
    content = (bytes(main) + body).ljust(pages_at * 512, b"\x00") + _page(places, papx, 13) + _page(edges, runs, 1)
    return compound({"WordDocument": content, "1Table": table})


def _page(places: Sequence[int], stated: Sequence[bytes], width: int) -> bytes:
    """A page of properties: where the runs begin, where in the page their properties stand, and those, from the end."""
    page, at, offsets = bytearray(512), 510, []
    for properties in stated:
        at = (at - len(properties)) // 2 * 2
        page[at : at + len(properties)] = properties
        offsets.append(at // 2)
    struct.pack_into(f"<{len(places)}I", page, 0, *places)
    for number, offset in enumerate(offsets):
        page[4 * len(places) + width * number] = offset
    page[511] = len(stated)
    return bytes(page)
