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


TIES = {
    "被告人卢某的父亲在某县医院透析，护士让其换床位，卢某将护士推倒。": "family",
    "某日夜里，被告人谭某之妻在产房待产，谭某嫌助产士来得慢，将助产士打伤。": "family",
    "产妇石某生下死婴。石某之婆母、被告人郝某扑向接生的医生，撕扯其头发。": "family",
    "被告人秦某到某镇卫生院给母亲开药，医生说没有这种药，秦某一巴掌打去。": "family",
    "被告人汤某冲进手术区，喊着“我女儿还在里面”，将护士推倒。": "family",
    "急诊医生请陪同的工头、被告人贺某先缴费，贺某将医生打伤。": "companion",
    "被告人倪某背着中暑的工友跑到某诊所，嫌医生动作慢，踢打医生。": "companion",
    "被告人滕某受死者家属雇请，带人到某卫生院打砸，殴打医生。": "companion",
    "值班医生接到一名醉汉，醉汉即被告人雷某，医生为其测血糖时，雷某扭伤医生手指。": "patient",
    "患者、被告人常某在病区抽烟，护士劝其熄灭，常某将护士打伤。": "patient",
    "被告人齐某由其妻陪同到某医院做胃镜，因等候过久将医生打伤。": "patient",
    "被告人毛某被狗咬伤后打了疫苗，隔日发烧，来到接种台将护士打伤。": "patient",
    "被告人左某在药房窗口要求退药，药师说不能退，左某将其打伤。": "patient",
    "被告人崔某追打躲债的龚某到某镇卫生院，护士上前劝阻，被崔某打伤。": "none",
    "被告人程某系流浪人员，夜里在某医院大厅睡觉，保安请其离开，程某将保安打伤。": "none",
    "某医院护工、被告人邢某因排班与护士长争吵，将护士长打伤。": "staff",
}


@pytest.mark.parametrize(("text", "value"), TIES.items())
def test_ties_in_other_words(text: str, value: str) -> None:
    assert relation(text).value == value


def test_a_quarrel_with_a_relative_is_no_tie() -> None:
    assert relation("被告人陆某酒后与前妻争吵，闯进某医院急诊室，用花盆砸伤护士。").value != "family"


def test_the_names_of_the_persons_do_not_matter() -> None:
    text = "被告人卢某之妻在某医院手术后昏迷，卢某到诊室将医生张某打伤。"
    renamed = text.replace("卢某", "欧某某").replace("张某", "李某甲")
    assert relation(text).value == relation(renamed).value == "family"


def test_a_plea_and_a_statute_change_nothing() -> None:
    text = "经审理查明，被告人卢某陪同朋友到某医院急诊科看病，殴打值班医生。"
    plea = "辩护人提出，被告人卢某之父在该院住院，其系患者家属，请求从轻处罚。"
    statute = "\n附相关法律条文\n第二百九十三条 有下列寻衅滋事行为之一，破坏社会秩序的，处五年以下有期徒刑。"
    assert relation(text).value == relation(f"{text}\n{plea}{statute}").value == "companion"
