"""One judgment typed or printed as a document (Word, PDF, scan): its lines become a Judgment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.collect.fields import labelled_lines, metadata
from pipeline.collect.heading import is_court, is_title, take_apart
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

_FRONT = 20  # lines of title, dates and labels that may stand over the court's name


def from_lines(
    source: str,
    name: str,
    lines: Sequence[str],
    *,
    title: str = "",
    margin: Sequence[str] = (),
    stated: Mapping[str, str] | None = None,
) -> Judgment:
    """Return the judgment in a document's lines, one for each paragraph. Raises RecordError when it is none.

    `title` is what the file states about itself, kept only when it reads as a case's; `margin` the lines printed over every page,
    from which the court's name is taken when the text does not hold it; `stated` is metadata.
    """
    parts = take_apart(_with_court([piece for line in lines for piece in line.split("\n")], margin), front=_FRONT)
    facts = metadata([*labelled_lines(parts.before), ("published_on", parts.published_on)]) | dict(stated or {})
    return judgment(
        source,
        name,
        "\n".join(parts.body),
        title=title if is_title(title) else parts.title,
        metadata=facts,
        judgment_expected=False,
    )


def _with_court(lines: Sequence[str], margin: Sequence[str]) -> list[str]:
    """Put the court's name from the margin before a text that begins without one."""
    filled = [line for line in lines if line.strip()]
    while len(filled) > 1 and is_court(filled[0]) and filled[0].strip() == filled[1].strip():
        del filled[0]  # the same over the page and in the text
    court = next((line for line in margin if is_court(line)), "")
    if court and not any("法院" in line for line in filled[:3]):
        return [court, *filled]
    return filled
