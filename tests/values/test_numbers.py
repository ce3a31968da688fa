from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.errors import CauceError
from cauce.values.money import Money, minor_digits
from cauce.values.numbers import decimal_text, parse_decimal, parse_fraction, rounded


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("1234.50", "1234.5"),
        ("+7", "7"),
        ("-7.25", "-7.25"),
        ("007", "7"),
        (" 12 ", "12"),
        ("9007199254740993", "9007199254740993"),  # a float makes it …992
        ("1" * 40 + "." + "1" * 20, "1" * 40 + "." + "1" * 20),
        ("0.1", "0.1"),
    ],
)
def test_a_number_is_read_exactly(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)
    assert decimal_text(parse_decimal(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "1,000", "1 000", "1e3", "1_000", ".5", "5.", "--5", "٣", "½", "NaN", "Infinity"),
        *("1" * 41, "0." + "1" * 21, "12\u00a0000"),
    ],
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_number"):
        parse_decimal(text)


def test_more_digits_than_the_scale_are_refused_not_rounded() -> None:
    assert parse_decimal("1.50", scale=1) == Decimal("1.5")
    assert parse_decimal("15", scale=0) == 15
    with pytest.raises(CauceError) as caught:
        parse_decimal("1.55", scale=1)
    assert (caught.value.code, caught.value.params) == (
        "too_many_digits",
        {"text": "1.55", "scale": 1},
    )
    with pytest.raises(CauceError, match="too_many_digits"):
        parse_decimal("1" * 40 + ".00000000000000000001", scale=6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2/5", "2/5"),
        ("0.4", "2/5"),
        ("4/10", "2/5"),
        (" 1/3 ", "1/3"),
        ("-1/3", "-1/3"),
        ("7", "7"),
    ],
)
def test_a_fraction_is_read_exactly(text: str, value: str) -> None:
    assert parse_fraction(text) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "1/0", "1/", "/2", "1/-2", "1_0/2", "1 / 2", "a", "1/2/3", "1.5/2"]
)
def test_what_is_no_fraction_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_fraction"):
        parse_fraction(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(-2, 3), "-0.666666666667"),
        (Fraction(108, 1010), "0.106930693069"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 2**20), "0.00000095367431640625"),  # ends, so it is exact
        (Fraction(10**30, 3), "3" * 30 + ".333333333333"),
        (Decimal("1.50E+3"), "1500"),
        (Decimal("-0.00"), "0"),
        (Fraction(-1, 10**13 * 3), "0"),
        (10**25, "1" + "0" * 25),
    ],
)
def test_a_number_is_shown_without_exponent_or_trailing_zeros(
    value: Fraction | Decimal | int, text: str
) -> None:
    assert decimal_text(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [("0.5", 0, "0"), ("1.5", 0, "2"), ("2.5", 0, "2"), ("-2.5", 0, "-2"), ("0.25", 1, "0.2")],
)
def test_halves_are_rounded_to_even(value: str, digits: int, text: str) -> None:
    assert decimal_text(rounded(Decimal(value), digits)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**18))
def test_every_recorded_number_is_read_back_from_its_text(number: Decimal) -> None:
    assert parse_decimal(decimal_text(number)) == number


@given(st.fractions())
def test_what_is_shown_is_within_half_of_the_last_digit(number: Fraction) -> None:
    assert abs(Fraction(decimal_text(number)) - number) <= Fraction(1, 2 * 10**12)


# -- money -------------------------------------------------------------------------------------


def test_money_is_exact_beyond_fifteen_digits() -> None:
    assert Money.parse("USD 9007199254740993.25").text == "USD 9007199254740993.25"
    big = Money.parse("USD 12345678901234567890123456789012.34")
    assert str(big) == "USD 12345678901234567890123456789012.34"
    with pytest.raises(CauceError, match="amount_currency"):
        Money.parse("USD 12345678901234567890123456789012.345")  # more than a context's 28 digits


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("MXN", 2), ("CLP", 0), ("JPY", 0), ("KWD", 3), ("UYW", 4)]
)
def test_a_currency_has_its_digits(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits
    smallest = Decimal(1).scaleb(-digits)
    assert Money(smallest, currency).amount == smallest
    with pytest.raises(CauceError) as caught:
        Money(smallest / 10, currency)
    assert (caught.value.code, caught.value.params) == (
        "amount_currency",
        {"currency": currency, "digits": digits},
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usd 5", "bad_currency"),
        ("US 5", "bad_currency"),
        ("5 USD", "bad_number"),
        ("USD", "bad_number"),
        ("USD 1,5", "bad_number"),
    ],
)
def test_what_is_no_money_is_refused(text: str, code: str) -> None:
    with pytest.raises(CauceError, match=code):
        Money.parse(text)


def test_an_amount_is_a_finite_number() -> None:
    with pytest.raises(CauceError, match="bad_number"):
        Money(Decimal("NaN"), "USD")
