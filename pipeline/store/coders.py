"""Who may code: names, roles, tokens and sessions. Of tokens and sessions only hashes are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.schema import StoreError
from pipeline.store.connection import now
from pipeline.store.trust import RANKS

ROLES = ("coder", "adjudicator")
NAME = re.compile(r"[\w.\-]{1,40}")
_RESERVED = frozenset({*RANKS, "defence", "import"})  # voices that are no person's
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are taken for one another when a token is read aloud
_GROUPS, _LENGTH = 5, 4  # 20 letters of 31: 99 bits


class Coder(NamedTuple):
    """Somebody who was invited; `revoked` when the token no longer opens anything."""

    name: str
    role: str
    invited_at: str
    revoked: bool


class Session(NamedTuple):
    """A coder who has signed in; `secret` goes into the browser's cookie, `csrf` into its pages."""

    secret: str
    csrf: str
    coder: str
    role: str


def invite(db: Database, name: str, role: str) -> str:
    """Let somebody in, or anew: earlier tokens and sessions end. The token, which is stored nowhere. Runs in the caller's transaction."""
    if role not in ROLES:
        raise StoreError(f"unknown role {role!r}; choose one of: {', '.join(ROLES)}")
    if not NAME.fullmatch(name) or name.casefold() in _RESERVED:
        raise StoreError(f"{name!r} cannot be a coder's name: take 1 to 40 letters, digits, '_', '-' or '.', and none of {_reserved()}")
    token = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    db.execute("DELETE FROM sessions WHERE coder = ?", [name])
    db.execute(
        "INSERT INTO coders (name, role, token, invited_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
        "SET role = excluded.role, token = excluded.token, invited_at = excluded.invited_at, revoked_at = NULL",
        [name, role, _hash(token), now()],
    )
    return token


def _reserved() -> str:
    return ", ".join(sorted(_RESERVED))


def _hash(secret: str) -> str:
    """Tokens and secrets are random and long, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke(db: Database, name: str) -> None:
    """Shut somebody out; what they said stays. Runs in the caller's transaction."""
    if not db.execute("UPDATE coders SET revoked_at = ? WHERE name = ?", [now(), name]).rowcount:
        raise StoreError(f"nobody called {name!r} was invited")
    db.execute("DELETE FROM sessions WHERE coder = ?", [name])


def everybody(db: Database) -> list[Coder]:
    """All who were invited, by name."""
    rows = db.execute("SELECT name, role, invited_at, revoked_at IS NOT NULL FROM coders ORDER BY name").fetchall()
    return [Coder(name, role, invited_at, bool(revoked)) for name, role, invited_at, revoked in rows]


def sign_in(db: Database, name: str, token: str) -> Session | None:
    """Open a session for somebody who knows their token; None otherwise. Runs in the caller's transaction."""
    row = db.execute("SELECT role, token FROM coders WHERE name = ? AND revoked_at IS NULL", [name]).fetchone()
    known = row[1] if row else _hash(name)  # a name that nobody has takes as long as a wrong token
    if not hmac.compare_digest(known, _hash(token.strip().upper())) or row is None:
        return None
    session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), name, row[0])
    db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", [_hash(session.secret), name, session.csrf, now()])
    return session


def session(db: Database, secret: str) -> Session | None:
    """The session that a cookie names, or None."""
    sql = (
        "SELECT s.csrf, c.name, c.role FROM sessions AS s JOIN coders AS c ON c.name = s.coder WHERE s.secret = ? AND c.revoked_at IS NULL"
    )
    row = db.execute(sql, [_hash(secret)]).fetchone()
    return Session(secret, *row) if row else None


def sign_out(db: Database, secret: str) -> None:
    """End a session. Runs in the caller's transaction."""
    db.execute("DELETE FROM sessions WHERE secret = ?", [_hash(secret)])
