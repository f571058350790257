"""A translation out, a file in: judged, then stored in wagtail-localize's own records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db import transaction
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_admin_base_url
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.snippets.permissions import user_can_edit_snippet_type
from wagtail_localize.models import StringTranslation, Translation

from microacq_pages.glossary.terms import Glossary

from . import po, xliff
from .judging import Judged, Verdict, judge
from .returned import Job, Returned
from .units import units_of

#: By the name that stands in addresses.
FORMATS: dict[str, ModuleType] = {"po": po, "xliff": xliff}
#: Logged on the translated page or snippet, once for each file.
IMPORTED = "microacq.translation_imported"
CORRECTED = "microacq.typography_corrected"


@dataclass(frozen=True)
class Report:
    """What a file brought.

    Attributes:
        format: Name of its format.
        judged: Every string with its verdict.
    """

    format: str
    judged: list[Judged]

    def of(self, verdict: Verdict) -> list[Judged]:
        return [string for string in self.judged if string.verdict == verdict]

    @property
    def taken(self) -> list[Judged]:
        return self.of(Verdict.TAKEN)

    @property
    def refused(self) -> list[Judged]:
        return self.of(Verdict.REFUSED)

    @property
    def left(self) -> list[Judged]:
        return self.of(Verdict.LEFT)

    @property
    def same(self) -> list[Judged]:
        return self.of(Verdict.SAME)


def may_translate(user: Any, translation: Translation) -> bool:
    """Whether a person may write this translation now, as the editor asks; not while it is locked for them."""
    target = translation.get_target_instance()
    if isinstance(target, Page):
        tester = target.specific.permissions_for_user(user)
        return bool(tester.can_edit() and not tester.page_locked())
    return bool(user_can_edit_snippet_type(user, type(target)))


def job_of(translation: Translation, user: Any, *, only_left: bool = False) -> Job:
    """A translation as it goes out.

    Args:
        translation: wagtail-localize's.
        user: Who takes it; decides what address is named.
        only_left: Leave out what is translated.
    """
    source, target = translation.source.locale.language_code, translation.target_locale.language_code
    glossary = Glossary.between(source, target)
    units = [unit for unit in units_of(translation) if not (only_left and unit.is_translated)]
    path = AdminURLFinder(user).get_edit_url(translation.get_target_instance()) or ""
    return Job(
        identifier=str(translation.uuid),
        title=translation.source.object_repr,
        address=f"{get_admin_base_url() or ''}{path}",
        source=source,
        target=target,
        units=units,
        terms={
            unit.key: [
                (term.right(source)[0], term.right(target)[0]) for term in glossary.in_text(unit.source)
            ]
            for unit in units
        },
    )


def read(translation: Translation, format_name: str, data: bytes) -> list[Returned]:
    """The strings of a file that came back.

    Raises:
        UnreadableFileError: nothing of it can be taken.
    """
    identifier, language = str(translation.uuid), translation.target_locale.language_code
    if format_name == "po":
        return po.read(data, identifier, language)
    sources = {unit.key: unit.source for unit in units_of(translation)}
    return xliff.read(data, identifier, language, sources)


def preview(translation: Translation, format_name: str, returned: list[Returned]) -> Report:
    """What would become of each string of a file; stores nothing."""
    return Report(FORMATS[format_name].NAME, judge(units_of(translation), returned))


@transaction.atomic
def take(translation: Translation, format_name: str, returned: list[Returned], user: Any) -> Report:
    """Store what may be stored of a file, judged anew, and record that it was.

    Args:
        translation: wagtail-localize's; whether the person may write it is asked by the caller.
        format_name: A name of ``FORMATS``.
        returned: The strings of the file.
        user: Becomes the last translator.
    """
    # The source must not change between judging and storing, nor two files cross.
    locked = Translation.objects.select_for_update().select_related("source").get(pk=translation.pk)
    report = preview(locked, format_name, returned)
    for string in report.taken:
        if string.unit is not None:
            store(locked, string.unit, string.target, user, tool=report.format)
    counts = Counter(string.verdict.value for string in report.judged)
    log(
        instance=locked.get_target_instance(),
        action=IMPORTED,
        user=user,
        data={"format": report.format, "taken": counts["taken"], "refused": counts["refused"]},
    )
    return report


def store(translation: Translation, unit: Any, target: str, user: Any, *, tool: str = "") -> None:
    """Write one translation as wagtail-localize does.

    Args:
        translation: wagtail-localize's.
        unit: The string.
        target: What ``judging.usable`` let pass.
        user: The translator.
        tool: What the translator used; empty for the screens of the site.
    """
    StringTranslation.objects.update_or_create(
        translation_of_id=unit.string_id,
        context_id=unit.context_id,
        locale_id=translation.target_locale_id,
        defaults={
            "data": target,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": tool,
            "last_translated_by": user,
            "has_error": False,
            "field_error": "",
        },
    )
