"""What stands before every request: its size and where it comes from; and the headers that every answer carries."""

from __future__ import annotations

import ipaddress
import socket

from fastapi import FastAPI, HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1_000_000  # bytes; the longest list of entries of a judgment has some 200,000
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READING = ("GET", "HEAD", "OPTIONS")
TOO_LARGE = f"the request is larger than {LARGEST_BODY} bytes"


def protect(app: FastAPI, host: str) -> None:
    """Put the guards before `app`, which listens on `host`; the last one added is the first to see a request."""
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=trusted_hosts(host), www_redirect=False)


def trusted_hosts(host: str) -> list[str]:
    """The names under which a workbench on `host` may be asked for: any other `Host` is a web page that had its name rebound."""
    names = {"127.0.0.1", "localhost", "[::1]", "::1", host, f"[{host}]"}
    if is_wildcard(host):
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local", outward_address()} - {""}
    return sorted(names)


def is_wildcard(host: str) -> bool:
    """Whether `host` stands for every address of this machine (0.0.0.0 and ::)."""
    return host in ("0.0.0.0", "::", "")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def outward_address() -> str:
    """The address of this machine in its local network; "" when it has none. Nothing is sent: a UDP socket only looks up its route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
            return str(probe.getsockname()[0])
        except OSError:
            return ""


class Guard:
    """Refuses bodies that are too large and writes that another site's page has sent; adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as the ASGI specification (3.0) has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = with_headers(send, static=scope["path"].startswith("/static/"))
        if refusal := refuse(scope["method"], Headers(scope=scope)):
            await refusal(scope, receive, sent)
        else:
            await self.app(scope, limited(receive), sent)


def refuse(method: str, headers: Headers) -> JSONResponse | None:
    """The answer to a request that is refused for what its headers say; None for the others."""
    length = headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > LARGEST_BODY:
        return JSONResponse({"error": TOO_LARGE}, 413, {"Connection": "close"})
    # Browsers say where a request comes from, and no page can make them say otherwise. A form's `Origin` is null under our
    # referrer policy, hence this header.
    if method not in READING and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return JSONResponse({"error": "this request came from a page of another site"}, 403)
    return None


def limited(receive: Receive) -> Receive:
    """`receive`, ending with 413 when the body, sent in pieces of no stated length, grows too large."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return receive_limited


def with_headers(send: Send, static: bool) -> Send:
    """`send`, with the headers added to the answer; pages are never kept by the browser, static files are asked for anew."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS | {"Cache-Control": "no-cache" if static else "no-store"})
        await send(message)

    return send_with_headers
