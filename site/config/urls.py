"""Addresses of the whole site. `/healthz` is answered before this list, by config.health."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from config.views import robots
from microacq_pages.sitemaps import BilingualSitemap

handler400 = "microacq_pages.errors.bad_request"
handler403 = "microacq_pages.errors.permission_denied"
handler404 = "microacq_pages.errors.page_not_found"
handler500 = "microacq_pages.errors.server_error"

urlpatterns = [
    path("admin/", include("microacq_pages.wagtail_exports")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": BilingualSitemap}}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("", include("submissions.records.opendata.urls")),
]

if settings.MICROACQ_SERVE_MEDIA:
    # Elsewhere the web server in front, or the file store, serves what editors have uploaded.
    urlpatterns.append(
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    )

urlpatterns += i18n_patterns(
    path("", include("submissions.notices.urls")),
    path("", include("submissions.awards.urls")),
    path("", include("submissions.contracts.urls")),
    path("", include("submissions.contracts.payment.urls")),
    path("", include("submissions.evaluation.urls")),
    path("", include("submissions.records.reuse.urls")),
    path("", include("submissions.selection.urls")),
    path("", include("submissions.survey.urls")),
    path("", include("submissions.records.opendata.guide_urls")),
    path("", include("submissions.proposals.fast_lane")),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
