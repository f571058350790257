"""Outgoing messages in the Wagtail admin: state and errors, no private text, another attempt on request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.views.generic.base import BaseOperationView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from microacq_pages.formats import eastern
from microacq_pages.headings import HeadingMixin

from .crypto import UnreadableMessageError, decrypt
from .enums import MessageState
from .envelope import make_again
from .filters import OutgoingMessageFilterSet
from .kinds import kind_label
from .models import OutgoingMessage
from .services import NotRetryableError, retry
from .templates import LANGUAGES


def visible_text(message: OutgoingMessage) -> str | None:
    """The text of a message that carries nothing private; None for every other."""
    if message.private:
        return None
    try:
        return str(make_again(decrypt(message.payload)).body)
    except UnreadableMessageError:
        return None


class OutgoingMessageInspectView(HeadingMixin, InspectView):
    """One message: what happened to it, its text only if nothing in it is private, and its retry."""

    template_name = "submissions/notices/inspect.html"
    retry_url_name = ""

    def get_page_subtitle(self) -> str:
        """Its kind in words."""
        return str(self.object.heading())

    def get_field_label(self, field_name: str, field: Any) -> str:
        """“File” alone is an attachment to whoever reads mail."""
        return (
            _("Procurement file")
            if field_name == "file_number"
            else super().get_field_label(field_name, field)
        )

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Words and Eastern time, where the stored value is a code, true or false, or UTC."""
        value = getattr(self.object, field_name)
        if field_name == "kind":
            return kind_label(value)
        if field_name == "language":
            return get_language_info(value)["name_translated"] if value in LANGUAGES else value
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, datetime):
            return eastern(value, get_language() or "en")
        return super().get_field_display_value(field_name, field)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the text that may be seen, and the address of the retry where it is allowed."""
        context = super().get_context_data(**kwargs)
        context["text"] = visible_text(self.object)
        if self.object.can_be_retried and self.user_has_permission("retry"):
            context["retry_url"] = reverse(self.retry_url_name, args=[quote(self.object.pk)])
        return context


class RetryView(PermissionCheckedMixin, BaseOperationView):
    """Asks for another attempt. POST only."""

    model = OutgoingMessage
    permission_required = "retry"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the message again, or say why not."""
        try:
            retry(self.object.pk, user=request.user)
        except NotRetryableError:
            messages.error(
                request, _("This message is on its way or has arrived: there is nothing to try again.")
            )
        else:
            messages.success(request, _("The message will be tried again."))
        return redirect(self.get_success_url())


class OutgoingMessageViewSet(ModelViewSet):
    """The list of outgoing messages and the look at one; nothing can be added, changed or deleted."""

    model = OutgoingMessage
    menu_label = gettext_lazy("Outgoing mail")
    icon = "mail"
    add_to_admin_menu = True
    menu_order = 850
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = OutgoingMessageInspectView
    inspect_template_name = OutgoingMessageInspectView.template_name
    inspect_view_fields = [
        "kind",
        "state",
        "file_number",
        "to_masked",
        "language",
        "private",
        "subject",
        "message_id",
        "attempts",
        "created_at",
        "next_attempt_at",
        "sent_at",
        "last_error",
    ]
    exclude_form_fields: list[str] = []
    list_per_page = 50
    filterset_class = OutgoingMessageFilterSet
    ordering = "-id"

    @cached_property
    def list_display(self) -> list[Any]:
        """The columns of the list."""
        return [
            TitleColumn(
                "heading",
                label=gettext_lazy("Message"),
                get_url=lambda message: reverse(self.get_url_name("inspect"), args=[quote(message.pk)]),
            ),
            StatusTagColumn(
                "get_state_display",
                label=gettext_lazy("State"),
                primary=lambda message: message.state == MessageState.ABANDONED,
            ),
            Column("to_masked", label=gettext_lazy("To")),
            Column("file_number", label=gettext_lazy("Procurement file")),
            Column("subject", label=gettext_lazy("Subject")),
            Column("attempts", label=gettext_lazy("Attempts")),
            Column("last_error", label=gettext_lazy("Last error")),
            DateColumn("created_at", label=gettext_lazy("Created")),
            DateColumn("sent_at", label=gettext_lazy("Sent")),
        ]

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Tells the look at one message where its retry is."""
        return super().get_inspect_view_kwargs(retry_url_name=self.get_url_name("retry"), **kwargs)

    @property
    def retry_view(self) -> Any:
        """The retry."""
        return self.construct_view(RetryView, success_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[URLPattern]:
        """Only what may be done: the addresses for adding, changing and deleting do not exist."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
            path("retry/<int:pk>/", self.retry_view, name="retry"),
        ]
