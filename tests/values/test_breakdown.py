from __future__ import annotations

import pytest
from hypothesis import given

from cauce.errors import CauceError
from cauce.values.audience import PUBLIC, SECRETARIAT, Audience
from cauce.values.breakdown import TOTAL, Breakdown
from tests.values.strategies import breakdowns


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("", ""),
        (" ; ", ""),
        ("sex=f", "sex=f"),
        ("sex=f;age=0-17", "age=0-17;sex=f"),
        (" sex = f ; age=0-17; ", "age=0-17;sex=f"),
        ("age=<5", "age=<5"),
        ("size=a=b", "size=a=b"),
        ("origin=El Salvador", "origin=El Salvador"),
    ],
)
def test_a_breakdown_is_read_whatever_its_order(text: str, shortest: str) -> None:
    assert Breakdown.parse(text).text == str(Breakdown.parse(text)) == shortest


@pytest.mark.parametrize(
    "text", ["sex", "sex=", "=f", "Sex=f", "1sex=f", "sex=f;sex=m", "sex=f;sex=f", "se x=f"]
)
def test_what_is_no_breakdown_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_breakdown"):
        Breakdown.parse(text)


@pytest.mark.parametrize(
    "items",
    [
        (("sex", "f"), ("age", "a")),  # not sorted
        (("sex", "f;age=a"),),  # would be read back as another
        (("sex", " f"),),
        (("sex", "f "),),
    ],
)
def test_a_breakdown_that_would_not_be_read_back_cannot_be_made(
    items: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(CauceError, match="bad_breakdown"):
        Breakdown(items)


@given(breakdowns)
def test_every_breakdown_is_read_back_from_its_text(breakdown: Breakdown) -> None:
    assert Breakdown.parse(breakdown.text) == breakdown


def test_what_a_breakdown_knows_of_itself() -> None:
    breakdown = Breakdown.parse("sex=f;age=a")
    assert (breakdown.get("sex"), breakdown.get("place")) == ("f", None)
    assert breakdown.dimensions == ("age", "sex")
    assert breakdown.without(["sex", "place"]) == Breakdown.parse("age=a")
    assert Breakdown() == TOTAL


# -- for whom ------------------------------------------------------------------------------------

MEX = Audience.parse("owner:rcm/MEX")


@pytest.mark.parametrize(
    ("audience", "record", "owner", "embargoed", "sees"),
    [
        (PUBLIC, "public", "rcm/MEX", False, True),
        (PUBLIC, "public", "rcm/MEX", True, False),
        (PUBLIC, "members", "rcm/MEX", False, False),
        (PUBLIC, "owner", "rcm/MEX", False, False),
        (PUBLIC, "nonsense", "rcm/MEX", False, False),
        (Audience("members"), "public", "rcm/MEX", False, True),
        (Audience("members"), "members", "rcm/MEX", False, True),
        (Audience("members"), "members", "rcm/MEX", True, False),
        (Audience("members"), "owner", "rcm/MEX", False, False),
        (Audience("members"), "nonsense", "rcm/MEX", False, False),
        (MEX, "owner", "rcm/MEX", True, True),
        (MEX, "owner", "rcm/GTM", False, False),
        (MEX, "members", "rcm/GTM", False, True),
        (MEX, "public", "rcm/GTM", True, False),
        (SECRETARIAT, "owner", "rcm/MEX", True, True),
    ],
)
def test_who_sees_what(
    audience: Audience, record: str, owner: str, embargoed: bool, sees: bool
) -> None:
    assert audience.sees(record, owner, embargoed=embargoed) is sees


@pytest.mark.parametrize("text", ["public", "members", "secretariat", "owner:rcm/MEX"])
def test_an_audience_is_read_back_from_its_text(text: str) -> None:
    assert str(Audience.parse(text)) == text


@pytest.mark.parametrize("text", ["", "all", "owner", "owner:", "public:rcm/MEX", "secretariat:x"])
def test_what_is_no_audience_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_audience"):
        Audience.parse(text)
