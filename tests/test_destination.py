"""Files that exist are not overwritten without --force, and the database that is read never."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.analyse import refuse_foreign
from pipeline.destination import refuse
from pipeline.schema import AnjuanError


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.db").write_bytes(b"data")
    (tmp_path / "page.html").write_text("<p>my notes</p>", "utf-8")
    return tmp_path


def test_a_file_that_exists_needs_force(study: Path) -> None:
    refuse(None, study / "new.html", force=False)
    refuse(study / "page.html", force=True)
    with pytest.raises(AnjuanError, match=r"page\.html exists; --force replaces it"):
        refuse(study / "new.html", study / "page.html", force=False)


def test_the_database_that_is_read_is_not_overwritten_even_by_force(study: Path) -> None:
    (study / "linked.db").symlink_to(study / "study.db")
    for name in ("study.db", "linked.db"):
        with pytest.raises(AnjuanError, match="is the database that is read"):
            refuse(study / name, force=True, source=study / "study.db")


def test_a_folder_and_a_missing_folder_are_named(study: Path) -> None:
    with pytest.raises(AnjuanError, match="it is a folder"):
        refuse(study, force=True)
    with pytest.raises(AnjuanError, match=r"there is no folder .*none"):
        refuse(study / "none" / "page.html", force=False, source=study / "study.db")
    refuse(study / "out" / "page.html", force=False, source=study / "out" / "new.db")  # `run` makes the folder of its database


def test_a_report_replaces_a_report_and_nothing_else(study: Path) -> None:
    with pytest.raises(AnjuanError, match=r"page\.html exists"):
        refuse_foreign(study / "page.html", study / "study.db")
    (study / "page.html").write_text('<head><meta name="generator" content="anjuan 0.1.0">', "utf-8")
    refuse_foreign(study / "page.html", study / "study.db")
    refuse_foreign(None, study / "study.db")
