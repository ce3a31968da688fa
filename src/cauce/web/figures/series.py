"""Which values of an indicator stand on its page: for which place, which periods, as of when?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from cauce import figures
from cauce.errors import CauceError
from cauce.exports.chart import change_of, chart_of
from cauce.exports.chart_values import Chart
from cauce.exports.figure_grid import figure_grid
from cauce.exports.grid import Grid
from cauce.figures import Explanation
from cauce.frameworks.queries import Indicator
from cauce.journal.clock import now
from cauce.ledger import queries as ledger
from cauce.values.audience import PUBLIC
from cauce.values.breakdown import TOTAL
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.web.page import Page
from cauce.words.foreign import plain

__all__ = ["SHOWN", "Series", "chosen", "series"]

#: What the table of the page shows of all that the files hold.
SHOWN = ("period", "value", "status", "reporter", "source", "published", "other_values", "informed")

#: The latest of longer series: a chart and a table of them stay legible and small.
MOST = 40


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator at one place over its periods, oldest first, as the public may see it.

    ``places``: where values are recorded, most values first; ``place`` is empty where values
    name none.
    """

    indicator: Indicator
    place: str
    places: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    moment: datetime

    @property
    def name(self) -> str:
        """The stem of the files made of it."""
        return str(self.indicator.code).replace("/", "-").replace(".", "-").lower()

    def chart(self, page: Page) -> Chart | None:
        """The series as a chart; none where there is nothing to draw."""
        if not self.explanations:
            return None
        asked = change_of(self.explanations)
        change = None
        if asked is not None:
            answers = figures.ask([asked], now=self.moment)
            change = next(iter(figures.release(answers, PUBLIC, now=self.moment)))
        return chart_of(self.explanations, page.voice, change=change)

    def grid(self, page: Page) -> Grid:
        """The series as a table."""
        return figure_grid(
            self.explanations,
            page.voice,
            page.names.sources,
            name=self.name,
            title=plain(page.voice.name(self.indicator.code)),
            address=page.absolute(page.request.get_full_path()),
            how_made=lambda figure: page.absolute(page.how(figure.question)),
            licence=page.voice.say("take_away.licence"),
            today=self.moment.astimezone(page.voice.zone).date(),
        )


def series(page: Page, code: str) -> Series:
    """The values that the page's address asks for: ``lugar``, ``desde``, ``hasta``.

    Raises ``unknown_indicator``, ``unknown_place``, ``bad_period``.
    """
    indicator, moment = page.names.indicator(code), now()
    found = [
        one
        for one in ledger.observations(view=page.view(moment), indicators=[code])
        if one.breakdown == TOTAL and one.kind == "actual"
    ]
    places = tuple(place for place, _ in Counter(one.place for one in found).most_common())
    place = chosen(page, "lugar") or (places[0] if places else "")
    page.names.check_place(place or None)
    periods = _within(
        page, figures.periods_to_ask(one.period for one in found if one.place == place)
    )
    asked = [
        IndicatorQ(indicator=code, place=place or None, period=period, known_at=page.known)
        for period in periods[-MOST:]
    ]
    made = figures.explain_all(asked, now=moment)
    return Series(indicator, place, places, made, moment)


def chosen(page: Page, name: str) -> str:
    """A word of the address, without blanks around it."""
    return str(page.request.GET.get(name, "")).strip()


def _within(page: Page, periods: list[Period]) -> list[Period]:
    start, end = chosen(page, "desde"), chosen(page, "hasta")
    first = Period.parse(start).start if start else date.min
    last = Period.parse(end).end if end else date.max
    if first >= last:
        raise CauceError("period_backwards", text=f"{start}/{end}")
    return [one for one in periods if one.start >= first and one.end <= last]
