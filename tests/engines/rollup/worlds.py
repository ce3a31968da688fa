"""Worlds of persons: who was seen by whom, where and when; and what agencies make of it.

A world is simulated person by person, which no ledger ever is. Only the agencies' reports leave
it: counts by unit, period and breakdown, some of them lost. The roll-up sees nothing else, and the
truth must lie in every range that it gives.

What makes it hard: persons move (never, between months, between days, or at any time, as the
indicator declares it), grow older, come back, and are seen by several agencies and programmes;
agencies report monthly, quarterly or yearly, for the country or by place, by programme or not, and
by total, sex, age or both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from cauce.engines.rollup import Ask, Cell, CodeSpan, Declarations, Due, Unit, World, declare
from cauce.values.answer import Known, exact
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

COUNTRY = "MEX"
PLACES = ("X", "Y")
PROGRAMMES = ("p", "q")
AGENCIES = ("A", "B", "C")
SEXES = ("f", "m")
AGES = ("young", "old")
CODES = {"sex": tuple(map(CodeSpan, SEXES)), "age": tuple(map(CodeSpan, AGES))}
ABOVE = {place: frozenset({COUNTRY}) for place in PLACES}

YEAR, QUARTER = Period.parse("2023"), Period.parse("2023-Q1")
MONTHS = QUARTER.split("month")  # things happen in the first quarter only
DAYS = (3, 17)  # of each month
BREAKDOWNS = ((), ("sex",), ("age",), ("age", "sex"))
PERIODS = tuple(
    map(Period.parse, ("2023-01", "2023-02", "2023-03", "2023-01/2023-02", "2023-Q1", "2023"))
)


@dataclass(frozen=True)
class Seen:
    """One person, seen by an agency's programme at a place on a day, at that age."""

    person: int
    sex: str
    age: str
    agency: str
    programme: str
    place: str
    day: date

    def matches(self, unit: Unit, where: Breakdown) -> bool:
        return (
            unit.party in ("", self.agency)
            and unit.programme in ("", self.programme)
            and unit.place in ("", COUNTRY, self.place)
            and where.get("sex") in (None, self.sex)
            and where.get("age") in (None, self.age)
        )


@dataclass(frozen=True)
class Habit:
    """How an agency reports."""

    agency: str
    grains: tuple[str, ...]  # of time; the first is the one it owes
    by_place: tuple[bool, ...]
    by_programme: bool
    breakdowns: tuple[tuple[str, ...], ...]
    omits_zeros: bool

    def units(self) -> Iterator[tuple[Unit, bool]]:
        """Its reporting units, with whether it owes them."""
        programmes = PROGRAMMES if self.by_programme else ("",)
        for index, split in enumerate(self.by_place):
            for programme, place in product(programmes, PLACES if split else (COUNTRY,)):
                yield Unit(self.agency, programme, place), index == 0


@dataclass(frozen=True)
class Scenario:
    """A world, the reports that arrived, what is declared, and one question."""

    seen: tuple[Seen, ...]
    cells: tuple[Cell, ...]
    world: World
    declared: Declarations
    ask: Ask
    people: int

    def in_scope(self) -> list[Cell]:
        """What the ledger hands to the engine: the cells of the asked unit and what lies below."""
        asked = self.ask.unit
        return [
            c
            for c in self.cells
            if asked.party in ("", c.unit.party)
            and asked.programme in ("", c.unit.programme)
            and (asked.place in ("", c.unit.place) or asked.place in ABOVE.get(c.unit.place, ()))
        ]

    def truth(self) -> int:
        """The number that only somebody who saw everybody can know."""
        here = [s for s in self.seen if s.matches(self.ask.unit, self.ask.where)]
        return count(here, self.ask.period, self.declared)


