"""Is a message without words found before a person sees its key?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_messages import Catalogue, Text, problems, said_by, unsaid

REQUIRED = {"error.unknown_place": frozenset({"id"})}


def found(es: str | tuple[str, ...], en: str | tuple[str, ...] = "No place {id}") -> list[str]:
    """The problems of a catalogue pair that holds one message."""
    return list(problems({"es": catalogue("es", es), "en": catalogue("en", en)}, REQUIRED))


def catalogue(
    language: str, words: str | tuple[str, ...] | None, *, fuzzy: bool = False
) -> Catalogue:
    """A catalogue of one message, on its line 7, or of none."""
    texts = {}
    if words is not None:
        forms = (words,) if isinstance(words, str) else words
        texts["error.unknown_place"] = Text(7, forms, fuzzy, f"{language}.po")
    return Catalogue(f"{language}.po", texts, repeated={})


def test_a_message_with_the_same_parameters_everywhere_is_fit() -> None:
    assert found("No hay lugar {id}") == []


def test_a_message_that_a_language_lacks_is_found() -> None:
    missing = list(
        problems({"es": catalogue("es", None), "en": catalogue("en", "No {id}")}, REQUIRED)
    )
    assert missing == ["es.po:1: error.unknown_place: missing; add it with its words"]


def test_a_code_without_words_in_any_language_is_found() -> None:
    assert (
        len(list(problems({"es": catalogue("es", None), "en": catalogue("en", None)}, REQUIRED)))
        == 2
    )


def test_a_fuzzy_message_is_found() -> None:
    marked = {"es": catalogue("es", "No {id}", fuzzy=True), "en": catalogue("en", "No {id}")}
    assert list(problems(marked, REQUIRED)) == [
        "es.po:7: error.unknown_place: is marked fuzzy; check the words and take the mark away"
    ]


@pytest.mark.parametrize(
    ("es", "fix"),
    [
        (" ", "has no words"),
        (("uno {id}", ""), "has no words"),
        ("No hay lugar", "lacks {id}"),
        ("No hay lugar {id", "has a brace that is not closed"),
    ],
)
def test_words_that_would_mislead_are_found(es: str | tuple[str, ...], fix: str) -> None:
    assert any(line.startswith("es.po:7: error.unknown_place: " + fix) for line in found(es))


def test_a_parameter_that_the_code_does_not_carry_is_found() -> None:
    both = found("{id} de {country}", en="{id} of {country}")
    assert both == [
        f"{language}.po:7: error.unknown_place: asks for {{country}}, "
        "which error.unknown_place does not carry"
        for language in ("es", "en")
    ]


def test_plural_forms_may_share_the_parameters_out() -> None:
    assert found(("un lugar", "{id} lugares"), en=("one place", "{id} places")) == []


def test_a_message_written_twice_is_found() -> None:
    twice = Catalogue("es.po", {"a": Text(3, ("x",), fuzzy=False, path="es.po")}, repeated={"a": 2})
    assert list(problems({"es": twice}, {})) == ["es.po:3: a: stands 2 times; keep one"]


def test_a_message_that_nothing_says_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('say(f"state.{state}")\nsay("page.title")', encoding="utf-8")
    (tmp_path / "page.html").write_text('<h1>{% say "page.lead" %}</h1>', encoding="utf-8")
    texts = {
        key: Text(line, ("…",), False, "es.po")
        for line, key in enumerate(("page.lead", "page.title", "state.planned", "state"), 1)
    }
    told = unsaid(Catalogue("es.po", texts, repeated={}), said_by(tmp_path))
    assert list(told) == ["es.po:4: state: nothing says it; take it out in every language"]
