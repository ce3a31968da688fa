"""Which values of an indicator stand on its page: for which place, which periods, as of when?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cauce import figures
from cauce.errors import CauceError
from cauce.exports.chart import change_of, chart_of
from cauce.exports.chart_values import Chart
from cauce.exports.figure_grid import figure_grid
from cauce.exports.grid import Grid
from cauce.figures import Explanation
from cauce.frameworks.queries import Indicator
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Observation
from cauce.values.answer import Known
from cauce.values.breakdown import TOTAL, Breakdown
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import IndicatorQ, Question
from cauce.web.asking import parameters
from cauce.web.cards import explained, released
from cauce.web.naming import stem
from cauce.web.page import Page
from cauce.words.foreign import plain

__all__ = [
    "SHOWN",
    "Recorded",
    "Series",
    "chosen",
    "grid_of",
    "how",
    "recorded",
    "series",
]

#: What the table of the page shows of all that the files hold.
SHOWN = ("period", "value", "status", "reporter", "source", "published", "other_values", "informed")
SHOWN_BY = ("period", "breakdown", "value", "status", "reporter", "source", "published")

#: Parts of a year by which a series can be told.
TIMES = ("quarter", "month")

#: Units of which values are told, and the column that names each.
UNITS = {"place": "place", "party": "who", "programme": "who"}

#: The latest of longer series: a chart and a table of them stay legible and small.
MOST = 40

#: The latest periods of a table with a row for each group.
MOST_BY = 8

#: More groups than this are read in the table only.
MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the public may see recorded of one indicator, and the place that the address names.

    ``places``: where values are recorded, most values first; ``place`` is empty where values
    name none.
    """

    indicator: Indicator
    values: tuple[Observation, ...]
    place: str
    places: tuple[str, ...]
    page: Page

    def here(self, kind: str = "actual") -> list[Observation]:
        """The values of a kind at the place or below it."""
        within = self.page.names.within
        place = self.place or None
        return [one for one in self.values if one.kind == kind and within(one.place, place)]

    def breakdowns(self, kind: str = "actual") -> tuple[Breakdown, ...]:
        """What the values here are told for: the total first, where there is one."""
        found = dict.fromkeys(one.breakdown for one in self.here(kind))
        return tuple(sorted(found, key=lambda one: (one != TOTAL, one.text)))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what the values can be broken down: by parts of the year, by place, by whose work it
        is where several are told, and by the codes of those here."""
        grains = Counter(one.grain for one in self.spans())
        times = [name for name in TIMES if grains[name] > 1]
        units = [name for name in UNITS if len(self.units(name)) > 1]
        groups = (name for one in self.breakdowns() for name in one.dimensions)
        return tuple(dict.fromkeys((*times, *units, *groups)))

    def units(self, name: str) -> tuple[str, ...]:
        """The places of all values; or the parties or programmes of those here."""
        if name == "place":
            named = ((plain(self.page.voice.name(place)), place) for place in self.places if place)
            return tuple(place for _, place in sorted(named))
        found = (str(getattr(one, name)) for one in self.here() if one.breakdown == TOTAL)
        return tuple(dict.fromkeys(unit for unit in found if unit))

    def everywhere(self) -> list[Period]:
        """The periods of which a total is told for any place."""
        own = (one for one in self.values if one.kind == "actual" and one.breakdown == TOTAL)
        return sorted({one.period for one in own}, key=lambda p: (p.end, p.start))

    def where(self) -> Breakdown:
        """The breakdown that the address names; else the total, or the first there is."""
        if text := chosen(self.page, "desglose"):
            return Breakdown.parse(text)
        return next(iter(self.breakdowns()), TOTAL)

    def periods(self, where: Breakdown = TOTAL) -> list[Period]:
        """The periods that a series asks for, oldest first; of a level those it was told for; of a
        place of which nothing is told, those told of others."""
        own = [one.period for one in self.here() if one.breakdown == where]
        if own and self.page.names.declarations(self.indicator).is_level:
            return sorted(set(own), key=lambda p: (p.end, p.start))
        return figures.periods_to_ask(own if own or self.here() else self.everywhere())

    def spans(self, where: Breakdown = TOTAL) -> list[Period]:
        """Every period that can be asked about: those of the series, and the parts reported."""
        own = {one.period for one in self.here() if one.breakdown == where}
        return sorted({*self.periods(where), *own}, key=lambda p: (p.calendar, p.end, p.start))

    def asked(self, period: Period, where: Breakdown = TOTAL, kind: str = "actual") -> IndicatorQ:
        """The question for one value here, as known when the reader travels."""
        return IndicatorQ(
            indicator=self.indicator.code,
            place=self.place or None,
            period=period,
            where=where,
            kind=kind,
            known_at=self.page.known,
        )


def recorded(page: Page, code: str, place: str = "") -> Recorded:
    """What is recorded of an indicator; the place is the one given, or the address's ``lugar``,
    else that of most values. Raises ``unknown_indicator``, ``unknown_place``."""
    indicator = page.names.indicator(code)
    values = ledger.observations(view=page.view, indicators=[code])
    # Where something is only aimed at, its place is the target's.
    counted = [one for one in values if one.kind == "actual"] or list(values)
    told = (place for place, _ in Counter(one.place for one in counted).most_common())
    # Also where a value is due and nobody has told one.
    due = (one.place for one in page.names.obligations if one.indicator == code and one.place)
    places = tuple(dict.fromkeys((*told, *due)))
    place = place or chosen(page, "lugar") or (places[0] if places else "")
    page.names.check_place(place or None)
    return Recorded(indicator, values, place, places, page)


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator at one place over its periods, oldest first; ``by`` names the dimension it is
    broken down by, ``total`` is then the newest whole. ``planned`` are targets and baselines,
    ``target`` the one a chart may draw."""

    recorded: Recorded
    by: str
    explanations: tuple[Explanation, ...]
    planned: tuple[Explanation, ...] = ()
    target: Figure | None = None
    total: Explanation | None = None

    @property
    def indicator(self) -> Indicator:
        return self.recorded.indicator

    @property
    def name(self) -> str:
        """The stem of the files made of it."""
        return stem(self.indicator.code)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that the page shows."""
        column = UNITS.get(self.by, "breakdown")
        by = tuple(column if name == "breakdown" else name for name in SHOWN_BY)
        return by if self.by and self.by not in TIMES else SHOWN

    @property
    def latest(self) -> Explanation | None:
        """The newest value that is known, else the newest answer; of the whole where there is."""
        if self.total is not None:
            return self.total
        return self._newest

    @property
    def _newest(self) -> Explanation | None:
        told = self.explanations[::-1]
        known = (one for one in told if isinstance(one.figure.answer, Known))
        return next(known, told[0] if told else None)

    def chart(self, page: Page) -> Chart | None:
        """The series as a chart; none where there is nothing to draw, or too much to read."""
        if self.by:
            return self._chart_of_groups(page)
        if not self.explanations:
            return None
        asked = change_of(self.explanations)
        change = released(page, [asked])[0] if asked else None
        return chart_of(self.explanations, page.voice, target=self.target, change=change)

    def _chart_of_groups(self, page: Page) -> Chart | None:
        """The groups of the newest period that has a value; of one group all its periods."""
        groups = {replace(q, period=EVER) for one in self.explanations if (q := _asked(one))}
        if len(groups) == 1:
            return chart_of(self.explanations, page.voice)
        newest = self._newest
        period = _period(newest) if newest else None
        shown = [one for one in self.explanations if _period(one) == period]
        return chart_of(shown, page.voice) if 0 < len(shown) <= MOST_GROUPS else None

    def grid(self, page: Page) -> Grid:
        """The series as a table, after it what was planned."""
        return grid_of(page, (*self.explanations, *self.planned), self.indicator, self.name)

    def plan(self, page: Page) -> Grid | None:
        """What was aimed at, and from where, as a table of its own; none where nothing is."""
        if not self.planned:
            return None
        title = page.voice.say("indicator.plan")
        found = grid_of(page, self.planned, self.indicator, self.name, title)
        return found.only("what", "period", "value", "reporter", "source", "published")


#: Any period: groups are told apart by everything else.
EVER = Period.parse("2000")


def _asked(one: Explanation) -> IndicatorQ | None:
    question = one.figure.question
    return question if isinstance(question, IndicatorQ) else None


def _period(one: Explanation) -> Period | None:
    question = _asked(one)
    return question.period if question else None


def series(page: Page, code: str, place: str = "") -> Series:
    """The values that the page's address asks for: ``lugar``, ``desde``, ``hasta``, ``desglosar``.

    Raises ``unknown_indicator``, ``unknown_place``, ``unknown_dimension``, ``bad_period``.
    """
    found = recorded(page, code, place)
    by = _by(page, found)
    periods = _periods(found, by)
    most = MOST_BY if by and by not in TIMES else MOST
    kept = _within(page, periods)[-most:]
    asked = [replace(found.asked(one), **group) for one in kept for group in _groups(found, by)]
    plans = [] if by else _plans(page, found)
    whole = [found.asked(found.periods()[-1])] if by and found.periods() else []
    made = explained(found.page, [*asked, *whole, *plans])
    own, rest = made[: len(asked)], made[len(asked) :]
    if whole:
        return Series(found, by, own, total=rest[0])
    return Series(found, by, own, rest, _target(own, rest))


def _by(page: Page, found: Recorded) -> str:
    """The dimension asked for; where no total is recorded, the first there is."""
    by = chosen(page, "desglosar")
    if by and by not in found.dimensions:
        choices = ", ".join(found.dimensions) or "—"
        raise CauceError("unknown_dimension", dimension=by[:60], choices=choices)
    has_total = any(one == TOTAL for one in found.breakdowns())
    groups = (name for name in found.dimensions if name not in (*UNITS, *TIMES))
    return by or ("" if has_total else next(groups, ""))


def _periods(found: Recorded, by: str) -> list[Period]:
    """Of a series every period; of groups those of which one is told."""
    if not by:
        return found.periods()
    if by in TIMES:
        return [one for one in found.spans() if one.grain == by]
    if by == "place":
        return found.everywhere()
    told = found.here()
    if by not in UNITS:
        told = [one for one in told if one.breakdown.get(by)]
    return sorted({one.period for one in told}, key=lambda p: (p.end, p.start))


def _groups(found: Recorded, by: str) -> list[dict[str, Any]]:
    """What narrows the question to each group: a place or party, or a code of the dimension that
    has a value, in the order of its list."""
    if not by or by in TIMES:
        return [{}]
    if by in UNITS:
        return [{by: unit} for unit in found.units(by)]
    used = {one.breakdown.get(by) for one in found.here()}
    listed = found.page.names.code_spans(found.indicator.code).get(by, ())
    codes = dict.fromkeys(span.code for span in listed if span.code in used)
    return [{"where": Breakdown.of([(by, code)])} for code in codes]


def _plans(page: Page, found: Recorded) -> list[IndicatorQ]:
    """The questions for what was aimed at and what it is measured from."""
    told = dict.fromkeys(
        (one.period, one.kind)
        for kind in ("baseline", "target")
        for one in found.here(kind)
        if one.breakdown == TOTAL
    )
    kept = _within(page, sorted({period for period, _ in told}))
    return [found.asked(period, kind=kind) for period, kind in sorted(told) if period in kept]


def _target(own: Sequence[Explanation], planned: Sequence[Explanation]) -> Figure | None:
    """The one target there is, where its period is, or contains, the newest of the series."""
    targets = [
        one.figure
        for one in planned
        if isinstance(one.figure.question, IndicatorQ) and one.figure.question.kind == "target"
    ]
    if len(targets) != 1 or not own:
        return None
    aimed, newest = targets[0].question, own[-1].figure.question
    if not isinstance(aimed, IndicatorQ) or not isinstance(newest, IndicatorQ):
        return None
    return targets[0] if aimed.period.contains(newest.period) else None


# -- shared with the pages below an indicator ------------------------------------------------------


def grid_of(
    page: Page,
    explanations: Sequence[Explanation],
    indicator: Indicator,
    name: str,
    title: str = "",
) -> Grid:
    """Explanations as a table that leads to how each figure is made. Its address names the page
    and what was asked there."""
    return figure_grid(
        explanations,
        page.voice,
        page.names.sources,
        name=name,
        title=plain(title or page.voice.name(indicator.code)),
        address=page.absolute(page.request.get_full_path()),
        how_made=lambda figure: page.absolute(how(page, figure.question)),
        licence=page.voice.say("take_away.licence"),
        today=page.today,
    )


def how(page: Page, question: Question) -> str:
    """Where it is told how a figure is made: as known when it was asked, not when the reader
    travels, because a comparison asks about two dates."""
    return f"{page.root}cifras/como-se-obtuvo?{parameters(replace(question, head=None))}"


def chosen(page: Page, name: str) -> str:
    """A word of the address, without blanks around it."""
    return page.word(name)


def _within(page: Page, periods: list[Period]) -> list[Period]:
    start, end = chosen(page, "desde"), chosen(page, "hasta")
    first = Period.parse(start).start if start else date.min
    last = Period.parse(end).end if end else date.max
    if first >= last:
        raise CauceError("period_backwards", text=f"{start}/{end}")
    return [one for one in periods if one.start >= first and one.end <= last]
