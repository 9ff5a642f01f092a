"""Stated grounds: the half-sentence that says why, read for its subject."""

import time

import pytest

from pipeline.extract import read_case
from pipeline.extract.cause import cause_labels
from pipeline.extract.cues import story
from pipeline.extract.grounds import grounds
from pipeline.extract.rules import load_rules
from pipeline.schema import Judgment
from pipeline.text import canonical


def read(text: str):
    return read_case(Judgment("test", "1", canonical(text), text))


def subjects(text: str) -> list[str]:
    return [cue.match.rule.value for cue in grounds(story(read(text)))]


EXAMPLES = [(rule.value, half) for rule in load_rules("ground") for half in rule.hits]
FACTS = [
    ("treatment_outcome", "被告人张某因对其子的救治结果心存不满，携带水果刀至某医院儿科，将医生李某捅伤。"),
    ("treatment_outcome", "被告人王某因怀疑自己患病系该诊所输液所致，持菜刀到诊所将医生陈某砍伤。"),
    ("treatment_outcome", "被告人李某之妻在某医院行剖宫产手术后子宫被切除，李某认为系医生赵某的责任，遂到诊室对赵某拳打脚踢。"),
    ("treatment_outcome", "被告人周某在某口腔诊所拔牙后一直疼痛，多次找医生吴某理论，后持铁锤将吴某打伤。"),
    ("treatment_outcome", "被告人孙某以其孙女在该院接种后高烧致脑瘫为由，纠集亲属在医院门口拉横幅。"),
    ("treatment_outcome", "被告人郑某对医生冯某为其治疗腰椎间盘突出症未见好转耿耿于怀，持匕首将冯某刺伤。"),
    ("treatment_outcome", "被告人褚某等人因患者卫某在某医院死亡，在该院门诊大厅摆放花圈、烧纸，并殴打保安。"),
    ("treatment_outcome", "被告人蒋某自感术后不适，认为是医生沈某手术时做了手脚，持刀将沈某杀害。"),
    ("treatment_outcome", "被告人韩某因母亲经抢救无效死亡，情绪激动，对抢救医生杨某进行殴打。"),
    ("treatment_outcome", "被告人朱某因女儿被某医院诊断错误，心生怨恨，到医院打砸。"),
    ("treatment_outcome", "被告人秦某某认为医生对其前列腺炎治疗无效，产生报复念头，持刀捅刺医生许某。"),
    ("service_speed", "被告人何某陪同朋友到急诊科就诊，认为医护人员没有及时处理伤口，遂辱骂、殴打护士吕某。"),
    ("service_speed", "被告人施某酒后送妻子就医，嫌值班医生出来慢，与医生张某发生争执并将其打伤。"),
    ("service_speed", "被告人孔某因其父未能及时得到救治，遂殴打值班护士曹某。"),
    ("service_speed", "被告人严某在候诊过程中，因不满前面病人插队，与导诊护士华某发生争吵，将华某打伤。"),
    ("service_speed", "被告人金某因院前急救人员到达现场较晚，对随车医生魏某进行殴打。"),
    ("service_speed", "被告人陶某以医院不给安排病床为由，在急诊室砸毁电脑。"),
    ("service_speed", "医生姜某正在抢救其他病人，被告人戚某要求先给其包扎未果，遂殴打姜某。"),
    ("service_speed", "被告人谢某因值班医生未在岗，踢砸诊室大门并殴打赶来的医生邹某。"),
    ("service_speed", "被告人喻某等待取检查结果时间较长，心生不满，将检验科窗口玻璃砸碎并殴打技师柏某。"),
    ("payment", "被告人水某因不满医院收取的治疗费用，与收费员窦某发生口角，将其打伤。"),
    ("payment", "被告人章某出院时对费用清单提出异议，与护士云某发生争吵并将其打伤。"),
    ("payment", "被告人苏某要求退还押金未果，殴打收费员潘某。"),
    ("payment", "被告人葛某因拖欠医药费被医院停药，遂持棍到护士站打砸。"),
    ("payment", "护士奚某要求被告人范某缴纳医药费，范某拒绝缴纳，并殴打奚某。"),
    ("payment", "被告人彭某因新农合报销比例问题与医院工作人员郎某发生争执，将郎某打伤。"),
    ("payment", "被告人鲁某认为诊所医生韦某多收其药费，持砖头将韦某头部打伤。"),
    ("payment", "被告人昌某因未带钱，医生马某让其先交费再取药，昌某遂殴打马某。"),
    ("attitude", "被告人苗某因护士凤某说话语气不好，与其发生口角，用拳头击打凤某面部。"),
    ("attitude", "被告人花某因认为医生方某在看病时对其不屑一顾，遂对方某进行殴打。"),
    ("attitude", "被告人俞某觉得护士任某对自己爱答不理，将任某推倒在地。"),
    ("attitude", "被告人袁某因护士柳某斥责其子，遂对柳某进行殴打。"),
    ("attitude", "被告人酆某与医生鲍某因言语不合发生争吵，继而将鲍某打伤。"),
    ("attitude", "被告人史某认为医生唐某说话伤其自尊，持凳子将唐某砸伤。"),
    ("procedure", "被告人费某因开药问题与医生廉某发生争执，将廉某打伤。"),
    ("procedure", "被告人岑某要求医生薛某为其开具伤情证明，遭到拒绝后将薛某打伤。"),
    ("procedure", "被告人雷某因护士贺某给其女儿扎针未扎上，对贺某进行辱骂、殴打。"),
    ("procedure", "被告人倪某因拒绝办理住院手续与护士汤某发生争执，遂殴打汤某。"),
    ("procedure", "被告人滕某酒后不配合医生殷某检查，并用脚踢殷某腹部。"),
    ("procedure", "医生罗某建议其做头颅CT检查，被告人毕某不同意，遂辱骂并殴打罗某。"),
    ("procedure", "被告人郝某因对换药方式不满，与护士邬某发生争吵，将邬某打伤。"),
    ("procedure", "被告人安某因医生常某要求其先去挂号，心生不满，殴打常某。"),
    ("procedure", "被告人乐某要求护士于某拔除尿管，于某未同意，乐某遂殴打于某。"),
    ("procedure", "被告人时某因强行要求给其母转院与医生傅某发生冲突，将傅某打伤。"),
    ("management", "被告人皮某驾车进入医院时因不服从保安卞某指挥停车，与卞某发生争吵并将其打伤。"),
    ("management", "被告人齐某在病房大声打电话，护士康某上前制止，齐某遂殴打康某。"),
    ("management", "被告人元某因探视时间问题与重症监护室护士卜某发生争执，将卜某打伤。"),
    ("management", "被告人顾某拒不出示健康码，强行闯入医院，并殴打阻拦的工作人员孟某。"),
    ("management", "护士平某要求陪护人员收起躺椅，被告人黄某不满，遂殴打平某。"),
    ("management", "被告人和某在病房吸烟，不听护士穆某劝阻，将穆某打伤。"),
    ("management", "被告人萧某因电动车停放问题与医院保安尹某发生口角，将尹某打伤。"),
    ("dispute_handling", "被告人姚某因与某医院的医疗纠纷未能得到妥善解决，多次到医院办公楼闹事，殴打工作人员。"),
    ("dispute_handling", "被告人邵某对医疗损害鉴定意见不服，到医院医务科将科长湛某打伤。"),
    ("dispute_handling", "被告人汪某等人就其父死亡赔偿事宜与医院协商未果，遂封堵医院大门。"),
    ("dispute_handling", "被告人祁某认为医院赔偿太少，到院长办公室持刀威胁院长毛某。"),
    ("dispute_handling", "被告人禹某因要求医院退赔未果，在门诊大厅泼洒汽油。"),
    ("dispute_handling", "被告人狄某不满调解结果，携带横幅到医院门口闹事并殴打保安。"),
    ("other_grievance", "被告人米某因医疗纠纷与某医院产生矛盾，遂到医院打砸。"),
    ("other_grievance", "被告人贝某因看病问题与医生明某发生争执，将明某打伤。"),
    ("other_grievance", "被告人臧某因被某医院解除劳动合同，持刀将院长计某捅伤。"),
    ("unrelated", "被告人伏某酒后在医院无故殴打值班护士成某。"),
    ("unrelated", "被告人戴某因与女友发生感情纠纷，酒后到医院急诊科殴打护士谈某。"),
    ("unrelated", "被告人宋某持刀闯入某诊所，抢走医生茅某现金二千元。"),
    ("unrelated", "被告人庞某因精神分裂症发病，持刀将路过的护士熊某捅伤。"),
    ("unrelated", "被告人纪某在急诊科因琐事与同病房病人舒某发生争吵，将上前劝阻的护士屈某打伤。"),
    ("unrelated", "被告人项某醉酒后被送至急诊科，对为其检查的医生祝某拳打脚踢。"),
    ("unrelated", "被告人董某酒后送打架受伤的朋友到医院，遇对方人员后发生厮打，并将上前劝阻的医生梁某打伤。"),
    ("unclear", "被告人杜某在某医院门诊将医生阮某打伤。"),
    ("unclear", "被告人蓝某因琐事与护士闵某发生争吵，将闵某打伤。"),
    ("treatment_outcome", "被告人张某因不满某医院医生李某为其父所做的心脏支架手术，携带尖刀至李某办公室，将李某捅伤。"),
    ("treatment_outcome", "被告人王某之妻在某医院产下一死婴，王某以医院未尽到责任为由，纠集多人在医院设灵堂。"),
    ("treatment_outcome", "被告人孙某因其在某医院做包皮手术后性功能障碍，多次要求医院处理，后持刀到泌尿外科将医生李某刺死。"),
    ("treatment_outcome", "被告人周某因其妹在某乡卫生院输液时死亡，纠集亲属二十余人将死者遗体摆放在卫生院大厅。"),
    ("treatment_outcome", "被告人吴某因怀疑医生郑某开错药致其失眠，到诊室用烟灰缸砸打郑某。"),
    ("treatment_outcome", "被告人冯某因眼睛经手术后视力下降，迁怒于主治医生陈某，将陈某砍伤。"),
    ("treatment_outcome", "因对主刀医生褚某的医术产生怀疑，被告人卫某持刀进入医生办公室将褚某捅伤。"),
    ("service_speed", "被告人蒋某因医院急诊科医生未及时为其儿子看病，在急诊科内吵闹并殴打医生沈某。"),
    ("service_speed", "被告人韩某酒后到某医院就诊，因值班护士杨某让其稍等，即对杨某拳打脚踢。"),
    ("service_speed", "被告人朱某带其父就诊，因前面病人较多需等候，情绪激动，殴打分诊护士秦某。"),
    ("service_speed", "被告人尤某以医生许某看病慢为由，持椅子砸向许某。"),
    ("service_speed", "被告人何某因不满住院部无病床而辱骂护士吕某，并将护士站电脑砸坏。"),
    ("service_speed", "被告人施某因其母病危呼叫护士无人应答，遂踢砸护士站并殴打赶来的护士张某。"),
    ("service_speed", "被告人孔某插队就诊被医生曹某拒绝，遂殴打曹某。"),
    ("payment", "被告人金某以医院乱收费为由，在收费窗口辱骂收费员魏某并砸坏玻璃。"),
    ("payment", "被告人陶某在某医院门诊收费处因退款事宜与收费员姜某发生争执，将姜某打伤。"),
    ("payment", "被告人戚某因对住院费用有疑问，到护士站质问护士谢某，继而殴打谢某。"),
    ("payment", "护士邹某告知被告人喻某账户余额不足需续交住院费，喻某即辱骂并殴打邹某。"),
    ("payment", "被告人柏某就诊后拒付医药费，诊所医生水某向其索要，柏某遂将水某打伤。"),
    ("attitude", "被告人窦某因医生章某在诊疗过程中言语冲撞，与章某发生争吵，继而将其打伤。"),
    ("attitude", "被告人云某对护士苏某的回答不满意，认为其态度冷漠，遂打了苏某一巴掌。"),
    ("attitude", "被告人潘某因护士葛某说了句难听的话，将葛某推倒。"),
    ("attitude", "被告人奚某因感觉医生范某没有正眼看他，遂用拳头击打范某头部。"),
    ("attitude", "被告人彭某因医务人员郎某对其出言不逊，与郎某发生厮打，将郎某打伤。"),
    ("procedure", "被告人鲁某要求医生韦某多开几天药，韦某以不符合规定为由拒绝，鲁某遂殴打韦某。"),
    ("procedure", "被告人昌某因输液时药液外渗，与护士马某发生争吵，将马某打伤。"),
    ("procedure", "被告人苗某不听从医生凤某安排，拒绝进行伤口缝合，并踢打凤某。"),
    ("procedure", "被告人俞某因病历书写问题与医生任某发生争执，将任某打伤。"),
    ("procedure", "医生袁某告知被告人柳某需转上级医院治疗，柳某不满，将袁某打伤。"),
    ("procedure", "被告人酆某因未带身份证无法挂号，与挂号员鲍某发生争吵，并将鲍某打伤。"),
    ("procedure", "被告人史某因心电图检查时让其脱衣一事与医生唐某发生争吵，将唐某打伤。"),
    ("procedure", "被告人费某因医生廉某拒绝给其开具杜冷丁之外的止痛药处方，将廉某打伤。"),
    ("management", "被告人岑某因车辆占用急救通道，保安薛某让其挪车，岑某遂殴打薛某，并冲入医院急诊大厅。"),
    ("management", "被告人雷某在医院病房内使用电饭锅做饭，护士贺某要求其停止，雷某殴打贺某。"),
    ("management", "被告人倪某在非探视时间要求进入重症监护室，护士汤某予以拒绝，倪某遂将汤某打伤。"),
    ("management", "被告人滕某因不配合医院疫情防控工作，对护士殷某进行辱骂、殴打。"),
    ("management", "因不让家属进入手术室，被告人罗某与护士毕某发生冲突，将毕某打伤。"),
    ("management", "被告人郝某在医院大厅用手机拍摄，被医院保安邬某制止，郝某遂殴打邬某。"),
    ("management", "被告人安某因病房空调温度与护士常某发生争吵，将常某打伤。"),
    ("dispute_handling", "被告人乐某因与医院就赔偿事项未达成一致，携带汽油到医务科，将汽油泼洒在科长于某身上。"),
    ("dispute_handling", "被告人时某因不认可医疗事故技术鉴定书，到医院将院长傅某打伤。"),
    ("dispute_handling", "被告人皮某对其投诉医生一事的处理结果不满，到医院投诉办公室殴打工作人员卞某。"),
    ("dispute_handling", "被告人齐某在与医院协商其妻医疗事故赔偿过程中，因意见不一，将医务科科长康某打伤。"),
    ("other_grievance", "被告人伍某因就诊纠纷与医生余某互殴，将余某打伤。"),
    ("other_grievance", "被告人元某原系某医院保安，因被医院开除怀恨在心，持刀将保卫科长卜某捅伤。"),
    ("unrelated", "被告人顾某醉酒后在急诊科大厅无故踢打护士孟某。"),
    ("unrelated", "被告人平某因被他人打伤到医院治疗，酒后情绪失控，无端殴打为其清创的医生黄某。"),
    ("unrelated", "被告人和某进入某诊所，持刀威胁医生穆某，劫取手机一部。"),
    ("unrelated", "被告人萧某与妻子尹某在医院争吵，护士姚某上前劝解，萧某将姚某打伤。"),
    ("unrelated", "被告人邵某因吸毒后产生幻觉，持刀冲入某医院，将护士湛某砍伤。"),
    ("unrelated", "被告人汪某因与前妻祁某的婚姻纠纷，到前妻工作的医院护士站将祁某的同事、护士毛某打伤。"),
    ("unrelated", "被告人禹某在某医院内与对方当事人狄某相遇，双方发生打斗，医生米某劝架时被禹某打伤。"),
]


