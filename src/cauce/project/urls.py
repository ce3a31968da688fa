"""All addresses of the site."""

from __future__ import annotations

from django.urls import include, path

from cauce.project import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/", include("cauce.api.urls")),
    path("", include("cauce.web.urls")),
]

handler400 = "cauce.web.errors.bad_request"
handler404 = "cauce.web.errors.page_not_found"
handler500 = "cauce.web.errors.server_error"
