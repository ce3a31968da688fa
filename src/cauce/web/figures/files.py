"""One figure as a file: a sentence to quote, how to cite it, a picture, a workbook, CSV, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from django.http import HttpResponse

from cauce import figures
from cauce.exports.csv_file import csv_bytes
from cauce.exports.evidence import newest
from cauce.exports.figure_grid import figure_grid
from cauce.exports.grid import Grid, text_bytes
from cauce.exports.picture import picture_of, png, typed
from cauce.exports.quoting import citation, quotation
from cauce.exports.workbook import xlsx_bytes
from cauce.figures import Explanation
from cauce.web.asking import question_of
from cauce.web.cards import asked
from cauce.web.figures.contents import permanent
from cauce.web.page import Page, page_view
from cauce.web.taking import attachment
from cauce.words import figures as figure_words
from cauce.words.foreign import plain

__all__ = ["figure_file"]


@page_view
def figure_file(page: Page, *, format: str) -> HttpResponse:
    """The figure that the address asks for, in one of the forms of the row below it."""
    question = question_of(page.request.GET.dict())
    one = figures.explain(question, now=page.moment)
    address = page.absolute(permanent(page, one.figure))
    today = page.today
    made: dict[str, Callable[[], bytes]] = {
        "txt": lambda: text_bytes(
            quotation(one, page.voice, page.names.sources, address=address, today=today)
            + "\n\n"
            + citation(
                plain(figure_words.sentence(one.figure, page.voice)),
                site=page.voice.say("page.site"),
                published=newest(one, page.names.sources),
                address=address,
                licence=page.voice.say("take_away.licence"),
                voice=page.voice,
                today=today,
            )
        ),
        "png": lambda: png(
            picture_of(
                one,
                page.voice,
                page.names.sources,
                address=typed(
                    address, page.absolute(page.how(asked(question))), page.absolute(page.root)
                ),
                site=page.voice.say("page.site"),
            )
        ),
        "xlsx": lambda: xlsx_bytes(
            _grid(page, one, address, today), created=page.moment, site=page.absolute("/")
        ),
        "csv": lambda: csv_bytes(_grid(page, one, address, today)),
        "json": lambda: text_bytes(
            json.dumps({"figures": [one.figure.to_json()]}, ensure_ascii=False, indent=1)
        ),
    }
    return attachment(made[format](), format, "cifra")


def _grid(page: Page, one: Explanation, address: str, today: date) -> Grid:
    return figure_grid(
        [one],
        page.voice,
        page.names.sources,
        name="cifra",
        title=plain(figure_words.sentence(one.figure, page.voice)),
        address=address,
        licence=page.voice.say("take_away.licence"),
        today=today,
        how_made=lambda figure: page.absolute(page.how(figure.question)),
    )
