"""The forms by which work is reassigned; what they may do is held by ``standins`` and by the database."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from .. import roles
from .work import name_of

REASON_HELP = _("Say what is to be done and why by somebody else. Do not say why a person is absent.")
REASON_MISSING = _("Write the reason: no decision without one.")


def staff() -> QuerySet[Any]:
    """People who may sign in to the staff’s screens."""
    may_enter = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    people: QuerySet[Any] = get_user_model().objects.filter(may_enter, is_active=True).distinct()
    return people.order_by("first_name", "last_name", "username")


class PersonField(forms.ModelChoiceField):
    """A choice of staff, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class GroupField(forms.ModelChoiceField):
    """A choice of groups, by what they are called in the reader’s language."""

    def label_from_instance(self, obj: Group) -> str:
        return roles.label(obj.name)


class _ReasonedForm(forms.Form):
    """To whom, and why; never to the person who fills it in."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "to", staff().exclude(pk=user.pk))

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError(REASON_MISSING, code="required")
        return reason


def _offer(form: forms.Form, name: str, choices: QuerySet[Any]) -> None:
    cast("forms.ModelChoiceField", form.fields[name]).queryset = choices


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        help_text=REASON_HELP,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": REASON_MISSING},
    )


def _to() -> PersonField:
    return PersonField(
        label=_("Who does it"),
        queryset=get_user_model().objects.none(),
        help_text=_("The person acts in their own name; separation of duties still holds."),
    )


class AbsenceForm(_ReasonedForm):
    """A person is absent on some days, and another does their work."""

    absent = PersonField(label=_("Who is absent"), queryset=get_user_model().objects.none())
    to = _to()
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput)
    until = forms.DateField(label=_("Last day"), widget=AdminDateInput)
    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "absent", staff())
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("absent") is not None and data.get("absent") == data.get("to"):
            self.add_error("to", _("Name another person than the one who is absent."))
        first, last = data.get("starts_on"), data.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day must not be before the first."))
        if last and last < timezone.localdate():
            self.add_error("until", _("This day has passed."))
        return data


class AssignForm(_ReasonedForm):
    """A named person reviews one text for a group."""

    group = GroupField(label=_("For which group"), queryset=Group.objects.none())
    to = _to()
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Left blank, until the text is approved."),
    )
    reason = _reason()

    def __init__(self, *args: Any, groups: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "group", Group.objects.filter(pk__in=[group.pk for group in groups]))
        self.fields["group"].initial = groups[0] if groups else None

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."), code="passed")
        return until
