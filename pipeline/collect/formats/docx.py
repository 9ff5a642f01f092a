"""Word and WPS documents (.docx, .docm, .dotx): a zip of XML parts. Told by content; a .doc may be one."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Node

from pipeline.collect.encoding import detect
from pipeline.collect.formats import html_page, mhtml, plain_text
from pipeline.collect.limits import LIMITS
from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.collect.word import parts
from pipeline.collect.word.text import Story, children, find, local, value
from pipeline.schema import Judgment, RecordError

NAME = "docx"
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED_FLAG = 0x1
_MAIN = "word/document.xml"
_NOTES = {"footnote": "footnotes", "endnote": "endnotes"}
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, NotImplementedError, RuntimeError)


def recognise(start: bytes) -> bool:
    """Tell a zip: archives were opened before, only those that are a document come here."""
    return start.startswith(_SIGNATURE)


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment in a document: text, numbering, tables, text boxes, footnotes; no headers, deleted or hidden text. Raises RecordError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return judgment(Package(_members(archive)), name)
    except RecursionError as error:
        raise RecordError(Reason.BAD_RECORD, "the Word document nests its parts too deeply; save it anew in a word processor") from error
    except _DAMAGE as error:
        raise RecordError(Reason.TRUNCATED, "the Word document is damaged or its end is missing; copy it again or save it anew") from error


class Package:
    """The parts of a document and the relations between them. `read` returns a part's bytes by its name, None when there is none."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self.read = read
        self.main = next((target for kind, _, target in self.relations("") if kind == "officeDocument"), _MAIN)

    def tree(self, name: str) -> Node | None:
        """Return a part's XML, None when there is none."""
        data = self.read(name)
        return None if data is None else xml(data)

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """Return kind, identifier and target of what a part ('' for the whole document) refers to inside the document."""
        folder, base = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        return [
            (value(node, "Type").rpartition("/")[2], value(node, "Id"), _target(folder, value(node, "Target")))
            for node in (children(root) if root is not None else ())
            if value(node, "TargetMode") != "External"
        ]


def _members(archive: zipfile.ZipFile) -> Callable[[str], bytes | None]:
    """Return what reads the members of a zip. Raises RecordError: too_large, encrypted."""
    names = {name.lstrip("/").lower(): name for name in archive.namelist()}

    def read(name: str) -> bytes | None:
        member = names.get(name.lower())
        if member is None:
            return None
        info = archive.getinfo(member)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise RecordError(Reason.ENCRYPTED, "the document is encrypted; remove its password and save it again")
        bomb = info.file_size > LIMITS.ratio_floor and info.file_size > LIMITS.ratio * max(info.compress_size, 1)
        if bomb or info.file_size > LIMITS.office_part:
            raise RecordError(Reason.TOO_LARGE, f"{name} unpacks to {info.file_size} bytes, as no judgment does; leave the file out")
        return archive.read(info)

    return read


def xml(data: bytes) -> Node:
    """Return the tree of an XML part. Raises RecordError: entities, DTDs, nesting over 256 and broken XML are refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        detail = f"its XML cannot be read ({str(error).splitlines()[0][:100]}); open it in a word processor and save it anew"
        raise RecordError(Reason.BAD_RECORD, detail) from error
    if root.getroottree().docinfo.doctype:
        raise RecordError(Reason.BAD_RECORD, "its XML declares entities, which Word never writes; leave the file out")
    return root


def _target(folder: str, target: str) -> str:
    target = unquote(target)
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def judgment(package: Package, name: str) -> Judgment:
    """Return the judgment in the parts of a document. Raises RecordError."""
    main = package.read(package.main)
    if main is None:
        raise RecordError(Reason.TRUNCATED, "the Word document has no text part; copy it again or save it anew")
    root = xml(main)
    related: dict[str, list[str]] = {}
    for kind, _, target in package.relations(package.main):
        related.setdefault(kind, []).append(target)
    known, default = parts.styles(_telling_styles(package, related, main))
    lists, known = parts.lists(_first(package, related, "numbering"), known)
    story = Story(known, lists, default)
    lines = story.lines(root)
    if story.chunks:
        return _chunk(package, story.chunks, lines, name)
    margin = [line for target in related.get("header", ()) for line in _margin(package, target, story)]
    return from_lines(NAME, name, lines + _notes(package, related, story), title=_title(package), margin=margin)


def _first(package: Package, related: dict[str, list[str]], kind: str) -> Node | None:
    return package.tree(related[kind][0]) if related.get(kind) else None


def _telling_styles(package: Package, related: dict[str, list[str]], main: bytes) -> Node | None:
    """Return the styles where the text names some and some number or hide: reading them takes longer than all else."""
    data = package.read(related["styles"][0]) if related.get("styles") and b"Style" in main else None
    return xml(data) if data is not None and (b"numPr" in data or b"vanish" in data) else None


def _margin(package: Package, target: str, story: Story) -> list[str]:
    root = package.tree(target)
    return story.lines(root) if root is not None else []


def _notes(package: Package, related: dict[str, list[str]], story: Story) -> list[str]:
    """Return the footnotes, then the endnotes, in the order in which the text refers to them."""
    found: list[str] = []
    for kind, part in _NOTES.items():
        root = _first(package, related, part)
        bodies = {value(node, "id"): node for node in (children(root) if root is not None else ()) if local(node) == kind}
        for number, reference in enumerate([ref for noted, ref in list(story.notes) if noted == kind], 1):
            if reference in bodies:
                found += story.note(number, bodies[reference])
    return found


def _title(package: Package) -> str:
    part = next((target for kind, _, target in package.relations("") if kind == "core-properties"), "docProps/core.xml")
    title = find(package.tree(part), "title")
    return (title.text or "").strip() if title is not None else ""


def _chunk(package: Package, chunks: list[str], lines: list[str], name: str) -> Judgment:
    """Read a document that only wraps a page (a web site's "save as Word"). Raises RecordError when text stands beside the page."""
    targets = {identifier: target for _, identifier, target in package.relations(package.main)}
    data = package.read(targets.get(chunks[0], "")) if len(chunks) == 1 and not lines else None
    codec = detect(data, complete=True) if data else None
    if data is None or codec is None:
        raise RecordError(Reason.UNKNOWN_FORMAT, "parts of the text are embedded files; open it in a word processor and save it anew")
    text = data.decode(codec, "replace")
    if mhtml.recognise(text):
        return mhtml.parse(text, name)
    return html_page.parse(text, name) if html_page.recognise(text) else plain_text.parse(text, name)
