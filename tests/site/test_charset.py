"""A form in an encoding that holds no text is a bad request, never a failure of the server."""

from __future__ import annotations

import pytest
from django.test import Client

BODY = b'--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nen\r\n--x--\r\n'
MULTIPART = "multipart/form-data; boundary=x"


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["rot13", "hex", "undefined", "utf-7", "nonesuch", "idna"])
@pytest.mark.parametrize("address", ["/admin/login/", "/en/questions/MA-2026-0001/", "/en/nonesuch/"])
def test_a_form_in_another_encoding_is_refused(address: str, charset: str) -> None:
    browser = Client(raise_request_exception=False)
    sent = browser.generic("POST", address, BODY, content_type=f"{MULTIPART}; charset={charset}")
    assert sent.status_code == 400 or (charset == "nonesuch" and sent.status_code < 500)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "idna", "iso-8859-1"])
def test_so_is_one_that_is_not_in_parts(charset: str) -> None:
    browser = Client(raise_request_exception=False)
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert browser.generic("POST", "/en/apply/MA-2026-0001/", b"a=b", content_type=kind).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["snippets/microacq_pages/skill/?locale=a%00b", "applications/1/%00/"])
def test_staffs_addresses_hold_no_zero_byte(admin_client: Client, address: str) -> None:
    admin_client.raise_request_exception = False
    assert admin_client.get(f"/admin/{address}").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"'])
def test_a_form_in_utf_8_is_taken(charset: str) -> None:
    sent = Client().generic("POST", "/admin/login/", BODY, content_type=f"{MULTIPART}{charset}")
    assert sent.status_code == 200
