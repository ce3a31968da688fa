"""Cells, dues and answers as small tables of text, so that a test shows its data and its result.

    cells('''
        party  period  value
        A      2023    10
        B      2023    >40000
    ''')

``.`` is an empty cell. A value is written ``10``, ``10..20``, ``>=10``, ``>10``, ``<=10``,
``<10``, ``~100`` (about) or ``~<2000`` (almost); answers are shown the same way, an absence by
its name, a refusal by its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import count

from cauce.engines.rollup import (
    Ask,
    Cell,
    CodeSpan,
    Declarations,
    Due,
    Outcome,
    Unit,
    World,
    roll_up,
)
from cauce.values.answer import Absent, Answer, Known, Suppressed, exact
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

__all__ = ["SEX", "above", "as_ratio", "ask", "cells", "codes", "dues", "known", "shown", "solve"]

_numbers = count(1)


def _rows(text: str) -> Iterator[dict[str, str]]:
    lines = [line.split() for line in text.strip().splitlines()]
    for row in lines[1:]:
        yield {k: "" if v == "." else v for k, v in zip(lines[0], row, strict=True)}


def cells(text: str, **same: str) -> list[Cell]:
    """One cell for each row; ``same`` are columns that are equal in all rows.

    Columns: party, programme, place, period, breakdown, value, num, den, reporter (default: the
    party), status, method, unit (counted in), parent (``no``: adds nothing above), share, ids.
    """
    return [_cell({**same, **row}) for row in _rows(text)]


def _cell(row: dict[str, str]) -> Cell:
    number = next(_numbers)
    value = row.get("value", "")
    return Cell(
        id=row.get("id", f"c{number}"),
        digest=f"{number:064x}",
        reporter=row.get("reporter") or row.get("party") or "R",
        unit=Unit(row.get("party", ""), row.get("programme", ""), row.get("place", "")),
        period=Period.parse(row["period"]),
        breakdown=Breakdown.parse(row.get("breakdown", "")),
        value=known(value) if value else None,
        num=Fraction(row["num"]) if row.get("num") else None,
        den=Fraction(row["den"]) if row.get("den") else None,
        entities=frozenset(filter(None, row.get("ids", "").split(","))),
        count_unit=row.get("unit", ""),
        method=row.get("method", ""),
        status=row.get("status") or "provisional",
        counts_in_parent=row.get("parent") != "no",
        share=Fraction(row.get("share") or "1"),
    )


def known(text: str) -> Known:
    """``~100``, ``>=10`` and so on as a range."""
    about = text.startswith("~")
    text = text.removeprefix("~")
    mark = text[: len(text) - len(text.lstrip("<>="))]
    low, dots, high = text[len(mark) :].partition("..")
    number = Fraction(low)
    match mark:
        case ">=" | ">":
            found = Known(number, None, low_open=mark == ">")
        case "<=" | "<":
            found = Known(None, number, high_open=mark == "<")
        case _ if about:
            found = Known(None, None, number)
        case _:
            found = Known(number, Fraction(high)) if dots else exact(number)
    return replace(found, estimate=number) if about else found


def shown(answer: Answer) -> str:
    """An answer in the spelling of the tables; a fraction stays a fraction."""
    if isinstance(answer, Absent):
        return answer.absence.value
    if isinstance(answer, Suppressed):
        return f"suppressed {answer.rule}"
    if not isinstance(answer, Known):
        return f"refused {answer.reason.code}"
    about = "" if answer.estimate is None else f"~{answer.estimate} "
    if answer.low is None and answer.high is None:
        return about.strip()
    if answer.low == answer.high:
        return f"{about}{answer.low}"
    if answer.high is None:
        return f"{about}{'>' if answer.low_open else '>='}{answer.low}"
    if answer.low is None:
        return f"{about}{'<' if answer.high_open else '<='}{answer.high}"
    left, right = (">" if answer.low_open else "", "<" if answer.high_open else "")
    return f"{about}{left}{answer.low}..{right}{answer.high}"


def as_ratio(answer: Answer) -> str:
    """Numerator and denominator of an exact ratio, not shortened: ``108/1010``."""
    assert isinstance(answer, Known)
    return f"{answer.num}/{answer.den}"


def ask(period: str, where: str = "", party: str = "", programme: str = "", place: str = "") -> Ask:
    return Ask(Period.parse(period), Breakdown.parse(where), Unit(party, programme, place))


def dues(text: str, **same: str) -> tuple[Due, ...]:
    """Columns: party, programme, place, period (or ``2023*month`` for each month of it), state."""
    found = []
    for each in _rows(text):
        row = {**same, **each}
        unit = Unit(row.get("party", ""), row.get("programme", ""), row.get("place", ""))
        whole, _, grain = row["period"].partition("*")
        periods = Period.parse(whole).split(grain) if grain else (Period.parse(whole),)
        found += [Due(unit, period, row.get("state") or "due") for period in periods]
    return tuple(found)


def codes(text: str) -> dict[str, tuple[CodeSpan, ...]]:
    """``sex=f,m; age=a,b``."""
    pairs = (part.strip().split("=") for part in text.split(";"))
    return {name: tuple(map(CodeSpan, listed.split(","))) for name, listed in pairs}


SEX = codes("sex=f,m")


def above(text: str) -> dict[str, frozenset[str]]:
    """``X<MEX; Y<MEX`` as strict ancestors."""
    pairs = [tuple(part.strip().split("<")) for part in text.split(";")]
    return {chain[0]: frozenset(chain[1:]) for chain in pairs}


def solve(
    question: Ask | str, given: list[Cell], declared: Declarations, **world: object
) -> Outcome:
    """Roll up; ``world`` are the fields of the world."""
    asked = ask(question) if isinstance(question, str) else question
    return roll_up(asked, given, declared, World(**world))  # type: ignore[arg-type]  # a test's own fields
