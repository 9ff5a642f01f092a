"""The HTML report: self-contained, in two languages, every count linked to its judgments and their quotations, Chinese without fonts."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_database import TEXTS, build

from pipeline.analyse import fonts, listings, pages, quotations, write_report
from pipeline.analyse.catalogue import catalogue, count_all
from pipeline.analyse.charts import Chart, chart_of, charts, types_chart, yes_chart
from pipeline.analyse.charts_svg import LEFT, RIGHT, WIDTH
from pipeline.analyse.fonts import Font, characters_of, font_for, full_font
from pipeline.analyse.reading import cases_in_scope, open_readonly
from pipeline.analyse.tables import table_one
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Judgment, Label, StoreError
from pipeline.store import Store

FONT_FOLDER = files("pipeline.analyse").joinpath("font")


class Page(HTMLParser):
    """What the tests ask of a page: its tags, ids, links and the text below each id."""

    VOID = frozenset({"meta", "input", "br", "link", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.open: list[tuple[str, str]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags[tag] += 1
        if identifier := known.get("id"):
            self.ids[identifier] += 1
        if tag == "a" and (href := known.get("href")):
            self.links.append(href)
        if target := known.get("popovertarget"):
            self.links.append(f"#{target}")
        if tag not in self.VOID:
            self.open.append((tag, identifier or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for _, identifier in self.open:
            if identifier:
                self.texts[identifier] = self.texts.get(identifier, "") + data


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "small.db"
    build(path)
    return path


@pytest.fixture(scope="module")
def html(database: Path) -> str:
    return write_report(database, database.with_suffix(".html"), coded_by="两名读者 <甲、乙> 的编码。").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(autouse=True)
def _no_cutting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting a font takes a second: only the page of the module's fixture, made before this, carries a cut one."""
    monkeypatch.setattr(fonts, "full_font", lambda: None)
    monkeypatch.setattr(pages, "full_font", lambda: None)


def test_page_is_well_formed_and_ids_are_unique(page: Page) -> None:
    assert page.open == []
    assert max(page.ids.values()) == 1


def test_page_needs_no_network_and_runs_no_script_but_its_own(html: str, page: Page) -> None:
    assert page.tags["link"] == page.tags["iframe"] == 0
    script = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(script) == page.tags["script"] == 1
    assert f"script-src 'sha256-{b64encode(sha256(script[0].encode()).digest()).decode()}';" in html
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:|//)""", html)
    assert not re.search(r"url\((?!data:font/)", html)
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_every_link_leads_somewhere_on_the_page(page: Page) -> None:
    assert len(page.links) > 100
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_every_count_of_the_table_leads_to_the_list_of_its_judgments(database: Path, html: str, page: Page) -> None:
    cases = cases_in_scope(open_readonly(database))
    numbers = {case.judgment_id: case.row["case_number"] for case in cases}
    table = table_one(open_readonly(database))
    rows = [row for part in table.parts for row in part.rows]
    checked = 0
    for number, row in enumerate(rows):
        for column, cell in row.cells.items():
            anchor = f"l{number}-{column}"
            assert (anchor in page.ids) == (cell.n > 0)
            if cell.n and column != "total":
                assert {one for one in numbers.values() if one in page.texts[anchor]} == {numbers[one] for one in cell.judgments}
                assert f"<button popovertarget={anchor}>{cell.n}</button>" in html
                checked += 1
    assert checked > 40


def test_a_list_quotes_the_words_that_put_each_judgment_there(database: Path, page: Page) -> None:
    rows = [row.line.key for part in table_one(open_readonly(database)).parts for row in part.rows]
    prepared = page.texts[f"l{rows.index('weapon_prepared=yes')}-hatred"]
    assert "携带菜刀" in prepared
    assert "事先购买匕首" in prepared
    assert "砍死" not in prepared
    assert "经审理查明" in prepared
    assert "法院" in prepared


def test_a_card_holds_number_court_date_facts_and_quotations(database: Path, page: Page) -> None:
    cases = [case.row["source_id"] for case in cases_in_scope(open_readonly(database))]
    card = page.texts[f"j{cases.index('H1') + 1}"]
    for part in ("H1 刑事判决书", "某市中级人民法院", "2014-05-06", "仇恨型", "认为手术没有做好", "事先准备凶器", "寻衅滋事罪", "医生"):
        assert part in card, part


