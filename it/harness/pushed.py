"""Takes what Flink's Prometheus reporter says.

The reporter that is scraped listens on all addresses and cannot be told otherwise; its sibling, which
pushes, names the same metrics in the same words and listens nowhere. So the tests play the gateway that it
pushes to.
"""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LABEL = re.compile(r'[{,](\w+)="')
_TYPE = re.compile(r"^# TYPE (\w+) (\w+)$", re.M)


class PushGateway:
    """Keeps the last text of each reporter, on loopback."""

    def __init__(self):
        texts: dict[str, str] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self):
                length = self.headers["Content-Length"]
                body = self._chunks() if length is None else self.rfile.read(int(length))
                texts[self.path] = body.decode()
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_PUT

            def _chunks(self) -> bytes:
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_):
                pass  # a line for each push says nothing

        self._texts = texts
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def text(self) -> str:
        """All that the reporters said last."""
        return "\n".join(self._texts.copy().values())

    def names(self) -> set[str]:
        """The names of all series; a summary has its count beside it."""
        found = _TYPE.findall(self.text())
        return {name for name, _ in found} | {f"{name}_count" for name, kind in found if kind == "summary"}

    def labels(self) -> set[str]:
        """The names of all labels."""
        return set(_LABEL.findall(self.text()))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
