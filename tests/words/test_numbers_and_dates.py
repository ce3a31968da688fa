"""Numbers, amounts, dates and periods as people read them in the region."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.period import Period
from cauce.words import LANGUAGES, dates
from cauce.words.amounts import NBSP, money
from cauce.words.numbers import multiple, number, percent

MEXICO = ZoneInfo("America/Mexico_City")
THIN = "\N{NARROW NO-BREAK SPACE}"


def in_all(write: object, *args: object, **kwargs: object) -> tuple[str, ...]:
    """What a function writes in Spanish, English and French."""
    return tuple(write(*args, language, **kwargs) for language in LANGUAGES)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "es", "en", "fr"),
    [
        (118756, "118,756", "118,756", f"118{THIN}756"),
        (15_000_000, "15,000,000", "15,000,000", f"15{THIN}000{THIN}000"),
        (0, "0", "0", "0"),
        (Fraction(5, 2), "2.5", "2.5", "2,5"),
        (Fraction(-1, 4), "-0.25", "-0.25", "-0,25"),
        (10**15, "1,000,000,000,000,000", "1,000,000,000,000,000", THIN.join(["1"] + ["000"] * 5)),
    ],
)
def test_people_and_things_stand_in_full_digits(value: int, es: str, en: str, fr: str) -> None:
    assert in_all(number, value) == (es, en, fr)


def test_a_number_that_is_cut_never_says_more_than_is_known() -> None:
    third = Fraction(2, 3)
    assert number(third, "en", side="low") == "0.66"
    assert number(third, "en", side="high") == "0.67"


@pytest.mark.parametrize(
    ("amount", "es", "en", "fr"),
    [
        (1_400_000_000, "USD_1.4 mil millones", "USD_1.4 billion", "1,4 milliard_USD"),
        (3_400_000_000, "USD_3.4 mil millones", "USD_3.4 billion", "3,4 milliards_USD"),
        (210_000_000, "USD_210 millones", "USD_210 million", "210 millions_USD"),
        (1_000_000, "USD_1 millón", "USD_1 million", "1 million_USD"),
        (5_200_000, "USD_5.2 millones", "USD_5.2 million", "5,2 millions_USD"),
        (26_000, "USD_26,000", "USD_26,000", f"26{THIN}000_USD"),
        # The word would lose digits: they stand in full.
        (1_234_567_890, "USD_1,234,567,890", "USD_1,234,567,890",
         f"1{THIN}234{THIN}567{THIN}890_USD"),
        # From 10^12 on: «billón» and “billion” are not the same number.
        (10**12, "USD_1,000,000,000,000", "USD_1,000,000,000,000",
         f"1{THIN}000{THIN}000{THIN}000{THIN}000_USD"),
        (Fraction(11, 2), "USD_5.50", "USD_5.50", "5,50_USD"),
    ],
)  # fmt: skip
def test_money_has_its_iso_code_and_a_no_break_space(
    amount: int, es: str, en: str, fr: str
) -> None:
    expected = tuple(text.replace("_", NBSP) for text in (es, en, fr))
    assert tuple(money(amount, "USD", language) for language in LANGUAGES) == expected


def test_percentages_and_multiples() -> None:
    assert in_all(percent, Fraction(108, 1010)) == ("10.7%", "10.7%", f"10,7{NBSP}%")
    assert in_all(percent, Fraction(1, 2)) == ("50%", "50%", f"50{NBSP}%")
    assert in_all(multiple, Fraction(4016, 1000)) == ("4.0", "4.0", "4,0")


@pytest.mark.parametrize(
    ("text", "es", "en", "fr"),
    [
        ("2022-07-12", "12 de julio de 2022", "12 July 2022", "12 juillet 2022"),
        ("2021-12-01", "1 de diciembre de 2021", "1 December 2021", "1er décembre 2021"),
        ("2023-03", "marzo de 2023 (día no registrado)", "March 2023 (day not recorded)",
         "mars 2023 (jour non enregistré)"),
        ("2019", "2019 (mes no registrado)", "2019 (month not recorded)",
         "2019 (mois non enregistré)"),
        ("2021?", "2021 (fecha dudosa)", "2021 (date in doubt)", "2021 (date incertaine)"),
        ("1996..", "1996 o después", "1996 or later", "1996 ou plus tard"),
        ("..2022", "2022 o antes", "2022 or earlier", "2022 ou plus tôt"),
        ("1996..2023", "entre 1996 y 2023", "between 1996 and 2023", "entre 1996 et 2023"),
    ],
)  # fmt: skip
def test_a_date_is_written_with_the_precision_it_has(text: str, es: str, en: str, fr: str) -> None:
    assert in_all(dates.imprecise, ImpreciseDate(text)) == (es, en, fr)


def test_a_missing_date_is_said() -> None:
    assert in_all(dates.imprecise, None) == (
        "fecha no registrada", "date not recorded", "date non enregistrée",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "es", "en", "fr"),
    [
        ("2023", "2023", "2023", "2023"),
        ("2018/2023", "2018–2023", "2018–2023", "2018–2023"),
        ("2023-03", "marzo de 2023", "March 2023", "mars 2023"),
        ("2021-01/2021-10", "de enero a octubre de 2021", "January to October 2021",
         "janvier à octobre 2021"),
        ("2021-11/2022-02", "de noviembre de 2021 a febrero de 2022",
         "November 2021 to February 2022", "novembre 2021 à février 2022"),
        ("2023-Q1", "primer trimestre de 2023", "first quarter of 2023", "premier trimestre 2023"),
        ("2023-H2", "segundo semestre de 2023", "second half of 2023", "second semestre 2023"),
        ("us-fiscal:2023", "AF 2023 de EE. UU. (oct 2022–sep 2023)",
         "US FY 2023 (Oct 2022–Sept 2023)", "exercice 2023 des É.-U. (oct. 2022–sept. 2023)"),
        ("ca-fiscal:2023", "AF 2023-24 de Canadá (abr 2023–mar 2024)",
         "Canadian FY 2023-24 (Apr 2023–Mar 2024)",
         "exercice 2023-24 du Canada (avr. 2023–mars 2024)"),
    ],
)  # fmt: skip
def test_periods_are_written_out(text: str, es: str, en: str, fr: str) -> None:
    assert in_all(dates.period, Period.parse(text)) == (es, en, fr)


@pytest.mark.parametrize(
    ("low", "high", "es", "en", "fr"),
    [
        ("2021-06-08", "2021-06-08", "el 8 de junio de 2021", "on 8 June 2021", "le 8 juin 2021"),
        ("2021-06-01", "2021-06-30", "en junio de 2021", "in June 2021", "en juin 2021"),
        ("2021-01-01", "2021-12-31", "en 2021", "in 2021", "en 2021"),
        (None, None, "en fecha no registrada", "on a date not recorded",
         "à une date non enregistrée"),
    ],
)  # fmt: skip
def test_a_date_stands_with_its_preposition(
    low: str | None, high: str | None, es: str, en: str, fr: str
) -> None:
    ends = [date.fromisoformat(end) if end else None for end in (low, high)]
    assert in_all(dates.on, *ends) == (es, en, fr)


def test_a_month_known_at_means_its_last_day() -> None:
    written = tuple(dates.known_at(KnownAt("2023-06"), MEXICO, one) for one in LANGUAGES)
    assert written == ("30 de junio de 2023", "30 June 2023", "30 juin 2023")


def test_an_instant_is_told_in_the_zone_of_the_workspace() -> None:
    known = KnownAt("2023-07-01T05:30:00+00:00")
    assert tuple(dates.known_at(known, MEXICO, one) for one in LANGUAGES) == (
        "30 de junio de 2023, 23:30 (hora de Ciudad de México)",
        "30 June 2023, 23:30 (Mexico City time)",
        "30 juin 2023, 23:30 (heure de Mexico)",
    )
