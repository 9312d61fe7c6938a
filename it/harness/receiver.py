"""Takes matches over HTTP, and may go away."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Keeps every line that it answered for, on loopback."""

    def __init__(self):
        lines: list[str] = []
        clients: list[socket.socket] = []
        taking = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with taking:
                    lines.extend(body.decode().splitlines())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass  # a line for each request says nothing

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def process_request(self, request, client_address):
                clients.append(request)
                super().process_request(request, client_address)

            def handle_error(self, request, client_address):
                pass  # it went away in the middle of a request: that is what it is for

        self.lines = lines
        self._clients = clients
        self._server_of = lambda port: Server(("127.0.0.1", port), Handler)
        self._port = 0
        self.come()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/matches"

    def come(self) -> None:
        """Listens, after it was away on the same port."""
        self._server = self._server_of(self._port)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def go(self) -> None:
        """Nobody listens any more, and who is connected is cut off."""
        self._server.shutdown()
        self._server.server_close()
        for client in self._clients:
            with contextlib.suppress(OSError):  # closed already
                client.shutdown(socket.SHUT_RDWR)
        self._clients.clear()
