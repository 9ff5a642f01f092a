"""What kind of document a text is: a criminal judgment, another kind of judgment, or a page without one.

The first words decide: court, kind of document (刑事判决书, 民事裁定书), case number (刑初, 民终, 执). A record that shows
nothing of the kind (a fact paragraph) is refused only when something speaks against it.
"""

from __future__ import annotations

import re

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_FRONT = 600  # characters, blanks left out, in which a judgment has said what it is
_BLANK = re.compile(r"\s+")
_HAN = re.compile("[\u3400-\u9fff]")
# The heading ends where the first party, the procedure or the first sentence begins.
_HEADING_END = re.compile(r"[，。；]|公诉机关|检察院|被告人|罪犯|自诉人|原告|申请|上诉人|经审理|审理查明|异议人|复议")
_CASE_NUMBER = r"[（(〔\[]?(?:19|20)\d\d[)）〕\]]?年?[^，。；：\s]{1,22}?号"
_PAPER = r"(?:判决|裁定|决定|调解|通知)书?"
_CRIMINAL_TYPE = re.compile(rf"刑事.{{0,20}}?{_PAPER}|强制医疗|减刑|假释|死刑复核|没收违法所得")
_YEAR = r"(?:(?:19|20)\d\d|[一二][九〇○0零][〇○0零一二三四五六七八九]{2})"
_CRIMINAL_NUMBER = re.compile(rf"{_YEAR}[)）〕\]]?年?[^，。；：]{{0,14}}?刑[^，。；：]{{0,12}}?号")
_CRIMINAL_TITLE = re.compile(r"刑事|罪一案|罪案?$|罪.{0,6}[一二再]审")
# A civil paper named in a fact paragraph (某法院作出民事判决书) is not the document's own: in a heading the name follows court, title or number.
_ANCHOR = r"(?:^|法院|纠纷|争议|赔偿|案|[一二再]审|程序|号)"
_OTHER_PAPERS = (
    (Reason.ENFORCEMENT, rf"(?:首次|恢复|终结)?(?:执行(?:实施|异议|复议|监督|审查)?|结案){_PAPER}|限制消费令|执行令"),
    (Reason.CIVIL, rf"(?:民事|民商事|商事|知识产权|海事|破产)(?:公益诉讼|附带|赔偿)?{_PAPER}|支付令"),
    (Reason.ADMINISTRATIVE, rf"行政(?:公益诉讼|赔偿|附带民事)*{_PAPER}"),
    (Reason.OTHER_PROCEDURE, rf"(?:国家|司法)?(?:赔偿(?:委员会)?|救助|制裁|拘留|罚款){_PAPER}"),
)
_OTHER_HEADINGS = tuple((reason, re.compile(f"{_ANCHOR}(?:{paper})")) for reason, paper in _OTHER_PAPERS)
_OTHER_TITLES = (
    *((reason, re.compile(paper)) for reason, paper in _OTHER_PAPERS),
    (Reason.CIVIL, re.compile(r"纠纷(?:一?案|[一二再]审)?$")),
)
_OTHER_NUMBERS = (
    (Reason.ENFORCEMENT, re.compile(r"执(?:字|异|复|监|恢|保|他|协|请|行)?[第\d]")),
    (Reason.CIVIL, re.compile(r"[民商知破](?:[一二三四五六七八九十])?(?:[初终再申监特辖撤催督保他提重抗管清委公])?(?:字|[第\d])")),
    (Reason.ADMINISTRATIVE, re.compile(r"行政?(?:[初终再申监赔审他辖提重非保])?(?:字|[第\d])")),
    (Reason.OTHER_PROCEDURE, re.compile(r"(?:赔|救|司惩)(?:[初终再监他辖民刑执])?(?:字|[第\d])")),
)
_STATED = (
    ("criminal", re.compile(r"刑")), (Reason.CIVIL, re.compile(r"民|商|知识产权|海事|破产")), (Reason.ADMINISTRATIVE, re.compile(r"行政")),
    (Reason.ENFORCEMENT, re.compile(r"执行")), (Reason.OTHER_PROCEDURE, re.compile(r"赔偿|救助|管辖|协助|保全|制裁|清算")),
)  # fmt: skip
_CRIMINAL_PARTIES = re.compile(r"公诉机关|(?:检察院|公诉人|起诉书)[^。]{0,60}?(?:指控|起诉|抗诉)|被告人|罪犯|犯罪嫌疑人|自诉人|被害人")
_CIVIL_PARTIES = re.compile(r"(?<!附带民事诉讼)(?<!附带民事公益诉讼)原告(?!人)|申请执行人|被执行人|委托(?:诉讼)?代理人|被申请人|被上诉人")
_COURT_WORDS = re.compile(r"本院|查明|指控|判决如下|裁定如下|决定如下|提起公诉|犯.{1,20}罪")
_SENTENCES = re.compile(r"本院认为|判决如下|裁定如下|决定如下|查明|指控")
_NOT_PUBLIC = re.compile(r"不公开理由|不宜在互联网上?公布")
_NOT_PUBLIC_LENGTH = 600
_NARRATIVE = re.compile(rf"{_CRIMINAL_PARTIES.pattern}|\d{{4}}年\d{{1,2}}月")
_CAPTCHA = re.compile(
    r"验证码|滑块|滑动验证|拖动.{0,6}完成|人机(?:身份)?验证|安全验证|点击按钮进行验证|访问过于频繁|访问(?:异常|受限|频率)|请求已被.{0,10}拦截|安全策略|IP存在风险|WAF|[Cc]aptcha|机器人"
)
_LOGIN = re.compile(
    r"(?:请|立即|用户|账号|扫码|会员|密码|短信|统一身份)\S{0,4}登[录陆]|登[录陆]\S{0,6}(?:密码|账号|注册|手机)|密码\s{0,8}登[录陆]|忘记密码|[Ll]og ?[Ii]n|[Ss]ign [Ii]n"
)
_CUT_SHORT = re.compile(r"剩余\s*\d+\s*[%％]\s*未阅读|今日正文查看数已满|购买后(?:阅读|查看)全文|登录后?(?:可|即可)?查看全文|试读结束")
_PAGE_GATE_LENGTH = 3000


