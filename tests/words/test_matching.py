"""What somebody types finds what is meant: by part, without accents, by another name."""

from __future__ import annotations

import doctest

import pytest

from cauce.words import matching
from cauce.words.matching import Entry, Synonyms, Wanted, declared, entry, find, near, unknown

ENTRIES = [
    entry(
        "indicator", "asylum/AS-1",
        ["Solicitudes de reconocimiento de la condición de refugiado", "Applications registered"],
        ["Cuenta personas, no expedientes", "Comisión Mexicana de Ayuda a Refugiados", "COMAR"],
    ),
    entry("organisation", "asylum/COMAR", ["Comisión Mexicana de Ayuda a Refugiados", "COMAR"]),
    entry("organisation", "rcm/UNHCR", ["Alto Comisionado para los Refugiados", "ACNUR", "UNHCR",
                                        "HCR"]),
    entry("office", "asylum/COMAR-TAP", ["COMAR, oficina en Tapachula"]),
    entry("framework", "rcm/RCM", ["Conferencia Regional sobre Migración", "RCM", "CRM"]),
    entry("place", "MEX", ["México", "Mexico", "Mexique"]),
    entry("place", "USA", ["Estados Unidos", "EE. UU.", "United States"]),
    entry("area", "so/SOUTH", ["Sur de México"]),
    entry("french", "x/F", ["Échanges qui ont eu lieu"]),
    entry("body", "rcm/EU", ["European Union", "EU", "UE"]),
    entry("tree", "mirps/MIRPS-a", ["Compromisos nacionales"]),
]  # fmt: skip

SYNONYMS = Synonyms.of(
    [
        *declared(),
        ["ACNUR", "UNHCR", "HCR", "Alto Comisionado para los Refugiados"],
        ["México", "Mexico", "Mexique", "MEX"],
        ["European Union", "EU", "UE"],
        ["Sur de México", "Southern Mexico"],
    ]
)


def codes(typed: str, entries: list[Entry] = ENTRIES) -> list[str]:
    return [one.entry.code for one in find(Wanted.of(typed, SYNONYMS), entries)]


def rank(typed: str, code: str) -> int:
    return Wanted.of(typed, SYNONYMS).rank(next(one for one in ENTRIES if one.code == code))


@pytest.mark.parametrize(
    "typed",
    [
        "solicitudes", "SOLICITUDES", "solicitud", "solicitu", "condicion refugiado",
        "refugiados condición", "applications", "asilo", "solicitudes de asilo", "asylum",
        "comar solicitudes", "personas", "AS-1", "asylum/AS-1", "as-1",
    ],
)  # fmt: skip
def test_an_indicator_is_found_by_what_people_type(typed: str) -> None:
    assert "asylum/AS-1" in codes(typed)


@pytest.mark.parametrize("typed", ["ACNUR", "unhcr", "HCR", "alto comisionado", "acnur "])
def test_an_organisation_is_found_by_any_of_its_names(typed: str) -> None:
    assert codes(typed) == ["rcm/UNHCR"]


@pytest.mark.parametrize("typed", ["RCM", "crm", "Proceso Puebla", "conferencia regional"])
def test_a_framework_is_found_by_the_names_of_the_field(typed: str) -> None:
    assert codes(typed) == ["rcm/RCM"]


@pytest.mark.parametrize("typed", ["EE. UU.", "EEUU", "ee uu", "USA", "U.S.", "estados unidos"])
def test_the_united_states_have_many_spellings(typed: str) -> None:
    assert codes(typed) == ["USA"]


def test_every_word_must_be_found() -> None:
    assert codes("comar tapachula") == ["asylum/COMAR-TAP"]
    assert codes("comar guatemala") == []


def test_a_code_is_one_word_and_not_its_parts_here_and_there() -> None:
    parts = [
        entry("a", "t/AS-1", ["Solicitudes"]),
        entry("b", "t/B", ["Activities such as these"], ["1 of 5"]),
        entry("c", "t/C", ["Todo lo demás"], ["según AS-1 del año"]),
    ]
    assert codes("AS-1", parts) == codes("as-1", parts) == ["t/AS-1", "t/C"]
    assert codes("as 1", parts) == ["t/AS-1", "t/B", "t/C"]
    assert codes("such-as", parts) == ["t/B"]  # two words that a hyphen joins are no code


