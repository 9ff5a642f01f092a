"""Coming in and going out: the form for name and token, the way out, and the choice of the language."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.workbench.gate import COOKIE_SECONDS, Writing
from pipeline.workbench.rendering import LANGUAGE_COOKIE, language_of, render, translator
from pipeline.workbench.stores import Desks

router = APIRouter()
YEAR = 60 * 60 * 24 * 365


def inside(path: str) -> str:
    """`path` when it leads to a page of this workbench, else "/": a link must not send a coder elsewhere."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"


@router.get("/sign-in")
def form(request: Request) -> Response:
    """The form to sign in."""
    return render(request, None, "sign_in.html", name="", error="", next="/")


@router.post("/sign-in")
def enter(
    request: Request, desk: Desks, name: Annotated[str, Form()] = "", token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    """Open a session and go to the page that was asked for; the form again, with the reason, when name and token do not fit."""
    name, translate, attempts = name.strip(), translator(language_of(request)), request.app.state.attempts
    if (seconds := attempts.wait(name)) > 0:
        line = translate("sign_in_wait", seconds=math.ceil(seconds))
        return render(request, None, "sign_in.html", 429, name=name, error=line, next=inside(next))
    session = desk.sign_in(name, token.strip())
    if session is None:
        attempts.failed(name)
        return render(request, None, "sign_in.html", 403, name=name, error=translate("sign_in_failed"), next=inside(next))
    attempts.forget(name)
    response = RedirectResponse(inside(next), 303)
    response.set_cookie(request.app.state.cookie, session.secret, COOKIE_SECONDS, httponly=True, samesite="strict")
    return response


@router.post("/sign-out")
def leave(request: Request, desk: Desks, session: Writing) -> Response:
    """End the session, in the database too."""
    desk.sign_out(session.secret)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(request.app.state.cookie, httponly=True, samesite="strict")
    return response


@router.post("/language")
def choose(language: Annotated[Literal["zh", "en"], Form()], next: Annotated[str, Form()] = "/") -> Response:
    """Keep the reader's language in a cookie of the browser and go back to the page."""
    response = RedirectResponse(inside(next), 303)
    response.set_cookie(LANGUAGE_COOKIE, language, YEAR, httponly=True, samesite="strict")
    return response
