"""Commitments: the list, each one, who has not answered; agreements, meetings and decisions."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.commitments import agreements, contents, meetings, one, silence, views
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("compromisos/", views.commitments_list),
        *table_urls("compromisos/", contents.matrix),
        path("compromisos/sin-respuesta/", views.silence_page),
        *table_urls("compromisos/sin-respuesta/", silence.silence_table),
        path("compromisos/<code:code>/", views.commitment_page),
        *table_urls("compromisos/<code:code>/", one.history),
        path("acuerdos/", views.agreements_page),
        *table_urls("acuerdos/", agreements.agreements_table),
        path("acuerdos/<code:code>/", views.agreement_page),
        path("reuniones/", views.meetings_page),
        *table_urls("reuniones/", meetings.meetings_table),
    ]