def test_the_words_of_a_question_are_not_looked_for() -> None:
    assert codes("¿Cuántas solicitudes hay?") == codes("solicitudes")
    assert codes("how many applications are there") == codes("applications")
    assert codes("Combien d’échanges ?") == codes("échanges")


def test_a_word_of_which_nothing_speaks_is_told_from_the_others() -> None:
    assert unknown(Wanted.of("solicitudes de Atlántida", SYNONYMS), ENTRIES) == ("atlantida",)
    assert unknown(Wanted.of("EEUU acnur", SYNONYMS), ENTRIES) == ()
    assert unknown(Wanted.of("XX-9 comar", SYNONYMS), ENTRIES) == ("xx", "9")


def test_words_may_be_typed_in_part_but_short_ones_and_numbers_are_meant_whole() -> None:
    numbers = [entry("a", "t/A", ["Informe 2022"]), entry("b", "t/B", ["Informe de Ucrania"])]
    assert codes("informe 2022", numbers) == ["t/A"]
    assert codes("informe 202", numbers) == []
    assert codes("informe uc", numbers) == []
    assert codes("informe ucr", numbers) == ["t/B"]


def test_plurals_of_three_languages_are_the_same_word() -> None:
    plurals = [
        entry("a", "t/A", ["resoluciones", "countries", "travaux régionaux", "niveaux", "raíz"])
    ]
    for typed in ("resolución", "country", "régional", "niveau", "raíces"):
        assert codes(typed, plurals) == ["t/A"], typed


def test_an_acronym_is_not_a_word_of_another_language() -> None:
    assert codes("European Union") == ["rcm/EU"]
    assert codes("UE") == ["rcm/EU"]


def test_the_south_is_not_a_french_preposition() -> None:
    assert codes("sur de México") == ["so/SOUTH"]
    assert codes("southern mexico") == ["so/SOUTH"]


def test_what_is_called_so_stands_before_what_speaks_of_it() -> None:
    assert codes("COMAR") == ["asylum/COMAR", "asylum/COMAR-TAP", "asylum/AS-1"]
    assert [rank("COMAR", one) for one in codes("COMAR")] == [1, 2, 4]
    assert rank("ayuda refugiados", "asylum/COMAR") == 3
    assert rank("UNHCR", "rcm/UNHCR") == rank("acnur", "rcm/UNHCR") == 1
    assert rank("MIRPS-a", "mirps/MIRPS-a") == 1
    assert rank("México", "so/SOUTH") == 3


def test_small_words_say_nothing_and_find_nothing() -> None:
    assert codes("de la") == codes("") == codes("¿?") == []
    assert codes("LA COMISIÓN DE LOS REFUGIADOS") == codes("comision refugiados")
    assert codes("la Comisión de los refugiados") == codes("comision refugiados")


@pytest.mark.parametrize(
    "typed", ["%", "'; DROP TABLE x", "\x00", "<script>", "(", "\\", "🙂", "a" * 200, "́" * 50]
)
def test_nothing_that_is_typed_does_harm(typed: str) -> None:
    assert codes(typed) == []


def test_a_near_spelling_is_offered_as_it_is_spelt() -> None:
    names = ["México", "Solicitudes de reconocimiento", "ACNUR"]
    wanted = Wanted.of("solicitdes mexiko acunr", SYNONYMS)
    assert near(wanted, ENTRIES, names) == {
        "solicitdes": "Solicitudes",
        "mexiko": "México",
        "acunr": "ACNUR",
    }
    assert near(Wanted.of("comar zzzzzz", SYNONYMS), ENTRIES, names) == {}


def test_no_declared_name_is_alone_or_says_nothing() -> None:
    for group in declared():
        assert len(group) > 1, group
        assert all(matching.words(name) for name in group), group


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(matching).failed == 0
