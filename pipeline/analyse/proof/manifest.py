"""The manifest: a JSON file beside a run's database, a report or a paper's tables that says what every number was counted from."""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.analyse.counting import Counted, count_study
from pipeline.analyse.proof import contents, estimates
from pipeline.analyse.proof.counted import Count, Place, Values, cells_of, relations, total
from pipeline.analyse.proof.estimates import Estimates
from pipeline.analyse.proof.positions import read_positions, write_positions
from pipeline.analyse.reading import EVERY, ONCE, open_readonly
from pipeline.analyse.tables import TOTAL
from pipeline.analyse.template import write_whole
from pipeline.codebook import load
from pipeline.resources import shipped
from pipeline.schema import AnjuanError

FORMAT = 1
SUFFIX = ".manifest.json"
# Packages that numbers depend on: those that read and cut text, that learn, that count.
_PACKAGES = ("numpy", "scikit-learn", "scipy", "statsmodels", "skops", "torch", "transformers", "jieba", "cn2an", "cnloc", "sqlite-utils")
_FROM = " FROM {from} WHERE "
_OUTSIDE_THE_SEAL = {"written_at", "seal"}
Content = Mapping[str, Mapping[str, Any]]  # rows and hash of each table


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read. `told` is the file as it stands; `counts` its cells, with the judgments behind each; `estimates` its corrected shares."""

    told: Mapping[str, Any]
    counts: Mapping[Place, Count]
    estimates: Estimates

    @property
    def view(self) -> str:
        """What was counted: `cases` or `cases_once`."""
        return str(self.told["view"])


def manifest_beside(output: Path) -> Path:
    """Where the manifest of an output goes.

    Of a report study.html it is study.manifest.json; any other file keeps its whole name, so that none takes another's place:
    study.db.manifest.json, study.docx.manifest.json. That of a folder is manifest.json inside it.
    """
    if output.is_dir():
        return output / SUFFIX.lstrip(".")
    return output.with_name(f"{output.stem if output.suffix == '.html' else output.name}{SUFFIX}")


def content_of(db_path: Path) -> Content:
    """What the database at `db_path` holds, in hashes, for `write_manifest`: SQLite reads while another thread draws a report."""
    with closing(open_readonly(Path(db_path))) as connection:
        return contents.content(connection)


def write_manifest(db_path: Path, output: Path, once: bool = False, counted: Counted | None = None, content: Content | None = None) -> Path:
    """Write the manifest of `output`, counted from the database at `db_path`, beside it, and return its path.

    `once`: each case once, not each judgment; `counted` and `content`: what has been counted and read already. StoreError when the
    database cannot be read, AnjuanError when the file cannot be written.
    """
    with closing(open_readonly(Path(db_path))) as connection:
        told = manifest(connection, counted or count_study(connection, ONCE if once else EVERY), content)
    path = manifest_beside(Path(output))
    write_whole(path, _dump(told | {"written_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "seal": _seal(told)}))
    return path


def manifest(connection: sqlite3.Connection, counted: Counted, content: Content | None = None) -> dict[str, Any]:
    """All of a manifest but its time and seal: two over the same database are equal."""
    found, shares = cells_of(counted), estimates.of(counted)
    judgments = sorted(set().union(*(count.judgments for count in found.values()), *(share.judgments for share in shares.shares.values())))
    return {
        "format": FORMAT,
        "view": counted.view,
        "program": _program(),
        "codebook": {"version": load().version, "fingerprint": load().fingerprint},
        "models": _models(),
        "stages": contents.stages(connection),
        "voices": contents.voices(connection),
        "samples": contents.samples(connection),
        "inputs": contents.inputs(connection),
        "runs": contents.runs(connection),
        "database": content or contents.content(connection),
        "judgments": judgments,
        "corrected": estimates.tell(shares, judgments),
        "tables": _tables(relations(counted), found, judgments),
    }


def _program() -> dict[str, Any]:
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return {"anjuan": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "packages": packages}


def _models() -> dict[str, str]:
    """The hash of each shipped model's card."""
    cards = sorted(shipped("models").glob("*/card.json"))
    return {card.parent.name: hashlib.blake2b(card.read_bytes(), digest_size=8).hexdigest() for card in cards}


def _tables(relations: Mapping[str, str], found: Mapping[Place, Count], judgments: list[str]) -> dict[str, dict[str, Any]]:
    """Tables with the relation that they count, once, and their cells by line and column.

    In the SQL of a cell {from} stands for the relation. The judgments of a total are not repeated: they are those of the other columns.
    Of a measure the judgments stand by value.
    """
    position = {judgment: number for number, judgment in enumerate(judgments)}
    tables: dict[str, dict[str, Any]] = {name: {"from": relation, "lines": {}} for name, relation in relations.items()}
    for place, count in found.items():
        sql = count.sql.replace(f" FROM {relations[place.table]} WHERE ", _FROM, 1)
        cell: dict[str, Any] = {"n": count.n, "of": count.denominator, "sql": sql, "hash": count.fingerprint}
        if count.quartiles:
            cell["quartiles"] = count.quartiles
        if place.column != TOTAL.name and count.values:
            cell["values"] = {f"{value:.15g}": write_positions(behind, position) for value, behind in count.values.items()}
        elif place.column != TOTAL.name:
            cell["judgments"] = write_positions(count.judgments, position)
        tables[place.table]["lines"].setdefault(place.line, {})[place.column] = cell
    return tables