@pytest.mark.parametrize(("value", "half"), EXAMPLES)
def test_every_example_decides_the_cause_of_a_sentence(value: str, half: str) -> None:
    assert cause_labels(read(f"被告人张某在某医院{half}，将医生李某打伤。"))[0].value == value


@pytest.mark.parametrize(("value", "text"), FACTS)
def test_the_cause_of_a_formulaic_finding(value: str, text: str) -> None:
    assert cause_labels(read(text))[0].value == value


def test_why_a_patient_came_is_no_ground() -> None:
    assert subjects("被告人张某因手术后感染到某医院就诊，将医生李某打伤。") == []


def test_what_the_court_or_the_prosecutor_thinks_is_no_ground() -> None:
    assert subjects("本院认为抢救不力的意见不能成立，被告人张某殴打医生李某。") == []


def test_the_head_stands_last() -> None:
    assert subjects("被告人张某因其父手术后的赔偿数额与医院发生争执，殴打医生李某。") == ["dispute_handling"]
    assert subjects("被告人张某因其女打针后落下残疾，心生怨恨，殴打医生李某。")[0] == "treatment_outcome"


def test_a_quarrel_with_a_third_party_is_no_grievance() -> None:
    assert subjects("被告人张某因住院费用与其弟媳王某发生争吵，将劝架的护士李某打伤。") == ["unrelated"]


def test_a_deed_in_the_next_clause_is_not_read() -> None:
    assert subjects("被告人张某认为李某就是仇人，从侧门进入药房，持刀刺向药师李某。") == []


def test_long_and_empty_texts_are_quick() -> None:
    started = time.perf_counter()
    for text in ("", "因", "因为不满" * 50_000, "被告人在某医院打医生，因" + "费" * 200_000):
        grounds(story(read(text)))
    assert time.perf_counter() - started < 5
