"""The page of a search: everything found by group, or all of one group."""

from __future__ import annotations

from django.http import HttpResponse

from cauce.web.page import Page, page_view
from cauce.web.searching.contents import GROUPS, PATH, Search, typed

__all__ = ["search"]


@page_view
def search(page: Page) -> HttpResponse:
    """Without words it says what can be searched; without results, what to try."""
    text, say = typed(page), page.voice.say
    if not text:
        return page.render(
            "searching/empty.html",
            say("search.title"),
            examples=[
                (words, page.link(PATH, q=words)) for words in say("search.examples").splitlines()
            ],
            kinds=[(say(f"search.group.{key}"), say(f"search.can.{key}")) for key in GROUPS],
        )
    asked = Search(page, text)
    key = page.word("grupo")
    found = asked.only(key) if key else asked.results()
    return page.render(
        "searching/results.html",
        say("search.title_for", words=text),
        searched=text,
        found=found,
        unknown=page.voice.list([say("search.quoted", words=word) for word in found.unknown]),
        several=len(asked.wanted.terms) > 1,
        agreements=page.link("acuerdos/"),
        back=page.link(PATH, q=text) if key else "",
    )
