"""A dump of our own synthetic text in the shape of the public one: 15 Chinese columns, quoted newlines, one hit in 2,000 rows.

`write(folder, megabytes)` makes `dump.csv`, the same rows as `dump.jsonl`, and `dump.zip` with the CSV in monthly members; what is
there already is used again. Nothing in it is real. One row in BROKEN is broken in one of four ways.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

HEADER = "原始链接,案号,案件名称,法院,所属地区,案件类型,案件类型编码,来源,审理程序,裁判日期,公开日期,当事人,案由,法律依据,全文".split(",")  # noqa: SIM905
# The four that the study searched first, and other ways of saying the same.
EXPRESSIONS = (
    "杀害医务人员", "伤医", "报复医生", "殴打医生", "殴打护士", "殴打医务人员", "打伤医生", "打伤护士", "伤害医生", "伤害医务人员",
    "捅刺医生", "砍伤医生", "砍杀医生", "杀害医生", "杀害护士", "辱骂医生", "辱骂护士", "威胁医生", "威胁医务人员", "恐吓医生",
    "推搡护士", "追打医生", "围殴医生", "医闹", "暴力伤医", "打砸医院", "打砸诊室", "扰乱医疗秩序", "聚众闹医", "持刀行凶伤医",
)  # fmt: skip
HIT, BROKEN = 2_000, 20_000  # one row in so many
MEMBERS = 8  # of the zip archive
POOL = 3_000  # different texts, more than the window of any packer
_SURNAMES = "王李张赵陈杨刘黄吴周徐孙朱胡郭罗梁宋郑谢韩唐冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖"
_PLACES = ("河东县", "临江市", "西岭区", "南湖县", "北关区", "东坪市", "白水县", "青石镇")
_SENTENCES = (
    "{place}人民检察院指控，{date}，被告人{one}某在{place}一饭馆内因琐事与被害人{two}某发生争执，继而殴打对方，致其轻伤二级。",
    "经审理查明，{date}，被告人{one}某酒后驾驶车牌号为冀A×{number}的小型客车，行至{place}路口时与{two}某驾驶的电动车相撞。",
    "上述事实，有受案登记表、抓获经过、现场勘验笔录、证人{two}某的证言、鉴定意见等证据证实，足以认定。",
    "被害人{two}某陈述，{date}其在{place}的住处被人敲门，开门后看见{one}某手持木棍站在门外，双方随后厮打。",
    "本院认为，被告人{one}某故意伤害他人身体，致一人轻伤，其行为已构成故意伤害罪，公诉机关指控的罪名成立。",
    "被告人{one}某经公安机关电话通知后主动到案，如实供述自己的罪行，系自首，依法可以从轻处罚。",
    "案发后，被告人{one}某赔偿被害人{two}某医疗费、误工费等共计人民币{number}元，并取得谅解。",
    "辩护人提出，{one}某系初犯、偶犯，认罪态度较好，请求对其从轻处罚并适用缓刑的意见，本院予以采纳。",
    "经鉴定，{two}某的损伤程度为轻伤一级；被送往{place}医院救治，住院{number}天后出院。",
    "公诉机关当庭出示了物证照片、书证、电子数据以及视听资料，被告人{one}某对证据均无异议。",
)  # fmt: skip
_END = "依照《中华人民共和国刑法》第二百三十四条第一款之规定，判决如下：\n被告人{one}某犯故意伤害罪，判处有期徒刑{number}个月。\n审判长　{two}某\n二〇一九年五月六日\n书记员　赵某"


def write(folder: Path, megabytes: int) -> tuple[Path, Path, Path]:
    """Write the dump as CSV of about so many million bytes, as JSON lines and as zip archive; the three paths."""
    csv_path, jsonl_path, zip_path = (folder / f"dump_{megabytes}.{ending}" for ending in ("csv", "jsonl", "zip"))
    if not csv_path.exists():
        _write_rows(csv_path, jsonl_path, megabytes * 1_000_000)
    if not zip_path.exists():
        _pack(csv_path, zip_path)
    return csv_path, jsonl_path, zip_path


def _write_rows(csv_path: Path, jsonl_path: Path, size: int) -> None:
    part = csv_path.with_suffix(".part")
    with part.open("wb") as table, jsonl_path.open("wb") as lines:
        table.write((",".join(HEADER) + "\r\n").encode())
        for row in rows():
            line = _csv(row)
            table.write(_broken(line, row) if _number(row) % BROKEN == BROKEN - 1 else line)
            lines.write(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False).encode() + b"\n")
            if table.tell() >= size:
                break
    part.rename(csv_path)


def rows() -> Iterator[list[str]]:
    """Yield rows without end; row number N is the same at every call."""
    chance = random.Random(4)
    pool = [_text(chance) for _ in range(POOL)]
    number = 0
    while True:
        text = pool[number * 7 % POOL]
        if number % HIT == HIT // 2:
            act = EXPRESSIONS[number // HIT % len(EXPRESSIONS)]
            text = text.replace("。", f"。被告人在诊室内{act}，致诊疗秩序混乱。", 1)
        yield _row(number, text, chance)
        number += 1


def _row(number: int, text: str, chance: random.Random) -> list[str]:
    case = f"（2019）冀{chance.randrange(100, 999)}刑初{number}号"
    who = chance.choice(_SURNAMES)
    place = chance.choice(_PLACES)
    link = f"https://wenshu.court.gov.cn/website/wenshu/181107ANFZ0BXSK4/index.html?docId={number:032x}"
    law = '《中华人民共和国刑法》第二百三十四条第一款 "从轻"' if number % 50 == 0 else "《中华人民共和国刑法》：第二百三十四条第一款"
    facts = ["刑事案件", "1", "www.example.cn", "刑事一审", "2019-05-06", "2019-06-01", f"{who}某；{place}人民检察院", "故意伤害罪", law]
    return [
        link,
        case,
        f"{who}某故意伤害一审刑事判决书",
        f"{place}人民法院",
        "河北省",
        *facts,
        f"{place}人民法院\n刑事判决书\n{case}\n{text}",
    ]


def _text(chance: random.Random) -> str:
    return "\n".join(_sentence(chance, chance.choice(_SENTENCES)) for _ in range(chance.randrange(8, 40))) + "\n" + _sentence(chance, _END)


def _sentence(chance: random.Random, pattern: str) -> str:
    date = f"{chance.randrange(2012, 2020)}年{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日{chance.randrange(24)}时许"
    names = {"one": chance.choice(_SURNAMES), "two": chance.choice(_SURNAMES)}
    return pattern.format(place=chance.choice(_PLACES), date=date, number=chance.randrange(3, 99999), **names)


def _csv(row: list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(row)
    return out.getvalue().encode()


def _broken(line: bytes, row: list[str]) -> bytes:
    """The row with a quote too many, a column too many, its end missing, or in bytes that are no text."""
    kind = _number(row) // BROKEN % 4
    if kind == 0:
        return line.replace("故意伤害罪,".encode(), '"故意伤害罪,'.encode(), 1)
    if kind == 1:
        return line.replace(",刑事案件,".encode(), ",刑事案件,,".encode(), 1)
    if kind == 2:
        return line[: len(line) // 2].rpartition(b"\n")[0] + b"\n"
    return line.replace("本院".encode(), b"\xff\xfe\xfa")


def _number(row: list[str]) -> int:
    return int(row[0].rpartition("=")[2], 16)


def _pack(csv_path: Path, zip_path: Path) -> None:
    """Cut the CSV into monthly members, each with the header."""
    part = zip_path.with_suffix(".part")
    size = csv_path.stat().st_size // MEMBERS
    with csv_path.open("rb") as table, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        header = table.readline()
        for month in range(1, MEMBERS + 1):
            with archive.open(f"2019-{month:02}.csv", "w", force_zip64=True) as member:
                member.write(header)
                _copy_rows(table, member, size if month < MEMBERS else 1 << 62)
    part.rename(zip_path)


def _copy_rows(table: io.BufferedReader, member: object, size: int) -> None:
    """Copy lines up to the first that begins a record after `size` bytes."""
    copied = 0
    while line := table.readline():
        member.write(line)  # type: ignore[attr-defined]
        copied += len(line)
        if copied >= size and table.peek(8)[:8] == b"https://":
            return
