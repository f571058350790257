"""Keys for trying are made once and kept."""

from __future__ import annotations

from pathlib import Path

import pyrage

from config.keys import ensure_keys


def test_keys_are_made_once(tmp_path: Path) -> None:
    assert ensure_keys(tmp_path / "keys") == ensure_keys(tmp_path / "keys")


def test_keys_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == 4
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_custodian_opens_what_was_sealed_to_the_recipient(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path)
    sealed = pyrage.encrypt(b"words", [pyrage.x25519.Recipient.from_str(keys.custodian_recipient)])
    identity = pyrage.x25519.Identity.from_str(keys.custodian_file.read_text().strip())
    assert pyrage.decrypt(sealed, [identity]) == b"words"
