"""`anjuan search`: judgments by the words in them."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, Language, open_store

_TYPED_AS_PRINTED = "“”（）"
_WORDS = {
    "en": {
        "none": "no judgment found",
        "signs": '{} are looked for as they stand; for a phrase or a group type half-width "" and ()',
        "more": "the first {}; there are more: --limit, or --count for how many",
    },
    "zh": {
        "none": "没有找到文书",
        "signs": '{} 按原样检索；短语和分组请用半角 "" 和 ()',
        "more": "仅列前 {} 份；用 --limit 列出更多，用 --count 计数",
    },
}


def search(
    query: Annotated[
        str,
        typer.Argument(
            help='Words; all must be there. | or OR, -word or NOT, ( ), "a phrase", NEAR(a b, 20) for characters between, '
            "and filters: year:2015-2018 court:某市 type:hatred role:nurse charge:故意伤害罪 or any variable of the codebook.",
            show_default=False,
        ),
    ],
    db: Database,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many judgments.")] = 20,
    snippets: Annotated[int, typer.Option("--snippets", min=0, help="At most so many places of each judgment.")] = 3,
    sections: Annotated[bool, typer.Option("--sections", help="Say in which section each place stands, and who says it.")] = False,
    in_scope: Annotated[bool, typer.Option("--in-scope", help="Only judgments in scope.")] = False,
    count: Annotated[bool, typer.Option("--count", help="Print only how many judgments there are.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Print only the SQL that finds them in any SQLite tool.")] = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Find judgments by their words, exactly as printed, and show where. Example: anjuan search "醉酒 (护士 | 医生) -自首 year:2018" --db study.db"""
    from pipeline.analyse import snippets as found_words
    from pipeline.analyse import write_rows
    from pipeline.analyse.snippets_terminal import print_found, snippet_rows

    with open_store(db, create=False) as store:
        asked = store.prepare_search(query, in_scope)
        if sql:
            typer.echo(asked.sql)
            return
        if count:
            typer.echo(found_words.count(store, asked))
            return
        found = found_words.find(store, asked, limit + 1, snippets, sections=sections)
    if form == "table":
        print_found(found[:limit], lang)
    else:
        typer.echo(write_rows(list(snippet_rows(found[:limit])), form), nl=False)
    _tell(query, len(found), limit, "zh" if lang == "zh" else "en")


def _tell(query: str, found: int, limit: int, language: str) -> None:
    """On stderr: that nothing was found, and why perhaps; or that there is more."""
    words = _WORDS[language]
    if not found:
        signs = " ".join(sign for sign in _TYPED_AS_PRINTED if sign in query)
        typer.echo(words["none"] + ("; " + words["signs"].format(signs) if signs else ""), err=True)
    elif found > limit:
        typer.echo(words["more"].format(limit), err=True)
