"""Views of the Wagtail admin that replace those which would publish one language alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import TranslationSource
from wagtail_localize.views.update_translations import UpdateTranslationsView

from . import pairs
from .permission_testers import EDIT_TRANSLATION


def sync_translations(request: HttpRequest, translation_source_id: int) -> HttpResponse:
    """“Sync translated pages” for pages: shows translators the latest text, and publishes nothing.

    Snippets keep wagtail-localize's own view.
    """
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    instance = source.get_source_instance()
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
