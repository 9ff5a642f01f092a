"""Changed copies of the codebook that ships, for the tests of its versions."""

from __future__ import annotations

import pytest

from pipeline.codebook import Codebook, parse, source

PRESENT = source().decode()


def rewritten(variable: str, key: str, said: str, version: str = "", text: str = PRESENT) -> str:
    """The codebook's text with the first `key` behind the name of `variable` saying something else, under another version."""
    start = text.index(f'[[variable]]\nname = "{variable}"\n')
    place = text.index(f"\n{key} = ", start) + 1
    text = f"{text[:place]}{key} = {said}{text[text.index(chr(10), place) :]}"
    return versioned(text, version) if version else text


def without_value(variable: str, value: str, version: str) -> str:
    """The codebook's text without one value of a variable."""
    start = PRESENT.index(f'[[variable]]\nname = "{variable}"\n')
    place = PRESENT.index(f'[[variable.value]]\nname = "{value}"\n', start)
    return versioned(PRESENT[:place] + PRESENT[PRESENT.index("\n\n", place) + 2 :], version)


def versioned(text: str, version: str) -> str:
    """The text under another version."""
    return text.replace(f'version = "{book(PRESENT).version}"', f'version = "{version}"', 1)


def book(text: str) -> Codebook:
    """The codebook that a text says."""
    return parse(text, "codebook.toml")


def ship(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let `text` be the codebook that ships, for whoever opens a database."""
    monkeypatch.setattr("pipeline.store.connection.source", text.encode)
    monkeypatch.setattr("pipeline.store.connection.load", lambda: book(text))