def count(seen: Iterable[Seen], period: Period, declared: Declarations) -> int:
    """What one agency, or an omniscient one, counts in a period by the indicator's rules."""
    seen = [s for s in seen if period.start <= s.day < period.end]
    if declared.identity == "events":
        return len(seen)
    match declared.time:
        case "union":
            return len({s.person for s in seen})
        case "at_end":
            last = [m for m in MONTHS if m.end <= period.end]
            day = replace(last[-1], start=last[-1].start.replace(day=DAYS[-1])).start
            return len({s.person for s in seen if s.day == day}) if is_end(period) else 0
        case _:
            months = [m for m in period.split("month") if m in MONTHS] or [period]
            counts = [
                len({s.person for s in seen if m.start <= s.day < m.end})
                for m in (MONTHS if period == YEAR else months)
            ]
            if period == YEAR:
                counts.append(0)  # nobody was seen after March
            return max(counts) if declared.time == "max" else min(counts)


def is_end(period: Period) -> bool:
    """Whether somebody is there at the end: after March all have left."""
    return period.end <= MONTHS[-1].end


# -- drawing worlds ------------------------------------------------------------------------------


@st.composite
def scenarios(draw: st.DrawFn, kind: str = "union") -> Scenario:
    """A world with its reports and a question; ``kind``: union, events, max, min or at_end."""
    within = draw(st.sampled_from(("", "day", "month", "quarter")))
    declared = declarations(draw, kind, within)
    people, seen = sightings(draw, within, once=kind == "at_end")
    # Four in five worlds end with the quarter: twelve months of reports are slow to draw.
    whole = draw(st.sampled_from((QUARTER,) * 4 + (YEAR,)))
    habits = [habit(draw, a, whole) for a in AGENCIES[: draw(st.integers(1, 3))]]
    names = {h.agency for h in habits}
    seen = tuple(s for s in seen if s.agency in names)
    cells, dues = reports(draw, seen, habits, declared, whole)
    population = Fraction(people) if kind == "union" and draw(st.booleans()) else None
    world = World(above=ABOVE, codes=CODES, dues=tuple(dues), population=population)
    return Scenario(seen, tuple(cells), world, declared, question(draw, habits, whole), people)


def declarations(draw: st.DrawFn, kind: str, within: str) -> Declarations:
    if kind == "events":
        return declare(preset="flow", dimensions={"sex": "lasting"})
    age = draw(st.sampled_from(("partition", "overlap")))
    return declare(
        preset="unique_people",
        time=kind,
        dimensions={"place": draw(st.sampled_from(("partition", "overlap"))), "age": age},
        partition_within=within,
    )


def sightings(draw: st.DrawFn, within: str, *, once: bool) -> tuple[int, tuple[Seen, ...]]:
    """Persons with a lasting sex, where they are when, and who sees them.

    Nobody moves or changes age inside of ``within``. ``once``: nobody is in two places at one
    time, whatever is declared.
    """
    people = draw(st.integers(1, 6))
    sexes = draw(st.lists(st.sampled_from(SEXES), min_size=people, max_size=people))
    steps = {"quarter": 1, "month": len(MONTHS)}.get(within, len(MONTHS) * len(DAYS))
    homes = draw(_lists(PLACES, people, steps))
    aged = draw(st.lists(st.integers(0, steps), min_size=people, max_size=people))
    moments = st.tuples(
        st.integers(0, people - 1),
        st.sampled_from(AGENCIES),
        st.sampled_from(PROGRAMMES),
        st.integers(0, len(MONTHS) * len(DAYS) - 1),
        st.sampled_from(PLACES),
    )
    found = []
    for person, agency, programme, slot, anywhere in draw(
        st.lists(moments, min_size=1, max_size=14)
    ):
        month, day = divmod(slot, len(DAYS))
        step = {"quarter": 0, "month": month}.get(within, slot)
        place = homes[person][step] if within or once else anywhere
        found.append(
            Seen(
                person,
                sexes[person],
                AGES[step >= aged[person]],
                agency,
                programme,
                place,
                MONTHS[month].start.replace(day=DAYS[day]),
            )
        )
    return people, tuple(found)


