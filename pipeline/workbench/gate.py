"""The gate: who may read, who may write, who may adjudicate. Endpoints ask for what they need and get the session."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from pipeline.store import Session
from pipeline.workbench.stores import Desks

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
COOKIE_SECONDS = 60 * 60 * 24 * 60  # two months: coding goes on for weeks, and revoking a coder ends it at once


class NotSignedInError(Exception):
    """The request carries no session, or one that has ended."""


class RefusedError(Exception):
    """The session may not do this; `key` is the wording of the reason."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def cookie_name(db: Path) -> str:
    """The name of the session's cookie: each database its own, for cookies do not know ports and two workbenches may run."""
    return f"anjuan_{hashlib.blake2b(str(db.resolve()).encode(), digest_size=4).hexdigest()}"


def signed(request: Request, desk: Desks) -> Session:
    """The session that the request's cookie names; NotSignedInError when there is none."""
    secret = request.cookies.get(request.app.state.cookie, "")
    session = desk.session(secret) if secret else None
    if session is None:
        raise NotSignedInError
    return session


async def writing(request: Request, session: Annotated[Session, Depends(signed)]) -> Session:
    """The session, when the request proves that a page of this session has sent it: its token in a header or in the form."""
    token = request.headers.get(CSRF_HEADER, "")
    if not token and request.headers.get("content-type", "").startswith(FORMS):
        token = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(token.encode("utf-8", "replace"), session.csrf.encode()):
        raise RefusedError("refused_csrf")
    return session


def adjudicating(session: Annotated[Session, Depends(signed)]) -> Session:
    """The session of an adjudicator; RefusedError for other coders."""
    if session.role != "adjudicator":
        raise RefusedError("refused_adjudicator")
    return session


Signed = Annotated[Session, Depends(signed)]
Writing = Annotated[Session, Depends(writing)]
Adjudicator = Annotated[Session, Depends(adjudicating)]
