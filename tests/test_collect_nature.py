"""What is a criminal judgment and what is not. All texts are invented."""

from __future__ import annotations

import pytest

from pipeline.collect.nature import check
from pipeline.schema import RecordError

CRIMINAL = [
    "江州省临江市东湖区人民法院 刑事判决书 （2019）江0104刑初12号 公诉机关临江市东湖区人民检察院。被告人张某。",
    "江州省临江市中级人民法院\n刑　事　附　带　民　事　裁　定　书\n（2018）江01刑终33号\n",
    "临江市人民法院\n刑 事 判 决 书\n（2012）东刑初字第7号\n",
    "临江市中级人民法院刑事裁定书（2015）临刑执字第423号罪犯李某甲，男。",
    "临江市中级人民法院刑事裁定书（2017）江01刑更1号",
    "最高人民法院刑事裁定书（2013）刑三复1234号被告人王某。",
    "临江市东湖区人民法院附带民事公益诉讼判决书（2018）江0104刑初73号附带民事公益诉讼起诉人临江市东湖区人民检察院。",
    "临江市东湖区人民法院 强制医疗决定书 （2018）江0104刑医1号",
    "张某拒不执行判决、裁定一审刑事判决书 临江市东湖区人民法院 刑事判决书",
    "江州省高级人民法院刑事附民事判决书2017江刑终106号公诉机关江州省人民检察院。",
    "临江市中级人民法院刑事判决（二〇〇九）临刑初字第17号公诉机关临江市人民检察院。",
    "经审理查明，2016年5月2日，被告人李某在其住处因琐事将刘某打伤。",
    "公诉机关指控：被告人赵某于2015年入户盗窃一次。",
    "临江市东湖区人民检察院指控，2014年6月，周某酒后驾车。",
    "临江市东湖区人民法院（2014）东民初字第12号民事判决书判令被告人陈某偿还借款，陈某有能力而拒不履行。",
    "2018年6月7日20时许，患者孙某在门诊大厅推搡护士，致其右手擦伤。",
    "自诉人何某控诉被告人吕某犯诽谤罪一案。",
    "经审理查明的事实、证据与原审一致。",
]


@pytest.mark.parametrize("text", CRIMINAL)
def test_criminal_texts_pass(text: str) -> None:
    check(text)


OTHERS = [
    ("临江市东湖区人民法院 民事判决书 （2019）江0104民初12号 原告张某。被告李某。", "civil"),
    ("江州省临江市东湖区人民法院\n民 事 裁 定 书\n（2016）江0104民终680号\n上诉人冯某。", "civil"),
    ("临江市东湖区人民法院民事调解书（2011）东民一初字第5号", "civil"),
    ("临江市东湖区人民法院（2012）东商初字第5号原告某公司。", "civil"),
    ("临江知识产权法院民事判决书（2019）江73知民初12号", "civil"),
    ("原告江某诉称，被告何某借款不还。请求判令被告返还借款。", "civil"),
    ("临江市东湖区人民法院\n行 政 判 决 书\n（2019）江0104行初12号\n原告张某。被告临江市公安局东湖分局。", "administrative"),
    ("临江市中级人民法院行政赔偿裁定书（2019）江01行赔终2号", "administrative"),
    ("临江市东湖区人民法院\n执 行 裁 定 书\n（2016）江0104执异126号\n申请执行人刘某。被执行人陈某。", "enforcement"),
    ("临江市东湖区人民法院结 案 通 知 书（2021）江0104执472号李某：关于你申请执行一案。", "enforcement"),
    ("临江市东湖区人民法院限制消费令（2021）江0104执9号", "enforcement"),
    ("临江市中级人民法院赔偿委员会决定书（2020）江01委赔1号赔偿请求人宋某。", "other_procedure"),
    ("临江市中级人民法院国家赔偿决定书（2020）江01法赔1号", "other_procedure"),
]


@pytest.mark.parametrize(("text", "reason"), OTHERS)
def test_other_documents_are_refused_with_their_kind(text: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        check(text)
    assert caught.value.reason == reason
    assert caught.value.detail


TITLES = [
    ("江某与何某民间借贷纠纷一审民事判决书", "civil"),
    ("江某与何某民间借贷纠纷案", "civil"),
    ("申请执行人刘某与被执行人陈某合同纠纷一案执行裁定书", "enforcement"),
    ("江某与临江市公安局行政处罚一审行政判决书", "administrative"),
]


@pytest.mark.parametrize(("title", "reason"), TITLES)
def test_the_title_tells_where_the_text_does_not(title: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        check("本院依法组成合议庭进行了审理，现已审理终结。", title)
    assert caught.value.reason == reason


def test_the_stated_case_type_tells_where_heading_and_title_do_not() -> None:
    with pytest.raises(RecordError) as caught:
        check("本院依法组成合议庭进行了审理，现已审理终结。", "", "执行案件")
    assert caught.value.reason == "enforcement"
    check("本院依法组成合议庭进行了审理，现已审理终结。", "", "刑罚与执行变更案件")


PAGES = [
    ("中国裁判文书网 首页 刑事案件 民事案件 行政案件 登录 手机号码 密码 忘记密码 注册", "login_page"),
    ("用户登录\n请输入账号\n请输入密码\n立即登录", "login_page"),
    ("为了保证您的正常访问，请输入验证码", "captcha_page"),
    ("您的请求已被该站点的安全策略拦截", "captcha_page"),
    ("请按住滑块，拖动到最右边", "captcha_page"),
    ("不公开理由：人民法院认为不宜在互联网公布的其他情形", "not_public"),
    ("临江市中级人民法院 （2019）江01刑终5号 不公开理由：未成年人犯罪的", "not_public"),
    ("欢迎来到法律知识问答，本站收录常见问题。", "not_a_judgment"),
    ("This is an English page about criminal law.", "not_a_judgment"),
    (" \n\u3000", "empty"),
    ("张某盗窃案 被告人张某……剩余50%未阅读 购买后阅读全文", "truncated"),
]


@pytest.mark.parametrize(("text", "reason"), PAGES)
def test_pages_without_a_judgment_are_refused(text: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        check(text, judgment_expected=False)
    assert caught.value.reason == reason


def test_a_fact_paragraph_about_verification_codes_is_no_captcha_page() -> None:
    check("2018年3月5日，吴某冒充客服骗得郑某的验证码，转走其账户内九百元。")
    check("被害人郑某按提示输入密码登录后，账户被转走九百元。")


def test_a_page_must_show_that_it_is_a_judgment_but_a_record_need_not() -> None:
    text = "孙某因等候时间长与护士争执，后将其推倒。"
    check(text)
    with pytest.raises(RecordError):
        check(text, judgment_expected=False)
