"""One judgment as a page: values on top, each leading to its words in the text; no network, no script, no installed font needed."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup, escape

from pipeline import __version__
from pipeline.analyse.fonts import font_for
from pipeline.analyse.marking import Close, Open, Words, tokens
from pipeline.analyse.opened import Citation, Opened, Turn, tag
from pipeline.analyse.template import environment, write_whole
from pipeline.codebook import Term, load

_FONT_PLACE = "url-of-the-font"
_GOLDEN_ANGLE = 137.508  # degrees: neighbours in the codebook get hues far apart


def write_judgment(opened: Opened, path: Path, language: str = "en") -> None:
    """Write the page to `path`; `language` ("zh" or "en") is the one shown first. AnjuanError when the file cannot be written."""
    write_whole(path, judgment_page(opened, language))


def judgment_page(opened: Opened, language: str = "en") -> str:
    """The page as one HTML text."""
    page = (
        environment()
        .get_template("judgment.html")
        .render(
            opened=opened,
            row=opened.row,
            language="zh" if language == "zh" else "en",
            version=__version__,
            hues=hues(),
            texts=[[(turn, marked(opened, turn)) for turn in part.turns] for part in opened.parts],
            font_place=Markup(_FONT_PLACE),
        )
    )
    return page.replace(_FONT_PLACE, font_for(page).url, 1)


def hues() -> dict[str, int]:
    """A hue in degrees for every variable of the codebook."""
    return {name: round(place * _GOLDEN_ANGLE) % 360 for place, name in enumerate(load().variables)}


def marked(opened: Opened, turn: Turn) -> Markup:
    """The words of one turn, escaped, evidence in <mark>; behind each quotation stands what it is evidence of, leading back to the value."""
    colours = hues()
    parts = [_html(opened, token, colours) for token in tokens(opened.citations, *turn.trimmed(opened.text))]
    return Markup("").join(parts)


def _html(opened: Opened, token: Open | Words | Close, colours: dict[str, int]) -> Markup:
    if isinstance(token, Words):
        return Markup("<br>").join(opened.paragraphs(token.start, token.end))
    citation = opened.citations[token.mark]
    if isinstance(token, Open):
        return _opening(citation, token, colours)
    if not token.last:
        return Markup("</mark>")
    link = Markup('</mark><a class="tag" href="#v{}">{}</a>')
    return link.format(citation.answers[0].label, both(tag(opened, citation)))


def _opening(citation: Citation, token: Open, colours: dict[str, int]) -> Markup:
    shown = [answer for answer in citation.answers if answer.shown]
    name = (shown or citation.answers)[0].variable.name
    anchor = Markup(' id="q{}"').format(token.mark) if token.first else Markup("")
    title = f"{citation.speaker.zh} / {citation.speaker.en} · {citation.section.zh} / {citation.section.en}"
    return Markup('<mark{} class="{}" style="--h:{}" title="{}">').format(anchor, "shown" if shown else "other", colours[name], title)


def both(term: Term) -> Markup:
    """A term in both languages; the style sheet shows the chosen one."""
    if term.zh == term.en:
        return escape(term.zh)
    return Markup('<span class="zh" lang="zh-Hans">{}</span><span class="en" lang="en">{}</span>').format(term.zh, term.en)
