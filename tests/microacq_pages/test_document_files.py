"""A document is part of what was approved and posted: its file does not change afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from microacq_pages.publishing import PublicationBlocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(author: Any, settings: Any, tmp_path: Any) -> Document:
    settings.MEDIA_ROOT = tmp_path
    made: Document = Document.objects.create(
        title="Data", file=ContentFile(b"as approved", name="data.txt"), uploaded_by_user=author
    )
    return made


def content_of(document: Document) -> bytes:
    with Document.objects.get(pk=document.pk).file.open("rb") as file:
        content: bytes = file.read()
    return content


@pytest.mark.parametrize("who", ["author", "it_strategy", "admin"])
@pytest.mark.parametrize("name", ["data.txt", "other.txt"])
def test_nobody_replaces_the_file_of_a_document(
    client: Client, document: Document, who: str, name: str, request: pytest.FixtureRequest, user_in: Any
) -> None:
    client.force_login(user_in(None) if who == "admin" else request.getfixturevalue(who))
    answer = client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {"title": "Data", "tags": "", "file": SimpleUploadedFile(name, b"changed after approval")},
        follow=True,
    )
    assert content_of(document) == b"as approved"
    assert "upload the new file as another document" in answer.content.decode()


def test_the_title_may_change(client: Client, document: Document, author: Any) -> None:
    client.force_login(author)
    client.post(reverse("wagtaildocs:edit", args=[document.pk]), {"title": "Better title", "tags": ""})
    assert Document.objects.get(pk=document.pk).title == "Better title"
    assert content_of(document) == b"as approved"


def test_plain_code_does_not_replace_it_either(document: Document) -> None:
    document.file = ContentFile(b"changed", name="data.txt")
    with pytest.raises(PublicationBlocked):
        document.save()
    assert content_of(document) == b"as approved"


@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_not_even_a_superuser_hides_documents(
    client: Client, document: Document, user_in: Any, headers: dict[str, str]
) -> None:
    client.force_login(user_in(None))
    root = Collection.get_first_root_node()
    answer = client.post(
        reverse("wagtailadmin_collections:set_privacy", args=[root.pk]),
        {"restriction_type": "login", "password": ""},
        headers=headers,
    )
    assert answer.status_code in (302, 409)
    assert not CollectionViewRestriction.objects.exists()
    assert Client().get(document.url).status_code == 200