def _seal(told: Mapping[str, Any]) -> str:
    """Hash of everything but the time: a manifest that somebody has edited or cut does not pass for one that was written."""
    kept = {key: value for key, value in told.items() if key not in _OUTSIDE_THE_SEAL}
    return hashlib.blake2b(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _dump(told: Mapping[str, Any]) -> str:
    """One cell, one file, one run to a line: small, and legible in a text editor and in a diff."""
    lines = []
    for key, value in told.items():
        if key == "tables":
            lines.append(f'"tables": {{\n{_dump_tables(value)}\n}}')
        elif key == "corrected":
            rest = ",\n".join(f"{_json(name)}: {_json(each)}" for name, each in value.items() if name != "lines")
            lines.append(f'"corrected": {{\n{rest},\n"lines": {{\n{_dump_lines(value["lines"])}\n}}\n}}')
        elif isinstance(value, list) and value:
            lines.append(f'"{key}": [\n' + ",\n".join(_json(each) for each in value) + "\n]")
        else:
            lines.append(f'"{key}": {_json(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _dump_tables(tables: Mapping[str, Mapping[str, Any]]) -> str:
    written = (
        f'{_json(name)}: {{\n"from": {_json(table["from"])},\n"lines": {{\n{_dump_lines(table["lines"])}\n}}\n}}'
        for name, table in tables.items()
    )
    return ",\n".join(written)


def _dump_lines(lines: Mapping[str, Mapping[str, Any]]) -> str:
    return ",\n".join(
        f"{_json(line)}: {{\n" + ",\n".join(f"{_json(column)}: {_json(cell)}" for column, cell in cells.items()) + "\n}"
        for line, cells in lines.items()
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_manifest(path: Path) -> Manifest:
    """A manifest from its file; AnjuanError in one line where it is none, is damaged, or has a form that this anjuan does not know."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise AnjuanError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise AnjuanError(f"{path} is no manifest, or it is cut short: {error}") from error
    if not isinstance(told, dict) or "format" not in told or "tables" not in told:
        raise AnjuanError(f"{path} is no manifest of anjuan: `anjuan run` and `anjuan report` write them")
    if told["format"] != FORMAT:
        raise AnjuanError(
            f"{path} has form {told['format']!r} and this anjuan ({__version__}) reads form {FORMAT}: check it with the anjuan that wrote it"
        )
    if told.get("seal") != _seal(told):
        raise AnjuanError(f"{path} has been changed since it was written, or is damaged: take the file that anjuan wrote")
    try:
        return Manifest(told, _counts(told), estimates.read(told))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise AnjuanError(f"{path} is damaged: {type(error).__name__} {error}") from error


def _counts(told: Mapping[str, Any]) -> dict[Place, Count]:
    found: dict[Place, Count] = {}
    for table, counted in told["tables"].items():
        for line, cells in counted["lines"].items():
            values = _by_value(cells, told["judgments"])
            parts = {column: _judgments(cell, values[column], told["judgments"]) for column, cell in cells.items() if column != TOTAL.name}
            for column, cell in cells.items():
                judgments = total(parts) if column == TOTAL.name else parts[column]
                sql = cell["sql"].replace(_FROM, f" FROM {counted['from']} WHERE ", 1)
                quartiles = tuple(cell["quartiles"]) if "quartiles" in cell else None
                found[Place(table, line, column)] = Count(cell["n"], cell["of"], sql, judgments, values[column], quartiles)
    return found


def _by_value(cells: Mapping[str, Any], judgments: list[str]) -> dict[str, Values]:
    """The judgments of each column of a measure by value; those of the total are all of them."""
    found: dict[str, Values] = {TOTAL.name: {}}
    for column, cell in cells.items():
        if column != TOTAL.name:
            found[column] = {float(value): read_positions(text, judgments) for value, text in cell.get("values", {}).items()}
    every = sorted({value for values in found.values() for value in values})
    found[TOTAL.name] = {value: total({name: values.get(value, Counter()) for name, values in found.items()}) for value in every}
    return found


def _judgments(cell: Mapping[str, Any], values: Values, judgments: list[str]) -> Counter[str]:
    return sum(values.values(), Counter()) if values else read_positions(cell["judgments"], judgments)
