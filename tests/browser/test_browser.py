"""What people meet: on a telephone, on paper, with a keyboard, without sight, without a line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

from cauce.statements import queries as sheets
from tests.conftest import Workspace
from tests.published import NAME

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SCREENSHOT = ROOT / "docs/_static/screenshot-factsheet-es.png"

LANGUAGES = ("es", "en", "fr")
WIDTHS = (390, 768, 1280)
HOW = "cifras/como-se-obtuvo?indicador=asylum/AS-1&lugar=MEX&periodo=2022&sabido=2023-06"
INDICATOR = "cifras/asylum/AS-1/"
PAGES = (
    "",
    f"fichas/{NAME}/",
    "fichas/",
    "cifras/",
    "cifras/asylum/ASYLUM/",
    "cifras/sembrando-oportunidades/SO/",
    INDICATOR,
    f"{INDICATOR}tabla/",
    "cifras/asylum/AS-2/comparar/?lugar=MEX&periodo=2022&con_periodo=2023",
    "cifras/asylum/AS-1/valores-publicados/?lugar=MEX&periodo=2022",
    "compromisos/",
    "compromisos/asylum/K-2/",
    "acuerdos/rcm/I-SPS/",
    "reuniones/",
    "financiamiento/",
    "paises-y-organizaciones/",
    "paises-y-organizaciones/MEX/",
    "fuentes/asylum/S-EFE-2024-01/",
    "cambios/",
    "buscar/?q=comar",
    "glosario/",
    HOW,
    "cifras/como-se-obtuvo?indicador=asylum/NO&lugar=MEX&periodo=2022",
    "nothing/",
)
SHEET = f"fichas/{NAME}/"
AXE = Axe()


def problems(page: Page) -> list[str]:
    # A page that is looked at again keeps the rules it was given.
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(all => all.violations)")
    return [
        f"{one['id']}: {one['help']} {node['html'][:120]}" for one in found for node in one["nodes"]
    ]


# ------------------------------------------------------------------------------- everybody


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_shuts_anybody_out(page: Page, site: str, language: str, path: str) -> None:
    page.goto(f"{site}/{language}/{path}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems(page) == [], width
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(sideways) <= 0, width


@pytest.mark.parametrize("path", ["", SHEET, INDICATOR, HOW])
@pytest.mark.parametrize("look", ["dark", "forced"])
def test_nor_in_the_dark_nor_in_forced_colours(page: Page, site: str, path: str, look: str) -> None:
    if look == "dark":
        page.emulate_media(color_scheme="dark")
    else:
        page.emulate_media(forced_colors="active")
    page.goto(f"{site}/es/{path}")
    assert problems(page) == []


@pytest.mark.parametrize("path", ["", SHEET, INDICATOR, HOW])
def test_a_page_at_four_times_its_size_does_not_scroll_sideways(
    page: Page, site: str, path: str
) -> None:
    # 1280 pixels at 400 % are 320.
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(f"{site}/es/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["", SHEET, HOW])
def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(
    page: Page, site: str, path: str
) -> None:
    page.goto(f"{site}/es/{path}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    # On a fact sheet every account of a figure is opened, elsewhere what can be unfolded.
    page.goto(f"{site}/es/{path}#accounts")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    targets = page.evaluate(f"{TARGETS}.length")
    assert targets > 15
    page.evaluate(f"{TARGETS}[0].focus()")
    reached = {0}
    for _ in range(targets - 1):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(f"{TARGETS}.indexOf(document.activeElement)"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert len(reached) == targets


#: What is shown and can be used, as a list in the page.
TARGETS = """[...document.querySelectorAll(
    "a[href], summary, button:not([hidden]), input:not([type=hidden]), select, textarea," +
    "[tabindex='0']"
)].filter(one => one.checkVisibility())"""


def test_everything_can_be_read_without_javascript_and_from_no_other_host(
    browser: Browser, context: BrowserContext, site: str
) -> None:
    asked: list[str] = []
    without = browser.new_context(java_script_enabled=False).new_page()

    def note(request: Request) -> None:
        asked.append(request.url)

    page = context.new_page()
    page.on("request", note)
    for path in PAGES:
        page.goto(f"{site}/es/{path}")
        without.goto(f"{site}/es/{path}")
        # Only buttons that need a script are shown by it.
        page.evaluate("for (const b of document.querySelectorAll('[data-copy]')) b.hidden = true")
        reading = page.locator("body").inner_text()
        assert reading.split() == without.locator("body").inner_text().split(), path
    assert [url for url in asked if not url.startswith(site)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height", "figures"), [(1280, 800, 4), (390, 844, 2)])
def test_the_home_page_says_what_the_site_is_and_shows_figures_without_scrolling(
    page: Page, site: str, language: str, width: int, height: int, figures: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/{language}/")
    search = page.get_by_role("search").locator("input:not([type=hidden])").first
    label = page.locator(f"label[for={search.get_attribute('id')}]")
    for needed in (page.locator("h1"), label, search):
        assert bottom(needed) <= height
    cards = page.locator(".cards.four > li")
    assert sum(bottom(card.locator(".value")) <= height for card in cards.all()) >= figures
    # Each says how it was made to who does not see it, and all of it differently.
    names = cards.locator("a").evaluate_all(
        "all => all.map(a => a.getAttribute('aria-label') || a.textContent.trim())"
    )
    assert len(set(names)) == len(names) >= 4
    assert all(len(name) > 20 for name in names)


def bottom(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_the_region_is_eleven_named_tiles_that_are_links_and_their_table(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/es/")
    tiles = page.locator(".tiles a")
    names = [" ".join(one.split()) for one in tiles.all_inner_texts()]
    assert len(set(names)) == len(names) == 11
    assert all(re.search(r"[^\W\d_]{4}", name) for name in names)
    rows = page.locator(".tiles ~ * table tbody tr, section:has(.tiles) table tbody tr")
    assert rows.count() == 11


# ------------------------------------------------------------------------------- the fact sheet


def test_the_stylesheet_of_an_issued_sheet_is_allowed_and_nothing_else(
    page: Page, site: str
) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{site}/es/{SHEET}")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).borderTopWidth") == "4px"
    assert [text for text in refused if "Content Security Policy" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_opens_from_disk_and_prints_on_two_pages(
    context: BrowserContext, published: Workspace, tmp_path: Path, language: str
) -> None:
    saved = tmp_path / "sheet.html"
    saved.write_bytes(sheets.latest(NAME).html(language))
    assert saved.stat().st_size < 300_000
    context.set_offline(offline=True)
    page = context.new_page()
    page.goto(saved.as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_a_sheet_is_two_clicks_from_its_evidence(
    page: Page, site: str, language: str
) -> None:
    page.goto(f"{site}/{language}/{SHEET}")
    links = page.locator("a.figure")
    assert links.count() > 50
    without = []
    for link in links.all():
        link.click()
        target = page.evaluate("location.hash")
        section = page.locator(f"section{target}")
        assert section.locator("h4").count() == 6
        documents = section.locator("a[href^='https://']").count()
        named = section.locator("li .detail").count()
        if not documents and not named:
            without.append((target, section.inner_text()))
    # What has no value has no document, and says that nothing is recorded.
    silent = ("sin dato", "no data", "pas de donnée")
    assert [one for one, said in without if not any(word in said for word in silent)] == []


def test_the_picture_in_the_readme_is_of_the_sheet(page: Page, site: str, tmp_path: Path) -> None:
    """Kept in the checkout, because it differs with every version of the browser;
    ``CAUCE_SCREENSHOTS=1`` takes it anew."""
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(f"{site}/es/{SHEET}")
    taken = tmp_path / SCREENSHOT.name
    page.screenshot(path=taken)
    if os.environ.get("CAUCE_SCREENSHOTS") == "1" or not SCREENSHOT.exists():
        SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(taken, SCREENSHOT)
    assert size(SCREENSHOT) == size(taken) == (1280, 860)


def size(picture: Path) -> tuple[int, int]:
    """Width and height from the header of a PNG (ISO/IEC 15948, 11.2.2)."""
    header = picture.read_bytes()[16:24]
    return int.from_bytes(header[:4]), int.from_bytes(header[4:])
