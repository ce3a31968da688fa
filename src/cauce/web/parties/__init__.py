"""Countries and organisations: bodies with their members, the list, each one, the region."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.naming import PARTIES
from cauce.web.parties import views
from cauce.web.parties.tiles import REGION
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path(PARTIES, views.parties),
        *table_urls(PARTIES, views.parties_table),
        # Before a party's: «region/tabla» could be an id.
        *table_urls(REGION, views.region_table, own=False),
        path(f"{PARTIES}<party:party>/", views.party),
        *table_urls(f"{PARTIES}<party:party>/", views.party_table),
    ]