def check(text: str, title: str = "", case_type: str = "", *, judgment_expected: bool = True) -> None:
    """Raise RecordError unless `text` is a criminal judgment, ruling or fact paragraph.

    `case_type` is what the source states (刑事案件, 民事一审). With `judgment_expected` (records whose form says so, or the
    user's own coded texts) silence is consent; without it (any page, any text file) the text must show that it is one.
    """
    if not text.strip():
        raise RecordError(Reason.EMPTY, "the record has no text; fetch the document again")
    compact = _BLANK.sub("", text[: 4 * _FRONT])
    nature = _nature(compact, _BLANK.sub("", title), case_type)
    _refuse_page(text, nature)
    if nature is not None and nature != "criminal":
        raise RecordError(nature, _detail(nature))
    if not _HAN.search(text):
        raise RecordError(Reason.NOT_A_JUDGMENT, "the text holds no Chinese; give judgments in their original language")
    if nature is None and not judgment_expected and not _reads_as_judgment(text, compact):
        raise RecordError(Reason.NOT_A_JUDGMENT, "the text shows no criminal judgment, ruling or fact finding; leave the file out")


def _nature(compact: str, title: str, case_type: str) -> str | None:
    """Return "criminal", a reason to refuse, or None when neither the heading nor the source says."""
    return _by_heading(compact) or _by_title(title) or _by_statement(case_type) or _by_parties(compact)


def _by_heading(compact: str) -> str | None:
    end = _HEADING_END.search(compact, 0, _FRONT)
    heading = compact[: end.start() if end else _FRONT]
    if _CRIMINAL_TYPE.search(heading) or _CRIMINAL_NUMBER.search(heading):
        return "criminal"
    other = _other(heading, _OTHER_HEADINGS)
    if other and _CRIMINAL_PARTIES.search(compact[:_FRONT]) and not _CIVIL_PARTIES.search(compact[:_FRONT]):
        return None  # a fact paragraph that begins with an earlier civil judgment
    return other


def _by_title(title: str) -> str | None:
    if not title:
        return None
    if _CRIMINAL_TYPE.search(title) or _CRIMINAL_TITLE.search(title):
        return "criminal"
    return _other(title, _OTHER_TITLES)


def _other(heading: str, papers: tuple[tuple[Reason, re.Pattern[str]], ...]) -> str | None:
    for reason, pattern in papers:
        if pattern.search(heading):
            return reason
    number = re.search(rf"(?:^|法院|书){_CASE_NUMBER}", heading)
    return next((reason for reason, pattern in _OTHER_NUMBERS if number and pattern.search(number[0])), None)


def _by_statement(case_type: str) -> str | None:
    return next((kind for kind, pattern in _STATED if pattern.search(case_type)), None)


def _by_parties(compact: str) -> str | None:
    """Tell a civil or administrative text without a heading: parties of such a case, nobody accused."""
    civil = re.search(r"(?<!附带民事诉讼)(?<!附带民事公益诉讼)原告(?!人).{0,400}被告(?!人)|申请执行人.{0,400}被执行人", compact)
    accused = re.search(r"被告人|公诉|检察院|犯罪|刑|被害人|罪犯", compact)
    return Reason.CIVIL if civil and not accused else None


def _refuse_page(text: str, nature: str | None) -> None:
    """Refuse a page that stands where the judgment should: not public, cut short, login, captcha."""
    if _CUT_SHORT.search(text):
        raise RecordError(Reason.TRUNCATED, "the site shows only the beginning of the text; save the page again when logged in")
    bare = not _SENTENCES.search(text)
    if bare and len(text) < _NOT_PUBLIC_LENGTH and _NOT_PUBLIC.search(text):
        raise RecordError(Reason.NOT_PUBLIC, "the court has not published this document; only the reason (不公开理由) is given")
    if nature is not None or len(text) > _PAGE_GATE_LENGTH or _NARRATIVE.search(text):
        return
    if _CAPTCHA.search(text):
        raise RecordError(Reason.CAPTCHA_PAGE, "the site asked for a captcha or blocked the request; open the document again and save it")
    if _LOGIN.search(text):
        raise RecordError(Reason.LOGIN_PAGE, "this is a login page; log in, open the document and save it again")


def _reads_as_judgment(text: str, compact: str) -> bool:
    """Tell whether a text without a heading is told as courts tell it, and in Chinese."""
    letters = sum(c.isalpha() for c in compact)
    chinese = len(_HAN.findall(compact)) > letters / 2
    return chinese and bool(_CRIMINAL_PARTIES.search(compact[:_FRONT])) and bool(_COURT_WORDS.search(text))


def _detail(nature: str) -> str:
    kinds = {
        Reason.CIVIL: "a civil document (民事)",
        Reason.ADMINISTRATIVE: "an administrative document (行政)",
        Reason.ENFORCEMENT: "an enforcement document (执行)",
    }
    return f"{kinds.get(Reason(nature), 'a document of another, non-criminal procedure')}; only criminal judgments are imported"
