"""Every format against a saved example beside the expected judgments. All examples are invented."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.collect import Reason, Rejected, read
from pipeline.text import canonical

CASES = Path(__file__).parent / "cases" / "collect"


def outcomes(folder: Path) -> list[dict[str, Any]]:
    """Read a case's input files, and name paths from the case's folder."""
    inputs = sorted(path for path in folder.iterdir() if path.name != "expected.json")
    found = []
    for outcome in read(inputs):
        fields = dataclasses.asdict(outcome)
        fields["path"] = fields["path"].replace(f"{folder}/", "")
        fields.pop("text", None)  # canonical(original), as another test says
        found.append(fields)
    return found


@pytest.mark.parametrize("folder", sorted(path for path in CASES.iterdir() if path.is_dir()), ids=lambda path: path.name)
def test_case(folder: Path) -> None:
    found = outcomes(folder)
    expected = folder / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was written: read it, and run again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_the_cases_together_read_one_judgment_the_same_from_every_form() -> None:
    """One judgment in many wrappings: whatever the form, the characters of the judgment are those of the plain file."""
    plain = "".join(next(iter(outcomes(CASES / "text")))["original"].split())
    for form in (
        "wenshu_old_body",
        "wenshu_old_doc",
        "wenshu_script",
        "wenshu_new_page",
        "mhtml",
        "html_page",
        "wenshu_dump_blocks",
        "text_utf16",
    ):
        assert "".join(outcomes(CASES / form)[0]["original"].split()) == plain, form


def test_every_text_is_the_canonical_form_of_its_original_and_every_reason_is_declared() -> None:
    seen = list(read([CASES]))
    assert {type(outcome).__name__ for outcome in seen} == {"Judgment", "Rejected"}
    for outcome in seen:
        if isinstance(outcome, Rejected):
            assert outcome.reason in set(Reason)
            assert len(outcome.detail) > 10
            assert "\n" not in outcome.detail
        else:
            assert outcome.text == canonical(outcome.original)
            assert len(outcome.text) == len(outcome.original)
            assert outcome.source_id
