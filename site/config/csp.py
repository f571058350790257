"""Content Security Policy: strict for the public, wider where Wagtail writes scripts into its own pages."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The policy of the settings, replaced on staff addresses by that of MICROACQ_STAFF_CSP."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Choose the policy by address; a view's own decorator still has the last word."""
        parts = super().get_policy_parts(request=request, response=response, report_only=report_only)
        if (
            not report_only
            and parts.config is None
            and request.path_info.startswith(settings.MICROACQ_STAFF_PATHS)
        ):
            parts.config = settings.MICROACQ_STAFF_CSP
        return parts
