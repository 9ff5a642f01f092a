"""What a request gets that cannot be answered: one line, as a page for people and as JSON for the pages' scripts."""

from __future__ import annotations

import sqlite3

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from pipeline.schema import AnjuanError
from pipeline.store import Session
from pipeline.workbench.gate import NotSignedInError, RefusedError
from pipeline.workbench.rendering import address, language_of, render, translator


def explain(app: FastAPI) -> None:
    """Teach `app` what to answer to each kind of error."""
    app.exception_handler(NotSignedInError)(not_signed_in)
    app.exception_handler(RefusedError)(refused)
    app.exception_handler(AnjuanError)(impossible)
    app.exception_handler(UnicodeError)(not_text)
    app.exception_handler(RequestValidationError)(malformed)
    app.exception_handler(AnyHTTPException)(other)
    app.exception_handler(Exception)(broken)


def wants_page(request: Request) -> bool:
    """Whether a person is to read the answer: browsers ask for HTML when they go to a page, scripts do not."""
    return "text/html" in request.headers.get("accept", "")


def answer(request: Request, status: int, line: str, session: Session | None = None) -> Response:
    """The line, as a page or as `{"error": line}`."""
    if wants_page(request):
        return render(request, session, "message.html", status, line=line)
    return JSONResponse({"error": line}, status)


def not_signed_in(request: Request, error: Exception) -> Response:
    """403, with the form to sign in."""
    if wants_page(request):
        return render(request, None, "sign_in.html", 403, name="", error="", next=address(request))
    return JSONResponse({"error": translator(language_of(request))("refused_session")}, 403)


def refused(request: Request, error: Exception) -> Response:
    """403, with the reason."""
    assert isinstance(error, RefusedError)
    return answer(request, 403, translator(language_of(request))(error.key))


def impossible(request: Request, error: Exception) -> Response:
    """400 for what the coder asked for and cannot be; 503 when the database cannot be used, and asking again may help."""
    cause = error.__cause__
    unusable = isinstance(cause, sqlite3.Error) and not isinstance(cause, sqlite3.IntegrityError)
    return answer(request, 503 if unusable else 400, str(error))


def not_text(request: Request, error: Exception) -> Response:
    """400 for halves of characters, which JSON can carry and the database cannot."""
    return answer(request, 400, "the request holds characters that are no text")


def malformed(request: Request, error: Exception) -> Response:
    """400, naming the first field that is not as it should be."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return answer(request, 400, f"{where}: {first['msg']}")


def other(request: Request, error: Exception) -> Response:
    """What the framework refuses: no such page, no such method, a body too large."""
    assert isinstance(error, HTTPException | AnyHTTPException)
    line = translator(language_of(request))("not_found") if error.status_code == 404 else str(error.detail)
    return answer(request, error.status_code, line)


def broken(request: Request, error: Exception) -> Response:
    """500: a mistake of the workbench; the server's terminal has the trace."""
    return answer(request, 500, translator(language_of(request))("broken"))
