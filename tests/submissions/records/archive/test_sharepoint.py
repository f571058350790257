"""SharePoint as a storage, against a server that behaves like Microsoft Graph and misbehaves when told to."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from submissions.records.archive import quickxor, sharepoint
from submissions.records.archive.keeping import NotKept, TryLater
from submissions.records.archive.sharepoint import GraphError, SharePointStorage
from tests.support import graph as graphs
from tests.support.graph import UNIT, Graph

NAME = "2026/MA-2026-0001/en/100-opportunity.docx"
KEPT = f"Micro acquisition/{NAME}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: Any) -> Iterator[Graph]:
    with graphs.running(tmp_path_factory.mktemp("graph")) as graph:
        yield graph


@pytest.fixture
def graph(server: Graph, monkeypatch: pytest.MonkeyPatch) -> Graph:
    for held in (server.files, server.faults, server.asked, server.tokens, server.sessions):
        held.clear()
    server.rewrites, server.loses_answer_of_piece = None, -1
    monkeypatch.setattr(sharepoint.time, "sleep", lambda seconds: None)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(
            name, raising=False
        )  # requests would take it for what the storage is told to trust
    return server


@pytest.fixture
def library(graph: Graph) -> SharePointStorage:
    return SharePointStorage(**graph.options())


def save(library: SharePointStorage, content: bytes, name: str = NAME) -> str:
    return library.save(name, ContentFile(content))


def test_a_small_file_goes_in_one_request_and_is_compared_by_its_hash(
    graph: Graph, library: SharePointStorage
) -> None:
    assert save(library, b"words") == NAME
    assert graph.files == {KEPT: b"words"}
    assert library.compare(NAME, b"words") == "quickXorHash"
    assert (library.size(NAME), library.open(NAME).read(), library.exists(NAME)) == (5, b"words", True)
    library.delete(NAME)
    library.delete(NAME)
    assert not library.exists(NAME)
    with pytest.raises(NotKept):
        library.compare(NAME, b"words")


def test_a_large_file_goes_in_pieces_that_follow_each_other(
    graph: Graph, library: SharePointStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharepoint, "LARGEST_AT_ONCE", UNIT)
    content = bytes(range(256)) * (3 * UNIT // 256) + b"the rest"
    save(library, content)
    assert graph.files[KEPT] == content
    assert library.compare(NAME, content) == "quickXorHash"
    assert graph.count("PUT", "/session/") == 4


def test_a_piece_whose_answer_was_lost_is_not_sent_twice_into_the_file(
    graph: Graph, library: SharePointStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharepoint, "LARGEST_AT_ONCE", UNIT)
    graph.loses_answer_of_piece = 1
    content = b"x" * (2 * UNIT) + b"y" * UNIT + b"end"
    save(library, content)
    assert graph.files[KEPT] == content


def test_a_session_that_gets_no_further_is_left_to_the_queue(
    graph: Graph, library: SharePointStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharepoint, "LARGEST_AT_ONCE", UNIT)
    graph.forgets_pieces = True
    with pytest.raises(TryLater, match="again and again"):
        save(library, b"x" * (2 * UNIT))
    assert not graph.files


@pytest.mark.parametrize("status", [429, 503, 409, 423])
def test_what_passes_is_waited_for(graph: Graph, library: SharePointStorage, status: int) -> None:
    graph.fail(status, status, Retry_After="1")
    save(library, b"words")
    assert graph.files[KEPT] == b"words"


def test_a_pause_that_is_long_is_left_to_the_queue(graph: Graph, library: SharePointStorage) -> None:
    graph.fail(429, Retry_After="120")
    with pytest.raises(TryLater) as refused:
        save(library, b"words")
    assert refused.value.pause == timedelta(seconds=120)
    assert graph.count("PUT", "content") == 1


def test_a_pause_can_be_a_date(graph: Graph, library: SharePointStorage) -> None:
    graph.fail(503, Retry_After=format_datetime(timezone.now() + timedelta(minutes=10), usegmt=False))
    with pytest.raises(TryLater) as refused:
        save(library, b"words")
    assert timedelta(minutes=9) < refused.value.pause <= timedelta(minutes=10)


def test_an_outage_is_left_to_the_queue(graph: Graph, library: SharePointStorage) -> None:
    graph.fail(*[503] * 20, code="serviceNotAvailable")
    with pytest.raises(TryLater, match="503 serviceNotAvailable"):
        save(library, b"words")


def test_a_server_that_is_not_there_is_left_to_the_queue(graph: Graph) -> None:
    library = SharePointStorage(**graph.options())
    save(library, b"words")
    library.graph = "https://localhost:9/v1.0"
    with pytest.raises(TryLater, match="cannot be reached"):
        save(library, b"words")


def test_a_token_that_ran_out_is_replaced_once(graph: Graph, library: SharePointStorage) -> None:
    save(library, b"one")
    graph.tokens.clear()
    save(library, b"two")
    assert graph.files[KEPT] == b"two"
    assert graph.count("POST", "/token") == 2


def test_an_application_that_is_refused_is_said_so_without_its_secret(graph: Graph) -> None:
    library = SharePointStorage(**graph.options(secret="another secret"))
    with pytest.raises(GraphError, match="invalid_client") as refused:
        save(library, b"words")
    assert "another secret" not in str(refused.value)


def test_an_application_can_sign_in_with_a_certificate(graph: Graph) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = graph.certificate.read_text()
    certificate = pem[pem.index("-----BEGIN CERTIFICATE") :]
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = graph.certificate.parent / "application.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_text(plain.decode() + certificate)
    library = SharePointStorage(**graph.options(secret="", certificate=str(path)))
    save(library, b"words")
    assert graph.files[KEPT] == b"words"


def test_a_refusal_is_an_error_with_its_code(graph: Graph, library: SharePointStorage) -> None:
    graph.fail(403, code="accessDenied")
    with pytest.raises(GraphError, match="403 accessDenied"):
        save(library, b"words")


def test_what_was_changed_on_the_way_is_found(graph: Graph, library: SharePointStorage) -> None:
    graph.rewrites = lambda content: content[:-1] + b"!"
    save(library, b"words")
    with pytest.raises(NotKept, match="not what was written"):
        library.compare(NAME, b"words")


def zip_of(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_properties_that_sharepoint_writes_into_a_document_are_no_difference(
    graph: Graph, library: SharePointStorage
) -> None:
    sent = zip_of(word__document=b"words", docProps__core=b"title")
    graph.rewrites = lambda content: zip_of(
        word__document=b"words", docProps__core=b"title", docProps__custom=b"ContentTypeId"
    )
    save(library, sent)
    assert library.compare(NAME, sent) == "parts"
    graph.rewrites = lambda content: zip_of(word__document=b"other words", docProps__core=b"title")
    save(library, sent)
    with pytest.raises(NotKept):
        library.compare(NAME, sent)


def test_options_that_cannot_work_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="secret or a certificate"):
        SharePointStorage(tenant="t", client="c", drive="d")
    with pytest.raises(ImproperlyConfigured, match="327680"):
        SharePointStorage(tenant="t", client="c", drive="d", secret="s", piece=1000)


#: From the tests of rclone, backend/onedrive/quickxorhash: content and hash, both in base64.
VECTORS = (
    ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
    ("tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="),
    ("0pZP", "0rDEEwAAAAAAAAAAAwAAAAAAAAA="),
    ("jRRDVA==", "jaDAEKgAAAAAAAAABAAAAAAAAAA="),
    ("eAV52qE=", "eChAHrQRCgAAAAAABQAAAAAAAAA="),
    ("luBZlaT6", "lgBHFipBCn0AAAAABgAAAAAAAAA="),
    ("qaApEj66lw==", "qQBFCiTgA11cAgAABwAAAAAAAAA="),
    ("/aNzzCFPS/A=", "/RjFHJgRgicsAR4ACAAAAAAAAAA="),
)


@pytest.mark.parametrize(("content", "expected"), VECTORS)
def test_the_hash_is_the_one_of_microsoft(content: str, expected: str) -> None:
    assert quickxor.digest(base64.b64decode(content)) == expected


@given(st.binary(max_size=700))
def test_the_hash_is_the_same_as_byte_by_byte(content: bytes) -> None:
    ring = 0
    for place, byte in enumerate(content):
        turned = byte << place * 11 % 160
        ring ^= turned & (1 << 160) - 1 | turned >> 160
    ring ^= len(content) << 96
    assert quickxor.digest(content) == base64.b64encode(ring.to_bytes(20, "little")).decode()
