"""Every code has words in three languages, and the words are those of the people who read them."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import cauce.statements
import cauce.words
from cauce.engines.rollup.codes import CAVEATS, REASONS, STEPS, UNUSED
from cauce.errors import CODES, CauceError, Place, Problem, Refusal
from cauce.values.answer import Absence
from cauce.values.question import CHANGES, PROGRESSES, STAGES
from cauce.words import LANGUAGES, error, language_of, text
from cauce.words.catalogue import has
from cauce.words.languages import LOCALE_DIR

ROOT = Path(__file__).parents[2]


def messages(language: str) -> dict[str, tuple[str, ...]]:
    folder = LOCALE_DIR / language / "LC_MESSAGES"
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.po")):
        if path.stem != "argparse":
            found |= _messages(path, language)
    return found


def _messages(path: Path, language: str) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    found = {}
    for one in catalogue:
        if one.id:
            key = one.id if isinstance(one.id, str) else one.id[0]
            forms = one.string if isinstance(one.string, tuple) else (one.string,)
            found[key] = tuple(map(str, forms))
    return found


# -- every code has words -------------------------------------------------------------------------


def needed() -> list[str]:
    keys = [f"error.{code}" for code in CODES] + [f"error.{code}.fix" for code in CODES]
    keys += [f"caveat.{code}" for code in CAVEATS]
    keys += [f"reason.{code}" for code in REASONS] + [f"reason.{code}.fix" for code in REASONS]
    keys += [f"step.{code}" for code in STEPS]
    keys += [f"absence.{one.value}" for one in Absence] + ["absence.suppressed"]
    keys += [f"{room}.{stage}" for stage in STAGES for room in ("stage", "ask.money", "money")]
    keys += [f"ask.change.{one}" for one in CHANGES] + [f"ask.{one}" for one in PROGRESSES]
    keys += [f"competing.{why}" for why in ("reporter", "part", "calendar", "linked")]
    keys += [f"basis.{basis}" for basis in ("found", "memory", "proposed")]
    keys += [f"unused.{code}" for code in UNUSED]
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    assert [key for key in needed() if not has(key, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_words_are_those_that_are_written(language: str) -> None:
    stale = [key for key in messages(language) if not has(key, language)]
    assert stale == [], "run `python hatch_build.py`"


# -- the words of the people ----------------------------------------------------------------------

#: Words of the inside, and their literal translations, that no page may say.
INSIDE = {
    "es": r"\b(observaci[oó]n(es)?|paquetes?|known_at|recorded_at|cobertura|ledger|caveats?|sketch"
    r"|espacio de trabajo|libro mayor)\b",
    "en": r"\b(observations?|packs?|known_at|recorded_at|bounds?|coverage|competing|caveats?|ledger"
    r"|sketch|workspace|roll-?up|statements?)\b",
    "fr": r"\b(observations?|paquets?|known_at|recorded_at|couverture|ledger|sketch"
    r"|espace de travail)\b",
}
#: What is said only on the command line may name its own commands and folders.
NOT_ON_PAGES = ("cli.", "check.", "error.", "finding.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_a_word_of_the_inside(language: str) -> None:
    forbidden = re.compile(INSIDE[language], re.IGNORECASE)
    said = {
        key: form
        for key, forms in messages(language).items()
        for form in forms
        # A joint statement is called so; a fact sheet never is.
        if not key.startswith(NOT_ON_PAGES)
        and forbidden.search(form.replace("joint statement", ""))
    }
    assert said == {}


def test_no_sentence_is_the_same_in_spanish_and_in_english() -> None:
    spanish, english = messages("es"), messages("en")
    same = {key for key, forms in spanish.items() if forms == english[key] and "." in forms[0]}
    bare = {
        key
        for key in same
        if len(re.findall(r"[^\W\d_]{3,}", re.sub(r"{.*?}", "", spanish[key][0]))) > 2
    }
    assert bare == set()


def test_french_has_no_breaking_space_before_its_signs() -> None:
    loose = [
        key for key, forms in messages("fr").items() if re.search(r" [:;?!»]", " ".join(forms))
    ]
    assert loose == []


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "es", "fr"),
    [
        (0, "0 problemas: no se aceptó nada.", "0 problème : rien n’a été accepté."),
        (1, "1 problema: no se aceptó nada.", "1 problème : rien n’a été accepté."),
        (1200, "1,200 problemas: no se aceptó nada.", "1 200 problèmes : rien n’a été accepté."),
    ],
)
def test_each_language_has_its_own_plural(count: int, es: str, fr: str) -> None:
    assert text("error.input_refused", "es", count=count) == es
    said = text("error.input_refused", "fr", count=count)
    assert said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ") == fr


def test_a_plural_follows_the_number_that_is_shown() -> None:
    shown = [text("number.million", "es", count=Fraction(n), amount=n) for n in (1, 2)]
    assert shown == ["1 millón", "2 millones"]
    assert text("number.billion", "fr", count=Fraction(14, 10), amount="1,4") == "1,4 milliard"


def test_a_key_without_words_is_a_defect() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        text("no.such.key", "es")


def test_an_error_says_what_happened_where_and_what_to_do() -> None:
    problem = Problem("bad_number", {"text": "1,5"}, Place("a.csv", "7", "value"))
    assert error(problem, "es") == (
        "a.csv:7 value: «1,5» no es un número. "
        "Escriba solo cifras con punto decimal, sin separador de miles: 1234.5."
    )
    assert error(CauceError("unknown_place", id="MEXX"), "en") == (
        "There is no place “MEXX”. Use the ISO 3166 code (MEX, MX-CHP) or framework/CODE."
    )


def test_a_refusal_names_every_problem_on_a_line_of_its_own() -> None:
    refusal = Refusal([Problem("bad_yaml", {"detail": "x"}), Problem("yaml_alias")])
    lines = error(refusal, "en").splitlines()
    assert len(lines) == 3
    assert lines[-1] == "2 problems: nothing was accepted. Mend what is listed and try again."


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("fr_CA.UTF-8",), "fr"),
        ((None, "de_DE:en_GB"), "en"),
        (("C.UTF-8", ""), "es"),
        ((), "es"),
        (("esperanto",), "es"),
    ],
)
def test_the_language_is_the_first_that_is_spoken(tags: tuple[str, ...], language: str) -> None:
    assert language_of(*tags) == language


SPEAK = """
import argparse, sys
from cauce.words import speak
speak(sys.argv[1])
parser = argparse.ArgumentParser(prog="cauce")
parser.add_argument("--port", type=int, required=True)
parser.parse_args(sys.argv[2:])
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "cauce: faltan estos argumentos: --port"),
        ("en", "cauce: error: the following arguments are required: --port"),
        ("fr", "cauce\N{NO-BREAK SPACE}: ces arguments manquent\N{NO-BREAK SPACE}: --port"),
    ],
)
def test_the_command_line_speaks_by_itself_as_well(language: str, said: str) -> None:
    result = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SPEAK, language],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.strip().splitlines()[-1] == said


def modules() -> list[str]:
    found = []
    for package in (cauce.words, cauce.statements):
        names = [one.name for one in pkgutil.iter_modules(package.__path__)]
        found += [f"{package.__name__}.{name}" for name in names]
    return found


@pytest.mark.parametrize("name", modules())
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
