"""What may be said of places, bodies and those who belong to them?"""

from __future__ import annotations

from fractions import Fraction

import pytest

from cauce.errors import Problem
from cauce.parties import rules
from cauce.parties.models import Body, Instrument, Membership, OfficeHeld, Succession
from cauce.values.dates import ImpreciseDate


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ("MEX", True),
        ("MX-CHP", True),
        ("US-TX", True),
        ("MX-9", True),
        ("WORLD", True),
        ("mex", False),
        ("MEXI", False),
        ("MX", False),
        ("Tapachula", False),
        ("asylum/TAP", False),
    ],
)
def test_a_place_goes_without_a_pack_only_by_its_iso_code(code: str, bare: bool) -> None:
    assert rules.is_bare_place(code) is bare


@pytest.mark.parametrize(
    ("start", "end", "certainly"),
    [
        ("2021", "2020", True),
        ("2021-03", "2021-02-28", True),
        ("2021", "2021-03", False),  # began perhaps in January
        ("2021", "2021", False),
        ("1996..", "1995", True),
        ("1996..", "2010", False),
        ("..2022", "2010", False),  # no earliest day
        ("2020", "2010..", False),  # no latest day
        ("", "2010", False),
        ("2010", "", False),
    ],
)
def test_an_end_before_its_start_is_refused_only_when_it_is_certain(
    start: str, end: str, certainly: bool
) -> None:
    dates = [ImpreciseDate(text) if text else None for text in (start, end)]
    assert rules.ends_before(*dates) is certainly


@pytest.mark.parametrize(
    ("record", "problems"),
    [
        (Body.from_cells(founded="1996", ended="1995"), [("ended", "1996", "1995")]),
        (Body.from_cells(founded="1996"), []),
        (
            Membership.from_cells(valid_from="2019", valid_to="2018"),
            [("valid_to", "2019", "2018")],
        ),
        (
            OfficeHeld.from_cells(valid_from="2019", valid_to="2018-12"),
            [("valid_to", "2019", "2018-12")],
        ),
        (
            Instrument.from_cells(adopted="2020", in_force="2022", ended="2021"),
            [("ended", "2022", "2021")],
        ),
        (Instrument.from_cells(adopted="2020", ended="2021"), []),
    ],
)
def test_what_ends_before_it_starts_is_told_at_its_end(
    record: Body | Membership | OfficeHeld | Instrument, problems: list[tuple[str, ...]]
) -> None:
    check = {
        "body": rules.check_body,
        "membership": rules.check_membership,
        "office_held": rules.check_office,
        "instrument": rules.check_instrument,
    }[record.record_type]
    found: list[Problem] = list(check(record))  # type: ignore[operator]  # chosen by the type
    assert [(p.place.column, p.params["start"], p.params["end"]) for p in found] == problems
    assert {p.code for p in found} <= {"ends_before_start"}


def test_going_up_gives_everything_above_once() -> None:
    diamond = {"d": ["b", "c"], "b": ["a"], "c": ["a"]}
    assert rules.above("d", diamond) == {"a", "b", "c"}
    assert rules.above("a", diamond) == set()


def test_only_what_lies_on_a_circle_is_on_a_cycle() -> None:
    assert rules.on_cycle({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": ["e"]}) == {
        "a", "b", "c", "e",
    }  # fmt: skip


def succession(predecessor: str, successor: str, share: str, closed: str = "") -> Succession:
    return Succession.from_cells(
        predecessor=predecessor, successor=successor, share=share, closed=closed
    )


def test_no_more_than_the_whole_of_an_organisation_is_taken_over() -> None:
    too_much = [succession("x/A", "x/B", "2/3"), succession("x/A", "x/C", "1/2")]
    whole = [succession("x/D", "x/B", "1/3"), succession("x/D", "x/C", "2/3")]
    closed = [succession("x/E", "x/B", "1"), succession("x/E", "x/C", "1", closed="yes")]
    unknown = [succession("x/F", "x/B", ""), succession("x/F", "x/C", "1")]
    found = list(rules.check_successions([*too_much, *whole, *closed, *unknown]))
    assert [one for one, _ in found] == too_much
    assert {(p.code, p.params["id"], p.params["total"]) for _, p in found} == {
        ("shares_exceed_whole", "x/A", str(Fraction(7, 6)))
    }
