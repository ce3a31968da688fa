"""The foot of the site: who answers, how to cite, what words mean, how an error is reported."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.test import Client, override_settings

from cauce.journal import queries as journal
from cauce.web.about.contents import TERMS
from cauce.web.page import FOOT
from cauce.words import text
from tests.web.reading import get, main, said

LANGUAGES = ("es", "en", "fr")
OURS = (
    "acerca-de/", "citar/", "glosario/", "datos/", "ayuda/", "accesibilidad/", "privacidad/",
    "reportar-un-error/",
)  # fmt: skip
FIGURE = "/es/cifras/como-se-obtuvo?indicador=asylum/AS-1&lugar=MEX&periodo=2022"

#: Words of the inside, and their literal translations, that no page says.
INSIDE = re.compile(
    r"ledger|observation|observaci[oó]n|\bpacks?\b|known_at|recorded_at|\bbounds?\b|coverage|"
    r"cobertura|couverture|competing|caveat|sketch|workspace|roll-up|libro mayor",
    re.IGNORECASE,
)


def report(client: Client, page: str) -> str:
    return get(client, f"/es/reportar-un-error/?pagina={quote(page)}")


@pytest.mark.parametrize("path", OURS)
def test_every_page_of_the_foot_stands_in_three_languages(client: Client, path: str) -> None:
    assert path in {one for _, one in FOOT}
    told = {language: said(get(client, f"/{language}/{path}")) for language in LANGUAGES}
    assert len(set(told.values())) == 3
    for language, words in told.items():
        assert not INSIDE.search(words), (language, INSIDE.search(words))
        assert "**" not in words
        assert "](" not in words
    html = get(client, f"/es/{path}")
    assert len(re.findall("<h1>", html)) == 1
    assert len(re.findall(r'\bid="([^"]*)"', html)) == len(set(re.findall(r'\bid="([^"]*)"', html)))


@pytest.mark.parametrize("path", OURS)
def test_every_link_of_these_texts_leads_somewhere(client: Client, path: str) -> None:
    for address in re.findall(r'href="(/[^"#]*)', main(get(client, f"/es/{path}"))):
        assert client.get(unescape(address)).status_code in (200, 302), address


def test_nobody_reads_these_pages_under_a_cookie(client: Client) -> None:
    """What the page on privacy promises: no cookie, no other host, no address in a referrer."""
    for path in ("", *OURS, "cifras/", "buscar/?q=comar"):
        response = client.get(f"/es/{path}")
        assert not response.cookies, path
        assert response["Referrer-Policy"] == "same-origin"
        assert "'self'" in response["Content-Security-Policy"]
        loaded = r'<(?:img|script|iframe|link rel="stylesheet")[^>]*(?:src|href)="(?:https?:)?//'
        assert not re.search(loaded, response.content.decode("utf-8"))


# ------------------------------------------------------------------------------- who answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_is_named_the_page_says_so(client: Client, language: str) -> None:
    told = said(get(client, f"/{language}/acerca-de/"))
    assert text("about.who.nobody", language) in told
    assert text("about.who.no_contact", language) in told


@override_settings(CAUCE_RESPONSIBLE="Secretaría <Ejecutiva>", CAUCE_CONTACT="datos@example.org")
def test_who_answers_is_named_with_how_to_reach_them(client: Client) -> None:
    html = get(client, "/es/acerca-de/")
    assert "Responde por este sitio: Secretaría <Ejecutiva>." in said(html)
    assert '<a href="mailto:datos@example.org">datos@example.org</a>' in html
    assert text("about.who.nobody", "es") not in said(html)


# ------------------------------------------------------------------------------- citing


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_citing_are_made_of_the_record(client: Client, language: str) -> None:
    html = get(client, f"/{language}/citar/")
    figure, table, sheet = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html, re.DOTALL)
    assert re.search(r"78.975", unescape(figure))
    assert "COMAR" in figure
    for words in (figure, table, sheet):
        (address,) = re.findall(r"http://localhost(/[^\s<]*)", unescape(words))
        assert client.get(address.rstrip(".")).status_code == 200, address
    assert "asiento=" in figure


# ------------------------------------------------------------------------------- words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_glossary_has_one_sentence_and_an_anchor(
    client: Client, language: str
) -> None:
    html = get(client, f"/{language}/glosario/")
    for term in TERMS:
        assert f'<div id="{term}">' in html
        sentence = text(f"glossary.{term}.text", language)
        assert sentence.endswith((".", "…"))
    names = re.findall(r"<dfn>(.*?)</dfn>", html)
    assert len(names) == len(TERMS) == len(set(TERMS))
    assert names[0] == "0"


def test_the_five_nothings_are_told_apart(client: Client) -> None:
    told = said(get(client, "/es/ayuda/"))
    for word in ("0 :", "Sin dato :", "En revisión :", "Retirado :", "Protegido :"):
        assert word in told


# ------------------------------------------------------------------------------- checking


def test_the_seal_of_the_newest_entry_can_be_noted_down(client: Client) -> None:
    newest = journal.entry(journal.head())
    assert newest.hash in get(client, "/es/datos/")


# ------------------------------------------------------------------------------- errors


@override_settings(CAUCE_CONTACT="datos@example.org")
def test_a_report_is_a_message_with_the_page_written_in_it(client: Client) -> None:
    html = report(client, FIGURE)
    (mail,) = re.findall(r'href="(mailto:[^"]*)"', html)
    parts = urlsplit(unescape(mail))
    written = parse_qs(parts.query)
    assert parts.path == "datos@example.org"
    assert written["subject"] == ["Error en Cauce"]
    assert f"Página: http://localhost{FIGURE}\r\n" in written["body"][0]
    assert "+" not in mail


@pytest.mark.parametrize(
    "page",
    ["https://evil.example/", "//evil.example/", "/es//evil.example", "javascript:alert(1)",
     "/api/v1/record", "/es/\\evil.example", "/es/a b", "/es/x\r\nBcc: a@b.c",
     '/es/"><script>alert(1)</script>', "/es/" + "x" * 2000, "\x00"],
)  # fmt: skip
@override_settings(CAUCE_CONTACT="datos@example.org")
def test_only_a_page_of_ours_is_written_into_it(client: Client, page: str) -> None:
    html = report(client, page)
    (mail,) = re.findall(r'href="(mailto:[^"]*)"', html)
    assert "evil" not in unquote(mail)
    assert "Bcc" not in unquote(mail)
    assert "<script>alert" not in html


def test_without_a_contact_the_publisher_of_the_figure_is_named(client: Client) -> None:
    html = report(client, FIGURE)
    assert "mailto:" not in html
    told = said(html)
    assert "no tiene una dirección de contacto" in told
    assert "Quién publicó esta cifra" in told
    assert "publicado por EFE" in told
    assert re.search(r'href="/es/fuentes/asylum/[^"]*"', html)
    for other in ("/es/cifras/como-se-obtuvo?indicador=no", "/es/cifras/"):
        assert "Quién publicó esta cifra" not in said(report(client, other))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("https://example.org/contacto", 'href="https://example.org/contacto"'),
        ("Oficina de datos, piso 3", "Oficina de datos, piso 3"),
        ("javascript:alert(1)", "Escriba a: javascript:alert(1)"),
    ],
)
def test_a_contact_may_be_a_page_or_plain_words(client: Client, contact: str, shown: str) -> None:
    with override_settings(CAUCE_CONTACT=contact):
        html = report(client, FIGURE)
    assert shown in html
    assert 'href="javascript' not in html


def test_a_figure_leads_to_reporting_an_error_of_it(client: Client) -> None:
    html = get(client, FIGURE)
    (address,) = re.findall(r'href="(/es/reportar-un-error/\?pagina=[^"]*)"', html)
    assert "Quién publicó esta cifra" in said(get(client, unescape(address)))
