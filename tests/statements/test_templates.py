"""A template holds no typed number, in digits or words, and the same figures in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from cauce.statements.number_words import number_words, numeric_characters
from cauce.statements.queries import templates
from cauce.statements.template import load
from tests.statements.templates import FIGURES, found, write

# ------------------------------------------------------------------------------- number words


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("es", "once miembros", ["once"]),
        ("es", "cuarenta y cinco días", ["cuarenta", "cinco"]),
        ("es", "mil quinientos millones", ["mil", "quinientos", "millones"]),
        ("es", "veintidós y dieciséis", ["veintidós", "dieciséis"]),
        ("es", "la tercera parte, la mitad y el doble", ["tercera", "mitad", "doble"]),
        ("es", "se cuadruplicó", ["cuadruplicó"]),
        ("es", "Doscientas personas", ["Doscientas"]),
        ("es", "uno más", ["uno"]),
        ("en", "eight hundred per cent", ["eight", "hundred"]),
        ("en", "forty-five working days", ["forty", "five"]),
        ("en", "almost Two Thousand", ["Two", "Thousand"]),
        ("en", "twice, a third, half, doubled", ["twice", "third", "half", "doubled"]),
        ("en", "one million", ["one", "million"]),
        ("fr", "quatre-vingt-dix", ["quatre", "vingt", "dix"]),
        ("fr", "deux milliards, la moitié", ["deux", "milliards", "moitié"]),
        ("fr", "le deuxième", ["deuxième"]),
        ("fr", "une centaine", ["centaine"]),
    ],
)  # fmt: skip
def test_a_number_in_words_is_found(language: str, text: str, words: list[str]) -> None:
    assert [word for _, word in number_words(text, language)] == words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "un país y una meta; cada uno, uno de ellos, uno a uno"),
        ("es", "en primer lugar, la primera vez"),
        ("es", "en por ciento"),
        ("es", "conteo sin duplicados, suficientes pacientes, milagro, seisavo"),
        ("en", "no one, one another, one of them, each one, first of all, tension, often, weight"),
        ("fr", "un pays, une cible, pour cent, un pays tiers, la première fois, dixit"),
    ],
)
def test_an_article_an_idiom_or_a_part_of_a_word_is_not(language: str, text: str) -> None:
    assert list(number_words(text, language)) == []


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("más de 40,000 personas", ["40,000"]),
        ("forty,000", ["000"]),
        ("$1.4bn y 40k", ["1.4", "40"]),
        ("½ y ²", ["½", "²"]),
        ("٤٠", ["٤٠"]),
        ("1. una lista", ["1"]),
        ("COVID-19", ["19"]),
    ],
)
def test_digits_are_found_in_any_script(text: str, runs: list[str]) -> None:
    assert [run for _, run in numeric_characters(text)] == runs


# ------------------------------------------------------------------------------- templates


def test_a_good_template_is_read(tmp_path: Path) -> None:
    template = load(write(tmp_path / "sheet"))
    assert template.name == "sheet"
    assert template.languages == ("es", "en", "fr")
    assert list(template.questions) == ["apps"]


def test_any_file_of_a_template_names_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "sheet")
    assert load(folder / "es.md") == load(folder / "figures.yaml") == load(folder)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es", "# {{ apps }}\n\nFueron 118,756.\n", ["es.md:3:8 template_digit 118,756"]),
        ("es", "# {{ apps }}\n\nCasi dos mil.\n",
         ["es.md:3:6 template_number_word dos", "es.md:3:10 template_number_word mil"]),
        ("en", "# {{ apps }} in 2022\n", ["en.md:1:17 template_digit 2022"]),
        ("fr", "# {{ apps }}\nenviron deux\n", ["fr.md:2:9 template_number_word deux"]),
        ("es", "# {{ apps }}\n1. Primero\n", ["es.md:2:1 template_digit 1"]),
        ("es", "# {{ apps }} {{ other }}\n", ["es.md:1:14 template_unknown_figure other"]),
        ("es", "# {{ apps | words }}\n", ["es.md:1:3 template_unknown_format words"]),
        ("es", "# {{ apps | }}\n", ["es.md:1:3 template_unknown_format "]),
        ("es", "# {{ apps }} {{ Apps }\n", ["es.md:1:14 bad_structure {{"]),
        ("es", "# Sin cifra\n", ["es.md template_unused_figure apps"]),
        ("es", "", ["es.md template_missing_language es"]),
    ],
)  # fmt: skip
def test_what_is_typed_or_wrong_is_named_with_its_place(
    tmp_path: Path, language: str, text: str, said: list[str]
) -> None:
    assert found(write(tmp_path / "sheet", {language: text})) == said


def test_a_declared_literal_may_hold_a_number(tmp_path: Path) -> None:
    figures = "literals: {es: [Agenda 2030], all: [COVID-19]}" + FIGURES
    texts = {
        "es": "# {{ apps }}: Agenda 2030, COVID-19\n",
        "en": "# {{ apps }}: COVID-19, Agenda 2030\n",
    }
    # Declared for Spanish only.
    assert found(write(tmp_path / "sheet", texts, figures)) == [
        "en.md:1:32 template_digit 2030",
    ]


def test_a_figure_that_no_text_uses_is_named_at_its_line(tmp_path: Path) -> None:
    figures = FIGURES + "  spare: {ask: count, of: members, body: rcm/RCM}\n"
    assert found(write(tmp_path / "sheet", figures=figures)) == [
        "figures.yaml:4 template_unused_figure spare",
    ]


def test_every_language_prints_the_same_figures(tmp_path: Path) -> None:
    figures = FIGURES + "  more: {ask: count, of: members, body: rcm/RCM}\n"
    texts = {"es": "# {{ apps }} {{ more }}\n", "en": "# {{ apps }} {{ more | count }}\n"}
    assert found(write(tmp_path / "sheet", texts, figures)) == ["fr.md template_unused_figure more"]


def test_a_question_that_does_not_parse_is_named_at_its_line(tmp_path: Path) -> None:
    figures = FIGURES.replace("period: 2022", "period: 20x2")
    assert found(write(tmp_path / "sheet", figures=figures)) == [
        "figures.yaml:3 bad_period 20x2",
    ]


def test_a_sheet_may_be_in_fewer_languages(tmp_path: Path) -> None:
    figures = "languages: [es]" + FIGURES
    texts = {"en": "", "fr": ""}
    assert load(write(tmp_path / "sheet", texts, figures)).languages == ("es",)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ("figures: [a]", "bad_structure"),
        ("languages: [de]" + FIGURES, "bad_structure"),
        ("titles: {}" + FIGURES, "bad_structure"),
        ("headlines: [other]" + FIGURES, "bad_structure"),
        ("literals: [x]" + FIGURES, "bad_structure"),
        ("figures: {a: &x {ask: count}, b: *x}", "yaml_alias"),
        ("figures: {", "bad_yaml"),
        ("figures:\n  Two words: {ask: count}", "bad_structure"),
    ],
)
def test_broken_figures_are_refused(tmp_path: Path, figures: str, code: str) -> None:
    (only,) = found(write(tmp_path / "sheet", figures=figures))
    assert only.split()[1] == code
    assert only.startswith("figures.yaml")


def test_a_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "sheet")
    (folder / "es.md").write_bytes("# Cuánto".encode("latin-1"))
    (said,) = found(folder)
    assert "bad_encoding" in said


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    (said,) = found(tmp_path / "nothing")
    assert "file_missing" in said


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_shipped_template_types_no_number(name: str) -> None:
    assert found(templates()[name]) == []
