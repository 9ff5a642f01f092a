"""A judgment for the terminal: its values, then its text by sections and speakers, evidence in colour.

Where colours cannot be seen (no terminal, NO_COLOR) the same stands there in signs, on unbroken paragraphs: ⟦words⟧{variable: value}.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.analyse.marking import Close, Open, Words, tokens
from pipeline.analyse.opened import Answer, Citation, Opened, Part, Turn, tag

# Both colours are given, so that the words can be read on a light and on a dark screen.
_STYLES = tuple(f"black on {colour}" for colour in ("#ffd75f", "#87d7ff", "#afd787", "#ffafaf", "#d7afff", "#5fd7d7", "#ffaf5f", "#d7d7af"))
_CLAIM = "underline"
_QUOTED = 36  # characters of the first quotation shown beside a value
_MARGIN = 14
_WORDS = {
    "en": {"silent": "nothing said of", "accepted": "accepted", "rejected": "rejected", "by": "by", "empty": "no text"},
    "zh": {"silent": "未提及", "accepted": "采纳", "rejected": "不予采纳", "by": "由", "empty": "没有正文"},
}


def print_judgment(opened: Opened, language: str = "en", console: Console | None = None) -> None:
    """Print the judgment to the standard output, or to `console`; coloured only where the console is a terminal that takes colours."""
    console = console or Console(highlight=False)
    language = "zh" if language == "zh" else "en"
    coloured = console.is_terminal and not console.no_color and "NO_COLOR" not in os.environ
    for line in values(opened, language):
        console.print(line, soft_wrap=not coloured)
    for part in opened.parts:
        console.print()
        (_print_coloured if coloured else _print_plain)(console, opened, part, language)
    if not opened.parts:
        console.print(_WORDS[language]["empty"])


def values(opened: Opened, language: str) -> Iterator[Text]:
    """The lines on top: which judgment, and the values of case, defendants and victims with their first quotations."""
    row = opened.row
    yield Text(
        " ".join(str(row[key]) for key in ("judgment_id", "source_id", "case_number", "court", "decided_on") if row[key]), style="bold"
    )
    for party in opened.parties:
        yield Text(party.title.label(language), style="bold")
        yield from (Text(f"  {_value(opened, answer, language)}") for answer in party.answers if not answer.silent)
        if silent := [answer.variable.label(language) for answer in party.answers if answer.silent]:
            yield Text(f"  ({_WORDS[language]['silent']}: {', '.join(dict.fromkeys(silent))})", style="dim")


def _value(opened: Opened, answer: Answer, language: str) -> str:
    quoted = ""
    if answer.citations:
        first = opened.citations[answer.citations[0]]
        words = " ".join(opened.text[first.start : first.end].split())
        words = words if len(words) <= _QUOTED else words[:_QUOTED] + "…"
        quoted = f"  “{words}” ({first.section.label(language)}, {first.speaker.label(language)})"
    voice = "" if answer.shown and answer.by == "rules" else f" [{_WORDS[language]['by']} {answer.by}]"
    return f"{answer.variable.label(language)}: {answer.value.label(language)}{voice}{quoted}"


def _print_plain(console: Console, opened: Opened, part: Part, language: str) -> None:
    console.print(Text(f"== {part.section.label(language)}"), soft_wrap=True)
    for turn in part.turns:
        console.print(Text(f"<{_speaker(turn, language)}> ") + _marked(opened, turn, language, coloured=False), soft_wrap=True)


def _print_coloured(console: Console, opened: Opened, part: Part, language: str) -> None:
    console.rule(Text(part.section.label(language), style="bold"), align="left", style="dim")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_MARGIN, style="dim", justify="right", overflow="fold")
    grid.add_column(overflow="fold")
    for turn in part.turns:
        grid.add_row(_speaker(turn, language), _marked(opened, turn, language, coloured=True))
    console.print(grid)


def _speaker(turn: Turn, language: str) -> str:
    if turn.accepted is None:
        return turn.speaker.label(language)
    return f"{turn.speaker.label(language)}, {_WORDS[language]['accepted' if turn.accepted else 'rejected']}"


def _marked(opened: Opened, turn: Turn, language: str, *, coloured: bool) -> Text:
    """The words of one turn with the evidence in them."""
    line = Text()
    stack: list[int] = []
    for token in tokens(opened.citations, *turn.trimmed(opened.text)):
        if isinstance(token, Words):
            line.append("\n".join(opened.paragraphs(token.start, token.end)), _style(opened.citations, stack) if coloured else None)
        elif isinstance(token, Open):
            stack.append(token.mark)
            line.append("" if coloured else "⟦")
        elif isinstance(token, Close):
            stack.pop()
            line.append("" if coloured else "⟧")
            if token.last:
                line.append(f"{{{tag(opened, opened.citations[token.mark]).label(language)}}}", "dim italic" if coloured else None)
    return line


def _style(citations: Sequence[Citation], stack: Sequence[int]) -> str:
    """The colour of the innermost quotation's variable; a claim that is not the value shown is only underlined."""
    if not stack:
        return ""
    answers = citations[stack[-1]].answers
    shown = next((answer for answer in answers if answer.shown), None)
    return _STYLES[sum(map(ord, shown.variable.name)) % len(_STYLES)] if shown else _CLAIM
