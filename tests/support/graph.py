"""A local server that behaves like Microsoft Graph and its directory, over TLS, and misbehaves when it is told to.

It answers as the documentation of Graph describes: tokens that run out, small files in one request, upload sessions
whose pieces must follow each other, hashes of what arrived, throttling, conflicts and outages.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from submissions.records.archive import quickxor

TENANT, CLIENT, SECRET, DRIVE = "tenant-1", "client-1", "a secret of the tests", "b!drive-1"
UNIT = 320 * 1024


@dataclass
class Session:
    """An upload session that is open."""

    path: str
    received: bytearray = field(default_factory=bytearray)


@dataclass
class Graph:
    """What the server holds, and how it misbehaves next.

    Attributes:
        address: Where it listens.
        certificate: What its clients trust.
        files: Content by path.
        faults: Answers to give instead of the right ones, in order: status, headers, code.
        asked: Method and path of each request.
        tokens: Those that are good now.
        rewrites: What becomes of a document after it arrived.
        forgets_pieces: Whether an upload session never gets further.
    """

    address: str
    certificate: Path
    files: dict[str, bytes] = field(default_factory=dict)
    faults: deque[tuple[int, dict[str, str], str]] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    sessions: dict[str, Session] = field(default_factory=dict)
    rewrites: Any = None
    loses_answer_of_piece: int = -1
    forgets_pieces: bool = False

    def options(self, **changes: Any) -> dict[str, Any]:
        """What the storage is given to work with this server."""
        return {
            "tenant": TENANT,
            "client": CLIENT,
            "secret": SECRET,
            "drive": DRIVE,
            "folder": "Micro acquisition",
            "graph": f"{self.address}/v1.0",
            "authority": self.address,
            "verify": str(self.certificate),
            "piece": UNIT,
            **changes,
        }

    def fail(self, *statuses: int, code: str = "busy", **headers: str) -> None:
        """Answer the next requests so."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.extend((status, named, code) for status in statuses)

    def count(self, method: str, part: str) -> int:
        """How often something was asked."""
        return sum(asked == method and part in path for asked, path in self.asked)


@contextmanager
def running(folder: Path) -> Iterator[Graph]:
    """A server on a free port, until the test is done with it."""
    certificate = _certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    graph = Graph(f"https://localhost:{server.server_port}", certificate)
    server.graph = graph  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield graph
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def graph(self) -> Graph:
        return self.server.graph  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.graph.asked.append((method, path))
        if path.startswith(f"/{TENANT}/"):
            self._directory(path, body)
        elif path.startswith("/session/"):
            self._piece(method, path.rpartition("/")[2], body)
        elif self.graph.faults:
            status, headers, code = self.graph.faults.popleft()
            self._say(status, {"error": {"code": code, "message": "no"}}, headers)
        elif self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.graph.tokens:
            self._say(401, {"error": {"code": "InvalidAuthenticationToken", "message": "expired"}})
        else:
            self._drive(method, path, body)

    def _directory(self, path: str, body: bytes) -> None:
        if path.endswith("openid-configuration"):
            base = f"{self.graph.address}/{TENANT}"
            self._say(
                200,
                {
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "issuer": f"{base}/v2.0",
                },
            )
            return
        given = parse_qs(body.decode())
        if given.get("client_secret") != [SECRET] and "client_assertion" not in given:
            self._say(401, {"error": "invalid_client", "error_description": "no"})
            return
        token = uuid.uuid4().hex
        self.graph.tokens.add(token)
        self._say(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3599})

    def _drive(self, method: str, path: str, body: bytes) -> None:
        prefix = f"/v1.0/drives/{DRIVE}/root:/"
        if not path.startswith(prefix):
            self._say(400, {"error": {"code": "invalidRequest"}})
            return
        name, _colon, act = path.removeprefix(prefix).partition(":/")
        if method == "PUT" and act == "content":
            self._keep(name, body)
            self._say(201, self._item(name))
        elif method == "POST" and act == "createUploadSession":
            key = uuid.uuid4().hex
            self.graph.sessions[key] = Session(name)
            self._say(200, {"uploadUrl": f"{self.graph.address}/session/{key}", "nextExpectedRanges": ["0-"]})
        elif name not in self.graph.files:
            self._say(404, {"error": {"code": "itemNotFound"}})
        elif method == "GET" and act == "content":
            self._say(200, self.graph.files[name])
        elif method == "GET":
            self._say(200, self._item(name))
        elif method == "DELETE":
            del self.graph.files[name]
            self._say(204, b"")
        else:
            self._say(405, {"error": {"code": "notAllowed"}})

    def _piece(self, method: str, key: str, body: bytes) -> None:
        session = self.graph.sessions.get(key)
        if session is None:
            self._say(404, {"error": {"code": "itemNotFound"}})
            return
        if "Authorization" in self.headers:
            self._say(401, {"error": {"code": "unauthenticated"}})
            return
        at = len(session.received)
        if method == "GET":
            self._say(200, {"nextExpectedRanges": [f"{at}-"]})
            return
        span, total = self.headers["Content-Range"].removeprefix("bytes ").split("/")
        first, last = (int(part) for part in span.split("-"))
        is_last = last + 1 == int(total)
        if first != at or len(body) != last - first + 1 or (not is_last and len(body) % UNIT):
            self._say(416, {"error": {"code": "invalidRange"}})
            return
        if self.graph.forgets_pieces:
            self._say(202, {"nextExpectedRanges": [f"{at}-"]})
            return
        session.received += body
        if first // UNIT == self.graph.loses_answer_of_piece:
            # It arrived, and nobody hears of it.
            self.graph.loses_answer_of_piece = -1
            self._say(503, {"error": {"code": "serviceNotAvailable"}}, {"Retry-After": "0"})
        elif is_last:
            self._keep(session.path, bytes(session.received))
            del self.graph.sessions[key]
            self._say(201, self._item(session.path))
        else:
            self._say(202, {"nextExpectedRanges": [f"{last + 1}-"]})

    def _keep(self, name: str, content: bytes) -> None:
        rewrites = self.graph.rewrites
        self.graph.files[name] = rewrites(content) if rewrites is not None else content

    def _item(self, name: str) -> dict[str, Any]:
        content = self.graph.files[name]
        return {
            "id": f"item-{name}",
            "name": name.rpartition("/")[2],
            "size": len(content),
            "file": {"hashes": {"quickXorHash": quickxor.digest(content)}},
        }

    def _say(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header(
            "Content-Type", "application/octet-stream" if isinstance(said, bytes) else "application/json"
        )
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
