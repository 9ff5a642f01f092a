"""China Judgments Online as far as a reader meets it: a session, result lists, documents, both encrypted; and its pages of refusal."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

from Cryptodome.Cipher import DES3
from Cryptodome.Util.Padding import pad

from servers.local import Asked, Reply

KEY = "0123456789abcdefABCDEFGH"
COOKIE = "6f1c-not-for-anybody-2d7e"
LOGIN = "<!DOCTYPE html><html><body><h1>用户登录</h1><p>请输入账号 密码登录</p><script src='a.js'></script></body></html>".encode()
CAPTCHA = "<html><body>访问过于频繁，请输入验证码后继续<img src='c.png'></body></html>".encode()
CHALLENGE = b"<!DOCTYPE html><html><head><script>var _0x=['a'];while(!![]){break}</script></head><body></body></html>"
TEXT = (
    "某某市某某区人民法院", "刑 事 判 决 书", "（{year}）测0101刑初{number}号", "公诉机关某某市某某区人民检察院。", "被告人李某{number}，男。",
    "经审理查明，被告人李某{number}在医院殴打值班医生王某，致其轻伤二级。", "本院认为，被告人李某{number}犯故意伤害罪，判决如下：判处有期徒刑一年。",
)  # fmt: skip


def encrypted(value: object) -> dict[str, object]:
    """A reply as the site sends it."""
    day = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y%m%d")
    cipher = DES3.new(KEY.encode(), DES3.MODE_CBC, iv=day.encode())
    data = cipher.encrypt(pad(json.dumps(value, ensure_ascii=False).encode(), 8))
    return {"code": 1, "success": True, "description": None, "secretKey": KEY, "result": base64.b64encode(data).decode()}


def as_json(value: object) -> Reply:
    """A reply with a JSON body."""
    return Reply(200, json.dumps(value, ensure_ascii=False).encode(), {"Content-Type": "application/json;charset=UTF-8"})


def as_page(body: bytes, status: int = 200) -> Reply:
    """A reply with a page."""
    return Reply(status, body, {"Content-Type": "text/html; charset=utf-8"})


class WenshuSite:
    """Answers as the site does, for `documents` docIds of one year."""

    def __init__(self, documents: int, year: int = 2018) -> None:
        self.doc_ids = [f"{number:032x}" for number in range(1, documents + 1)]
        self.claims = documents
        self.year = year
        self.refuse: dict[str, Reply] = {}

    def __call__(self, asked: Asked) -> Reply:
        if f"SESSION={COOKIE}" not in asked.headers.get("cookie", ""):
            return as_json({"code": 9, "success": False, "description": "没有权限，请登录", "secretKey": "", "result": None})
        if not asked.form.get("ciphertext"):
            return as_json({"code": 7, "success": False, "description": "参数错误", "secretKey": "", "result": None})
        if asked.form["cfg"].endswith("@queryDoc"):
            return self.listing(asked)
        doc_id = asked.form["docId"]
        return self.refuse.get(doc_id) or as_json(encrypted(self.document(doc_id)))

    def listing(self, asked: Asked) -> Reply:
        """A page of a result list."""
        page, size = int(asked.form["pageNum"]), int(asked.form["pageSize"])
        rows = [
            {"rowkey": doc_id, "1": f"李某{int(doc_id, 16)}故意<em>伤害</em>一审刑事判决书", "2": "某某市某某区人民法院",
             "7": f"（{self.year}）测0101刑初{int(doc_id, 16)}号", "31": f"{self.year}-03-01"}
            for doc_id in self.doc_ids[(page - 1) * size : page * size]
        ]  # fmt: skip
        return as_json(encrypted({"relWenshu": {}, "queryResult": {"resultCount": self.claims, "resultList": rows}}))

    def document(self, doc_id: str) -> dict[str, object]:
        """A document's record."""
        number = int(doc_id, 16)
        lines = [line.format(year=self.year, number=number) for line in TEXT]
        return {
            "s1": f"李某{number}故意伤害一审刑事判决书", "s2": "某某市某某区人民法院", "s5": doc_id, "s7": lines[2], "s8": "刑事案件",
            "s31": f"{self.year}-03-01", "qwContent": "<HTML><BODY>" + "".join(f"<div>{line}</div>" for line in lines) + "</BODY></HTML>",
        }  # fmt: skip
