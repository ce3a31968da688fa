"""Parts and finish: what every engine folds to, in integers, and the digest of a trace."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.engines.rollup import declare, digest_limbs, finish, largest_remainder, trace_digest
from cauce.engines.rollup.parts import Parts, Side, pack
from cauce.values.answer import Absence, Absent, Known, quotient
from tests.engines.rollup.tables import known, shown

FLOW = declare(preset="flow")
RATIO = declare(preset="ratio")
numbers = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)
digests = st.lists(st.binary(max_size=4).map(lambda b: sha256(b).hexdigest()))


@st.composite
def ranges(draw: st.DrawFn) -> Known:
    low, high = sorted((draw(numbers), draw(numbers)))
    estimate = draw(st.none() | st.just(low))
    return Known(low, draw(st.none() | st.just(high)), estimate)


@given(ranges())
def test_what_is_packed_in_integers_is_finished_as_it_was(value: Known) -> None:
    parts = pack(value, None, cells=1, complete=True, digests=[])
    assert parts.top is not None
    ends = (parts.top.low, parts.top.high, parts.top.estimate)
    assert all(end is None or isinstance(end, int) for end in ends)
    assert finish(parts, FLOW) == (value, ())


@given(ranges(), ranges())
def test_a_ratio_is_made_at_the_end(top: Known, bottom: Known) -> None:
    parts = pack(top, bottom, cells=1, complete=True, digests=[])
    ratio = quotient(top, bottom)
    assert finish(parts, RATIO)[0] == (ratio or Absent(Absence.NOT_APPLICABLE))


@pytest.mark.parametrize(
    ("declared", "every_unit", "expected"),
    [
        (FLOW, True, ">5"),
        (declare(preset="maximum"), True, ">5"),
        (declare(preset="flow", time="mean"), True, ">5..<9"),
        (declare(preset="flow", time="min"), True, "<9"),
        (declare(preset="flow", time="min"), False, ">=0"),
        (declare(preset="flow", may_be_negative=True), True, "refused not_bounded"),
        (declare(preset="flow", may_be_negative=True, time="max"), True, ">5"),
        (declare(preset="flow", may_be_negative=True, time="max"), False, "refused not_bounded"),
        (declare(preset="flow", may_be_negative=True, time="min"), False, "refused not_bounded"),
    ],
)
def test_what_is_left_when_a_cell_is_missing(
    declared: object, every_unit: bool, expected: str
) -> None:
    value = Known(Fraction(5), Fraction(9), low_open=True, high_open=True)
    parts = pack(value, None, cells=1, complete=False, every_unit=every_unit, digests=[])
    answer, caveats = finish(parts, declared)  # type: ignore[arg-type]  # parametrized
    assert shown(answer) == expected
    assert [c.code for c in caveats] == ["incomplete"]


def test_nothing_known_below_is_nothing_or_unknown() -> None:
    parts = pack(known("<=9"), None, cells=1, complete=False, digests=[])
    assert shown(finish(parts, FLOW)[0]) == ">=0"
    signed = declare(preset="flow", may_be_negative=True, time="max")
    assert shown(finish(parts, signed)[0]) == "refused not_bounded"
    lowest = declare(preset="flow", time="min")
    above = pack(known(">=9"), None, cells=1, complete=False, digests=[])
    assert shown(finish(above, lowest)[0]) == ">=0"


def test_parts_of_no_row_are_missing() -> None:
    nothing = Parts(1, None, None, 0, complete=True, every_unit=True, limbs=(0, 0, 0, 0))
    assert finish(nothing, FLOW) == (Absent(Absence.MISSING), ())
    assert pack(None, None, cells=0, complete=True, digests=[]) == nothing


def test_parts_of_other_engines_finish_alike() -> None:
    parts = Parts(3, Side(1, 2), None, 2, complete=True, every_unit=True, limbs=(0, 0, 0, 0))
    assert shown(finish(parts, FLOW)[0]) == "1/3..2/3"
    assert shown(finish(replace(parts, bottom=Side(6, 6)), RATIO)[0]) == "1/6..1/3"


# -- the trace -------------------------------------------------------------------------------------


@given(digests, st.randoms(use_true_random=False))
def test_the_digest_of_a_trace_does_not_depend_on_order(found: list[str], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert digest_limbs(found) == digest_limbs(shuffled)


@given(digests, digests)
def test_digests_of_disjoint_traces_add(one: list[str], other: list[str]) -> None:
    both = digest_limbs(one + other)
    pairs = zip(digest_limbs(one), digest_limbs(other), strict=True)
    assert both == tuple((a + b) % 2**32 for a, b in pairs)


def test_a_digest_is_the_first_128_bits_in_four_limbs() -> None:
    first = "000000010000000200000003ffffffff" + "9" * 32
    other = "00000001000000000000000000000002" + "9" * 32
    assert digest_limbs([first]) == (1, 2, 3, 2**32 - 1)
    assert digest_limbs([first, other]) == (2, 2, 3, 1)  # each limb modulo 2³²
    assert trace_digest((2, 2, 3, 1)) == "00000002000000020000000300000001"
    assert trace_digest(digest_limbs([])) == "0" * 32


# -- shares in one table ----------------------------------------------------------------------


@given(st.integers(0, 10**6), st.lists(st.integers(1, 50), min_size=1, max_size=9))
def test_rounded_shares_add_up_to_the_whole(whole: int, weights: list[int]) -> None:
    shares = {str(i): Fraction(whole * w, sum(weights)) for i, w in enumerate(weights)}
    shown_shares = largest_remainder(shares)
    assert sum(shown_shares.values()) == whole
    assert all(abs(shown_shares[i] - share) < 1 for i, share in shares.items())


def test_ties_go_to_the_smallest_id() -> None:
    half = Fraction(1, 2)
    assert largest_remainder({"b": half, "a": half}) == {"b": 0, "a": 1}
