"""Django's entry to the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Procurement files")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .contracts.payment.checks import check_department_province, check_place_of_supply
        from .notices import reviews
        from .notices.bouncing import services as bouncing
        from .records.opendata.checks import check_prefix
        from .selection.checks import check_source
        from .solicitations.checks import check_guards

        reviews.connect()
        bouncing.connect()
        register(check_guards)
        register(check_source)
        register(check_prefix)
        register(check_department_province)
        register(check_place_of_supply, deploy=True)
