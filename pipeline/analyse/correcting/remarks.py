"""What a reader of the estimates must be told, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.codebook import Term

_WORDS = {
    "no_sample": (
        "没有以已知概率抽取的人工编码样本：只能给出机器估计，无法校正。用 `anjuan annotate assign` 抽样。",
        "no hand-coded sample was drawn with known probabilities: only the machine's estimate can be given, nothing is corrected; "
        "`anjuan annotate assign` draws one",
    ),
    "uncoded": (
        "抽取的案件尚无一件完成编码：只能给出机器估计。",
        "none of the cases drawn is coded yet: only the machine's estimate can be given",
    ),
    "waiting": ("样本 {0} 尚无编码，未使用。", "sample {0} has no coded case yet and is not used"),
    "free": (
        "{0} 件由人编码的文书并非随机抽取（导入或自选），不用于校正。",
        "{0} judgments coded by people were not drawn by chance (imported, or freely chosen): they are not used for the correction",
    ),
    "broken": (
        "样本 {0} 的“{1}”层抽取了案件却无一完成编码，抽样设计不完整：编码该层后方可校正。",
        "sample {0}: of the stratum '{1}' cases were drawn and none is coded, which breaks the design; code some of them to have corrected "
        "estimates",
    ),
    "few": (
        "人工编码仅 {0} 件（少于 30 件）：区间不可靠。",
        "only {0} cases are coded by hand (fewer than 30): the intervals are not to be relied on",
    ),
    "missing": (
        "{1} 件抽取的案件中有 {0} 件尚未编码：视为层内随机缺失。",
        "{0} of {1} cases drawn are not coded: taken as missing at random inside their stratum",
    ),
    "undecided": (
        "{0} 件案件编码者意见不一且未经仲裁：各人的编码按份计入。",
        "on {0} cases the coders differ and nobody has adjudicated: each coder's answer counts in part",
    ),
    "assisted": (
        "{0} 件案件编码时可见机器建议：编码者可能附和机器，校正可能偏小。",
        "{0} cases were coded with suggestions in sight: their coders may have followed the machine, and the correction may be too small",
    ),
    "combined": (
        "样本 {0} 先后抽取，合并使用：各样本给出一个无偏估计，互不相关，按设计加权（Raj 1956）。",
        "samples {0} were drawn one after the other and are combined: each gives an unbiased estimate, uncorrelated with the others (Raj 1956)",
    ),
    "condition": (
        "样本 {0} 的抽样范围限于：{1}；估计只适用于这些案件。",
        "sample {0} was drawn from cases that fulfil: {1}; the estimates speak of these only",
    ),
    "left": (
        "抽样框中 {0} 件文书此后并入其他案件（关联），仍按抽样时的状态计。",
        "{0} judgments of the frame have been joined to other cases since (links); they count as they stood when the sample was drawn",
    ),
    "new": (
        "数据库中另有 {0} 件案件不在抽样框内，估计不适用于它们。",
        "the database holds {0} more cases that no frame held; the estimates do not speak of them",
    ),
    "by_card": (
        "尚无可用的人工编码：按模型卡中 in_scope 与 {0} 的错误推算；先编码 30 件再重新计算更可靠。",
        "nothing is coded yet that can be used: the errors are those on the cards of the models for in_scope and {0}; code 30 cases and plan again",
    ),
    "no_card": (
        "尚无可用的人工编码，{0} 也没有模型卡：按机器不提供信息推算（偏保守）；先编码 30 件再重新计算。",
        "nothing is coded yet that can be used, and no model's card tells of {0}: planned as if the machine knew nothing of it; code 30 cases and "
        "plan again",
    ),
    "no_machine": (
        "没有模型判断案件是否属于研究范围，机器估计空缺：先运行 `anjuan classify`。",
        "no model has said which cases are in scope, so that the machine's estimates are blank: run `anjuan classify` first",
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark by its key, with the numbers and names that it tells."""

    key: str
    values: tuple[object, ...] = ()

    @property
    def term(self) -> Term:
        """The remark as a sentence in both languages."""
        zh, en = _WORDS[self.key]
        return Term(self.key, zh.format(*self.values), en.format(*self.values))
