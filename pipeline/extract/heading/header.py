"""What the first and last lines of a document say: title, case number, court, trial level, date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.case import Case
from pipeline.extract.heading.court import court_level, court_named, printed_court
from pipeline.extract.heading.printed_dates import DATE, DOTTED_DATE, SIGNED_DATE, first_date, iso
from pipeline.extract.heading.region import region
from pipeline.schema import Label, Section, Span
from pipeline.text import Document, Expression

_PARTY = re.compile(
    r"(?:原?(?:审|一审)?公诉机关|抗诉机关|公益诉讼起诉人|自诉人|附带民事诉讼原告人|(?:原审)?被告(?:人|单位)|上诉人|申诉人|罪犯)(?!人?[^，。\n]{0,40}(?:一案|[判裁决]定?[决定]?书))"
)
_NUMBER = re.compile(
    r"（\n?(?:19|20)\d{2}\n?）\n?(?P<body>[^，。；：（）]{0,14}?(?:刑|法|初|终|再|复|执|申|监|减|更|医|核|重)[^，。；：（）]{0,14}?)\n?号(?:之[一二三四五六七八九十\d]{1,3})?"
)
# Printed without brackets or without the year.
_BARE_NUMBER = re.compile(r"(?<=[\n书])(?:(?:19|20)\d{2}年?)?[\u3400-\u9fff\d]{1,8}刑[^，。；：（）\n检]{1,12}号(?=\n)")
_OF_PROSECUTOR = re.compile(r"检|起诉|公诉|鉴|公[（刑]|量建")
_OTHER_CASE = ("作出", "做出", "对", "以", "第", "本院", "法院", "经")
_KIND = re.compile(r"刑\n?事(?:附带民\n?事)?(?:\n?诉讼)?\n?(?:判\n?决|裁\n?定|决\n?定|调\n?解|再审决定)\n?书?")
_SIGNATURE = Expression(r"(?<=[\n。；）])(?:(?:代\n?理|助\n?理)?审\n?判\n?[长员]|人民陪审员|陪审员)")
_NEXT_HEADING = Expression(r"法院\n?刑\n?事(?:附带民\n?事)?(?:判\n?决|裁\n?定)\n?书\n?（\n?(?:19|20)\d{2}\n?）")
# The date of a closing whose signatures are missing or broken.
_LAST_DATE = re.compile(rf"(?:(?<=\n)|(?<=^)){DATE.pattern}(?P<after>\n?(?:本件与|书\n?记\n?员|法\n?官\n?助\n?理)|\s{{0,4}}\Z)")
_TITLE = re.compile(r"[^\n]{4,160}?(?:书|一案|案)(?:\n|$)")

# What stands before 刑 is the court: 管 in （2016）管刑初字 is a district, no stage.
_STAGE_WORDS = re.compile(r"^.*?(刑.*|[执减假复核].*)$")
# Words of a case number that tell the stage, the most telling first.
_STAGES = (
    ("retrial", re.compile(r"再|刑监|监字|刑抗|申")),
    ("other", re.compile(r"复|核|减|假|更|执|医|没|赔|管|辖|他字")),
    ("second", re.compile(r"终")),
    ("first", re.compile(r"初|重")),
)
_WORDED = (
    ("other", re.compile(r"死刑复核|复核(?:审|一案)|(?:报请|报送)[^。]{0,20}(?:核准|复核)|减刑|假释|强制医疗")),
    ("retrial", re.compile(r"再审|审判监督程序|申诉人（原审")),
    ("second", re.compile(r"二审|终审|上诉人|原审被告人|抗诉机关")),
    ("first", re.compile(r"一审|公诉机关|提起公诉|自诉人|指控")),
)


def header_labels(case: Case) -> list[Label]:
    """Labels of the case from heading, closing and metadata: title, case_number, court, court_level, province, city, trial_level, decided_on."""
    document, stated = case.document, case.judgment.metadata
    stop = _end_of_head(document.view)
    number, number_spans = _case_number(document, stop)
    number = number or _plain(stated.get("case_number", ""))
    court, court_spans = _court(case, stop)
    province, city = region(court, number)
    level, level_spans = _trial_level(case, number, number_spans)
    date, date_spans = _decided_on(document)
    title, title_spans = _title(case, stop)
    return [
        Label("case", "title", title, spans=title_spans),
        Label("case", "case_number", number, spans=number_spans),
        Label("case", "court", court, spans=court_spans),
        Label("case", "court_level", court_level(court), spans=court_spans if court_level(court) else ()),
        Label("case", "province", province or stated.get("province", ""), spans=court_spans if province else ()),
        Label("case", "city", city or stated.get("city", ""), spans=court_spans if city else ()),
        Label("case", "trial_level", level, spans=level_spans),
        Label("case", "decided_on", date or first_date(stated.get("decided_on", "")), spans=date_spans),
    ]


Found = tuple[str, tuple[Span, ...]]


def _end_of_head(view: str) -> int:
    """Where the parties begin: what stands before is court, kind of document and number."""
    for m in _PARTY.finditer(view, 0, 1500):
        if m.start() == 0 or view[m.start() - 1] in "\n号。书：" or _NUMBER.search(view, 0, m.start()):
            return m.start()
    return min(len(view), 600)


def _case_number(document: Document, stop: int) -> Found:
    """The document's own number: the first below court and kind of document, else the last before the parties (a title may quote one)."""
    view = document.view
    found = [
        m for m in _NUMBER.finditer(view, 0, stop) if not _OF_PROSECUTOR.search(m["body"]) and not view[: m.start()].endswith(_OTHER_CASE)
    ]
    kind = max((m.end() for m in _KIND.finditer(view, 0, stop)), default=0)
    below = [m for m in found if m.start() >= kind][:1]
    best = next(iter(below or found[-1:] or list(_BARE_NUMBER.finditer(view, 0, stop))[-1:] or _loose_numbers(view)), None)
    return (best[0].replace("\n", ""), (document.span(best.start(), best.end(), "case_number"),)) if best else ("", ())


