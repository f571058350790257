"""Into the storage named ``records`` and back: whole or not at all, compared after writing.

Owns: what is asked of a storage beyond Django's ``Storage``, the folder that is the default, and the comparison.
Knows no model.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "records"
_CHUNK = 1 << 16


class NotKept(Exception):
    """The storage does not hold what was written; the message says how it differs."""


class TryLater(Exception):
    """The storage asks to be left alone for a while.

    Attributes:
        pause: For how long, as it said.
    """

    def __init__(self, message: str, pause: timedelta) -> None:
        super().__init__(message)
        self.pause = pause


class FolderStorage(FileSystemStorage):
    """A folder in which a name holds the old file or the new one, and nothing in between."""

    #: Saving takes the place of what has the name.
    overwrites = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "file_permissions_mode": 0o640,
                "directory_permissions_mode": 0o750,
                **kwargs,
                "allow_overwrite": True,
            }
        )

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=self.directory_permissions_mode or 0o777)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks(_CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, self.file_permissions_mode or 0o644)
            os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        return name


def storage() -> Storage:
    """Where the archive is kept, as the settings say."""
    return storages[ALIAS]


def keep(path: str, content: bytes) -> str:
    """Write a file in the place of what has its name, and compare.

    Returns:
        By what it was compared.

    Raises:
        NotKept: it is not what was written.
        TryLater: the storage asked for a pause.
    """
    kept = storage()
    if not getattr(kept, "overwrites", False) and kept.get_available_name(path) != path:
        kept.delete(path)
    name = kept.save(path, ContentFile(content))
    if name != path:
        raise NotKept(f"The storage gave {path} another name: {name}.")
    return compare(path, content)


def remove(path: str) -> None:
    """Take a file away, such as one that was erased.

    Raises:
        NotKept: it is still there.
        TryLater: the storage asked for a pause.
    """
    kept = storage()
    kept.delete(path)
    if kept.exists(path):
        raise NotKept(f"{path} could not be taken away.")


def compare(path: str, content: bytes) -> str:
    """Compare what the storage holds under a name with what should be there; returns by what.

    Raises:
        NotKept: it differs, or is not there.
    """
    kept = storage()
    own = getattr(kept, "compare", None)
    if own is not None:
        return str(own(path, content))
    if not kept.exists(path):
        raise NotKept(f"{path} is not there.")
    digest = hashlib.sha256()
    with kept.open(path) as file:
        for chunk in file.chunks(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != hashlib.sha256(content).hexdigest():
        raise NotKept(f"{path} is not what was written: its SHA-256 is {digest.hexdigest()}.")
    return "sha256"
