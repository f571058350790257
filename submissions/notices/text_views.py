"""Staff's mail texts in the Wagtail admin: list, form, preview of the mail in both languages, in force or not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from . import wording
from .kinds import KINDS, kind_label
from .models import NoticeText, NoticeWording
from .templates import LANGUAGES, render_notice
from .words_of_staff import Words, sample_values

MAY_SEND = "submissions.send_noticetext"


class NoticeTextIndexView(IndexView):
    """The texts of staff, each with whether it is sent."""

    def get_queryset(self) -> Any:
        self.kinds_in_force = set(NoticeWording.objects.filter(until=None).values_list("kind", flat=True))
        return super().get_queryset().select_related("locale")

    @property
    def columns(self) -> list[Any]:
        columns: list[Any] = super().columns
        sent = Column(
            "sent",
            label=gettext_lazy("Sent"),
            accessor=lambda text: _("Yes") if text.kind in self.kinds_in_force else _("No"),
        )
        preview = TitleColumn(
            "preview",
            label=gettext_lazy("Preview"),
            accessor=lambda text: _("Preview"),
            get_url=lambda text: reverse("microacq_notice_text", args=[text.pk]),
        )
        return [*columns, sent, preview]


class NoticeTextViewSet(SnippetViewSet):
    """Texts of staff, in both languages."""

    model = NoticeText
    icon = "mail"
    menu_label = gettext_lazy("Mail texts")
    menu_order = 860
    add_to_admin_menu = True
    index_view_class = NoticeTextIndexView
    list_display = ("__str__", "locale", "get_place_display")
    list_filter = ("place",)
    search_fields = ("subject", "body")


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail in both languages with this text in it, and what stands against sending it."""
    text = _text_for(request, pk, "submissions.view_noticetext")
    reasons = wording.reasons_against(text)
    try:
        words: dict[str, Words] = wording.both_languages(text)
    except wording.NotCompleteError:
        words = {text.locale.language_code: Words(text.place, text.subject, text.body)}
    mails = [(code, _mail(text.kind, code, words[code])) for code in LANGUAGES if code in words]
    context = {
        "text": text,
        "mails": [(code, notice) for code, notice in mails if notice is not None],
        "reasons": reasons,
        "in_force": wording.in_force(text.kind),
        "may_send": request.user.has_perm(MAY_SEND),
        "edit_url": reverse(NoticeTextViewSet.model.snippet_viewset.get_url_name("edit"), args=[text.pk]),
    }
    return render(request, "submissions/notices/text_preview.html", context)


def _mail(kind: str, language: str, words: Words) -> Any:
    values = sample_values(kind)
    try:
        return render_notice(kind, language, values, lambda _code: words)
    except KeyError:  # a value that the message does not have; the reasons say which
        return None


@require_POST
def put_in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Send this text from now on, in both languages."""
    text = _text_for(request, pk, MAY_SEND)
    try:
        wording.put_in_force(text, user=request.user)
    except wording.NotCompleteError as error:
        for reason in error.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("This text is sent from now on, in both languages."))
    return redirect("microacq_notice_text", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the standing text alone from now on."""
    text = _text_for(request, pk, MAY_SEND)
    if wording.withdraw(text.kind, user=request.user):
        messages.success(request, _("Only the standing text is sent from now on."))
    else:
        messages.info(request, _("Nothing was in force."))
    return redirect("microacq_notice_text", pk)


def _text_for(request: HttpRequest, pk: int, permission: str) -> NoticeText:
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(NoticeText.objects.select_related("locale"), pk=pk, kind__in=KINDS)


def why_kept(text: NoticeText) -> str:
    """Why a text may not be deleted; empty when it may."""
    if wording.in_force(text.kind) is None:
        return ""
    return _("“%(kind)s” is being sent with this text: withdraw it first.") % {"kind": kind_label(text.kind)}
