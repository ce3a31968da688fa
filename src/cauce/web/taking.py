"""How does a reader take a figure, a chart or a table away? At plain addresses, by their suffix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as quoted

from django.http import HttpResponse
from django.urls import URLPattern, path

from cauce.exports.copying import copyable
from cauce.exports.csv_file import csv_bytes
from cauce.exports.grid import Grid, json_bytes, text_of
from cauce.exports.workbook import xlsx_bytes
from cauce.web.page import Page, page_view

__all__ = [
    "FIGURE_FORMATS",
    "SHEET_FORMATS",
    "TABLE_FORMATS",
    "Take",
    "attachment",
    "copy_page",
    "figure_takes",
    "sheet_takes",
    "table_file",
    "table_takes",
    "table_urls",
]

TYPES = {
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

#: What a table can be taken away as.
TABLE_FORMATS = ("xlsx", "csv", "txt", "json")
#: What one figure can be taken away as.
FIGURE_FORMATS = ("txt", "png", "xlsx", "csv", "json")

#: What a fact sheet can be taken away as, beside its page.
SHEET_FORMATS = ("pdf", "docx")


@dataclass(frozen=True, slots=True)
class Take:
    """One link of the row of actions: what it is called, what it says when read alone, where."""

    name: str
    label: str
    href: str


def table_takes(
    page: Page, path: str, title: str, *, chart: bool = False, **query: str
) -> tuple[Take, ...]:
    """The row under a table: to Excel first, then copying, CSV, text, JSON; its chart if any."""
    links = [
        (f"take_away.{one}", page.link(f"{path}tabla.{one}", **query)) for one in TABLE_FORMATS
    ]
    links.insert(1, ("take_away.copy_table", page.link(f"{path}tabla/", **query)))
    if chart:
        links.append(("take_away.chart", page.link(f"{path}grafica.png", **query)))
    return _takes(page, links, title)


def figure_takes(page: Page, query: str, sentence: str) -> tuple[Take, ...]:
    """The row under a figure; ``query`` is the question in words of an address."""
    links = [
        (f"take_away.figure_{one}", f"{page.root}cifras/como-se-obtuvo/cifra.{one}?{query}")
        for one in FIGURE_FORMATS
    ]
    return _takes(page, links, sentence)


def sheet_takes(page: Page, path: str, title: str, formats: Sequence[str]) -> tuple[Take, ...]:
    """The row under a fact sheet's name: the forms it was issued in beside its page."""
    links = [(f"take_away.{one}", f"{path}ficha.{one}") for one in SHEET_FORMATS if one in formats]
    return _takes(page, links, title)


def _takes(page: Page, links: Sequence[tuple[str, str]], what: str) -> tuple[Take, ...]:
    say = page.voice.say
    return tuple(
        Take(say(key), say("take_away.label", action=say(key), what=what), href)
        for key, href in links
    )


def attachment(content: bytes | str, format: str, name: str) -> HttpResponse:
    """A file as a response. ``name`` is its stem; pictures and text open in the browser."""
    response = HttpResponse(content, content_type=TYPES[format])
    how = "inline" if format in ("txt", "png", "json") else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quoted(f'{name}.{format}')}"
    return response


def table_file(page: Page, grid: Grid, format: str) -> HttpResponse:
    """The table in one of :data:`TABLE_FORMATS`."""
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: xlsx_bytes(grid, created=page.moment, site=page.absolute("/")),
        "csv": lambda: csv_bytes(grid),
        "txt": lambda: text_of(grid).encode("utf-8"),
        "json": lambda: json_bytes(grid),
    }
    return attachment(made[format](), format, grid.name)


def copy_page(page: Page, grid: Grid, back: str) -> HttpResponse:
    """A page to copy from: plain digits, so that no sheet set to a decimal comma misreads them."""
    return page.render(
        "parts/copy.html",
        page.voice.say("take_away.copy_title", title=grid.title),
        comma=copyable(grid, decimal=","),
        point=copyable(grid, decimal="."),
        back=back,
    )


def table_urls(prefix: str, table: Callable[..., Grid], *, own: bool = True) -> list[URLPattern]:
    """The addresses of a page's table: ``PREFIXtabla.xlsx`` … and ``PREFIXtabla/`` to copy from.

    ``table(page, **parameters of the path)`` gives the whole table, not only one page of it.
    ``own``: whether its page stands at ``PREFIX``; that of a second table stands one step above.
    """
    steps = "tabla/" if own else prefix.rstrip("/").rpartition("/")[2] + "/tabla/"

    @page_view
    def as_file(page: Page, *, format: str, **params: object) -> HttpResponse:
        return table_file(page, table(page, **params), format)

    @page_view
    def to_copy(page: Page, **params: object) -> HttpResponse:
        back = page.request.get_full_path().replace(f"/{steps}", "/", 1)
        return copy_page(page, table(page, **params), back)

    return [
        path(f"{prefix}tabla.<take_format:format>", as_file),
        path(f"{prefix}tabla/", to_copy),
    ]
