"""What an answer says: bounds in words, five different nothings, changes with their direction."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, Suppressed, exact
from cauce.values.figure import Competing, Coverage, Figure, Lack, Sense
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ, MoneyQ
from cauce.words import LANGUAGES, NoNames, Voice
from cauce.words import figures as words
from cauce.words.answers import answer
from cauce.words.codes import caveat
from cauce.words.foreign import foreign, html, plain

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
VOICES = [Voice(one, NoNames(), ZoneInfo("America/Mexico_City")) for one in LANGUAGES]
ASKED = IndicatorQ(indicator="asylum/AS-1", place="MEX", period=Period.parse("2022"))


def known(
    low: int | None,
    high: int | None,
    estimate: int | None = None,
    *,
    low_open: bool = False,
    high_open: bool = False,
) -> Known:
    lowest, highest, about = (
        None if end is None else Fraction(end) for end in (low, high, estimate)
    )
    return Known(lowest, highest, about, low_open=low_open, high_open=high_open)


@pytest.mark.parametrize(
    ("value", "unit", "es", "en", "fr"),
    [
        (exact(118756), "application", "118,756 solicitudes", "118,756 applications",
         "118 756 demandes"),
        (exact(1), "person", "1 persona", "1 person", "1 personne"),
        (exact(0), "person", "0 personas", "0 people", "0 personne"),
        (known(40000, None, low_open=True), "person", "más de 40,000 personas",
         "more than 40,000 people", "plus de 40 000 personnes"),
        (known(9, None), "person", "al menos 9 personas", "at least 9 people",
         "au moins 9 personnes"),
        (known(None, 9), "person", "como máximo 9 personas", "at most 9 people",
         "au plus 9 personnes"),
        (known(None, 9, high_open=True), "person", "menos de 9 personas", "less than 9 people",
         "moins de 9 personnes"),
        (known(None, 2000, 2000, high_open=True), "person", "casi 2,000 personas",
         "almost 2,000 people", "près de 2 000 personnes"),
        (known(100, 203), "person", "entre 100 y 203 personas", "between 100 and 203 people",
         "entre 100 et 203 personnes"),
        (known(None, None, 15_000_000), "person", "alrededor de 15,000,000 de personas",
         "about 15,000,000 people", "environ 15 000 000 de personnes"),
        (known(90, 110, 100), "person", "alrededor de 100 personas (entre 90 y 110)",
         "about 100 people (between 90 and 110)", "environ 100 personnes (entre 90 et 110)"),
        (known(None, 1_400_000_000), "USD", "como máximo USD_1.4 mil millones",
         "at most USD_1.4 billion", "au plus 1,4 milliard_USD"),
        (Known(Fraction(3, 10), Fraction(1, 2)), "%", "entre 30% y 50%", "between 30% and 50%",
         "entre 30 % et 50 %"),
        (Absent(Absence.MISSING), "person", "sin dato", "no data", "pas de donnée"),
        (Absent(Absence.PENDING), "person", "en revisión", "under review", "en examen"),
        (Absent(Absence.WITHDRAWN), "person", "retirado", "withdrawn", "retiré"),
        (Absent(Absence.NOT_APPLICABLE), "person", "no aplica", "not applicable", "sans objet"),
        (Suppressed("small_cell"), "person", "protegido", "protected", "protégé"),
        (Refused.of("mixed_stages", stages="pledged, committed"), "USD",
         ("no se puede dar un número (son etapas distintas del dinero, que no se suman "
         "(prometido y comprometido))"),
         ("no number can be given (these are different stages of money, which are never added "
         "(pledged and committed))"),
         ("aucun nombre ne peut être donné (ce sont des étapes différentes de l’argent, qui ne "
         "s’additionnent pas (promis et engagé))")),
    ],
)  # fmt: skip
def test_an_answer_says_its_bound_or_which_nothing_it_is(
    value: Answer, unit: str, es: str, en: str, fr: str
) -> None:
    said = tuple(answer(value, unit, voice) for voice in VOICES)
    space = "_" if unit == "USD" else " "
    assert tuple(one.replace(THIN, " ").replace(NBSP, space) for one in said) == (es, en, fr)


def test_a_unit_that_nobody_worded_stands_as_its_framework_names_it() -> None:
    assert answer(exact(3), "manzana", VOICES[0]) == f"3{NBSP}manzana"


@pytest.mark.parametrize(
    ("change", "es", "en", "fr"),
    [
        (Fraction(-197, 1000), "19.7% menos", "19.7% less", "19,7 % de moins"),
        (Fraction(301, 100), "301% más", "301% more", "301 % de plus"),
        (Fraction(0), "igual", "unchanged", "inchangé"),
    ],
)
def test_a_change_says_its_direction(change: Fraction, es: str, en: str, fr: str) -> None:
    question = ChangeQ(of=ASKED, base_period=Period.parse("2021"), as_="percent")
    figure = Figure(question, exact(change), "%", sense=Sense.PERCENT_CHANGE)
    assert tuple(words.value(figure, v).replace(THIN, " ").replace(NBSP, " ") for v in VOICES) == (
        es, en, fr,
    )  # fmt: skip


def test_a_difference_of_percentages_is_in_points() -> None:
    question = ChangeQ(of=ASKED, base_period=Period.parse("2021"))
    fall = Figure(question, exact(Fraction(-1, 4)), "%", sense=Sense.CHANGE)
    # From 50 % to 25 %: 25 points less, which is 50 % less.
    assert words.value(fall, VOICES[0]) == "25 puntos porcentuales menos"
    assert words.value(fall, VOICES[1]) == "25 percentage points less"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(Fraction(3, 10_000), "0.03%"), (Fraction(0), "0%"), (Fraction(1, 3), "33.3%")],
)
def test_something_is_never_shown_as_zero(share: Fraction, shown: str) -> None:
    assert answer(exact(share), "%", VOICES[0]) == shown


def test_a_fall_that_is_only_bounded_says_so() -> None:
    question = ChangeQ(of=ASKED, base_period=Period.parse("2021"), as_="difference")
    figure = Figure(question, known(-20, -10), "person", sense=Sense.CHANGE)
    assert words.value(figure, VOICES[1]) == "between 10 people and 20 people less"


def test_a_link_on_a_figure_says_what_it_is_when_read_alone() -> None:
    figure = Figure(ASKED, exact(118756), "application")
    assert (
        words.accessible_name(figure, VOICES[0]) == "118,756 solicitudes, MEX, 2022: cómo se obtuvo"
    )


def test_who_did_not_report_is_named_with_the_periods() -> None:
    lacks = (Lack(None, None, "HND", "2021"), Lack(None, None, "HND", "2022"))
    given = Coverage(3, 5, not_yet_due=1, exempt=0, lacks=lacks)
    said = [words.coverage(given, voice).replace(NBSP, " ") for voice in VOICES]
    assert said == [
        "Informaron 3 de 5; faltan: HND (2021, 2022). Aún no vence 1 informe.",
        "3 of 5 reported; missing: HND (2021, 2022). 1 report is not yet due.",
        "3 sur 5 ont répondu ; manquent : HND (2021, 2022). 1 rapport n’est pas encore dû.",
    ]
    assert words.coverage(None, VOICES[0]) == ""


def test_another_published_value_says_whose_it_is_and_why_it_stands_beside() -> None:
    other = Competing("rcm/UNHCR", exact(118756), "2022")
    assert words.competing(other, "person", VOICES[0]) == (
        "rcm/UNHCR, 2022: 118,756 personas (otra fuente)"
    )


def test_a_parameter_that_is_an_id_a_number_or_a_period_is_written_in_words() -> None:
    code = Code.of("parts_differ", reported=12000, low=10000, high="11000")
    assert caveat(code, VOICES[1]) == (
        "The reported total (12,000) does not agree with its parts (10,000 to 11,000)."
    )
    code = Code.of("part_of_period", reporter="asylum/COMAR", period="2021-01/2021-10")
    assert caveat(code, VOICES[0]) == (
        "asylum/COMAR informó solo una parte del periodo: de enero a octubre de 2021."
    )
    assert caveat(Code.of("passed_on", amount=7_000_000, currency="USD"), VOICES[1]) == (
        f"Of this money, USD{NBSP}7 million was passed on to another organisation."
    )


def test_a_parameter_that_was_not_given_is_a_dash() -> None:
    assert "—" in caveat(Code.of("parts_differ", low=1), VOICES[0])


def test_money_is_named_with_its_stage_and_parties() -> None:
    question = MoneyQ(stage="committed", provider="rcm/MEX", period=Period.parse("2022/2024"))
    figure = Figure(question, exact(1_500_000_000), "USD")
    assert words.sentence(figure, VOICES[1]) == (
        f"Amount committed, from rcm/MEX, 2022–2024: USD{NBSP}1.5 billion."
    )


def test_a_name_in_another_language_is_marked_on_a_page_and_bare_in_a_terminal() -> None:
    said = f"<{foreign('Sembrando Vida', 'es', 'en')}>"
    assert html(said) == '&lt;<span lang="es">Sembrando Vida</span>&gt;'
    assert plain(said) == "<Sembrando Vida>"
    assert html(foreign("Vida", "es", "es")) == "Vida"


def test_a_name_cannot_smuggle_marks_or_elements() -> None:
    evil = "\ue000es\ue001<script>\ue002"
    assert html(foreign(evil, "es", "en")) == '<span lang="es">&lt;script&gt;</span>'


class OneName(NoNames):
    """Knows one document."""

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        return ("Member Countries", "en") if code == "rcm/S-LIST" else (code, "")


def test_a_remark_names_what_it_refers_to_and_is_marked_with_its_language() -> None:
    remark = "La página (rcm/S-LIST) da la misma lista (rcm/K-2). Véase rcm/S-LIST."
    said = "La página (Member Countries) da la misma lista. Véase Member Countries."
    spanish, english = (Voice(one, OneName(), ZoneInfo("UTC")) for one in ("es", "en"))
    assert spanish.remark(remark) == said
    assert html(english.remark(remark)) == f'<span lang="es">{said}</span>'
