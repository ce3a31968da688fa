"""Criterion 1, as far as pages, files and pictures do not show it already."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from cauce import figures
from cauce.api.description import description
from cauce.values.audience import Audience
from cauce.values.question import question_from_json
from tests.figures.record import short

#: The value for members, the one under embargo, and totals with them, however they are grouped.
HIDDEN = re.compile(
    r"71[.,\s]?717|83[.,\s]?838|72[.,\s]?917|85[.,\s]?038|155[.,\s]?555|156[.,\s]?755"
)

#: Everything that can be asked of the invented figure of which two values are hidden.
QUESTIONS = (
    "indicator=demo/D-5&period=2024",
    "indicator=demo/D-5&period=2024&by=place",
    "indicator=demo/D-5&period=2024&by=reporter",
    "indicator=demo/D-5&period=2024&place=demo/VALLEY",
    "indicator=demo/D-5&period=2024&place=demo/TOWN-2",
    "indicator=demo/D-5&period=2024&place=demo/TOWN-3",
    "indicator=demo/D-5&period=2024&place=demo/TOWN-3&known_at=2099-06",
    "indicator=demo/D-5&period=2023/2024&by=year",
)
NAMES = {
    "frameworks": "DEMO", "indicators": "D-5", "organisations": "AGENCY", "sources": "S-REPORT",
}  # fmt: skip


def operations() -> Iterator[str]:
    """Every reading operation of the interface, asked of what is invented where it can be."""
    for template, methods in description()["paths"].items():
        if "get" not in methods:
            continue
        takes = {one["name"] for one in methods["get"]["parameters"]}
        if "/figures" in template:
            yield from (f"{template}?{question}" for question in QUESTIONS)
        elif "{pack}" in template:
            yield template.format(pack="demo", name=NAMES.get(template.split("/")[3], "D-5"))
        else:
            yield template.format(name="none") + ("?limit=200" if "limit" in takes else "")


@pytest.mark.slow
def test_no_operation_of_the_interface_tells_a_hidden_value_or_a_total_with_it(
    demonstration: Client,
) -> None:
    asked = list(operations())
    answered = 0
    for address in asked:
        response = demonstration.get(address)
        assert response.status_code < 500, address
        answered += response.status_code == 200
        assert HIDDEN.findall(response.content.decode("utf-8")) == [], address
    assert answered > 30


@pytest.mark.slow
@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_no_search_and_no_feed_tells_a_hidden_value(demonstration: Client, language: str) -> None:
    for typed in ("71717", "71,717", "83838", "83.838", "D-5", "Pueblo Ficticio", "D-5 2024"):
        for scope in ("", "demo/"):
            html = demonstration.get(f"/{language}/{scope}buscar/?q={typed}").content.decode()
            # What was typed is told again, and nothing else.
            told = re.sub(r"<[^>]+>", " ", html.split("<main")[1]).replace(typed, "")
            assert HIDDEN.findall(told) == [], (typed, scope)
    for path in (
        "cambios/atom.xml", "demo/cambios/atom.xml", "cambios/?indicador=demo/D-5",
        "cambios/atom.xml?indicador=demo/D-5", "cambios/?organizacion=demo/AGENCY",
    ):  # fmt: skip
        response = demonstration.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        assert HIDDEN.findall(response.content.decode("utf-8")) == [], path


@pytest.mark.parametrize("form", ["txt", "csv", "json"])
@pytest.mark.parametrize("place", ["TOWN-2", "TOWN-3", "VALLEY"])
def test_no_way_a_figure_was_made_tells_a_hidden_value(
    demonstration: Client, form: str, place: str
) -> None:
    query = f"indicador=demo/D-5&lugar=demo/{place}&periodo=2024"
    for path in (f"como-se-obtuvo?{query}", f"como-se-obtuvo/cifra.{form}?{query}"):
        response = demonstration.get(f"/es/cifras/{path}")
        assert response.status_code == 200, path
        assert HIDDEN.findall(response.content.decode("utf-8")) == [], path


@pytest.mark.parametrize(
    ("place", "audience", "value"),
    [
        ("TOWN-2", Audience("members"), "71717"),
        ("TOWN-2", Audience("owner", "demo/AGENCY"), "71717"),
        ("TOWN-3", Audience("owner", "demo/AGENCY"), "83838"),
    ],
)
def test_who_may_see_a_hidden_value_sees_it_traced_and_marked(
    demonstration: Client, place: str, audience: Audience, value: str
) -> None:
    question = question_from_json(
        {"ask": "indicator", "indicator": "demo/D-5", "place": f"demo/{place}", "period": "2024",
         "audience": audience.text}
    )  # fmt: skip
    explained = figures.explain(question)
    assert short(explained.figure.answer) == value
    assert [short(one.answer) for one in explained.used] == [value]
    assert explained.figure.caveats[0].code == "invented_data"
