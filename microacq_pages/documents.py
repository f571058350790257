"""The form of a document in the admin. Wagtail's own throws the old file away before it saves the new one."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.documents.forms import BaseDocumentForm

from .guards import FILE_STAYS


class DocumentForm(BaseDocumentForm):
    """A file is uploaded once; afterwards only what is said of it can be edited."""

    def clean_file(self) -> Any:
        if self.instance.pk and "file" in self.changed_data:
            raise forms.ValidationError(FILE_STAYS)
        return self.cleaned_data["file"]
