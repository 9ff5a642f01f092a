"""Codings leave a database and come into another one: nothing is lost, nothing by halves, and twice changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.annotate.exchange import text_hash
from pipeline.classify.coded import read_codings
from pipeline.job import exchanging
from pipeline.schema import AnjuanError, Entry, Judgment
from pipeline.store import Desk, Save, Store

TEXT = "被告人张某，无业。\n经审理查明：被告人张某😀酒后持刀到诊室，将医生李某甲砍伤，损伤为轻伤二级。\n本院认为，被告人张某酒后持刀伤人，构成故意伤害罪。"
OTHER = "经审理查明：被告人王某在医院大厅吵闹，未伤及他人。"
WHOLE = ["annotations", "labelstudio", "doccano", "jsonl", "csv"]


def at(words: str, value: str, text: str = TEXT) -> tuple[int, int, str]:
    """The first place of some words, with the value they support."""
    return text.index(words), text.index(words) + len(words), value


CODED = {
    "王五": [
        Entry("case", "", note="=第二次看仍有疑问"),
        Entry("case", "alcohol", ("yes",), (at("酒后", "yes"),)),
        Entry("case", "attack_type", ("hatred",), (at("持刀到诊室", "hatred"),), True, "“蓄意”？\r\n两行"),
        Entry("case", "prior_dispute_channel", ("",)),
        Entry("case", "weapon", ("knife", "blunt"), (at("刀", "knife"), at("砍伤", ""))),
        Entry("defendant:1", "charge", ("故意伤害罪",), (at("故意伤害罪", "故意伤害罪"),)),
        Entry("victim:2", "name", ("李某甲",)),
        Entry("victim:2", "persons", ("1",)),
    ],
    "陈六": [Entry("case", "attack_type", ("reactive",)), Entry("case", "in_scope", ("1",))],
    "screen:陈六": [Entry("case", "in_scope", ("1",))],
}


def database(path: Path, coded: bool = True, text: str = TEXT) -> tuple[str, str]:
    """Write a database with two judgments, the first of them coded by two people; their ids."""
    judgments = [Judgment("test", "E1", text, title="张某故意伤害案"), Judgment("test", "E2", OTHER)]
    with Store.open(path) as store:
        store.add_judgments(None, judgments)
        ids = (judgments[0].judgment_id, judgments[1].judgment_id)
        for by, entries in CODED.items() if coded else ():
            Desk(store).save([Save(ids[0], by, entry) for entry in entries], actor=by, mode="blind" if by == "王五" else "assisted")
    return ids


def said(path: Path, judgment_id: str) -> dict[str, list[Entry]]:
    """What every voice says of a judgment."""
    with Store.open(path, create=False) as store:
        desk = Desk(store)
        return {by: desk.entries(judgment_id, by) for by in desk.voices(judgment_id)}


def rows(path: Path, sql: str) -> list[dict[str, object]]:
    """The rows of a question to a database."""
    with Store.open(path, create=False) as store:
        return store.query(sql, [])


def brought(path: Path, file: Path, **said_of_it: object) -> exchanging.Imported:
    """Import a file."""
    with Store.open(path, create=False) as store:
        return exchanging.import_file(store, file, **said_of_it)  # type: ignore[arg-type]


def sent(path: Path, form: str, out: Path, *coders: str, notes: bool | None = True) -> exchanging.Exported:
    """Export to a file."""
    with Store.open(path, create=False) as store:
        return exchanging.export(store, form, out, coders, notes=notes)


@pytest.mark.parametrize("form", WHOLE)
def test_another_database_says_the_same_after_an_import_and_twice_changes_nothing(tmp_path: Path, form: str) -> None:
    first, second, file = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "codings"
    judgment_id, _ = database(first)
    database(second, coded=False)
    exported = sent(first, form, file)
    assert (exported.judgments, exported.codings, sum(exported.losses.values())) == (1, 3, 0)
    imported = brought(second, file)
    assert (imported.form, imported.problems, imported.codings, imported.changed) == (form, [], 3, 11)
    assert said(second, judgment_id) == said(first, judgment_id) == CODED
    modes = 'SELECT DISTINCT "by", mode FROM labels ORDER BY "by"'
    assert rows(second, modes) == rows(first, modes)
    history = rows(second, "SELECT * FROM changes")
    assert {row["actor"] for row in history} == {"import"}
    again = brought(second, file)
    assert (again.changed, again.unchanged) == (0, 11)
    assert rows(second, "SELECT * FROM changes") == history


def test_one_bad_record_and_nothing_is_imported(tmp_path: Path) -> None:
    path, file = tmp_path / "a.db", tmp_path / "codings.jsonl"
    judgment_id, other = database(path, coded=False)
    good = {"judgment_id": judgment_id, "text_hash": text_hash(TEXT), "coder": "王五", "entries": [entry("in_scope", "1")]}
    bad = [
        {**good, "coder": "陈六", "entries": [entry("in_scope", "maybe")]},
        {**good, "coder": "赵七", "entries": [{**entry("in_scope", "1"), "unit": "victim:1"}]},
        {**good, "coder": "孙八", "entries": [{**entry("alcohol", "yes"), "words": [[0, 999, "yes"]]}]},
        {**good, "judgment_id": other},
        {**good, "judgment_id": "0" * 16},
        good,
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in [good, *bad]]
    file.write_text("\n".join([*lines, "{"]), "utf-8")
    problems = sorted(brought(path, file).problems)
    reasons = ["maybe", "not coded for this unit", "outside the text", "has changed since", "no judgment 0000000000000000", "", "not JSON"]
    reasons[5] = f"already at {file}, line 1"
    assert [problem.partition(": ")[0] for problem in problems] == [f"{file}, line {number}" for number in range(2, 9)]
    assert all(reason in problem for reason, problem in zip(reasons, problems, strict=True)), problems
    assert said(path, judgment_id) == {}
    assert rows(path, "SELECT * FROM changes") == []


def entry(variable: str, value: str) -> dict[str, object]:
    """An entry about the case, as a file has it."""
    return {"unit": "case", "variable": variable, "values": [value]}


def test_what_the_committed_form_leaves_out_stays_in_the_database(tmp_path: Path) -> None:
    path, file = tmp_path / "a.db", tmp_path / "codings.jsonl"
    judgment_id, _ = database(path)
    with Store.open(path) as store:
        Desk(store).save(
            [Save(judgment_id, "陈六", Entry("defendant:1", "charge", ("故意伤害罪", "破坏罪"), (at("持刀", "破坏罪"),)))],
            actor="陈六",
            mode="blind",
        )
    before = said(path, judgment_id)
    exported = sent(path, "annotations", file, notes=None)
    assert sum(exported.losses.values()) == 3  # two notes, and the charge that the text does not name
    assert TEXT[:3] not in file.read_text("utf-8")
    assert brought(path, file).changed == 0
    assert said(path, judgment_id) == before


def test_labels_keep_the_version_of_the_codebook_they_were_given_by(tmp_path: Path) -> None:
    path, file = tmp_path / "a.db", tmp_path / "codings.jsonl"
    judgment_id, _ = database(path, coded=False)
    record = {
        "judgment_id": judgment_id,
        "text_hash": text_hash(TEXT),
        "coder": "王五",
        "codebook_version": "1.2",
        "entries": [entry("in_scope", "1")],
    }
    versions = "SELECT codebook_version FROM labels"
    for version, stored, changed in (("1.2", "1.2", 1), ("1.10", "1.10", 1), ("1.3", "1.10", 0)):
        file.write_text(json.dumps({**record, "codebook_version": version}), "utf-8")
        assert brought(path, file).changed == changed
        assert rows(path, versions) == [{"codebook_version": stored}]


def test_an_export_of_another_tool_finds_its_judgment_by_the_text(tmp_path: Path) -> None:
    path, file = tmp_path / "a.db", tmp_path / "export.json"
    judgment_id, _ = database(path, coded=False)
    start, end, _ = at("持刀", "")
    region = {
        "from_name": "words",
        "type": "labels",
        "value": {"start": start, "end": end, "text": "持刀", "labels": ["case.weapon=knife"]},
    }
    raw = TEXT.replace("\n", "\r")  # as it was before it was made canonical, of the same length
    task = {"data": {"text": raw}, "annotations": [{"completed_by": {"email": "li.si@example.org"}, "result": [region]}]}
    file.write_text(json.dumps([task]), "utf-8")
    assert brought(path, file).problems == []
    assert said(path, judgment_id) == {"li.si": [Entry("case", "weapon", (), ((start, end, ""),))]}
    assert brought(path, file, coder="王五").changed == 1
    task["data"] = {"text": raw.replace("轻伤", "重伤"), "judgment_id": judgment_id}
    file.write_text(json.dumps([task]), "utf-8")
    assert "its text is not that of judgment" in brought(path, file).problems[0]


def test_flat_codings_come_in_with_their_quotations_and_go_out_to_be_trained_on(tmp_path: Path) -> None:
    path, file, out = tmp_path / "a.db", tmp_path / "codings.jsonl", tmp_path / "out.jsonl"
    judgment_id, other = database(path, coded=False)
    coding = {
        **{"id": "E1", "in_scope": True, "attack_type": "hatred", "weapon": ["knife"], "prior_dispute_channel": [], "alcohol": "yes"},
        "victims": [{"role": "doctor", "injury": "minor", "n": 1}, {"role": "nurse", "injury": "slight", "n": 2}],
        "evidence": {"alcohol": "酒后", "attack_type": "不在文中的话", "weapon_prepared": ""},
    }
    outside = {"id": "E2", "judgment_id": other, "in_scope": False}
    file.write_text("\n".join(json.dumps({**each, "coders": 2, "group": "g1"}, ensure_ascii=False) for each in (coding, outside)), "utf-8")
    imported = brought(path, file, adjudicated=True)
    assert (imported.form, imported.problems, imported.codings) == ("codings", [], 2)
    assert sum(number for what, number in imported.losses.items() if what.startswith("quotations")) == 1
    assert {what: number for what, number in imported.losses.items() if "`group`" in what} == {
        "`group`, which the database has no place for": 2
    }
    entries = {(e.unit, e.variable): e for e in said(path, judgment_id)["adjudicated"]}
    assert entries["case", "alcohol"].words == (at("酒后", "yes"),)
    assert entries["case", "prior_dispute_channel"].values == ("",)
    assert entries["victim:2", "persons"].values == ("2",)
    assert sent(path, "codings", out).codings == 2
    back = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    coding["evidence"] = {"alcohol": "酒后"}
    assert back == [{**coding, "judgment_id": judgment_id}, outside]
    assert [each.value("attack_type") for each in read_codings(out)] == ["hatred", None]


def test_a_quotation_that_stands_twice_is_taken_from_the_findings(tmp_path: Path) -> None:
    path, file = tmp_path / "a.db", tmp_path / "codings.jsonl"
    text = (
        "公诉机关指控，被告人张某酒后到诊室。\n经审理查明，被告人张某酒后到诊室，打伤医生李某甲。\n本院认为，被告人张某酒后伤人。"
        + "事实清楚。" * 30
    )
    judgment_id, _ = database(path, coded=False, text=text)
    file.write_text(json.dumps({"id": "E1", "alcohol": "yes", "evidence": {"alcohol": "酒后"}}), "utf-8")
    brought(path, file, coder="王五")
    assert said(path, judgment_id)["王五"][0].words == ((text.index("酒后", 30), text.index("酒后", 30) + 2, "yes"),)


def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path) -> None:
    path, file, gbk = tmp_path / "a.db", tmp_path / "codings.jsonl", tmp_path / "gbk.csv"
    database(path)
    file.write_text('{"id": "E1", "in_scope": true}', "utf-8")
    gbk.write_bytes("judgment_id,编码".encode("gbk"))
    with Store.open(path, create=False) as store:
        for call, reason in (
            (lambda: exchanging.import_file(store, file), "does not say whose codings"),
            (lambda: exchanging.import_file(store, file, coder="rules"), "'rules' cannot be"),
            (lambda: exchanging.import_file(store, file, coder="王五", adjudicated=True), "either --coder or"),
            (lambda: exchanging.import_file(store, gbk), "not UTF-8"),
            (lambda: exchanging.import_file(store, tmp_path / "none"), "cannot be read"),
            (lambda: exchanging.export(store, "jsonl", file), "exists; --force"),
            (lambda: exchanging.export(store, "jsonl", tmp_path / "no" / "x"), "there is no folder"),
            (lambda: exchanging.export(store, "jsonl", tmp_path / "x", ["钱九"]), "钱九 has coded nothing in .* screen:陈六, 王五, 陈六"),
            (lambda: exchanging.export(store, "csv", tmp_path / "x", config=tmp_path / "c.xml"), "goes with --form labelstudio"),
        ):
            with pytest.raises(AnjuanError, match=reason):
                call()
    assert sorted(child.name for child in tmp_path.iterdir() if child.suffix != ".db" and "db-" not in child.name) == [
        "codings.jsonl",
        "gbk.csv",
    ]


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    path, out, config = tmp_path / "a.db", tmp_path / "out.json", tmp_path / "config.xml"
    database(path)
    options = [
        "annotate",
        "export",
        "--db",
        str(path),
        "--form",
        "labelstudio",
        "--out",
        str(out),
        "--config",
        str(config),
        "--coder",
        "王五",
    ]
    exported = CliRunner().invoke(app, options)
    assert exported.exit_code == 0
    assert exported.stdout == f"{out}: 1 codings of 1 judgments\n"
    assert config.read_text("utf-8").startswith("<View>")
    imported = CliRunner().invoke(app, ["annotate", "import", str(out), "--db", str(path), "--adjudicated"])
    assert (imported.exit_code, imported.stdout) == (
        0,
        f"{out} (labelstudio): 1 codings of 1 judgments; 8 entries changed, 0 as they were\n",
    )
    out.write_text('[{"data": {"text": 1}, "annotations": []}, {}]', "utf-8")
    refused = CliRunner().invoke(app, ["annotate", "import", str(out), "--db", str(path)])
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[0] == f"{out}, task 1: `text` must be text, not 1"
    assert refused.stderr.endswith("2 records cannot be used; nothing was imported\n")
