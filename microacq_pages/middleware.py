"""Turns a refusal to publish into a sentence, at whatever view it was raised.

The request's transaction has been rolled back by then: nothing was changed. What a person typed in the
editor is then saved as a draft, so that it is not lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from wagtail import hooks
from wagtail.models import Page

from .blockers import READ_AGAIN, REFUSED, PublicationBlocked

PAIR_TRIGGER = "microacq_pair"
NAMES_SHOWN = 5
EDITORS = {"wagtailadmin_pages:add", "wagtailadmin_pages:edit", "wagtailadmin_pages:revisions_revert"}
SUBMISSIONS = {"action-submit", "action-restart-workflow"}
#: More sentences than this are not read as messages; the editor lists them all.
SENTENCES_SHOWN = 6


class RefusalMiddleware:
    """Shows why a page may not change state, and leads back to where the person was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_refusal(exception) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        # Wagtail has left the person's language by now.
        with override(_language_of(request)):
            sentences = refusal_sentences(exception)
            _record(request, exception)
            if wants_json(request):
                return JsonResponse({"success": False, "errorMessage": " ".join(sentences)}, status=409)
            _forget_successes(request)
            response = _save_draft(request) or redirect(
                _to_read_again(request, exception) or _way_back(request)
            )
            for sentence in sentences[:SENTENCES_SHOWN]:
                messages.error(request, sentence)
            _tell_of_more(request, len(sentences) - SENTENCES_SHOWN)
            return response


def _tell_of_more(request: HttpRequest, count: int) -> None:
    if count > 0:
        sentence = ngettext(
            "There is %(count)d more reason: see the list in the editor.",
            "There are %(count)d more reasons: see the list in the editor.",
            count,
        )
        messages.error(request, sentence % {"count": count})


def is_refusal(exception: Exception) -> bool:
    """Whether this was raised because a page may not change as asked, or something must stay."""
    if isinstance(exception, ProtectedError):
        return True
    if isinstance(exception, ValidationError):
        return isinstance(exception, PublicationBlocked) or REFUSED in _codes(exception)
    return isinstance(exception, IntegrityError) and PAIR_TRIGGER in str(exception)


def refusal_sentences(exception: Exception) -> list[str]:
    """What a person should read when this was raised; empty when it is not a refusal of ours."""
    if not is_refusal(exception):
        return []
    if isinstance(exception, PublicationBlocked):
        return exception.sentences()
    if isinstance(exception, ValidationError):
        return list(exception.messages)
    if isinstance(exception, ProtectedError):
        return [still_referred_to(exception)]
    return [_("Both languages are published, changed, taken down and moved together. Nothing was changed.")]


def still_referred_to(error: ProtectedError) -> str:
    """Why a record, such as a project with opportunities or a person who posted a file, stays."""
    names = sorted({str(holder) for holder in error.protected_objects})
    shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
    return _("It cannot be deleted, because these refer to it: %(names)s. Nothing was changed.") % {
        "names": shown
    }


def _codes(error: ValidationError) -> set[str]:
    if hasattr(error, "error_dict"):
        return {code for errors in error.error_dict.values() for e in errors for code in _codes(e)}
    return {e.code or "" for e in error.error_list}


def _language_of(request: HttpRequest) -> str:
    profile = getattr(request.user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else request.LANGUAGE_CODE


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, which shows no page."""
    accepts = request.headers.get("accept", "")
    return request.headers.get("x-requested-with") == "XMLHttpRequest" or "json" in accepts


def _record(request: HttpRequest, exception: Exception) -> None:
    """Tell the audit, on its own connection: the rollback must not erase that it was tried."""
    values: dict[str, Any] = request.resolver_match.kwargs if request.resolver_match else {}
    key = next((values[name] for name in ("page_id", "pk", "page_to_move_id") if name in values), None)
    page = Page.objects.filter(pk=key).first() if key else None
    if page is None or (isinstance(exception, ProtectedError) and not _is_about_pages(request)):
        return
    codes = [b.code for b in exception.blockers] if isinstance(exception, PublicationBlocked) else ["pair"]
    for keep in hooks.get_hooks("microacq_refused"):
        keep(page.specific, "publication.refused", request.user, {"reasons": ", ".join(codes)})


def _is_about_pages(request: HttpRequest) -> bool:
    return bool(request.resolver_match and "wagtailadmin_pages" in request.resolver_match.namespaces)


def _forget_successes(request: HttpRequest) -> None:
    """Drop what the undone view said it had done."""
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()


def _save_draft(request: HttpRequest) -> HttpResponse | None:
    """Run the editor again without the refused decision; None where nothing was typed, or it fails too."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name not in EDITORS:
        return None
    typed: Any = request.POST.copy()
    submitted = bool(SUBMISSIONS & set(typed))
    for name in [name for name in typed if name.startswith("action-")]:
        del typed[name]
    request.POST = typed
    try:
        with transaction.atomic():
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except (ValidationError, IntegrityError):
        return None
    if submitted:
        messages.info(request, _("What you typed is saved as a draft. It was not submitted for review:"))
    else:
        messages.info(request, _("What you typed is saved as a draft. Your decision was not recorded:"))
    return response


def _to_read_again(request: HttpRequest, exception: Exception) -> str | None:
    """The review screen, when the decision was refused because this text was not read as it is now."""
    page_id = request.resolver_match.kwargs.get("page_id") if request.resolver_match else None
    codes = {b.code for b in exception.blockers} if isinstance(exception, PublicationBlocked) else set()
    return reverse("microacq_review", args=[page_id]) if page_id and codes & READ_AGAIN else None


def _way_back(request: HttpRequest) -> str:
    referer = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return reverse("wagtailadmin_home")
