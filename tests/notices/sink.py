"""The far end of a channel: a real HTTP server that writes down what it gets and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "token-nobody-may-see"


@dataclass
class Sink:
    """``answers`` are given in turn, the last one for ever; 0 hangs until the sink is closed."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where to send to, with a secret in it as real webhooks have."""
        return f"json://127.0.0.1:{self.port}/hook/{SECRET}"

    def answer(self) -> int:
        """The next answer."""
        code = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if code == 0:
            self.released.wait(30)
        return code or 200


@contextmanager
def open_sink(*answers: int) -> Iterator[Sink]:
    """A sink on a free port."""
    sink = Sink(answers=list(answers) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            read = self.rfile.read(length)
            if len(read) < length:
                return  # Whoever sent it died over it.
            sink.got.append(json.loads(read) | {"path": self.path})
            self.send_response(sink.answer())
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
