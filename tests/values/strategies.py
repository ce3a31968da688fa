"""Random values: dates, periods, answers, questions, figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, Suppressed
from cauce.values.audience import Audience
from cauce.values.breakdown import Breakdown
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.figure import Competing, Coverage, Figure, Lack, Sense, Trace
from cauce.values.period import Period
from cauce.values.question import (
    CHANGES,
    COUNTED,
    KINDS,
    PROGRESSES,
    STAGES,
    ChangeQ,
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    ProgressQ,
)

years = st.integers(2, 9997)
days = st.dates(date(2, 1, 1), date(9997, 12, 31))
months = st.integers(1, 12)

unit_texts = st.one_of(
    years.map("{:04}".format),
    st.builds("{:04}-H{}".format, years, st.integers(1, 2)),
    st.builds("{:04}-Q{}".format, years, st.integers(1, 4)),
    st.builds("{:04}-{:02}".format, years, months),
)
any_unit_texts = unit_texts | days.map(date.isoformat)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Whole units and stretches of days, in calendars with and without named years."""
    calendar = draw(st.sampled_from(("", "us-fiscal:", "ca-fiscal:", "sexenio:", "pack/Term.2:")))
    if calendar in ("", "us-fiscal:", "ca-fiscal:") and draw(st.booleans()):
        first, last = sorted(draw(st.tuples(years, years)))
        text = draw(unit_texts) if draw(st.booleans()) else f"{first:04}/{last:04}"
    elif draw(st.booleans()):
        text = draw(days).isoformat()
    else:
        first_day, last_day = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
        text = f"{first_day}/{last_day}"
    return Period.parse(calendar + text)


dates_imprecise = st.one_of(
    any_unit_texts,
    any_unit_texts.map("{}?".format),
    any_unit_texts.map("{}..".format),
    any_unit_texts.map("..{}".format),
).map(ImpreciseDate)

instants = st.sampled_from(("2023-05-04T03:02:01Z", "2023-05-04T03:02:01.5-06:00"))
known_ats = (any_unit_texts | instants).map(KnownAt)

texts = st.text("abcXYZ019._-/ ", min_size=1, max_size=8)
ids = st.from_regex(r"[a-z]{1,4}/[A-Z0-9]{1,4}", fullmatch=True)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)
code_texts = st.text("ab=<>0-9 é", min_size=1, max_size=5).filter(lambda t: t == t.strip())
breakdowns = st.dictionaries(names, code_texts, max_size=3).map(lambda d: Breakdown.of(d.items()))
audiences = st.sampled_from(("public", "members", "secretariat", "owner:rcm/MEX")).map(
    Audience.parse
)
name_lists = st.sets(names, max_size=3).map(lambda s: tuple(sorted(s)))
maybe_id = st.none() | ids

common = {
    "known_at": st.none() | known_ats,
    "head": st.none() | st.integers(0, 10**9),
    "audience": audiences,
    "verified_only": st.booleans(),
}
indicator_questions = st.builds(
    IndicatorQ,
    indicator=ids,
    period=periods(),
    place=maybe_id,
    party=maybe_id,
    programme=maybe_id,
    kind=st.sampled_from(KINDS),
    by=name_lists,
    where=breakdowns,
    reporters=st.sets(ids, max_size=2).map(lambda s: tuple(sorted(s))),
    **common,
)
money_questions = st.builds(
    MoneyQ,
    stage=st.none() | st.sampled_from(STAGES),
    period=st.none() | periods(),
    provider=maybe_id,
    receiver=maybe_id,
    programme=maybe_id,
    place=maybe_id,
    currency=st.none() | st.sampled_from(("USD", "MXN")),
    rate=maybe_id,
    by=name_lists,
    **common,
)


