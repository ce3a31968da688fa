"""Criterion 6, on every page that a reader of June 2023 reaches from the home page."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.web.test_pages import text_of, walk

BAND = "Está viendo lo que se sabía el 30 de junio de 2023."


@pytest.mark.slow
def test_the_band_and_the_way_back_stand_on_every_page_of_a_past_date(visitor: Client) -> None:
    then = [
        (path, html)
        for path, html in walk(visitor, "es").pages
        if re.search(r"[?&]sabido=2023-06(?:&|$)", path) and html != "moved"
    ]
    assert len(then) > 50
    for path, html in then:
        if "<main" not in html or "/fichas/" in path:
            continue  # an issued sheet is what it was; its list has the band
        assert BAND in text_of(html), path
        (back,) = re.findall(r'<a href="([^"]*)">Volver a hoy</a>', html)
        assert "sabido" not in parse_qs(urlsplit(unescape(back)).query), path


def test_a_part_of_a_year_is_never_drawn_or_listed_as_the_year(visitor: Client) -> None:
    html = visitor.get("/es/cifras/asylum/AS-2/").content.decode()
    (chart,) = re.findall(r'<svg[^>]* role="img".*?</svg>', html, re.DOTALL)
    row = re.search(r'<th scope="row">2021</th>(.*?)</tr>', html, re.DOTALL)
    assert row is None or "31,787" not in row[1]
    (drawn,) = re.findall(r'<g class="row"><title>[^<]*, 2021: ([^<]*)</title>(.*?)</g>', chart)
    assert drawn[0] == "sin dato."
    assert 'class="bar-part"' in drawn[1]  # hatched, beside the gap of the year
    assert 'class="bar"' not in drawn[1]
    assert "COMAR, de enero a octubre de 2021: 31,787" in drawn[1]
    assert "de enero a octubre de 2021: 31,787 personas" in text_of(html)


def test_both_dates_of_a_value_are_told_and_no_day_that_nobody_knows(visitor: Client) -> None:
    path = "/es/cifras/como-se-obtuvo?indicador=asylum/AS-1&lugar=MEX&periodo=2022"
    for query in ("", "&sabido=2023-06"):
        told = text_of(visitor.get(path + query).content.decode())
        assert "Publicado: " in told
        assert re.search("[Rr]egistr(?:ado|ó) aquí", told)
        assert "(día no registrado)" in told
        assert re.findall(r"Publicado: (?:el )?\d+ de", told) == []
