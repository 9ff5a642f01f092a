"""What the first offender is to the institution."""

import pytest

from pipeline.extract import read_case
from pipeline.extract.reason.relation import relation_labels
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def relation(text: str) -> Label:
    (only,) = relation_labels(read_case(Judgment("test", "1", canonical(text), text)))
    return only


FACTS = {
    "被告人谢某的朋友喻某从台阶上跌下，谢某打车将其送到某医院急诊科，谢某因不愿先交费殴打值班医生。": "companion",
    "被告人柏某在某口腔门诊部种植牙齿四颗，后与医生争吵，殴打医生。": "patient",
    "被告人水某自2015年起在某康复医院（民营）做护工，后与医院后勤科长争吵，殴打该科长及医生。": "staff",
    "窦某甲因脑梗塞在某医院住院，由兄弟二人轮流陪护，被告人窦某乙在病房殴打护士。": "family",
    "被告人张某到某医院急诊科就诊，与值班医生发生争执，将医生打伤。": "patient",
    "被告人李某醉酒摔伤后被120急救车送往某医院，护士为其输液时，李某挥拳打护士。": "patient",
    "被告人王某在某医院骨科住院期间，因琐事殴打护士。": "patient",
    "被告人赵某由其母陪同到某医院看病，突然持刀刺向医生。": "patient",
    "被告人孙某带发烧的女儿到某医院看病，嫌医生太慢，殴打医生。": "family",
    "被告人周某的父亲在某医院住院治疗，周某与护士争吵后殴打护士。": "family",
    "患者李某由其表哥被告人吴某陪同到某医院急诊科就医，吴某殴打医生。": "family",
    "被告人郑某系死者之子，纠集亲属在医院大厅殴打医生。": "family",
    "被告人冯某陪同朋友到某医院急诊科看病，殴打值班医生。": "companion",
    "被告人陈某送一名头部受伤的女子到急诊科，与医生争吵并殴打医生。": "companion",
    "被告人褚某受他人纠集到医院闹事，打砸导医台，殴打保安。": "companion",
    "被告人卫某与医生李某素不相识，闯入诊室持刀刺伤李某。": "none",
    "被告人蒋某为抢劫财物潜入医院护士站，持刀威胁护士。": "none",
    "被告人沈某系该院保安，被辞退后持刀将院长捅伤。": "staff",
}


@pytest.mark.parametrize(("text", "value"), FACTS.items())
def test_the_relation_is_found(text: str, value: str) -> None:
    assert relation(text).value == value


def test_the_words_must_tell_of_the_first_offender() -> None:
    text = "经审理查明，刘某到某医院就诊，陪同其就诊的被告人韩某系其朋友，韩某与被告人杨某一起殴打医生。"
    assert relation(text).value == "companion"


def test_a_visit_as_a_pretext_makes_no_patient() -> None:
    assert relation("被告人朱某以看病为名进入某诊所，持刀抢劫，刺伤医生。").value == "none"


def test_evidence_is_quoted() -> None:
    text = canonical("被告人秦某陪同朋友到某医院急诊科看病，殴打值班医生。")
    (span,) = relation(text).spans
    assert "朋友" in text[span.start : span.end]


@pytest.mark.parametrize("text", ["", "\n", "医生", "被告人尤某在酒吧持刀将许某捅伤。", "患者" * 2000])
def test_scraps_are_read(text: str) -> None:
    assert relation(text).variable == "relation"
