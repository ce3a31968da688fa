"""The forms above lists: the same words for «everything», in the gender of what is chosen."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.conftest import Workspace
from tests.web.reading import get

#: The fields whose noun is feminine; every other is told in the masculine.
FEMININE = {
    "es": {"Etapa", "Moneda"},
    "en": set(),
    "fr": {"Année", "Étape", "Monnaie"},
}
EVERYTHING = {"es": ("Todos", "Todas"), "en": ("All", "All"), "fr": ("Tous", "Toutes")}
LISTS = ("financiamiento", "paises-y-organizaciones", "compromisos", "fuentes", "cambios")

FIELD = re.compile(
    r'<label for="[a-z]+">([^<]*)</label>\s*<select[^>]*>\s*<option value=""[^>]*>([^<]*)<'
)


@pytest.mark.parametrize("language", EVERYTHING)
def test_everything_has_one_name_in_the_gender_of_what_is_chosen(
    published: Workspace, visitor: Client, language: str
) -> None:
    masculine, feminine = EVERYTHING[language]
    for path in LISTS:
        form = get(visitor, f"/{language}/{path}/").split('class="controls"')[1]
        fields = FIELD.findall(form.split("</form>")[0])
        assert fields, path
        assert fields == [
            (label, feminine if label in FEMININE[language] else masculine) for label, _ in fields
        ]