def _lists(values: tuple[str, ...], rows: int, columns: int) -> st.SearchStrategy[list[list[str]]]:
    row = st.lists(st.sampled_from(values), min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


def habit(draw: st.DrawFn, agency: str, whole: Period) -> Habit:
    grains = [("month",), ("quarter",), ("month", "quarter"), ("quarter", "month")]
    if whole == YEAR:
        grains += [("year",), ("month", "year"), ("year", "month")]
    return Habit(
        agency,
        draw(st.sampled_from(grains)),
        draw(st.sampled_from(((False,), (True,), (False, True), (True, False)))),
        draw(st.booleans()),
        tuple(draw(st.lists(st.sampled_from(BREAKDOWNS), min_size=1, max_size=3, unique=True))),
        draw(st.booleans()),
    )


def reports(
    draw: st.DrawFn,
    seen: tuple[Seen, ...],
    habits: list[Habit],
    declared: Declarations,
    whole: Period,
) -> tuple[list[Cell], list[Due]]:
    """What each agency sends, unless a whole report is lost or still under review."""
    cells: list[Cell] = []
    dues: list[Due] = []
    fates = draw(
        st.dictionaries(st.integers(0, 30), st.sampled_from(("pending", "lost")), max_size=3)
    )
    number = 0
    for one in habits:
        for (unit, owes), (order, grain) in product(one.units(), enumerate(one.grains)):
            for period in whole.split(grain):
                fate = "provisional"
                if period.start < MONTHS[-1].end:
                    fate = fates.get(number, fate)
                    number += 1
                if owes and order == 0:
                    dues.append(Due(unit, period))
                if fate != "lost":
                    cells.extend(_report(seen, one, unit, period, fate, declared, len(cells)))
    return cells, dues


def _report(
    seen: tuple[Seen, ...],
    one: Habit,
    unit: Unit,
    period: Period,
    status: str,
    declared: Declarations,
    number: int,
) -> Iterator[Cell]:
    for dimensions in one.breakdowns:
        for codes in product(*(tuple(c.code for c in CODES[d]) for d in dimensions)):
            where = Breakdown.of(zip(dimensions, codes, strict=True))
            value = count((s for s in seen if s.matches(unit, where)), period, declared)
            if value == 0 and one.omits_zeros and dimensions:
                continue
            number += 1
            yield Cell(
                id=f"{unit} {period} {where}",
                digest=f"{number:064x}",
                reporter=one.agency,
                unit=unit,
                period=period,
                breakdown=where,
                value=exact(value) if status == "provisional" else None,
                status=status,
            )


def question(draw: st.DrawFn, habits: list[Habit], whole: Period) -> Ask:
    """A question that somebody's habits could answer: of others all that is known is nothing."""
    given = {d for h in habits for d in h.breakdowns}
    wheres = ["", "", ""]
    wheres += ["sex=f", "sex=m"] if any("sex" in d for d in given) else []
    wheres += ["age=old"] if any("age" in d for d in given) else []
    wheres += ["age=young;sex=f"] if ("age", "sex") in given else []
    grains = {g for h in habits for g in h.grains}
    periods = [p for p in PERIODS if "month" in grains or p == whole or p.grain in grains]
    periods = [p for p in periods if whole.contains(p)]
    programmes = ("", "", "p") if any(h.by_programme for h in habits) else ("",)
    places = ("", COUNTRY, *(("X",) if any(True in h.by_place for h in habits) else ()))
    party = draw(st.sampled_from(("", "", "", "A")))
    unit = Unit(party, draw(st.sampled_from(programmes)), draw(st.sampled_from(places)))
    where = Breakdown.parse(draw(st.sampled_from(wheres)))
    return Ask(draw(st.sampled_from(periods)), where, unit)


def holds(known: Known, truth: int) -> bool:
    """Whether a range holds a number, with its open ends."""
    low, high = known.low, known.high
    above = not isinstance(low, Fraction) or low < truth or (low == truth and not known.low_open)
    below = (
        not isinstance(high, Fraction) or truth < high or (high == truth and not known.high_open)
    )
    return above and below
