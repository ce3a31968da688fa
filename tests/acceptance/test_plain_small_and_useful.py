"""Criteria 2, 9 and 10 over pages of every kind, and what a contributor is promised."""

from __future__ import annotations

import gzip
import re
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client

from cauce.figures import catalogue
from cauce.journal import queries as journal
from tests.web.test_pages import LANGUAGES, scripts_of, text_of, walk

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"\b[a-z]+_?[a-z]+\.[a-z]+(?:_[a-z]+)+\b")

#: What may be the same in Spanish and English outside a marked name: codes, dates, addresses.
SENTENCE = re.compile(r"[^\W\d_]+(?:[ ,]+[^\W\d_]+){4,}")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def unmarked(html: str) -> str:
    """The words of a page that claim to be in its language."""
    body = html.split("<main")[-1].split("</main>")[0]
    kept = re.sub(r'<(\w+)[^>]* lang="[^"]*"[^>]*>.*?</\1>', "|", body, flags=re.DOTALL)
    kept = re.sub(r"«[^»]*»|“[^”]*”|<pre.*?</pre>|<textarea.*?</textarea>", "|", kept, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "|", kept))


@pytest.mark.slow
def test_every_kind_of_page_is_titled_small_and_asks_nothing_of_another_host(
    visitor: Client, language: str
) -> None:
    for path, html in walk(visitor, language).pages:
        if html == "moved" or "/fichas/" in path:
            continue
        for tag in ("title", "h1"):
            (said,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[:1]
            assert re.search(r"[^\W\d_]{2}", re.sub(r"<[^>]+>", "", said)), path
        assert all(re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", html, re.DOTALL)), path
        assert KEY.findall(text_of(html)) == [], path
        assert len(gzip.compress(html.encode())) <= 60_000, path
        assert set(scripts_of(html)) <= {"/static/web/site.js"}, path
        loaded = re.findall(r'<(?:img|iframe|embed|source)[^>]* src="([^"]+)', html)
        loaded += re.findall(r'<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)', html)
        assert [one for one in loaded if not one.startswith("/")] == [], path


@pytest.mark.slow
def test_no_sentence_of_a_page_is_the_same_in_spanish_and_in_english(visitor: Client) -> None:
    """But for official names: those of what is on record are marked with their language, titles
    of documents stand in quotes, and who published one is called as it calls itself."""
    papers = catalogue(journal.head()).sources.values()
    official = " | ".join({paper.publisher for paper in papers})
    there = dict(walk(visitor, "en").pages)
    compared, same = 0, dict[str, set[str]]()
    for path, html in walk(visitor, "es").pages:
        other = there.get(path.replace("/es/", "/en/", 1))
        if not other or "moved" in (html, other) or "/fichas/" in path:
            continue
        compared += 1
        here, beside = (set(SENTENCE.findall(unmarked(one))) for one in (html, other))
        if found := {one for one in here & beside if one not in official}:
            same[path] = found
    assert same == {}
    assert compared > 100


@pytest.mark.slow
def test_the_language_switch_keeps_page_question_and_date(visitor: Client, language: str) -> None:
    for path, html in walk(visitor, language).pages:
        if html == "moved" or "/fichas/" in path:
            continue
        ours, _, asked = path.removeprefix(f"/{language}/").partition("?")
        for href, other in re.findall(r'<li><a href="([^"]*)" hreflang="(\w\w)"', html):
            where, _, kept = unescape(href).partition("?")
            assert where == f"/{other}/{ours}", path
            assert len(kept.split("&")) == len(asked.split("&")), path


# ------------------------------------------------------------------------------- useful errors

HOW = {"indicador": "asylum/AS-1", "lugar": "MEX", "periodo": "2022"}


def how(**query: str) -> str:
    return f"cifras/como-se-obtuvo?{urlencode({**HOW, **query})}"


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("no-hay/", 404, "/es/no-hay/"),
        (how(indicador="asylum/NO"), 404, "asylum/NO"),
        (how(lugar="MEXX"), 404, "MEXX"),
        (how(periodo="20x2"), 422, "20x2"),
        (how(sabido="mañana"), 422, "mañana"),
        (how(asiento="9999"), 404, "9999"),
        ("cifras/asylum/NADA/", 404, "asylum/NADA"),
        ("compromisos/asylum/NADA/", 404, "asylum/NADA"),
        ("acuerdos/rcm/NADA/", 404, "rcm/NADA"),
        ("financiamiento/rcm/NADA/", 404, "rcm/NADA"),
        ("paises-y-organizaciones/XXX/", 404, "XXX"),
        ("fuentes/rcm/NADA/", 404, "rcm/NADA"),
        ("fichas/nada/", 404, "nada"),
        ("buscar/?q=comar&grupo=fuentes&pagina=x", 422, "«x»"),
        ("cambios/?indicador=asylum/NADA", 404, "asylum/NADA"),
        ("cifras/carpeta.pdf", 422, "carpeta"),
    ],
)
def test_an_error_says_what_happened_where_and_what_to_do_next(
    visitor: Client, path: str, status: int, where: str
) -> None:
    response = visitor.get(f"/es/{path}")
    told = text_of(response.content.decode())
    assert response.status_code == status
    assert where in told
    assert "Qué hacer ahora" in told
    assert "Traceback" not in told


def test_an_empty_search_says_what_to_type(visitor: Client) -> None:
    html = visitor.get("/es/buscar/?q=").content.decode()
    told = text_of(html.split("<main")[1].split("</main>")[0])
    assert "Escriba" in told
    # What can be found, and examples that are searches.
    assert "compromiso" in told
    assert 'href="/es/buscar/?q=' in html.split("<main")[1]


# ------------------------------------------------------------------------------- contributors


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True,
        check=True, timeout=30,
    ).stdout  # fmt: skip
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert [one for one in phony[1].split() if f"make {one}" not in listed] == []


def test_no_target_calls_a_package_manager_of_the_system() -> None:
    managers = r"\b(?:apt|apt-get|dnf|yum|brew|pacman|apk|sudo|choco|winget)\s+(?:-\S+ )*\w"
    recipes = [
        line for line in (ROOT / "Makefile").read_text().splitlines()
        if line.startswith("\t") and "echo" not in line
    ]  # fmt: skip
    assert [line for line in recipes if re.search(managers, line)] == []
    for script in (ROOT / "tools").glob("*.py"):
        assert not re.search(managers, script.read_text(encoding="utf-8")), script
    assert not re.search(managers, (ROOT / "tests/conftest.py").read_text(encoding="utf-8"))


def test_the_readme_says_what_works_on_each_system() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [one for one in ("Linux", "macOS", "Windows") if one not in told] == []
