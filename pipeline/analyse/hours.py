"""The hour of the act: no variable of the codebook, but the words that judgments print behind its date (22时许, 凌晨2时, 晚上10点, 22:30).

The rule is SQL, so that whoever has the database can run it again; `EXAMPLES` show what it reads and what it must not read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from pipeline.analyse.units import Unit

_WINDOW = 14  # characters behind the date that are looked at
# A period of the day: its words, the first and the last hour it can mean (24 and more: after midnight), the quarter it stands for alone.
_PERIODS = (
    (("凌晨", "半夜", "午夜"), 23, 30, "night"),
    (("清晨", "早晨", "早上", "早"), 4, 11, "morning"),
    (("上午",), 5, 12, "morning"),
    (("中午", "正午", "午后", "下午"), 11, 19, "afternoon"),
    (("傍晚", "晚上", "晚间", "晚"), 16, 24, "evening"),
    (("夜间", "夜里", "夜晚", "深夜", "夜"), 18, 29, "evening"),
)
_DIGITS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_NUMERALS = (
    *_DIGITS,
    "两",
    "十",
    *(f"十{digit}" for digit in _DIGITS[1:]),
    "二十",
    *(f"二十{digit}" for digit in _DIGITS[1:5]),
)
EXAMPLES: Mapping[str, tuple[str, str]] = {
    "22时许，被告人张某": ("22", "evening"),
    "8时30分许": ("08", "morning"),
    "0时许": ("00", "night"),
    "24时许": ("00", "night"),
    "22:30，被告人": ("22", "evening"),
    "凌晨2时许": ("02", "night"),
    "凌晨12时许": ("00", "night"),
    "凌晨零点半": ("00", "night"),
    "晚上10点左右": ("22", "evening"),
    "晚上十一时许": ("23", "evening"),
    "晚12时许": ("00", "night"),
    "当晚8时许": ("20", "evening"),
    "晚21时许": ("21", "evening"),
    "夜里1时许": ("01", "night"),
    "下午3时许": ("15", "afternoon"),
    "下午二时": ("14", "afternoon"),
    "中午1时": ("13", "afternoon"),
    "中午12时": ("12", "afternoon"),
    "上午8时至9时": ("08", "morning"),
    "（星期一）上午9时": ("09", "morning"),
    "，约20时": ("20", "evening"),
    "一天晚上10时许": ("22", "evening"),
    "某日一时许": ("01", "night"),
    "早上六点": ("06", "morning"),
    "晚，被告人李某甲": ("", "evening"),
    "凌晨，二人": ("", "night"),
    "中午，王某": ("", "afternoon"),
    "，被告人张某在22时": ("", ""),
    "至9月间，被告人": ("", ""),
    "3小时后": ("", ""),
    "31时": ("", ""),
    "早已": ("", ""),
    "晚辈": ("", ""),
    "": ("", ""),
}


_BLANK = " ，,的当天日约大在"  # may stand between the date, the period of the day and the hour
_OTHER_WORDS = "已就辈餐饭会宴班市宵"  # 早已, 晚辈, 夜班: no period of the day


def _values(rows: list[str]) -> str:
    return "(VALUES " + ", ".join(rows) + ")"


def _numbers() -> str:
    """Every way to write an hour, in digits or in words, with the hour."""
    written = {str(hour): hour for hour in range(25)} | {f"0{hour}": hour for hour in range(10)}
    written |= dict(zip(_NUMERALS, (*range(10), 2, *range(10, 25)), strict=True))
    return _values([f"('{word}', {hour})" for word, hour in written.items()])


def _rule() -> str:
    """Common table expressions over `said(judgment_id, place, after)`; the last, `hours`, adds hour ('00' to '23') and part_of_day, '' if not stated."""
    periods = _values([f"('{word}', {low}, {high}, '{part}')" for words, low, high, part in _PERIODS for word in words])
    others = ", ".join(f"'{character}'" for character in _OTHER_WORDS)
    return f"""periods (word, low, high, part) AS {periods},
    numbers (word, hour) AS {_numbers()},
    begun AS MATERIALIZED (
        SELECT judgment_id, place, ltrim(CASE WHEN after LIKE '（%）%' THEN substr(after, instr(after, '）') + 1)
            WHEN substr(after, 1, 2) IN ('一天', '某日', '某天') THEN substr(after, 3) ELSE after END, '{_BLANK}') AS words
        FROM said
    ), parted AS (
        SELECT b.*, p.low, p.high, p.part, ltrim(substr(b.words, coalesce(length(p.word), 0) + 1), '{_BLANK}') AS rest,
            row_number() OVER (PARTITION BY b.judgment_id, b.place ORDER BY length(p.word) DESC) AS choice
        FROM begun AS b LEFT JOIN periods AS p
            ON substr(b.words, 1, length(p.word)) = p.word AND substr(b.words, length(p.word) + 1, 1) NOT IN ({others})
    ), clocked AS (
        SELECT q.judgment_id, q.place, coalesce(q.part, '') AS part,
            CASE WHEN n.hour BETWEEN q.low AND q.high THEN n.hour WHEN n.hour + 12 BETWEEN q.low AND q.high THEN n.hour + 12
                WHEN n.hour + 24 BETWEEN q.low AND q.high THEN n.hour + 24 ELSE n.hour END % 24 AS hour
        FROM parted AS q LEFT JOIN numbers AS n
            ON substr(q.rest, 1, length(n.word)) = n.word AND substr(q.rest, length(n.word) + 1, 1) IN ('时', '時', '点', '點', ':', '：')
        WHERE q.choice = 1
    ), hours AS (
        SELECT judgment_id, place, CASE WHEN hour IS NULL THEN '' ELSE printf('%02d', hour) END AS hour,
            CASE hour / 6 WHEN 0 THEN 'night' WHEN 1 THEN 'morning' WHEN 2 THEN 'afternoon' WHEN 3 THEN 'evening' ELSE part END AS part_of_day
        FROM clocked
    )"""


def read_hours(words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The rule on texts that stand behind a date, by any key: hour ("00" to "23") and part of the day, each "" where it is not stated."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE said (judgment_id TEXT, place INTEGER, after TEXT)")
    connection.executemany("INSERT INTO said VALUES (?, 1, substr(?, 1, ?))", [(key, text, _WINDOW) for key, text in words.items()])
    found = connection.execute(f"WITH {_rule()} SELECT judgment_id, hour, part_of_day FROM hours").fetchall()
    connection.close()
    return {key: (hour, part) for key, hour, part in found}


# The cases with the time of the act: of the quotations that give the date of the act, the first with an hour, else the first with a part of the day.
TIMED = Unit(
    "timed_case",
    "案件",
    "Cases",
    f"""(WITH said AS MATERIALIZED (
        SELECT c.judgment_id, e.id AS place, substr(j.text, e."end" + 1, {_WINDOW}) AS after
        FROM (SELECT judgment_id, incident_on FROM {{view}} WHERE in_scope = 1 AND incident_on <> '') AS c
            CROSS JOIN evidence AS e ON e.judgment_id = c.judgment_id AND e.variable = 'incident_on'
            CROSS JOIN labels AS l ON l.id = e.label_id AND l.value = c.incident_on AND l."by" <> 'defence'
            CROSS JOIN judgments AS j ON j.judgment_id = c.judgment_id
    ), {_rule()}, told AS (
        SELECT *, row_number() OVER (PARTITION BY judgment_id ORDER BY hour = '', part_of_day = '', place) AS choice FROM hours
    )
    SELECT c.*, coalesce(t.hour, '') AS hour, coalesce(t.part_of_day, '') AS part_of_day
    FROM {{view}} AS c LEFT JOIN told AS t ON t.judgment_id = c.judgment_id AND t.choice = 1)""",
)
