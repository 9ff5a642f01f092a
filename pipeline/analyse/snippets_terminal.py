"""Search hits as lines for people and as rows for programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from pipeline.analyse.snippets import Found, Snippet
from pipeline.codebook import load

_HEADING = ("judgment_id", "case_number", "court", "decided_on")
_HIT = "bold black on #ffd75f"  # both colours are given, so that the words can be read on a light and on a dark screen
Label = Callable[[str, str], str]


def print_found(found: Sequence[Found], language: str = "en", console: Console | None = None) -> None:
    """One line for each judgment and one for each snippet; hits in colour on a terminal that takes colours, elsewhere in 【】."""
    console = console or Console(highlight=False)
    coloured = console.is_terminal and not console.no_color and "NO_COLOR" not in os.environ
    label = load().labeller(language)
    for each in found:
        _print(console, Text(_heading(each, label), style="bold"), coloured)
        for snippet in each.snippets:
            words = Text("    ").join([Text(), _coloured(snippet) if coloured else Text(snippet.marked())])
            _print(console, words + Text(_asserted(snippet, language), style="dim"), coloured)


def _print(console: Console, line: Text, coloured: bool) -> None:
    if coloured:
        console.print(line, soft_wrap=True)
    else:  # rich would make blanks of the tabs
        console.file.write(line.plain + "\n")


def _coloured(snippet: Snippet) -> Text:
    return Text().join(Text(words, style=_HIT if hit else "") for words, hit in snippet.pieces())


def _asserted(snippet: Snippet, language: str) -> str:
    """Section and speaker in words, where they were asked for."""
    if not snippet.section:
        return ""
    codebook = load()
    return f"  ({codebook.sections[snippet.section].label(language)}, {codebook.speakers[snippet.speaker].label(language)})"


def _heading(found: Found, label: Label) -> str:
    """What tells the judgment from others, parted by tabs."""
    named = [found.row[column] for column in _HEADING]
    if found.row["attack_type"]:
        named.append(label("attack_type", found.row["attack_type"]))
    elif not any(named[1:]):
        named.append(found.row["title"] or found.row["source_id"])
    return "\t".join(" ".join(str(value).split()) for value in named if value)


def snippet_rows(found: Sequence[Found]) -> Iterator[dict[str, Any]]:
    """One row for each snippet: the judgment, how often the words stand in it, where the snippet stands (offsets in the text), its words.

    A judgment without snippets (found by what is not in it, or by filters alone) has one row in which they are empty.
    """
    for each in found:
        for snippet in each.snippets or (None,):
            place = {"start": snippet.start, "end": snippet.end} if snippet else {"start": None, "end": None}
            said = {"section": snippet.section, "speaker": snippet.speaker} if snippet else {"section": "", "speaker": ""}
            yield {**each.row, "hits": each.hits, **place, **said, "snippet": snippet.marked() if snippet else ""}
