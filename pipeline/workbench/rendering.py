"""Pages from templates: two languages from the files of `wording`, everything escaped, an unknown name is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.codebook import Term
from pipeline.schema import CodebookError
from pipeline.store import Session

LANGUAGES = ("zh", "en")  # the first unless the reader chooses
LANGUAGE_COOKIE = "anjuan_language"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu at the head of every page: its path, the key of its name, who sees it."""

    path: str
    key: str
    adjudicators: bool = False


PLACES = (
    Place("/", "nav_queue"),
    Place("/screen", "nav_screen"),
    Place("/adjudicate", "nav_adjudicate", adjudicators=True),
    Place("/agreement", "nav_agreement", adjudicators=True),
    Place("/codebook", "nav_codebook"),
)


def render(request: Request, session: Session | None, template: str, status: int = 200, /, **context: object) -> HTMLResponse:
    """The page that `template` makes of `context`, in the reader's language. Templates have also `t`, `language`, `session`, `csrf`."""
    language = language_of(request)
    shared = {
        "t": translator(language),
        "language": language,
        "other_language": next(name for name in LANGUAGES if name != language),
        "session": session,
        "csrf": session.csrf if session else "",
        "places": places(request, session),
        "here": request.url.path,
        "address": address(request),
    }
    return HTMLResponse(environment().get_template(template).render({**shared, **context}), status)


def language_of(request: Request) -> str:
    """The language that the reader has chosen, else Chinese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, LANGUAGES[0])
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def address(request: Request) -> str:
    """Path and query of the page in view, to come back to; "/" where it was asked for by a form."""
    if request.method != "GET":
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def places(request: Request, session: Session | None) -> list[Place]:
    """The entries of the menu that this workbench has and this session may open."""
    if session is None:
        return []
    served = request.app.state.paths
    return [place for place in PLACES if place.path in served and (session.role == "adjudicator" or not place.adjudicators)]


def translator(language: str) -> Callable[..., str]:
    """A function (key, **values) -> words in `language`, with `{name}` replaced by the value of that name."""
    words = wording()

    def translate(key: str, **values: object) -> str:
        text = words[key].label(language)
        return text.format(**values) if values else text

    return translate


@cache
def wording() -> Mapping[str, Term]:
    """The words of all files in `wording`, by key; CodebookError when two files say different things under one key."""
    found: dict[str, Term] = {}
    for file in sorted((files("pipeline.workbench") / "wording").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for key, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise CodebookError(f"wording/{file.name}: the key '{key}' is taken by another file")
            found[key] = Term(key, words["zh"], words["en"])
    return found


@cache
def environment() -> Environment:
    """The environment of the templates: autoescaped, and an unknown name is an error."""
    return Environment(
        loader=PackageLoader("pipeline.workbench", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