def test_text_from_judgments_and_callers_cannot_become_markup(html: str, page: Page) -> None:
    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "两名读者 <甲、乙> 的编码。" in page.texts["whose"]


def test_head_says_whose_answers_these_are(page: Page) -> None:
    for part in ("经仲裁的编码", "编码者的编码", "模型的预测", "规则", "没有答案", "model", "33"):
        assert part in page.texts["whose"], part
    assert "折外" not in page.texts["whose"]


def test_head_says_out_of_fold_when_told(database: Path, tmp_path: Path) -> None:
    written = write_report(database, tmp_path / "oof.html", out_of_fold=True)
    assert "模型的折外预测" in Page(written.read_text(encoding="utf-8")).texts["whose"]


def test_flow_shows_duplicates_refusals_with_reasons_and_what_was_out_of_scope(page: Page) -> None:
    flow = re.sub(r"\s+", " ", page.texts["flow"])
    for part in ("14", "重复", "民事文书", "civil judgment", "不公开", "seen_on_mars", "盗窃罪", "未分类"):
        assert part in flow, part


def test_judgments_out_of_scope_are_counted_and_not_shown(html: str) -> None:
    assert TEXTS["N1"] not in html
    assert "N1 刑事判决书" not in html


@pytest.mark.parametrize(("language", "checked"), [("zh", 'id="zh" checked'), ("en", 'id="en" checked')])
def test_language_shown_first(database: Path, tmp_path: Path, language: str, checked: str) -> None:
    text = write_report(database, tmp_path / "report.html", language=language).read_text(encoding="utf-8")
    assert checked in text
    assert len(re.findall(r"<input[^>]* checked ", text)) == 1
    assert text.count("<span lang=zh>") == text.count("<span lang=en>") > 300


def test_charts_have_texts_in_both_languages_and_a_table_of_numbers(page: Page) -> None:
    for name in ("types", "causes", "injuries", "weapon_prepared", "alcohol", "roles"):
        text = page.texts[f"chart-{name}"]
        assert "仇恨型" in text
        assert "Hatred" in text
        assert "数据" in text


def test_lists_and_cards_are_capped_and_say_so(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "LISTED", 1)
    monkeypatch.setattr(quotations, "CARDS", 4)
    monkeypatch.setattr(pages, "CARDS", 4)
    capped = Page(write_report(database, tmp_path / "capped.html").read_text(encoding="utf-8"))
    assert sum(identifier.startswith("j") and identifier[1:].isdigit() for identifier in capped.ids) == 4
    assert "另有 1 件未在此列出" in capped.texts["l0-reactive"]
    assert "SELECT judgment_id FROM cases" in capped.texts["l0-reactive"]
    assert all(link[1:] in capped.ids for link in capped.links)


