"""Does each note of a plan's result have its sentence in every language?"""

from __future__ import annotations

import pytest

from cauce.engines.capacity.result import NOTES
from cauce.values.answer import Code
from cauce.words.plans import note


@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("code", sorted(NOTES))
def test_each_note_of_a_result_is_a_sentence(code: str, language: str) -> None:
    sentence = note(Code.of(code, **dict.fromkeys(NOTES[code], "7")), language)
    assert sentence.endswith(".")
    assert "{" not in sentence
