"""Word's styles and lists (word/styles.xml, word/numbering.xml) in the shape in which the text needs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from lxml.etree import _Element as Node

from pipeline.collect.word.lists import Level, Numbering
from pipeline.collect.word.text import Style, find, is_on, value

_MOST_PARENTS = 20  # styles based on styles; a ring of them must end


def styles(root: Node | None) -> tuple[dict[str, Style], str]:
    """Return what each style says, inherited properties included, and the name of the default paragraph style."""
    nodes = {value(node, "styleId"): node for node in _named(root, "style")}
    default = next(
        (name for name, node in nodes.items() if value(node, "type") == "paragraph" and value(node, "default") in {"1", "true"}), ""
    )
    return {name: _style(node, nodes) for name, node in nodes.items()}, default


def lists(root: Node | None, known: dict[str, Style]) -> tuple[dict[str, Numbering], dict[str, Style]]:
    """Return the lists by name (w:numId), and the styles with the level at which a list names them."""
    abstract = {value(node, "abstractNumId"): node for node in _named(root, "abstractNum")}
    found: dict[str, Numbering] = {}
    linked = {value(node, "numId"): _target(node) for node in _named(root, "num")}
    for node in _named(root, "num"):
        base = _resolved(_target(node), abstract, linked, known)
        if base in abstract:
            found[value(node, "numId")] = _numbering(node, base, abstract[base])
    return found, {name: _at_its_level(name, style, linked, abstract) for name, style in known.items()}


def _style(node: Node, nodes: dict[str, Node]) -> Style:
    """Return a style with what it leaves to the styles that it is based on."""
    name, depth, hidden = "", "", None
    for ancestor in _lineage(node, nodes):
        number = find(find(ancestor, "pPr"), "numPr")
        name = name or value(find(number, "numId"))
        depth = depth or value(find(number, "ilvl"))
        hidden = is_on(find(find(ancestor, "rPr"), "vanish")) if hidden is None else hidden
    return Style(name, int(depth) if depth.isdecimal() else 0, hidden)


def _lineage(node: Node | None, nodes: dict[str, Node]) -> Iterator[Node]:
    for _ in range(_MOST_PARENTS):
        if node is None:
            return
        yield node
        node = nodes.get(value(find(node, "basedOn")))


def _target(num: Node) -> str:
    return value(find(num, "abstractNumId"))


def _resolved(base: str, abstract: dict[str, Node], linked: dict[str, str], known: dict[str, Style]) -> str:
    """Follow a list that borrows its levels from a list style."""
    borrowed = value(find(abstract.get(base), "numStyleLink"))
    return linked.get(known[borrowed].list_name, base) if borrowed in known else base


def _numbering(num: Node, base: str, definition: Node) -> Numbering:
    levels = {_depth(node): _level(node) for node in _named(definition, "lvl")}
    restarts: dict[int, int] = {}
    for override in _named(num, "lvlOverride"):
        depth, own = _depth(override), find(override, "lvl")
        if own is not None:
            levels[depth] = _level(own)
        start = value(find(override, "startOverride"))
        if start.isdecimal():
            restarts[depth] = int(start)
            levels[depth] = dataclasses.replace(levels.get(depth, Level()), start=int(start))
    return Numbering(base, levels, restarts)


def _level(node: Node) -> Level:
    start = value(find(node, "start"))
    return Level(
        form=value(_format(node)) or "decimal",
        text=value(find(node, "lvlText")),
        start=int(start) if start.isdecimal() else 1,
        restarts=value(find(node, "lvlRestart")) != "0",
        plain=bool(is_on(find(node, "isLgl"))),
    )


def _format(level: Node) -> Node | None:
    """Return a level's number format; newer forms stand in alternatives."""
    alternatives = find(level, "AlternateContent")
    return find(level, "numFmt") if alternatives is None else find(find(alternatives, "Fallback"), "numFmt")


def _at_its_level(name: str, style: Style, linked: dict[str, str], abstract: dict[str, Node]) -> Style:
    """A level may name the style that it numbers (标题 1, 标题 2): then the style need not name its level."""
    if not style.list_name:
        return style
    definition = abstract.get(linked.get(style.list_name, ""))
    depth = next((_depth(node) for node in _named(definition, "lvl") if value(find(node, "pStyle")) == name), style.depth)
    return dataclasses.replace(style, depth=depth)


def _depth(node: Node) -> int:
    depth = value(node, "ilvl")
    return int(depth) if depth.isdecimal() else 0


def _named(root: Node | None, name: str) -> Iterator[Node]:
    return root.iterchildren(f"{{*}}{name}") if root is not None else iter(())
