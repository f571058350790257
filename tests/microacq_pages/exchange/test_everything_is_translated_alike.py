"""Whatever the public reads is in the units of a translation: form page, snippets, descriptions of images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor

from microacq_pages import pairs
from microacq_pages.exchange.units import units_of
from microacq_pages.models import BilingualPage
from submissions.proposals.pages import ProposalFormPage


@pytest.mark.django_db
def test_statements_questions_and_texts_of_the_form_page_leave_with_it() -> None:
    form = ProposalFormPage.objects.get(locale__language_code="en")
    form.introduction = "<p>How to apply.</p>"
    form.checklist.create(statement="I accept.", sort_order=0, locale=form.locale)
    form.form_fields.create(
        label="Your approach",
        help_text="In a few words.",
        field_type="multiline",
        sort_order=0,
        locale=form.locale,
    )
    form.save_revision()
    pairs.keep_in_step(form, None)
    units = units_of(pairs.translation_of(form))
    assert {"How to apply.", "I accept.", "Your approach", "In a few words."} <= {
        unit.source for unit in units
    }
    assert all(unit.label for unit in units)


def test_the_description_of_an_image_is_a_string_to_translate() -> None:
    block = ImageBlock(required=False)
    value = block.to_python(None)
    raw = {"image": None, "alt_text": "A calendar", "decorative": False}
    extractor = StreamFieldSegmentExtractor(None)
    found = extractor.handle_image_block(block, value, raw_value=raw)
    assert [segment.string.data for segment in found if segment.path == "alt_text"] == ["A calendar"]


def test_no_page_holds_an_image_without_a_description_of_its_own() -> None:
    """An image from a chooser alone has one description, in one language; ``ImageBlock`` has one a language."""
    wrong = []
    for model in apps.get_models():
        if not issubclass(model, BilingualPage):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and issubclass(field.related_model, get_image_model()):
                wrong.append(f"{model.__name__}.{field.name}")
            if isinstance(field, RichTextField) and "image" in (field.features or ["image"]):
                wrong.append(f"{model.__name__}.{field.name}")
            if isinstance(field, StreamField):
                wrong += [
                    f"{model.__name__}.{field.name}.{name}" for name in _bare_images(field.stream_block)
                ]
    assert issubclass(BilingualPage, Page)
    assert wrong == []


def _bare_images(block: Any) -> Iterator[str]:
    if isinstance(block, ImageBlock):
        return
    if isinstance(block, ImageChooserBlock):
        yield block.name
    if isinstance(block, blocks.RichTextBlock) and "image" in (block.features or ["image"]):
        yield block.name
    for child in getattr(block, "child_blocks", {}).values():
        yield from _bare_images(child)
    if isinstance(block, blocks.ListBlock):
        yield from _bare_images(block.child_block)
