"""A document library of SharePoint as a storage of Django, through Microsoft Graph.

Owns: signing in as an application (msal), writing small files in one request and large ones in an upload session,
waiting when Graph asks for it, and the comparison after writing. The application needs ``Sites.Selected`` for the one
site. Settings: the options of ``STORAGES["records"]``. Knows no model.

https://learn.microsoft.com/graph/api/driveitem-put-content, …/driveitem-createuploadsession, …/resources/hashes
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

import msal
import requests
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from . import quickxor
from .keeping import NotKept, TryLater

logger = logging.getLogger(__name__)

GRAPH, AUTHORITY = "https://graph.microsoft.com/v1.0", "https://login.microsoftonline.com"
#: Graph takes files of up to 250 MB in one request and advises a session above 4 MB.
LARGEST_AT_ONCE = 4 * 1024 * 1024
#: Pieces of a session are multiples of 320 KiB.
PIECE_UNIT = 320 * 1024
#: Seconds that one request may take, and that all waiting within one call may.
TIMEOUT, PATIENCE = 60, 30
TRIES = 4
_BUSY = frozenset({429, 500, 502, 503, 504, 509})
_CONFLICT = frozenset({409, 412, 423})
_PEM = re.compile(r"(-----BEGIN ([A-Z ]+)-----.+?-----END \2-----)", re.DOTALL)


class GraphError(Exception):
    """Graph refused; the message says what it answered, and never holds a token."""


@deconstructible
class SharePointStorage(Storage):
    """Files below one folder of a document library.

    Args:
        tenant: Directory in which the application is registered.
        client: Its identifier.
        secret: Its secret; or
        certificate: path of a PEM file with its private key and certificate, instead of a secret.
        drive: Identifier of the document library.
        folder: Below which everything lies.
        graph: Address of Graph, another one for national clouds.
        authority: Where tokens come from.
        piece: Bytes of one piece of an upload session.
        verify: Certificates that are trusted; True for those of the system.
    """

    #: Saving takes the place of what has the name.
    overwrites = True

    def __init__(
        self,
        *,
        tenant: str,
        client: str,
        drive: str,
        secret: str = "",
        certificate: str = "",
        folder: str = "",
        graph: str = GRAPH,
        authority: str = AUTHORITY,
        piece: int = 16 * PIECE_UNIT,
        verify: bool | str = True,
    ) -> None:
        if not (tenant and client and drive and (secret or certificate)):
            raise ImproperlyConfigured(
                "SharePoint needs tenant, client, drive, and a secret or a certificate."
            )
        if piece % PIECE_UNIT:
            raise ImproperlyConfigured(f"A piece of an upload session is a multiple of {PIECE_UNIT} bytes.")
        self.tenant, self.client, self.drive, self.folder = tenant, client, drive, folder.strip("/")
        self.secret, self.certificate = secret, certificate
        self.graph, self.authority = graph.rstrip("/"), authority.rstrip("/")
        self.piece, self.verify = piece, verify
        self._saved: dict[str, dict[str, Any]] = {}

    # --- what Django asks ---------------------------------------------------------------------------------

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: writing replaces."""
        return name

    def _save(self, name: str, content: Any) -> str:
        data = content.read()
        item = self._put(name, data) if len(data) <= LARGEST_AT_ONCE else self._put_in_pieces(name, data)
        self._saved[name] = item
        return name

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        response = self._ask("GET", f"{self._item(name)}:/content")
        if response.status_code == requests.codes.not_found:
            raise FileNotFoundError(name)
        return ContentFile(self._of(response).content, name=name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._look(name) is not None

    def size(self, name: str) -> int:
        """Its size in bytes."""
        item = self._look(name)
        if item is None:
            raise FileNotFoundError(name)
        return int(item["size"])

    def delete(self, name: str) -> None:
        """Take it away; nothing happens where there is none."""
        response = self._ask("DELETE", self._item(name))
        if response.status_code != requests.codes.not_found:
            self._of(response)

    # --- what the archive asks ------------------------------------------------------------------------------

    def compare(self, name: str, content: bytes) -> str:
        """Compare what the library holds with what was written.

        The hash that Graph gives is compared first. SharePoint may write its own properties into a document of Office
        after it arrived: then the document is fetched, and everything but those properties must be the same.

        Returns:
            By what it was compared: ``quickXorHash``, ``sha256Hash``, ``sha256`` or ``parts``.

        Raises:
            NotKept: it differs, or is not there.
        """
        item = self._saved.pop(name, None) or self._look(name)
        if item is None:
            raise NotKept(f"{name} is not in the library.")
        hashes = item.get("file", {}).get("hashes", {})
        if hashes.get("quickXorHash") == quickxor.digest(content) and item["size"] == len(content):
            return "quickXorHash"
        if str(hashes.get("sha256Hash", "")).lower() == hashlib.sha256(content).hexdigest():
            return "sha256Hash"
        kept = self._open(name).read()
        if kept == content:
            return "sha256"
        if name.endswith(".docx") and _parts(kept) == _parts(content):
            return "parts"
        raise NotKept(
            f"{name} is not what was written: the library holds {len(kept)} bytes of another digest."
        )

    # --- Graph ----------------------------------------------------------------------------------------------

    def _item(self, name: str) -> str:
        path = "/".join(filter(None, (self.folder, name)))
        return f"{self.graph}/drives/{quote(self.drive, safe='!')}/root:/{quote(path)}"

    def _look(self, name: str) -> dict[str, Any] | None:
        response = self._ask("GET", self._item(name))
        if response.status_code == requests.codes.not_found:
            return None
        found: dict[str, Any] = self._of(response).json()
        return found

    def _put(self, name: str, data: bytes) -> dict[str, Any]:
        address = f"{self._item(name)}:/content?@microsoft.graph.conflictBehavior=replace"
        headers = {"Content-Type": "application/octet-stream"}
        item: dict[str, Any] = self._of(self._ask("PUT", address, data=data, headers=headers)).json()
        return item

    def _put_in_pieces(self, name: str, data: bytes) -> dict[str, Any]:
        wish = {"item": {"@microsoft.graph.conflictBehavior": "replace"}}
        session = self._of(self._ask("POST", f"{self._item(name)}:/createUploadSession", json=wish)).json()
        address, start, stalled = str(session["uploadUrl"]), 0, 0
        while stalled < TRIES:
            end = min(start + self.piece, len(data))
            headers = {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
            # The address of a session is a secret of its own: a token beside it is refused.
            response = self._ask("PUT", address, signed=False, data=data[start:end], headers=headers)
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                # This piece arrived before, though its answer was lost: the session knows what it waits for.
                response = self._ask("GET", address, signed=False)
            answer: dict[str, Any] = self._of(response).json()
            if "id" in answer:
                return answer
            wanted = int(str(answer["nextExpectedRanges"][0]).partition("-")[0])
            stalled = stalled + 1 if wanted <= start else 0
            start = wanted
        raise TryLater(
            f"The upload session asks for the same piece of {name} again and again.", timedelta(minutes=5)
        )

    def _ask(self, method: str, address: str, *, signed: bool = True, **kwargs: Any) -> requests.Response:
        """One request, asked again for a while where Graph is busy, the token has run out or another writes.

        Raises:
            TryLater: Graph is busy for longer, or cannot be reached.
        """
        stop_at, own_headers = time.monotonic() + PATIENCE, kwargs.pop("headers", {})
        fresh = False
        for attempt in range(1, TRIES + 1):
            headers = {**own_headers, **({"Authorization": f"Bearer {self._token(fresh)}"} if signed else {})}
            try:
                response = self._session.request(method, address, headers=headers, timeout=TIMEOUT, **kwargs)
            except (requests.ConnectionError, requests.Timeout) as error:
                said = f"Graph cannot be reached: {type(error).__name__}."
                self._wait(attempt, timedelta(seconds=2**attempt), stop_at, said)
                continue
            if response.status_code == requests.codes.unauthorized and signed and not fresh:
                fresh = True
                continue
            if response.status_code in _BUSY | _CONFLICT:
                pause = _pause(response, attempt)
                self._wait(attempt, pause, stop_at, f"Graph answered {_in_words(response)}.")
                continue
            return response
        raise TryLater("Graph refused every token of this application.", timedelta(minutes=5))

    def _wait(self, attempt: int, pause: timedelta, stop_at: float, said: str) -> None:
        if attempt == TRIES or time.monotonic() + pause.total_seconds() > stop_at:
            raise TryLater(said, pause)
        logger.info("%s Waiting for %s s.", said, pause.total_seconds())
        time.sleep(pause.total_seconds())

    @staticmethod
    def _of(response: requests.Response) -> requests.Response:
        """The answer, where it is a good one.

        Raises:
            GraphError: it is not.
        """
        if not response.ok:
            raise GraphError(f"Graph answered {_in_words(response)}.")
        return response

    def _token(self, fresh: bool) -> str:
        scope = f"{self.graph.rpartition('/')[0]}/.default"
        if fresh:
            # msal keeps a token until its time is up; one that was revoked before that has to be forgotten.
            self._application.remove_tokens_for_client()
        try:
            answer = self._application.acquire_token_for_client([scope])
        except (requests.ConnectionError, requests.Timeout) as error:
            said = f"The directory cannot be reached: {type(error).__name__}."
            raise TryLater(said, timedelta(minutes=1)) from error
        if "access_token" not in answer:
            raise GraphError(f"The directory refused this application: {answer.get('error')}.")
        return str(answer["access_token"])

    @cached_property
    def _application(self) -> msal.ConfidentialClientApplication:
        credential: Any = self.secret
        if self.certificate:
            credential = _credential(self.certificate)
        try:
            return msal.ConfidentialClientApplication(
                self.client,
                client_credential=credential,
                authority=f"{self.authority}/{self.tenant}",
                verify=self.verify,
                timeout=TIMEOUT,
                instance_discovery=self.authority == AUTHORITY,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            said = f"The directory cannot be reached: {type(error).__name__}."
            raise TryLater(said, timedelta(minutes=1)) from error

    @cached_property
    def _session(self) -> requests.Session:
        session = requests.Session()
        session.verify = self.verify
        session.headers["User-Agent"] = "NONISV|GovernmentOfCanada|micro-acquisition/1"
        return session


def _credential(path: str) -> dict[str, str]:
    """Private key and certificate of an application, from one PEM file."""
    with open(path, encoding="ascii") as file:
        found = {kind: block for block, kind in _PEM.findall(file.read())}
    key = next((block for kind, block in found.items() if kind.endswith("PRIVATE KEY")), "")
    if not (key and "CERTIFICATE" in found):
        raise ImproperlyConfigured(f"{path} must hold a private key and its certificate.")
    return {"private_key": key, "public_certificate": found["CERTIFICATE"]}


def _pause(response: requests.Response, attempt: int) -> timedelta:
    """How long Graph asks to wait: seconds or a date (RFC 9110, 10.2.3); doubling where it does not say."""
    said = response.headers.get("Retry-After", "")
    if said.isdigit():
        return timedelta(seconds=int(said))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta(seconds=2**attempt)
    return max(until - datetime.now(UTC), timedelta(0))


def _in_words(response: requests.Response) -> str:
    """Status and Graph's own code; the rest may hold addresses."""
    try:
        error = response.json().get("error", {})
        code = error.get("code", "") if isinstance(error, dict) else str(error)
    except (ValueError, AttributeError):
        code = ""
    return f"{response.status_code} {code}".strip()


def _parts(content: bytes) -> dict[str, bytes]:
    """What a document says, without what SharePoint writes into it: properties, and what names them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in _own(archive.namelist())}
    except zipfile.BadZipFile:
        return {"": content}


def _own(names: list[str]) -> Iterator[str]:
    for name in sorted(names):
        if name.startswith("word/") and not name.startswith("word/_rels/"):
            yield name