@st.composite
def count_questions(draw: st.DrawFn) -> CountQ:
    when = draw(st.none() | dates_imprecise | periods())
    return CountQ(
        of=draw(st.sampled_from(COUNTED)),
        body=draw(maybe_id),
        framework=draw(maybe_id),
        role=draw(st.none() | names),
        state=draw(st.none() | names),
        on=when if isinstance(when, ImpreciseDate) else None,
        period=when if isinstance(when, Period) else None,
        **{name: draw(value) for name, value in common.items()},  # type: ignore[arg-type]  # fields by name
    )


@st.composite
def change_questions(draw: st.DrawFn) -> ChangeQ:
    base = draw(periods() | known_ats | ids)
    return ChangeQ(
        of=draw(indicator_questions | money_questions),
        base_period=base if isinstance(base, Period) else None,
        base_known_at=base if isinstance(base, KnownAt) else None,
        base_place=base if isinstance(base, str) else None,
        as_=draw(st.sampled_from(CHANGES)),
        **{name: draw(value) for name, value in common.items()},  # type: ignore[arg-type]  # fields by name
    )


questions = st.one_of(
    indicator_questions,
    money_questions,
    count_questions(),
    st.builds(FactQ, record=ids, field=names, **common),
    change_questions(),
    st.builds(ProgressQ, of=indicator_questions, as_=st.sampled_from(PROGRESSES), **common),
)

# -- answers ---------------------------------------------------------------------------------------


def span(
    low: int | Fraction | None,
    high: int | Fraction | None,
    estimate: int | Fraction | None = None,
    *,
    low_open: bool = False,
    high_open: bool = False,
    num: int | None = None,
    den: int | None = None,
) -> Known:
    """A range written in whole numbers."""
    ends = [None if n is None else Fraction(n) for n in (low, high, estimate, num, den)]
    return Known(ends[0], ends[1], ends[2], low_open, high_open, ends[3], ends[4])


fractions = st.fractions(min_value=0, max_value=10**9, max_denominator=10**6)


@st.composite
def around(draw: st.DrawFn, truth: Fraction) -> Known:
    """What somebody may honestly know of a number: a range that holds it."""
    below = draw(st.none() | st.fractions(min_value=0, max_value=10, max_denominator=9))
    above = draw(st.none() | st.fractions(min_value=0, max_value=10, max_denominator=9))
    low = None if below is None else truth - below
    high = None if above is None else truth + above
    estimate = draw(st.none() | st.just(truth)) if low is not None or high is not None else truth
    return Known(
        low,
        high,
        estimate,
        low_open=bool(below) and draw(st.booleans()),
        high_open=bool(above) and draw(st.booleans()),
    )


codes = st.builds(
    Code.of, st.sampled_from(("coverage_unknown", "no_rate", "small_cell")), dimension=texts
)
knowns = fractions.flatmap(around) | st.builds(
    lambda n, d: Known(n / d, n / d, num=n, den=d), fractions, fractions.filter(bool)
)
answers: st.SearchStrategy[Answer] = st.one_of(
    knowns,
    days.map(lambda d: Known(d, d)),
    st.sampled_from(Absence).map(Absent),
    st.just(Suppressed("small_cell")),
    codes.map(Refused),
)
lacks = st.builds(
    Lack, maybe_id, maybe_id, maybe_id, periods().map(str), st.sampled_from(("missing", "pending"))
)
counts = st.integers(0, 999)
figures = st.builds(
    Figure,
    question=questions,
    answer=answers,
    unit=texts,
    sense=st.sampled_from(Sense),
    method=texts,
    known_at=texts,
    head=counts,
    coverage=st.none() | st.builds(Coverage, counts, counts, counts, counts, st.tuples(lacks)),
    caveats=st.lists(codes, max_size=2).map(tuple),
    competing=st.lists(
        st.builds(
            Competing,
            ids,
            answers,
            periods().map(str),
            st.sampled_from(("reporter", "part")),
            texts,
        ),
        max_size=2,
    ).map(tuple),
    trace=st.none()
    | st.builds(Trace, counts, st.text("0123456789abcdef", min_size=32, max_size=32)),
)
