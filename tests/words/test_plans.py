"""Has each thing that a plan may say its sentence in every language, and are its numbers honest?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cauce.engines.capacity.doubt import NOTES_OF_DOUBT
from cauce.engines.capacity.forecast_models import METHODS
from cauce.engines.capacity.plan_answers import LOST
from cauce.engines.capacity.plans import SENTENCES
from cauce.engines.capacity.result import NOTES
from cauce.values.answer import Code
from cauce.words import plans

LANGUAGES = ("es", "en", "fr")

#: What a parameter may be.
PARAMS = {
    "day": "2026-12-01", "until": "2027-01-31", "engine": "tau", "budget": "900000.0",
    "method": "ets", "crps_ratio": "0.900",
}  # fmt: skip

#: Of a forecast, by its docstring.
FORECAST = {
    "beyond_scored_horizon": ("scored", "asked"),
    "extra_absent": ("extra",),
    "season_too_short": ("season", "points"),
    "method_too_short": ("method", "points", "limit"),
    "method_failed": ("method",),
}


def staffing(code: Code, language: str) -> str:
    (sentence,) = plans.staffing([code], language)
    return sentence


SAID: list[tuple[str, tuple[str, ...], Callable[[Code, str], str]]] = [
    *((code, params, plans.note) for code, params in NOTES.items()),
    *((code, NOTES.get(code, params), plans.doubt) for code, params in NOTES_OF_DOUBT.items()),
    *((code, params, staffing) for code, params in SENTENCES.items()),
    *((code, params, plans.lost) for code, params in LOST.items()),
    *((code, params, plans.forecast_note) for code, params in FORECAST.items()),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "params", "say"), SAID)
def test_each_code_is_a_sentence(
    code: str, params: tuple[str, ...], say: Callable[[Code, str], str], language: str
) -> None:
    given = {name: PARAMS.get(name, "7") for name in params}
    sentence = say(Code.of(code, **given), language)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert not any(engine in sentence.split() for engine in ("tau", "fluid", "event"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_method_has_a_name_and_each_advice_a_sentence(language: str) -> None:
    assert all(plans.method(name, language) for name in METHODS)
    for name in ("naive", "seasonal_naive"):
        assert plans.advice(Code.of("use_naive", method=name), language).endswith(".")
    chosen = Code.of("method_chosen", method="ets", crps_ratio="0.900")
    assert "10" in plans.advice(chosen, language)


def test_a_sentence_on_staff_counts_people_and_spells_days() -> None:
    missing = {"stage": "entrevista", "day": "2026-03-01", "until": "2026-12-31"}
    said = [staffing(Code.of("staff_missing", number=n, **missing), "es") for n in (1, 8)]
    assert said == [
        "Falta 1 persona en «entrevista», del 1 de marzo de 2026 al 31 de diciembre de 2026.",
        "Faltan 8 personas en «entrevista», del 1 de marzo de 2026 al 31 de diciembre de 2026.",
    ]
    assert staffing(Code.of("met", times=8, of=10), "es").endswith("8 de cada 10 veces.")
    assert "900,000" in staffing(Code.of("binds_budget", budget=900000.0, stage="x"), "es")


def test_a_range_is_cut_outwards_and_never_by_a_rounding() -> None:
    assert plans.between(4017.9, 4239.1, "es") == "entre 4,017 y 4,240"
    assert plans.between(190 - 1e-12, 230 + 1e-12, "fr") == "entre 190 et 230"
    assert plans.between(7, 7, "en") == "7"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.9, "9 times out of 10"), (0.85, "85 times out of 100"), (0.999, "999 times out of 1000")],
)
def test_a_share_is_so_many_times(share: float, said: str) -> None:
    assert plans.times_of(share, "en") == said


def test_hours_in_a_row_are_from_one_to_another() -> None:
    assert plans.hours([22, 23, 5], "es") == "5:00–6:00 y 22:00–24:00"
    assert plans.hours([5], "fr") == "5 h–6 h"


def test_a_step_is_called_by_its_name() -> None:
    first = date(2026, 4, 1)
    said = [plans.step(first, per, "es") for per in ("month", "quarter", "year", "week")]
    assert said[0] == "abril de 2026"
    assert said[2:] == ["2026", "semana del 1 de abril de 2026"]
    assert "2026" in said[1]
    assert plans.step(17, "month", "es") == "17"
    assert plans.step_short(first, "week", "en") == "Apr 2026"
    assert plans.step_short(first, "year", "en") == "2026"


def test_how_it_was_calculated_names_no_engine() -> None:
    assert plans.how("event", 1, "es") == "Cálculo detallado, caso por caso, 1 corrida."
    assert plans.how("tau", 2000, "en") == "Quick calculation, 2,000 runs."
    assert plans.how("fluid", 1, "fr") == "Calcul rapide, moyennes seules."


def test_persons_and_files_are_told_apart() -> None:
    assert (plans.unit(True, "es"), plans.unit(False, "es")) == ("expedientes", "casos")
    assert plans.about(1234.5, "en") == "about 1,234"