def test_an_empty_database_gives_a_report(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    empty = Page(write_report(tmp_path / "empty.db", tmp_path / "empty.html").read_text(encoding="utf-8"))
    assert "研究范围内没有案件" in empty.texts["whose"]
    assert empty.tags["svg"] == 0
    assert "table-one" in empty.ids


@pytest.mark.parametrize(
    ("labels", "shown", "absent"),
    [
        ([], "研究范围内没有案件", "chart-types"),
        ([Label("case", "in_scope", "0")], "研究范围内没有案件", "chart-types"),
        ([Label("case", "in_scope", "1")], "没有答案", "chart-year"),
        ([Label("case", "in_scope", "1"), Label("case", "attack_type", "hatred")], "未载明", "chart-hospital_level"),
    ],
)
def test_one_judgment_of_which_little_or_nothing_is_known_gives_a_report(
    tmp_path: Path, labels: list[Label], shown: str, absent: str
) -> None:
    judgment = Judgment("test", "one", "经审理查明，被告人张某殴打护士。")
    with Store.open(tmp_path / "one.db") as store:
        store.add_judgments(store.begin_run("test"), [judgment])
        store.replace_labels("test", "rules", "rules", [(judgment.judgment_id, labels)], "1.3")
    text = write_report(tmp_path / "one.db", tmp_path / "one.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert max(page.ids.values()) == 1
    assert shown in text
    assert absent not in page.ids
    assert "nan" not in re.sub(r"<[^>]*>", "", text).lower().split()


def test_each_table_says_what_is_stated_and_how_it_was_tested(page: Page) -> None:
    assert "Stated in 5 / 6" in page.texts["t-year"]
    assert "该研究：66%" in page.texts["t-hospital_level"]
    assert "Judgments do not state income" in page.texts["t-education"]
    for name in ("t-department", "t-weapon", "t-victim_injury"):
        assert "未检验" in page.texts[name] or "p " in page.texts[name]


def test_intervals_stand_beside_the_shares(html: str) -> None:
    row = re.search(r'<tr class="value">\s*<th scope="row"><span lang=zh>死亡</span>.*?</tr>', html, re.DOTALL)
    assert row is not None
    cells = re.findall(r"<td[^>]*>(?:<button[^>]*>)?([^<]*)", row[0])
    assert cells[:3] == ["1", "50", "9–91"]  # one of two: Wilson's interval


def test_lists_share_a_budget(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_one(open_readonly(database))
    cases = [case.judgment_id for case in cases_in_scope(open_readonly(database))]
    assert listings.limit_of_lists([table], cases) == listings.LISTED
    monkeypatch.setattr(listings, "ENTRIES", 60)
    limit = listings.limit_of_lists([table], cases)
    lengths = [len(cell.judgments) for part in table.parts for row in part.rows for name, cell in row.cells.items() if name != "total"]
    assert sum(lengths) > 60 >= sum(min(length, limit) for length in lengths)


def test_unwritable_or_unreadable_paths_are_one_clear_line(database: Path, tmp_path: Path) -> None:
    with pytest.raises(AnjuanError, match="cannot be written"):
        write_report(database, tmp_path / "no" / "such" / "folder.html")
    with pytest.raises(StoreError, match="does not exist"):
        write_report(tmp_path / "none.db", tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------ charts


SVG = "{http://www.w3.org/2000/svg}"


def marks(chart: Chart) -> dict[str, list[list[float]]]:
    """The outline of every mark of a drawing that has a tip, by the English part of the tip: pairs of x and y."""
    found: dict[str, list[list[float]]] = {}
    for group in ElementTree.fromstring(chart.svg).iter(f"{SVG}g"):
        if (title := group.find(f"{SVG}title")) is not None and (path := group.find(f"{SVG}path")) is not None:
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
            found[str(title.text).split(" | ")[-1]] = [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    return found


def test_bars_stay_inside_the_drawing_and_fill_their_track(database: Path) -> None:
    connection = open_readonly(database)
    for chart in charts(table_one(connection), load()):
        for outline in marks(chart).values():
            assert all(0 <= x <= WIDTH for x, _ in outline)
    here = {tip: outline for tip, outline in marks(types_chart(table_one(connection), load())).items() if "This collection" in tip}
    widths = {tip: max(x for x, _ in outline) - min(x for x, _ in outline) for tip, outline in here.items()}
    assert sum(widths.values()) == pytest.approx(WIDTH - LEFT - RIGHT, abs=0.5)
    assert widths["This collection: Hatred 2 / 6 (33 %)"] == pytest.approx((WIDTH - LEFT - RIGHT) * 2 / 6, abs=0.2)


def test_a_drawing_brings_no_style_no_id_twice_and_only_colours_of_the_page(html: str, page: Page) -> None:
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(drawings) == page.tags["svg"] > 8
    styles = Path(str(files("pipeline.analyse").joinpath("report/style.css"))).read_text(encoding="utf-8")
    for drawing in drawings:
        assert "<style" not in drawing
        assert "#fa0" not in drawing
        assert "@" not in drawing
        assert set(re.findall(r"(?:fill|stroke): ([^;\"]+)", drawing)) - {"none"} <= {
            f"var(--{name})" for name in re.findall(r"--([\w-]+):", styles)
        }


def test_the_table_beside_a_chart_tells_the_studys_share(database: Path) -> None:
    chart = yes_chart(table_one(open_readonly(database)), load()["weapon_prepared"])
    assert [(row[0].en, row[1].zh, row[2].zh) for row in chart.body][:3] == [
        ("Hatred", "2 (100 %)", "81 %"),
        ("Reactive", "0", "1 %"),
        ("Fortuitous", "0", "–"),
    ]


def test_years_are_drawn_without_gaps_and_the_rest_is_named(database: Path) -> None:
    years = next(definition for definition in catalogue() if definition.name == "year")
    chart = chart_of(years, count_all(open_readonly(database))["year"])
    assert chart is not None
    assert chart.note.zh == "案件数；另有 1 件未载明。"
    drawn = {tip.split(":")[0] for tip in marks(chart)}
    assert drawn == {"2014", "2015", "2016", "2019"}
    assert ">2018<" in chart.svg


def test_where_nothing_is_stated_there_is_no_chart(database: Path) -> None:
    tables = count_all(open_readonly(database))
    missing = [
        each.name for each in catalogue() if tables[each.name].cell("number", "total").n and chart_of(each, tables[each.name]) is None
    ]
    assert "province" in missing
    assert "year" not in missing


# ------------------------------------------------------------------------------------------------ the font


def shipped_characters() -> set[str]:
    return set(characters_of(FONT_FOLDER.joinpath("characters.txt").read_text(encoding="utf-8")))


def characters_in(data: bytes) -> set[str]:
    truetype = pytest.importorskip("fontTools.ttLib")
    return {chr(code) for code in truetype.TTFont(BytesIO(data)).getBestCmap()}


def test_shipped_font_is_small_and_its_licence_stands_beside_it() -> None:
    assert 10_000 < len(FONT_FOLDER.joinpath("han.woff2").read_bytes()) < 300_000
    assert "SIL OPEN FONT LICENSE" in FONT_FOLDER.joinpath("OFL.txt").read_text(encoding="utf-8")


def test_shipped_font_covers_every_label_of_codebook_and_report(tmp_path: Path) -> None:
    labels = "".join(term.zh + "".join(value.zh for value in term.values) for term in load().variables.values())
    labels += "".join(term.zh for terms in (load().sections, load().speakers, load().units) for term in terms.values())
    for name in (
        "report/report.html",
        "catalogue/catalogue.toml",
        "report/drawers.html",
        "report/macros.html",
        "wording.toml",
        "published.toml",
        "names.toml",
    ):
        labels += files("pipeline.analyse").joinpath(name).read_text(encoding="utf-8")
    for module in ("charts", "lines", "tables", "quotations", "sections", "numbers", "units", "statistics/phrases", "catalogue/counting"):
        labels += files("pipeline.analyse").joinpath(f"{module}.py").read_text(encoding="utf-8")
    assert set(characters_of(labels)) <= shipped_characters()


def test_shipped_font_holds_the_characters_listed_beside_it() -> None:
    missing = shipped_characters() - characters_in(FONT_FOLDER.joinpath("han.woff2").read_bytes())
    assert not missing, "run python -m pipeline.analyse.shipped_font"


def test_without_the_optional_packages_the_shipped_font_is_embedded(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "full_font", lambda: None)
    monkeypatch.setattr(pages, "full_font", lambda: None)
    text = write_report(database, tmp_path / "report.html").read_text(encoding="utf-8")
    assert b64encode(FONT_FOLDER.joinpath("han.woff2").read_bytes()).decode() in text
    assert "生僻字" in text


def test_with_them_the_font_is_cut_to_the_page(html: str) -> None:
    if full_font() is None:
        pytest.skip("fontTools, uharfbuzz or pylopdf-fonts-zh-cn is not installed")
    url = re.search(r"url\(data:font/woff;base64,([^)]*)\)", html)
    assert url is not None
    visible = re.sub(r"url\([^)]*\)", "", html)
    assert set(characters_of(visible)) <= characters_in(b64decode(url[1])) | {"\ufffd"}


def test_a_character_that_no_font_has_is_no_error() -> None:
    assert isinstance(font_for("罪\ue000\U000e0001"), Font)


def test_characters_are_listed_once_and_latin_is_left_to_the_machine() -> None:
    assert characters_of("abc “罪”，罪\n名") == "名罪，"
