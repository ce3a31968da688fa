"""The pages: readable in three languages, small, safe, and written by nobody who looks at them."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from zlib import crc32

import pytest
from django.test import Client
from django.urls import resolve

from cauce.journal import queries as journal
from cauce.ledger.actions import record_all
from cauce.ledger.queries import Observation
from cauce.packs import loading
from cauce.statements import queries as sheets
from cauce.words import text
from cauce.words.explanations import HEADINGS
from tests.conftest import Workspace
from tests.published import NAME
from tests.web.reading import get

LANGUAGES = ("es", "en", "fr")
PAGES = (
    "",
    "fichas/",
    "cifras/",
    "cifras/asylum/ASYLUM/",
    "cifras/sembrando-oportunidades/SO/",
    "cifras/asylum/AS-1/",
    "cifras/asylum/AS-2/comparar/?lugar=MEX&periodo=2022&con_periodo=2023",
    "cifras/asylum/AS-1/valores-publicados/?lugar=MEX&periodo=2022",
    "cifras/carpeta/?marco=asylum/ASYLUM",
    "cifras/como-se-obtuvo?indicador=asylum/AS-1&lugar=MEX&periodo=2022",
    "compromisos/?sabido=2023-06",
    "compromisos/asylum/K-2/",
    "compromisos/sin-respuesta/",
    "acuerdos/",
    "acuerdos/rcm/I-SPS/",
    "reuniones/",
    "financiamiento/",
    "paises-y-organizaciones/",
    "paises-y-organizaciones/MEX/",
    "paises-y-organizaciones/asylum/COMAR/",
    "fuentes/",
    "fuentes/asylum/S-EFE-2024-01/",
    "cambios/?indicador=asylum/AS-1",
    "buscar/?q=comar",
    "acerca-de/",
    "glosario/",
)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def how(**query: str) -> str:
    return f"/es/cifras/como-se-obtuvo?{urlencode(query)}"


def text_of(html: str) -> str:
    body = html.split("<body>")[-1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


# ------------------------------------------------------------------------------- finding one's way


@pytest.mark.parametrize(
    ("accepted", "target"),
    [
        ("", "/es/"),
        ("de-DE,de;q=0.9", "/es/"),
        ("en-US,en;q=0.9,es;q=0.8", "/en/"),
        ("es-MX,en;q=0.5", "/es/"),
        ("de,fr-CA;q=0.8,en;q=0.7", "/fr/"),
        ("x" * 5000, "/es/"),
    ],
)
def test_the_first_page_is_in_the_readers_language(
    client: Client, accepted: str, target: str
) -> None:
    response = client.get("/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, target)
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_in_its_language_and_switches_with_its_question(
    client: Client, language: str, page: str
) -> None:
    html = get(client, f"/{language}/{page}")
    assert f'<html lang="{language}">' in html
    assert len(re.findall("<h1>", html)) == 1
    switch = {unescape(a) for a in re.findall(r'<li><a href="([^"]*)" hreflang', html)}
    expected = {f"/{one}/{page}" for one in LANGUAGES}
    assert {same(a) for a in switch} == {same(a) for a in expected}


def same(address: str) -> tuple[str, tuple[str, ...]]:
    parts = urlsplit(address)
    return parts.path, tuple(sorted(parts.query.replace("%2F", "/").split("&")))


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        pytest.param(language, marks=() if language == "es" else pytest.mark.one_database)
        for language in LANGUAGES
    ],
)
def test_every_link_of_the_site_leads_somewhere(client: Client, start: str) -> None:
    """A crawl from the home page, also of what was known in June 2023."""
    for path, html in walk(client, start).pages:
        assert html, path


#: So many of a kind are opened in every language; of the others, pages that are asked nothing are
#: each opened in one. The whole site is thousands of addresses, and most of them say the same.
OF_A_KIND = 2


@dataclass(frozen=True, slots=True)
class Walk:
    """The pages of a language, as they are read, and how many of each kind of address: a route
    with what is asked of it."""

    language: str
    pages: list[tuple[str, str]] = field(default_factory=list)
    kinds: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def leaves(self, path: str) -> bool:
        """Whether an address is left alone, because others of its kind were opened."""
        address = path.removeprefix(f"/{self.language}")
        found, names = resolve(urlsplit(path).path), parse_qs(urlsplit(path).query)
        known, asked = names.get("sabido", [""]), sorted(set(names).difference({"sabido"}))
        kind = (found.route, found.kwargs.get("format"), *asked, *known)
        is_file = re.search(r"/[^/?]+\.[a-z]+$", address)
        is_turn = LANGUAGES[crc32(address.encode()) % len(LANGUAGES)] == self.language
        if self.kinds[kind] >= OF_A_KIND and (asked or is_file or not is_turn):
            return True
        self.kinds[kind] += 1
        return False


_WALKS: dict[str, Walk] = {}


def walk(client: Client, language: str) -> Walk:
    """Pages of every kind, of today and of June 2023; walked once, since nothing changes them."""
    if language not in _WALKS:
        made = Walk(language)
        starts = [f"/{language}/", f"/{language}/?sabido=2023-06"]
        made.pages.extend(crawl(client, starts, made))
        _WALKS[language] = made
    return _WALKS[language]


def crawl(client: Client, waiting: list[str], walked: Walk) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if walked.leaves(path):
            continue
        response = client.get(path)
        assert response.status_code in (200, 302), path
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue  # a file: it is opened, and has tests of its own
        html = response.content.decode("utf-8")
        yield path, html or "moved"
        if "asiento=" in path:
            continue  # the permanent address of a page that is followed without it
        own = re.sub(r'<details class="scope">.*?</details>', "", html, flags=re.DOTALL)
        for href in map(unescape, re.findall(r'href="([^"#]+)', own)):
            target = urljoin(f"http://localhost{path}", href)
            if target.startswith(f"http://localhost/{walked.language}/"):
                waiting.append(target.removeprefix("http://localhost"))


INSIDE = {
    "es": r"observaci[oó]n(es)?|paquetes?|known_at|recorded_at|cobertura|ledger|caveats?|sketch",
    "en": r"observations?|packs?|known_at|recorded_at|bounds?|coverage|competing|caveats?|ledger"
    r"|sketch|workspace|roll-?up",
    "fr": r"observations?|paquets?|known_at|recorded_at|couverture|ledger|sketch",
}


@pytest.mark.slow
def test_no_page_shows_a_word_of_the_inside_a_key_or_a_bare_link(
    client: Client, language: str
) -> None:
    key = re.compile(r"\b(?:page|explain|caveat|reason|step|ask|unit|error)\.[a-z_]+\b")
    inside = re.compile(rf"\b({INSIDE[language]})\b", re.IGNORECASE)
    for path, html in walk(client, language).pages:
        if "/fichas/" in path and path != f"/{language}/fichas/":
            continue  # bytes of a sheet have their own tests
        said = text_of(html)
        own = re.sub(r"«[^»]*»|“[^”]*”", "", said)  # titles of documents are quoted as they are
        assert inside.findall(own) == [], path
        assert key.findall(said) == [], path
        for attributes, name in re.findall(r"<a ([^>]*)>(.*?)</a>", html, re.DOTALL):
            label = re.search(r'aria-label="([^"]*)"', attributes)
            shown = unescape(label[1] if label else re.sub(r"<[^>]+>", "", name)).strip()
            assert re.search(r"[^\W\d_]{2}", shown), (path, shown)
            assert shown.lower() not in {"aquí", "here", "ici", "ver más", "more", "plus"}


# ------------------------------------------------------------------------------- how it was made


HOW = {"indicador": "asylum/AS-1", "lugar": "MEX", "periodo": "2022"}


def test_how_a_figure_was_made_has_six_headings_in_order(client: Client, language: str) -> None:
    html = get(client, how(**HOW).replace("/es/", f"/{language}/"))
    expected = [text(f"explain.{key}", language) for key in HEADINGS]
    assert [unescape(h) for h in re.findall(r"<h2>(.*?)</h2>", html)] == expected


def test_it_says_the_figure_who_says_so_and_what_was_not_used(client: Client) -> None:
    said = text_of(get(client, how(**HOW)))
    assert "registradas, México, 2022: 119,273 personas." in said
    assert "Informó: COMAR" in said
    assert "Publicado: enero de 2024 (día no registrado)" in said
    assert "118,756 personas" in said
    assert "No se usó, porque lo informó otra organización" in said
    assert "118,478 personas" in said  # before
    assert "Puede citar:" in said


@pytest.mark.parametrize(
    ("known", "value", "day"),
    [
        ("2023-02", "118,478", "28 de febrero de 2023"),
        ("2023-06", "118,772", "30 de junio de 2023"),
        ("2024-02-15", "119,273", "15 de febrero de 2024"),
    ],
)
def test_a_past_date_is_unmistakable(client: Client, known: str, value: str, day: str) -> None:
    html = get(client, how(**HOW, sabido=known))
    assert f"2022: {value} personas." in text_of(html)
    assert f"Está viendo lo que se sabía el {day}." in text_of(html)
    (back,) = re.findall(r'<a href="([^"]*)">Volver a hoy</a>', html)
    assert "sabido" not in back
    # It stays with the reader on every page until left.
    menu = html.split('<nav class="sections"')[1].split("</header>")[0]
    home, figures, fact_sheets = re.findall(r'<li><a href="(/es/[^"]*)"', menu)[:3]
    for link in (home, figures, fact_sheets):
        assert f"sabido={known}" in link
        assert "Está viendo lo que se sabía" in text_of(get(client, link))


def test_a_value_that_was_learned_later_says_so(client: Client) -> None:
    assert "Se registró aquí el" in text_of(get(client, how(**HOW, sabido="2023-06")))


def test_any_question_can_be_asked_by_its_spelling(client: Client) -> None:
    question = {"ask": "count", "of": "members", "body": "rcm/RCM", "on": "2024-01-01"}
    said = text_of(get(client, how(pregunta=json.dumps(question))))
    assert "CRM, 1 de enero de 2024: 11 países u organizaciones." in said


def test_a_refusal_says_what_it_would_take(client: Client) -> None:
    question = {"ask": "money", "place": "border/US-MX-BORDER"}
    said = text_of(get(client, how(pregunta=json.dumps(question))))
    assert "no se puede dar un número" in said
    assert "Pregunte por una sola etapa." in said


def test_a_figure_has_an_address_for_ever(client: Client) -> None:
    html = get(client, how(**HOW))
    (address,) = re.findall(r'href="([^"]*)"[^>]*>Enlace permanente', html)
    address = unescape(address)
    assert f"asiento={journal.head()}" in address
    assert re.search(r"sabido=\d{4}-\d\d-\d\d", address)
    assert "2022: 119,273 personas." in text_of(get(client, address))


def test_a_figure_leads_to_the_sheet_that_prints_it(client: Client) -> None:
    html = get(client, how(**HOW))
    assert f'href="/es/fichas/{NAME}/#c-apps-2022"' in html
    assert 'id="c-apps-2022"' in get(client, f"/es/fichas/{NAME}/")


def test_the_account_of_a_figure_leads_back_to_where_it_belongs(client: Client) -> None:
    crumbs = get(client, how(**HOW)).split("</nav>")
    assert any('href="/es/cifras/asylum/AS-1/?lugar=MEX"' in part for part in crumbs[:4])
    counted = json.dumps({"ask": "count", "of": "commitments", "state": "no_update"})
    html = get(client, how(pregunta=counted))
    assert 'href="/es/compromisos/?estado=no_update"' in html
    assert "según este registro" in html


@pytest.mark.parametrize(("audience", "embargo"), [("members", ""), ("public", "2999-01-01")])
def test_what_is_not_public_is_on_no_page_whatever_the_address_asks(
    workspace: Workspace, audience: str, embargo: str
) -> None:
    loading.load(["asylum"], by="tests")
    hidden = Observation.from_cells(
        indicator="asylum/AS-1",
        party="asylum/COMAR",
        place="MEX",
        period="2022",
        value=98765,
        reporter="asylum/COMAR",
        source="asylum/S-EFE-2025-01",
        public_at="2025-02",
        audience=audience,
        public_from=embargo,
    )
    record_all(records=[hidden], by="tests", why="not for everybody")
    visitor = Client(headers={"host": "localhost"})
    question = {"ask": "indicator", "indicator": "asylum/AS-1", "place": "MEX", "period": "2022"}
    for asked in ("secretariat", "members", "owner:asylum/COMAR"):
        said = get(visitor, how(pregunta=json.dumps({**question, "audience": asked})))
        assert "119,273" in said
        assert "98,765" not in said
    assert "98,765" not in get(visitor, "/es/cifras/asylum/ASYLUM/")


# ------------------------------------------------------------------------------- fact sheets


def test_a_fact_sheet_is_served_as_it_was_issued(client: Client, language: str) -> None:
    response = client.get(f"/{language}/fichas/{NAME}/")
    issue = sheets.latest(NAME)
    assert response.content == issue.html(language)
    assert response.content == client.get(f"/{language}/fichas/{NAME}/1/").content
    policy = response["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src '{issue.style_hash}';")
    assert "unsafe" not in policy


def test_the_links_between_the_languages_of_a_sheet_work_in_a_folder_and_on_the_site(
    client: Client,
) -> None:
    for link in ("en.html", "index.html"):
        assert link in sheets.latest(NAME).html("es").decode("utf-8")
        assert (sheets.latest(NAME).folder / link).is_file()
    moved = client.get(f"/es/fichas/{NAME}/1/en.html")
    assert moved["Location"] == f"/en/fichas/{NAME}/1/"
    assert client.get(f"/es/fichas/{NAME}/fr.html")["Location"] == f"/fr/fichas/{NAME}/"
    for form in ("pdf", "docx"):
        assert f'href="es.{form}"' in sheets.latest(NAME).html("es").decode("utf-8")
        assert (sheets.latest(NAME).folder / f"es.{form}").is_file()
        moved = client.get(f"/es/fichas/{NAME}/1/es.{form}")
        assert moved["Location"] == f"/es/fichas/{NAME}/1/ficha.{form}"
    assert client.get(f"/es/fichas/{NAME}/de.pdf").status_code == 404
    assert client.get(f"/fr/fichas/{NAME}/index.html")["Location"] == "/fr/fichas/"
    assert client.get(f"/es/fichas/{NAME}/de.html").status_code == 404


# ------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("path", "status", "what", "fix"),
    [
        ("/es/no-hay/", 404, "No hay ninguna página en «/es/no-hay/».", "Revise la dirección"),
        ("/es/cifras/asylum/NO/", 404, "No hay ningún indicador ni marco «asylum/NO».",
         "búsquelo por su nombre"),
        ("/es/cambios/?marco=nada", 404, "No hay ningún marco «nada».",
         "búsquelo por su nombre"),
        ("/es/fichas/nada/", 404, "No hay ninguna ficha informativa «nada».", NAME),
        (f"/es/fichas/{NAME}/99/", 404, f"No hay ninguna ficha informativa «{NAME} 99».",
         f"Hay estas: {NAME} 1."),
        (how(**{**HOW, "indicador": "asylum/NO"}), 404, "No hay ningún indicador «asylum/NO».",
         "búsquelo por su nombre"),
        (how(**{**HOW, "lugar": "MEXX"}), 404, "No hay ningún lugar «MEXX».",
         "búsquelo por su nombre"),
        (how(**{**HOW, "periodo": "20x2"}), 422, "«20x2» no es un periodo.", "2018/2023"),
        (how(**{**HOW, "periodo": "2023/2022"}), 422, "termina antes de empezar",
         "la fecha más antigua"),
        (how(**HOW, sabido="mañana"), 422, "«mañana» no es una fecha.", "2023-05-14"),
        ("/es/compromisos/?estado=roto", 422, "«roto» no está entre las opciones.",
         "Elija una de las opciones"),
        ("/es/fuentes/?pagina=999", 404, "No hay ninguna página en «/es/fuentes/?pagina=999».",
         "Abrir esta página sin lo que no se entendió"),
        (how(**HOW, asiento="9999"), 404, "Todavía no existe el asiento 9999", "de 0 a"),
        (how(**HOW, asiento="-1"), 422, "«-1» no es un número.", "Escriba un número entero"),
        (how(**HOW, desglose="sex"), 422, "«sex» no es un desglose.", "sex=f"),
        (how(**HOW, color="azul"), 422, "Esta dirección no admite «color».", "indicador"),
        (how(indicador="asylum/AS-1"), 422, "Falta «periodo».", "obligatorio"),
        (how(), 422, "Falta «indicador».", "obligatorio"),
        (how(pregunta="{"), 422, "no se puede leer", "enlace completo"),
        (how(pregunta="[" * 3000), 422, "no se puede leer", "enlace completo"),
        (how(pregunta='{"ask": "riddle"}'), 422, "La pregunta no se entiende", "JSON"),
        (how(pregunta="x" * 5000), 422, "5,000 caracteres; caben 4,000", "Acórtelo"),
    ],
)  # fmt: skip
def test_an_error_says_what_happened_and_what_to_do_next(
    client: Client, path: str, status: int, what: str, fix: str
) -> None:
    html = get(client, path, status)
    said = text_of(html)
    assert what in said
    assert fix in said
    assert "Qué hacer ahora" in said
    assert path.partition("?")[0] in said
    assert "Traceback" not in html


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/es/cifras/asylum/AS-1/?lugar=MEX&sabido=2023-13", "/es/cifras/asylum/AS-1/?lugar=MEX"),
        ("/es/cifras/asylum/AS-1/?desde=2024&hasta=2018", "/es/cifras/asylum/AS-1/"),
        ("/es/fuentes/?pagina=999&q=acnur", "/es/fuentes/?q=acnur"),
        ("/es/marco-que-no-hay/compromisos/", "/es/compromisos/"),
        ("/de/cifras/", "/es/cifras/"),
    ],
)
def test_an_error_leads_to_the_page_without_what_was_wrong(
    client: Client, path: str, leads_to: str
) -> None:
    html = client.get(path, headers={"accept-language": "es"}).content.decode("utf-8")
    first = re.findall(r'<li><a href="([^"]*)"', html.split("Qué hacer ahora")[1])[0]
    assert unescape(first) == leads_to
    assert client.get(unescape(first)).status_code == 200


def test_a_page_that_is_not_there_offers_no_way_back_to_itself(client: Client) -> None:
    for path in ("/es/compromisos/rcm/NADA/?sabido=2023", "/es/nada/?x=1"):
        html = get(client, path, 404)
        assert f'href="{path.partition("?")[0]}"' not in html.split("Qué hacer ahora")[1]


def test_what_is_sent_to_a_page_is_refused_with_a_page(client: Client) -> None:
    response = client.post("/es/cifras/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert "Esta dirección solo se lee" in text_of(response.content.decode("utf-8"))


def test_what_somebody_typed_cannot_turn_the_text_around(client: Client) -> None:
    html = get(client, "/es/cambios/?marco=\u202e\u0007malo", 404)
    assert "\u202e" not in html
    assert "\u0007" not in html


def test_what_somebody_typed_comes_back_harmless(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    for path in (how(**{**HOW, "periodo": evil}), how(**{evil: "x"}), f"/es/{evil}/"):
        html = client.get(path).content.decode("utf-8")
        assert scripts_of(html) == ["/static/web/site.js"]


def test_an_error_is_told_in_the_language_of_the_address(client: Client) -> None:
    assert "There is no page at" in text_of(get(client, "/en/nothing/", 404))
    response = client.get("/nothing/", headers={"accept-language": "fr"})
    assert "Il n’y a pas de page" in text_of(response.content.decode("utf-8"))


def test_a_defect_says_that_it_is_one_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("cauce.web.home.contents.key_figures", broken)
    client.raise_request_exception = False
    html = get(client, "/es/", 500)
    assert "Algo falló en este sitio" in text_of(html)
    assert "inside" not in html


def test_without_a_workspace_the_site_says_it_is_not_available(
    empty_database: Workspace,
) -> None:
    client = Client(headers={"host": "localhost"})
    html = get(client, "/es/", 503)
    assert "El registro no está disponible en este momento." in text_of(html)
    assert str(empty_database.dir) not in html


def test_another_host_is_not_answered(client: Client) -> None:
    response = client.get("/es/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.content.decode("utf-8")


# ------------------------------------------------------------------------------- safe and small


def scripts_of(html: str) -> list[str]:
    """Every script of a page: its own file by its address, anything else by what it says."""
    found = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    own = [re.search(r'src="([^"?]*)', attributes) for attributes, _ in found]
    return [said or (at[1] if at else "") for at, (_, said) in zip(own, found, strict=True)]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_small_and_loads_only_its_own_stylesheet(client: Client, page: str) -> None:
    response = client.get(f"/es/{page}")
    html = response.content.decode("utf-8")
    assert len(gzip.compress(response.content)) < 60_000
    assert scripts_of(html) == ["/static/web/site.js"]
    assert " style=" not in html
    assert re.findall(r"<(?:img|iframe|object|embed|video)", html) == []
    assert all(src.startswith("/static/") for src in re.findall(r'stylesheet" href="([^"]*)', html))


def test_every_answer_carries_the_headers_that_protect_its_reader(client: Client) -> None:
    for path in ("/es/", "/es/nothing/", f"/es/fichas/{NAME}/"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers


def test_the_stylesheet_is_served_and_kept(client: Client) -> None:
    (address,) = re.findall(r'stylesheet" href="([^"]*)', get(client, "/es/"))
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert "max-age=31536000" in response["Cache-Control"]
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a file response
    assert b"url(" not in body
    response.close()


def test_looking_writes_nothing(client: Client, published: Workspace) -> None:
    def state() -> tuple[int, list[str]]:
        issued = sorted(str(p) for p in (published.dir / "issued").rglob("*"))
        return journal.head(), issued

    before = state()
    for page in PAGES:
        get(client, f"/es/{page}")
    for path in ("/es/", f"/es/fichas/{NAME}/", how(**HOW)):
        assert client.post(path, {}).status_code == 405
        assert client.delete(path).status_code == 405
        assert client.head(path).status_code == 200
    assert state() == before
