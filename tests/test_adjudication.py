"""What two coders differ in, question by question, and what an adjudicator's decision becomes. All texts are invented."""

from __future__ import annotations

import pytest

from pipeline.annotate.adjudication import NOTHING, Standing, accept, agree, choose, compare, settle
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Entry

IN_SCOPE, OUT = Entry("case", "in_scope", ("1",)), Entry("case", "in_scope", ("0",))


def stand(codings: dict[str, list[Entry]], decisions: list[Entry] | None = None) -> dict[tuple[str, str], Standing]:
    compared = compare(codings, decisions or [], load())
    return {(question.unit, question.variable): question.standing for question in compared.questions}


def test_same_values_in_any_order_agree_and_silence_agrees_on_nothing() -> None:
    assert agree([Entry("case", "weapon", ("knife", "blunt")), Entry("case", "weapon", ("blunt", "knife"))])
    assert not agree([Entry("case", "weapon", ("knife",)), Entry("case", "weapon", ("blunt",))])
    assert not agree([Entry("case", "weapon"), Entry("case", "weapon")])
    assert agree([Entry("case", "weapon", ("",)), Entry("case", "weapon", ("",))])  # both say: no weapon


def test_questions_are_what_either_coder_has_answered() -> None:
    first = [IN_SCOPE, Entry("case", "alcohol", ("yes",)), Entry("case", "note", ("难案",)), Entry("case", "confidence", ("low",))]
    second = [IN_SCOPE, Entry("case", "alcohol", ("no",)), Entry("case", "department", ("emergency",))]
    assert stand({"anna": first, "bo": second}) == {
        ("case", "in_scope"): Standing.AGREED,
        ("case", "alcohol"): Standing.OPEN,
        ("case", "department"): Standing.OPEN,
    }


def test_a_doubt_without_a_value_is_a_question() -> None:
    doubt = Entry("case", "alcohol", note="酒精含量未写明")
    assert stand({"anna": [doubt], "bo": []}) == {("case", "alcohol"): Standing.OPEN}


def test_everything_waits_for_a_scope_in_dispute() -> None:
    codings = {"anna": [IN_SCOPE, Entry("case", "alcohol", ("no",)), Entry("victim:1", "role", ("nurse",))], "bo": [OUT]}
    waiting = {("case", "alcohol"): Standing.WAITING, ("victim:1", "role"): Standing.WAITING}
    assert stand(codings) == {("case", "in_scope"): Standing.OPEN, **waiting}
    assert compare(codings, [], load()).agreement == 0
    assert stand(codings, [IN_SCOPE])["case", "alcohol"] is Standing.OPEN
    assert stand(codings, [OUT]) == {("case", "in_scope"): Standing.DECIDED}


def test_agreement_counts_questions_that_are_compared() -> None:
    first = [IN_SCOPE, Entry("case", "alcohol", ("yes",)), Entry("case", "cause", ("payment",))]
    second = [IN_SCOPE, Entry("case", "alcohol", ("no",)), Entry("case", "cause", ("payment",))]
    compared = compare({"anna": first, "bo": second}, [], load())
    assert compared.agreement == pytest.approx(2 / 3)
    assert compare({"anna": [], "bo": []}, [], load()).agreement is None


def test_a_decision_for_an_answer_takes_its_words() -> None:
    first, second = Entry("case", "alcohol", ("yes",), ((3, 5, "yes"),)), Entry("case", "alcohol", ("no",), ((7, 9, "no"),))
    question = compare({"anna": [first], "bo": [second]}, [], load())["case", "alcohol"]
    assert choose(question, 1, load()) == second
    assert settle(question, ["yes"]) == first
    assert settle(question, ["not_mentioned"]) == Entry("case", "alcohol", ("not_mentioned",))
    assert settle(question, ["not_mentioned"], [(1, 2)]).words == ((1, 2, "not_mentioned"),)
    assert settle(question, []) == Entry("case", "alcohol", note=NOTHING)


def test_what_is_accepted_has_the_words_of_both() -> None:
    first, second = Entry("case", "alcohol", ("yes",), ((3, 5, "yes"),)), Entry("case", "alcohol", ("yes",), ((7, 9, "yes"),), unsure=True)
    question = compare({"anna": [first], "bo": [second]}, [], load())["case", "alcohol"]
    assert question.doubtful
    assert accept(question) == Entry("case", "alcohol", ("yes",), ((3, 5, "yes"), (7, 9, "yes")))


def test_an_answer_left_out_stands_for_the_silence_of_the_text() -> None:
    question = compare({"anna": [Entry("case", "alcohol", ("yes",))], "bo": []}, [], load())["case", "alcohol"]
    assert choose(question, 1, load()).values == ("not_mentioned",)


def test_parties_keep_the_first_coders_number_and_new_ones_follow() -> None:
    first = [Entry("victim:1", "role", ("doctor",)), Entry("victim:2", "role", ("nurse",))]
    second = [Entry("victim:1", "role", ("nurse",)), Entry("victim:2", "role", ("patient",)), Entry("victim:3", "role", ("doctor",))]

    def align(left: object, right: object, kind: str) -> list[tuple[int | None, int | None]]:
        return [(1, 3), (2, 1), (None, 2)] if kind == "victim" else []

    compared = compare({"anna": first, "bo": second}, [], load(), align)
    assert [(q.unit, [a.unit for a in q.answers], q.standing) for q in compared.questions] == [
        ("victim:1", ["victim:1", "victim:3"], Standing.AGREED),
        ("victim:2", ["victim:2", "victim:1"], Standing.AGREED),
        ("victim:3", ["", "victim:2"], Standing.OPEN),
    ]
    assert choose(compared["victim:3", "role"], 0, load()) == Entry("victim:3", "role", note=NOTHING)
    assert choose(compared["victim:3", "role"], 1, load()) == Entry("victim:3", "role", ("patient",))
    assert accept(compared["victim:1", "role"]).unit == "victim:1"


def test_three_coders_are_compared_with_the_first() -> None:
    people = (("anna", 1, "李某甲"), ("bo", 3, "李某甲"), ("chen", 2, "赵某"))
    compared = compare({coder: [Entry(f"victim:{n}", "name", (name,))] for coder, n, name in people}, [], load())
    assert [(q.unit, [a.unit for a in q.answers]) for q in compared.questions] == [
        ("victim:1", ["victim:1", "victim:3", ""]),
        ("victim:2", ["", "", "victim:2"]),
    ]


def test_a_party_that_one_coder_does_not_have_can_be_struck_out() -> None:
    codings = {"anna": [], "bo": [Entry("victim:1", "role", ("doctor",)), Entry("victim:1", "injury", ("minor",))]}
    gone = [choose(question, 0, load()) for question in compare(codings, [], load()).questions]
    assert gone == [Entry("victim:1", "role", note=NOTHING), Entry("victim:1", "injury", note=NOTHING)]
    assert all(standing is Standing.DECIDED for standing in stand(codings, gone).values())


def test_a_question_that_nobody_asked() -> None:
    with pytest.raises(AnjuanError, match="case, alcohol: neither coder"):
        compare({"anna": [IN_SCOPE], "bo": []}, [], load())["case", "alcohol"]
