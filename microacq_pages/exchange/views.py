"""Addresses by which a translation leaves and comes back. What a file may do is judged in ``judging``."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail_localize.models import Translation

from . import services
from .returned import LARGEST_FILE, MOST_STRINGS, Returned, UnreadableFileError

LEFT_SHOWN = 50


def translation_for(request: HttpRequest, translation_id: int) -> Translation:
    """The translation, if this person may write it.

    Raises:
        Http404: there is none, or its page is gone.
        PermissionDenied: it is not theirs to write.
    """
    translation = get_object_or_404(
        Translation.objects.select_related(
            "source__locale", "source__specific_content_type", "target_locale"
        ),
        pk=translation_id,
        enabled=True,
    )
    try:
        allowed = services.may_translate(request.user, translation)
    except translation.source.specific_content_type.model_class().DoesNotExist as error:
        raise Http404 from error
    if not allowed:
        raise PermissionDenied
    return translation


def editor_of(request: HttpRequest, translation: Translation) -> str:
    """Where this translation is written."""
    return AdminURLFinder(request.user).get_edit_url(translation.get_target_instance()) or ""


@require_GET
def download(request: HttpRequest, translation_id: int, format_name: str) -> HttpResponse:
    """The translation as a file; ``?only=left`` leaves out what is translated."""
    translation = translation_for(request, translation_id)
    form = services.FORMATS[format_name]
    only_left = request.GET.get("only") == "left"
    job = services.job_of(translation, request.user, only_left=only_left)
    name = slugify(job.title)[:60] or "translation"
    part = "-left" if only_left else ""
    response = HttpResponse(form.write(job), content_type=form.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.{job.target}{part}.{form.EXTENSION}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def upload(request: HttpRequest, translation_id: int) -> HttpResponse:
    """What a file would bring, string by string; nothing is stored yet."""
    translation = translation_for(request, translation_id)
    file = request.FILES.get("file")
    if file is None:
        return _refuse(request, translation, _("Choose a file first."))
    name = (file.name or "").lower()
    format_name = "xliff" if name.endswith((".xlf", ".xliff", ".xml")) else "po"
    try:
        returned = services.read(translation, format_name, file.read(LARGEST_FILE + 1))
    except UnreadableFileError as error:
        return _refuse(request, translation, str(error))
    report = services.preview(translation, format_name, returned)
    return _show(request, translation, report, format_name=format_name, strings=_packed(report))


@require_POST
def apply(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Store what the preview showed, judged anew."""
    translation = translation_for(request, translation_id)
    format_name = request.POST.get("format", "")
    if format_name not in services.FORMATS:
        raise Http404
    try:
        returned = _unpacked(request.POST.get("strings", ""))
    except ValueError:
        return _refuse(
            request, translation, _("The file has to be chosen again: what was sent is not complete.")
        )
    report = services.take(translation, format_name, returned, request.user)
    count = len(report.taken)
    messages.success(
        request,
        ngettext("%(count)d translation was stored.", "%(count)d translations were stored.", count)
        % {"count": count},
    )
    if report.refused:
        return _show(request, translation, report, done=True)
    return redirect(editor_of(request, translation))


def _show(
    request: HttpRequest, translation: Translation, report: services.Report, **more: Any
) -> HttpResponse:
    context = {
        "report": report,
        "left": report.left[:LEFT_SHOWN],
        "title": translation.source.object_repr,
        "back": editor_of(request, translation),
        "translation": translation,
        **more,
    }
    return render(request, "microacq_pages/exchange/report.html", context)


def _refuse(request: HttpRequest, translation: Translation, reason: str) -> HttpResponse:
    context = {
        "reason": reason,
        "title": translation.source.object_repr,
        "back": editor_of(request, translation),
        "translation": translation,
    }
    return render(request, "microacq_pages/exchange/report.html", context, status=422)


def _packed(report: services.Report) -> str:
    """The strings to store, for the form that confirms them; judged anew when they come back."""
    return json.dumps(
        [[string.unit.path, string.source, string.target] for string in report.taken if string.unit]
    )


def _unpacked(text: str) -> list[Returned]:
    """The strings of the form.

    Raises:
        ValueError: it is not what ``_packed`` wrote.
    """
    try:
        rows = json.loads(text)
    except RecursionError as error:
        raise ValueError(text[:20]) from error
    if not isinstance(rows, list) or len(rows) > MOST_STRINGS:
        raise ValueError(text[:20])
    for row in rows:
        if not (isinstance(row, list) and len(row) == 3 and all(isinstance(part, str) for part in row)):
            raise ValueError(text[:20])
        # JSON can name half a character, which no answer and no database can hold: UnicodeEncodeError is a ValueError.
        "".join(row).encode()
    return [Returned(path=path, source=source, target=target) for path, source, target in rows]
