"""Who acts in a clause: offender, victim or somebody else."""

from __future__ import annotations

import pytest

from pipeline.extract import read_case
from pipeline.extract.act.actors import Actor, Cast
from pipeline.schema import Judgment
from pipeline.text import canonical


def actor(text: str, words: str) -> Actor:
    cast = Cast.read(read_case(Judgment("test", "1", canonical(text), text)))
    return cast.actor_at(cast.document.view.index(words), sentences=2)


@pytest.mark.parametrize(
    ("text", "words", "side"),
    [
        ("经审理查明，被告人张某持刀砍伤被害人李某。", "持刀", Actor.OFFENDER),
        ("经审理查明，被告人张某辱骂李某，被害人李某遂持木棍还击。", "持木棍", Actor.VICTIM),
        ("经审理查明，被告人张某与被害人李某发生争执，后持刀将李某砍伤。", "持刀", Actor.OFFENDER),
        ("经审理查明，医生李某被被告人张某持凳子打伤。", "持凳子", Actor.OFFENDER),
        ("经审理查明，被告人张某进入护士站，见护士李某低头写字，即持刀上前。", "持刀", Actor.OFFENDER),
        ("经审理查明，被告人张某指使赵某（另案处理）到场，赵某持钢管打砸。", "持钢管", Actor.ACCOMPLICE),
        ("经审理查明，被告人张某殴打医生，保安员王某用椅子阻挡。", "用椅子", Actor.VICTIM),
        ("经审理查明，被告人孙某拦住去路，被害人李某报警，孙遂持棍追打。", "持棍", Actor.OFFENDER),
        ("经审理查明，被告人张某与被害人李某争吵，李某掏出一把匕首。", "掏出", Actor.VICTIM),
        ("经审理查明，被告人张某将被害人李某、王某用刀捅伤。", "用刀", Actor.OFFENDER),
        ("经审理查明，被告人张某在李某家门口捡起木棍。", "捡起", Actor.OFFENDER),
        ("经审理查明，被告人张某抢下被害人李某的刀。", "的刀", Actor.OFFENDER),
        ("经审理查明，被告人张某、赵某一持刀追打李某。", "持刀", Actor.OFFENDER),
        ("经审理查明，被告人张某追上被害人李某持刀乱砍。", "持刀", Actor.OFFENDER),
        ("经审理查明，赵某遂召集被告人张某前往，赵某持棍打人。", "持棍", Actor.ACCOMPLICE),
        ("有人持刀。", "持刀", Actor.ACCOMPLICE),
        ("持刀。", "持刀", Actor.UNKNOWN),
    ],
)
def test_actor(text: str, words: str, side: Actor) -> None:
    assert actor(text, words) is side


def test_a_role_and_the_name_after_it_are_one_mention() -> None:
    text = "经审理查明，被告人张某殴打被害人李某。"
    cast = Cast.read(read_case(Judgment("test", "1", canonical(text), text)))
    assert [(text[a:b], side) for a, b, side in cast.mentions(0, len(text))] == [
        ("被告人张某", Actor.OFFENDER),
        ("被害人李某", Actor.VICTIM),
    ]


def test_each_of_two_roles_in_a_row_keeps_its_own_name() -> None:
    text = "经审理查明，被告人张某与被害人李某争吵。"
    sides = Cast.read(read_case(Judgment("test", "1", canonical(text), text))).sides
    assert sides == {"张某": Actor.OFFENDER, "李某": Actor.VICTIM}


def test_the_last_cast_is_not_given_to_another_document() -> None:
    first = read_case(Judgment("test", "1", "被告人张某打人。"))
    second = read_case(Judgment("test", "2", "被告人王某打人。"))
    assert set(Cast.read(first).sides) == {"张某"}
    assert set(Cast.read(second).sides) == {"王某"}
