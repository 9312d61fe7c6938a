"""Rules over HTTP that change at every look, so that one can tell by each match which of them judged."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAUSE = 0.025  # seconds
# The event that both rules look at.
EVENT = "add_cart"
VIEWS = {"count": {"event": "view_page"}}


def band(revision: int) -> tuple[int, int]:
    """How many views revision N of the rule `band` asks for: at least, at most. Neighbours hardly overlap."""
    low = (revision * 37) % 150
    return low, low + 60


def rules(revision: int) -> list[dict]:
    """Both rules of one set: `witness` always fires, `band` by its revision's limits."""
    low, high = band(revision)
    trigger = {"on": {"event": EVENT}}
    within = {"all": [{"ge": [{"measure": "views"}, low]}, {"le": [{"measure": "views"}, high]}]}
    return [
        {"id": "witness", "revision": revision, "trigger": trigger, "action": {"revision": revision}},
        {
            "id": "band",
            "revision": revision,
            "measures": {"views": VIEWS},
            "when": within,
            "trigger": trigger,
            "action": {"revision": revision, "low": low, "high": high},
        },
    ]


class Revisions:
    """An admin that publishes a new set every few milliseconds, once told to begin, until the last one."""

    def __init__(self, last: int):
        self.revision, self._last, self._changing = 1, last, False
        self._next = 0.0
        self._lock = threading.Lock()
        admin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(rules(admin._look())).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass  # a line for each look says nothing

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/rules"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _look(self) -> int:
        with self._lock:
            now = time.monotonic()
            if self._changing and self.revision < self._last and now >= self._next:
                # Every set is seen by some look, and judges some events before the next one comes.
                self.revision, self._next = self.revision + 1, now + PAUSE
            return self.revision

    def begin(self) -> None:
        with self._lock:
            self._changing = True

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
