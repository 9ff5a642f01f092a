"""A server on 127.0.0.1 in a thread: it answers from a queue of replies, else from a function, and remembers what was asked."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    parameters: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Reply:
    """A reply to give. `cut`: announce the whole body and send so many bytes; `measured` False: say nothing of its length."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    measured: bool = True
    wait: float = 0.0


@dataclass
class LocalServer:
    """What the test sees of the server."""

    answer: Callable[[Asked], Reply]
    address: str = ""
    robots: Reply = field(default_factory=lambda: Reply(404))
    next: deque[Reply] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)

    def reply(self, asked: Asked) -> Reply:
        """Choose the reply to a request."""
        if asked.path == "/robots.txt":
            return self.robots
        self.asked.append(asked)
        return self.next.popleft() if self.next else self.answer(asked)


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[LocalServer]:
    """Run a server as long as the block lasts."""
    server = LocalServer(answer)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    http.handle_error = lambda request, client: None  # type: ignore[method-assign]  # a client that hangs up is part of the play
    server.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def _handler(server: LocalServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.reply(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(parse_qsl(body)), headers))
            if reply.wait:
                threading.Event().wait(reply.wait)
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value.encode().decode("latin-1"))
            if reply.measured:
                self.send_header("Content-Length", str(len(reply.body)))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None or not reply.measured:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
