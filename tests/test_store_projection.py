"""The analyst's tables: the most trusted value, the most trusted list, the most trusted set of parties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.schema import Judgment, Label
from pipeline.store import Store
from pipeline.store.projection import whole

JUDGMENT = Judgment("demo", "7", "被告人张某在某医院殴打医生王某甲、护士李某乙，致二人轻微伤。", title="判决书")
JID = JUDGMENT.judgment_id
Said = tuple[str, str, str] | tuple[str, str, str, float]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        opened.add_judgments(None, [JUDGMENT])
        yield opened
        assert opened.verify() == []


def say(store: Store, by: str, *said: Said, stage: str = "") -> None:
    labels = [Label(unit, variable, value, by, score=score[0] if score else None) for unit, variable, value, *score in said]
    stage = stage or {"rules": "extract", "model": "classify"}.get(by, "annotate")
    store.replace_labels(stage, "f", by, [(JID, labels)], "1.2")


def case(store: Store, *columns: str) -> object:
    [row] = store.query("SELECT * FROM cases")
    values = tuple(row[column] for column in columns)
    return values if len(values) > 1 else values[0]


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    return [tuple(row.values())[1:] for row in store.query(f"SELECT * FROM {table}")]


# ------------------------------------------------------------------------------------------------ silence


def test_before_extraction_nothing_is_known(store: Store) -> None:
    columns = ("judgment_id", "source", "source_id", "title", "court", "weapon", "compensation", "in_scope", "attack_type", "victims")
    assert case(store, *columns) == (JID, "demo", "7", "判决书", "", "", None, None, None, None)


FURTHER = ("", "", *[0] * 10, "", "", 0.0)  # party_kind, alias, ten flags, political rights, confiscation, compensation ordered


def test_after_extraction_silence_is_no_for_flags_and_nothing_for_words(store: Store) -> None:
    say(store, "rules", ("defendant:1", "name", "张某"))
    assert case(store, "compensation", "forgiveness", "court", "weapon", "alcohol") == (0, 0, "", "", "")
    assert case(store, "in_scope", "in_scope_score", "attack_type", "attack_type_by", "cause", "motive", "relation") == (None,) * 7
    assert case(store, "defendants", "victims", "staff_victims", "worst_injury") == (1, 0, 0, "")
    assert rows(store, "defendants") == [(1, "张某", "", "", "", "", "", 0, 0, 0, 0, 0, 0, "", 0, 0, 0, *FURTHER)]


def test_without_extraction_a_person_alone_leaves_the_other_flags_unknown(store: Store) -> None:
    say(store, "coder1", ("case", "forgiveness", "1"), ("defendant:1", "name", "张某"), ("victim:1", "role", "nurse"))
    assert case(store, "compensation", "forgiveness", "defendants", "victims") == (None, 1, 1, 1)
    assert rows(store, "defendants") == [
        (1, "张某", "", "", "", "", "", None, None, None, None, None, None, "", None, None, None, "", "", *[None] * 10, "", "", None)
    ]


# ------------------------------------------------------------------------------------------------ trust


def test_the_most_trusted_voice_is_shown_whoever_speaks_last(store: Store) -> None:
    voices = {"adjudicated": "reactive", "coder1": "hatred", "李四": "fortuitous", "model:out_of_fold": "hatred", "rules": "reactive"}
    for by in sorted(voices, reverse=True):
        say(store, by, ("case", "attack_type", voices[by], 0.5))
    shown = {}
    for by in voices:
        shown[case(store, "attack_type_by")] = case(store, "attack_type")
        say(store, by)
    assert list(shown.items()) == list(voices.items())
    assert case(store, "attack_type", "attack_type_by") == (None, None)


def test_each_variable_is_decided_by_itself(store: Store) -> None:
    say(store, "rules", ("case", "alcohol", "yes"), ("case", "court", "某某市人民法院"), ("case", "compensation", "1"))
    say(store, "coder1", ("case", "alcohol", "no"), ("case", "compensation", "0"))
    assert case(store, "alcohol", "court", "compensation") == ("no", "某某市人民法院", 0)


def test_within_one_voice_the_likeliest_value_is_shown(store: Store) -> None:
    say(store, "model", ("case", "cause", "payment", 0.2), ("case", "cause", "attitude", 0.7))
    assert case(store, "cause") == "attitude"


# ------------------------------------------------------------------------------------------------ scope


def test_scope_is_shown_with_the_probability_of_being_in_scope(store: Store) -> None:
    say(store, "model", ("case", "in_scope", "1", 0.75))
    assert case(store, "in_scope", "in_scope_score") == (1, 0.75)
    say(store, "model", ("case", "in_scope", "0", 0.25))
    assert case(store, "in_scope", "in_scope_score") == (0, 0.25)
    say(store, "coder1", ("case", "in_scope", "1"))
    assert case(store, "in_scope", "in_scope_score") == (1, 0.25)


def test_out_of_scope_the_four_scoped_variables_are_null(store: Store) -> None:
    values = {"attack_type": "hatred", "cause": "payment", "motive": "venting", "relation": "patient"}
    scoped = [("case", name, value, 0.9) for name, value in values.items()]
    say(store, "model", ("case", "in_scope", "1", 0.6), *scoped, ("case", "alcohol", "yes"))
    columns = ("attack_type", "attack_type_score", "attack_type_by", "cause", "motive", "relation", "alcohol")
    assert case(store, *columns) == ("hatred", 0.9, "model", "payment", "venting", "patient", "yes")
    say(store, "adjudicated", ("case", "in_scope", "0"))
    assert case(store, *columns) == (None, None, None, None, None, None, "yes")


# ------------------------------------------------------------------------------------------------ lists


def test_a_list_is_sorted_and_joined_and_replaced_as_a_whole(store: Store) -> None:
    say(store, "rules", ("case", "weapon", "knife"), ("case", "weapon", "blunt"), ("case", "prior_dispute_channel", "complaint"))
    assert case(store, "weapon", "prior_dispute_channel") == ("blunt,knife", "complaint")
    say(store, "coder1", ("case", "weapon", "liquid"))
    assert case(store, "weapon", "prior_dispute_channel") == ("liquid", "complaint")


def test_a_list_coded_as_empty_is_empty(store: Store) -> None:
    say(store, "rules", ("case", "weapon", "knife"))
    say(store, "coder1", ("case", "weapon", ""))
    assert case(store, "weapon") == ""
    say(store, "coder1")
    assert case(store, "weapon") == "knife"


# ------------------------------------------------------------------------------------------------ parties


def test_defendants_charges_and_victims(store: Store) -> None:
    say(
        store, "rules",
        ("defendant:2", "name", "李某丙"), ("defendant:2", "charge", "寻衅滋事罪"),
        ("defendant:1", "name", "张某"), ("defendant:1", "charge", "故意伤害罪"), ("defendant:1", "charge", "妨害公务罪"),
        ("defendant:1", "term_of_charge", "故意伤害罪 fixed 15"), ("defendant:1", "term_of_charge", "妨害公务罪 fixed 6"),
        ("defendant:1", "surrender", "1"), ("defendant:1", "sentence_kind", "fixed"), ("defendant:1", "sentence_months", "18"),
        ("victim:1", "name", "王某甲"), ("victim:1", "role", "doctor"), ("victim:1", "injury", "slight"),
        ("victim:2", "role", "patient_or_visitor"), ("victim:2", "injury", "minor"), ("victim:2", "injury_grade", "minor_2"),
        ("victim:3", "role", "security"), ("victim:3", "persons", "4"),
        ("victim:10", "role", "institution"),
    )  # fmt: skip
    assert rows(store, "defendants") == [
        (1, "张某", "", "", "", "", "", 0, 1, 0, 0, 0, 0, "fixed", 18, 0, 0, *FURTHER),
        (2, "李某丙", "", "", "", "", "", 0, 0, 0, 0, 0, 0, "", 0, 0, 0, *FURTHER),
    ]
    assert rows(store, "charges") == [(1, "妨害公务罪", "fixed", 6), (1, "故意伤害罪", "fixed", 15), (2, "寻衅滋事罪", "", None)]
    assert rows(store, "victims") == [
        (1, "王某甲", "doctor", "slight", "", 1),
        (2, "", "patient_or_visitor", "minor", "minor_2", 1),
        (3, "", "security", "", "", 4),
        (10, "", "institution", "", "", 1),
    ]
    assert case(store, "defendants", "victims", "staff_victims") == (2, 7, 5)


def test_a_persons_victims_replace_the_whole_list(store: Store) -> None:
    say(
        store,
        "rules",
        ("victim:1", "name", "王某甲"),
        ("victim:1", "injury", "death"),
        ("victim:2", "role", "nurse"),
        ("case", "worst_injury", "death"),
    )
    say(store, "model", ("victim:1", "role", "police"))
    assert rows(store, "victims") == [(1, "", "police", "", "", 1)]
    say(store, "coder1", ("victim:1", "role", "nurse"), ("victim:1", "injury", "slight"), ("victim:1", "persons", "2"))
    assert rows(store, "victims") == [(1, "", "nurse", "slight", "", 2)]
    assert case(store, "victims", "staff_victims", "worst_injury", "worst_staff_injury") == (2, 2, "slight", "slight")
    say(store, "coder1")
    say(store, "model")
    assert len(rows(store, "victims")) == 2
    assert case(store, "worst_injury") == "death"


def test_a_person_can_say_that_there_is_nobody(store: Store) -> None:
    say(store, "rules", ("victim:1", "role", "doctor"), ("victim:1", "injury", "serious"), ("defendant:1", "name", "张某"))
    say(store, "coder1", ("case", "victims", "0"), ("case", "defendants", "0"))
    assert rows(store, "victims") == rows(store, "defendants") == []
    assert case(store, "defendants", "victims", "staff_victims", "worst_injury") == (0, 0, 0, "none_or_unstated")


def test_worst_injury_is_the_label_or_else_the_worst_of_the_victims(store: Store) -> None:
    victims: list[Said] = [
        ("victim:1", "role", "patient_or_visitor"), ("victim:1", "injury", "serious"),
        ("victim:2", "role", "doctor"), ("victim:2", "injury", "slight"), ("victim:3", "role", "nurse"), ("victim:3", "injury", "minor"),
    ]  # fmt: skip
    say(store, "rules", *victims)
    assert case(store, "worst_injury", "worst_staff_injury") == ("serious", "minor")
    say(store, "rules", *victims, ("case", "worst_injury", "death"))
    assert case(store, "worst_injury", "worst_staff_injury") == ("death", "minor")
    say(store, "coder1", ("case", "worst_injury", "minor"))
    assert case(store, "worst_injury") == "minor"


def test_rows_disappear_with_their_labels(store: Store) -> None:
    say(store, "rules", ("defendant:1", "charge", "寻衅滋事罪"), ("victim:1", "role", "doctor"))
    say(store, "rules")
    assert rows(store, "defendants") == rows(store, "charges") == rows(store, "victims") == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("18", 18),
        ("0", 0),
        ("-1", -1),
        ("12.0", 12),
        ("12.9", 12),
        ("", None),
        ("twelve", None),
        ("1e9", None),
        ("1.", None),
        ("nan", None),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers(value: str, number: int | None) -> None:
    assert whole(value) == number


def test_a_number_that_is_none_is_shown_as_silence(store: Store) -> None:
    say(store, "rules", ("defendant:1", "fine", "二千"), ("defendant:1", "sentence_months", "9" * 25))
    assert rows(store, "defendants") == [(1, "", "", "", "", "", "", 0, 0, 0, 0, 0, 0, "", 0, 0, 0, *FURTHER)]
    assert len(store.verify()) == 2
    say(store, "rules")
