"""A client of the service's API, without libraries: signed in as a person, or with a machine's token."""

import http.cookiejar
import json
import urllib.request


class Client:
    """Calls one service. An answer that is no success is a urllib.error.HTTPError."""

    def __init__(self, url: str, name: str = "", password: str = "", token: str = ""):
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # A proxy of the environment has no business on loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        if name:
            self._protect()
            self.post("/api/session", {"name": name, "password": password})
            self._protect()

    def _protect(self) -> None:
        """Takes the header that writes of a session must carry."""
        session = self.get("/api/session")
        self._headers = {session["csrf_header"]: session["csrf_token"]}

    def get(self, path: str) -> dict:
        return self.send("GET", path)

    def post(self, path: str, body: dict) -> dict:
        return self.send("POST", path, json.dumps(body), "application/json")

    def send(self, method: str, path: str, body: str | None = None, kind: str = "") -> dict:
        """The answer's JSON; an empty one is {}."""
        headers = {**self._headers, **({"Content-Type": kind} if kind else {})}
        data = None if body is None else body.encode()
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        with self._opener.open(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else {}