def _loose_numbers(view: str) -> Iterator[re.Match[str]]:
    """Case numbers in the first lines that no sentence gives to another document."""
    return (m for m in _NUMBER.finditer(view, 0, 800) if not _OF_PROSECUTOR.search(m["body"]) and not _quoted(view, m))


def _quoted(view: str, m: re.Match[str]) -> bool:
    """Whether the number is that of another document which a sentence names."""
    return bool(
        view[: m.start()].endswith(_OTHER_CASE)
        or re.match(r"(?:刑事|民事|行政)?(?:附带民事)?(?:判决|裁定|起诉|调解|决定)", view[m.end() : m.end() + 8])
    )


def _court(case: Case, stop: int) -> Found:
    document, stated = case.document, case.judgment.metadata
    if printed := printed_court(document.view, stop):
        name, start, end = printed
        return name, (document.span(start, end, "court"),)
    return _plain(stated.get("court", "")) or court_named(case.judgment.title) or court_named(stated.get("case_name", "")), ()


def _plain(text: str) -> str:
    """A value of the metadata in the form in which the text would print it."""
    return re.sub(r"\s", "", text).translate(str.maketrans("()〔〕[]", "（）（）（）"))


def _trial_level(case: Case, number: str, spans: tuple[Span, ...]) -> Found:
    """Stage of the proceedings: from the number, else from title, metadata, heading and the closing's wording."""
    body = _STAGE_WORDS.sub(r"\1", number.partition("）")[2] or number)
    for level, pattern in _STAGES:
        if pattern.search(body):
            return level, spans
    document = case.document
    for text in (case.judgment.title, case.judgment.metadata.get("procedure", "") + case.judgment.metadata.get("trial_level", "")):
        for level, pattern in _WORDED:
            if pattern.search(text):
                return level, ()
    for level, pattern in _WORDED:
        if m := pattern.search(document.view, 0, 1500):
            return level, (document.span(m.start(), m.end(), "trial_level"),)
    return "other", ()


def _decided_on(document: Document) -> Found:
    """The date below the signatures; never one of the appended statute, an earlier judgment or a term of prison."""
    view = document.view
    signed = [m.end() for m in document.finditer(_SIGNATURE)]
    stop = _next_judgment(document, signed)
    stretches = [(at, min(at + 160, stop)) for at in reversed(signed) if stop // 5 < at < stop] + document.stretches(Section.CLOSING)
    for start, end in stretches:
        dates = list(SIGNED_DATE.finditer(view, start, end)) or list(DOTTED_DATE.finditer(view, start, end))
        if dates := [m for m in dates if iso(m) and not _inside(view, m)]:
            best = max(dates, key=lambda m: (len(iso(m)), -m.start()))
            return iso(best), (document.span(best.start(), best.end(), "decided_on"),)
    last = _LAST_DATE.search(view, max(len(view) - 240, 0))
    return (iso(last), (document.span(last.start(), last.start("after"), "decided_on"),)) if last and iso(last) else ("", ())


def _next_judgment(document: Document, signed: list[int]) -> int:
    """Where a second judgment in the same text begins, behind the signatures of the first; else the end of the text."""
    following = document.search(_NEXT_HEADING, signed[0]) if signed and signed[-1] - signed[0] > 600 else None
    return following.start() if following else len(document.view)


def _inside(view: str, m: re.Match[str]) -> bool:
    """Whether the date stands inside a sentence (自…起至…止, 于…生效) and not on a line of its own."""
    return bool(
        (m.start() and view[m.start() - 1] in "自于从至即")
        or re.match(r"[起止前后]|修[正订]|施行|生效|通过|作出", view[m.end() : m.end() + 3])
    )


def _title(case: Case, stop: int) -> Found:
    """The title that the source gives, else a first line that is neither court nor kind of document nor number."""
    document = case.document
    if case.judgment.title or case.judgment.metadata.get("case_name"):
        return (case.judgment.title or case.judgment.metadata["case_name"]).strip(), ()
    m = _TITLE.match(document.view, 0, stop)
    line = m[0].rstrip("\n") if m else ""
    if not m or _KIND.fullmatch(line) or re.search(r"法院$|法院刑事", line):
        return "", ()
    return line, (document.span(0, len(line), "title"),)
