"""Views of the Wagtail admin that replace those which would change one language alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views.update_translations import UpdateTranslationsView

from . import pairs, publishing
from .admin import person, refuse
from .permission_testers import EDIT_TRANSLATION


def sync_translations(request: HttpRequest, translation_source_id: int) -> HttpResponse:
    """“Sync translated pages” for pages: shows translators the latest text, and publishes nothing.

    Snippets keep wagtail-localize's own view.
    """
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    try:
        instance = source.get_source_instance()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not isinstance(instance, Page):
        return UpdateTranslationsView.as_view()(request, translation_source_id=translation_source_id)
    if (
        not request.user.has_perm(EDIT_TRANSLATION)
        and not instance.permissions_for_user(request.user).can_edit()
    ):
        raise PermissionDenied
    target = pairs.counterpart(instance)
    if request.method == "POST":
        pairs.refresh_translation(instance)
        messages.success(request, _("The translation now shows the latest text. Nothing was published."))
    else:
        messages.info(
            request, _("The translation is updated at every save of the text. Nothing was published.")
        )
    return redirect(reverse("wagtailadmin_pages:edit", args=[target.pk if target else instance.pk]))


def refuse_conversion_to_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """“Convert to alias page”: an alias would show one language under the address of the other."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return refuse(request, page, publishing.refuse_alias) or redirect("wagtailadmin_pages:edit", page.pk)


def unpublish(request: HttpRequest, page: Page) -> HttpResponse:
    """The person has confirmed: take the page down in both languages, and those below it if asked."""
    try:
        with transaction.atomic():
            if request.POST.get("include_descendants"):
                count = publishing.unpublish_tree(page, user=person(request))
            else:
                publishing.unpublish_pair(page, user=person(request))
                count = 1
    except publishing.PublicationBlocked as refusal:
        for sentence in refusal.sentences():
            messages.error(request, sentence)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d page was taken down in both languages.",
                "%(count)d pages were taken down in both languages.",
                count,
            )
            % {"count": count},
        )
    back = get_valid_next_url_from_request(request)
    return redirect(back or reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
