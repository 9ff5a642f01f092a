"""A `cases` server: CSV of a small collection, with the name of the file that counts the hits."""

from __future__ import annotations

import csv
import io
import re

from servers.local import Asked, LocalServer, Reply

ENGLISH = (
    "id", "url", "case_id", "case_name", "court", "region", "case_type", "procedure", "judgment_date", "public_date", "parties",
    "cause", "legal_basis", "full_text",
)  # fmt: skip
CHINESE = (
    "原始链接", "案号", "案件名称", "法院", "所属地区", "案件类型", "案件类型编码", "来源", "审理程序", "裁判日期", "公开日期", "当事人", "案由", "法律依据", "全文",
)  # fmt: skip


def document(number: int, year: int = 2018, kind: str = "刑事") -> dict[str, str]:
    """A judgment of our own writing, under the English names."""
    case = f"（{year}）测0101{kind[0]}初{number}号"
    body = f"被告人张某{number}因就诊纠纷殴打医生李某，致其轻微伤。" if kind == "刑事" else f"原告王某{number}与被告赵某买卖合同纠纷一案。"
    party = "公诉机关某某市某某区人民检察院" if kind == "刑事" else "原告王某"
    sentence = "本院认为，被告人的行为已构成寻衅滋事罪，判决如下：判处有期徒刑六个月。" if kind == "刑事" else "判决如下：驳回诉讼请求。"
    paragraphs = ("某某市某某区人民法院", f"{kind}判决书", case, party, body, sentence)
    return {
        "id": str(number),
        "url": f"https://wenshu.court.gov.cn/website/wenshu/181107ANFZ0BXSK4/index.html?docId={number:032x}",
        "case_id": case, "case_name": f"张某{number}{kind}一审判决书", "court": "某某市某某区人民法院", "region": "某某省",
        "case_type": f"{kind}案件", "procedure": f"{kind}一审", "judgment_date": f"{year}-03-0{number % 9 + 1}",
        "public_date": f"{year}-06-01", "parties": f"张某{number}", "cause": "", "legal_basis": "",
        "full_text": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
    }  # fmt: skip


class SearchCollection:
    """Answers as the server does. `limit` hits an answer; `lost` documents are counted and not sent."""

    def __init__(self, documents: list[dict[str, str]], limit: int = 3, *, chinese: bool = False, named: bool = True) -> None:
        self.documents = documents
        self.limit = limit
        self.chinese = chinese
        self.named = named
        self.lost: set[str] = set()
        self.has_texts = True
        self.ignores_offset = False
        self.ignores_year = False

    def __call__(self, asked: Asked) -> Reply:
        hits = self.hits(asked.parameters["search"])
        offset = int(asked.parameters["offset"])
        start = 0 if self.ignores_offset else offset
        rows = [row for row in hits[start : start + self.limit] if row["id"] not in self.lost]
        headers = {"Content-Type": "text/csv; charset=utf-8"}
        if self.named:
            name = f"{asked.parameters['search']}_{len(hits)}_{self.limit}_{offset}.csv"
            headers["Content-Disposition"] = f"attachment; filename={name}"
        return Reply(200, self.csv(rows), headers)

    def hits(self, query: str) -> list[dict[str, str]]:
        """The documents that a query finds."""
        year = None if self.ignores_year else re.search(r"year:(\d{4})", query)
        words = re.findall(r'full_text:"?([^")\s]+)', query)
        if words and not self.has_texts:
            return []
        return [
            row
            for row in self.documents
            if (not words or any(word in re.sub("<.*?>", "", row["full_text"]) for word in words))
            and (not year or row["judgment_date"].startswith(year[1]))
        ]

    def csv(self, rows: list[dict[str, str]]) -> bytes:
        """The rows as the server writes them."""
        stream = io.StringIO()
        names = ENGLISH[1:7] + ENGLISH[7:] if self.chinese else ENGLISH
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(CHINESE if self.chinese else ENGLISH)
        for row in rows:
            values = [row[name] for name in names]
            writer.writerow([*values[:6], "1", "www.example.org", *values[6:]] if self.chinese else values)
        return stream.getvalue().encode()


def searches(server: LocalServer) -> list[int]:
    """The offsets that were asked for."""
    return [int(asked.parameters["offset"]) for asked in server.asked]
