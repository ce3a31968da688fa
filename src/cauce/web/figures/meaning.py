"""What does an indicator mean: what is counted, how it adds up, who reports it, what it cannot
say, and where it is used?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cauce.engines.rollup.declarations import Declarations, Identity, TimeRule, Value
from cauce.frameworks.queries import Indicator
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.question import IndicatorQ, question_from_json
from cauce.web.figures.reporting import reporting
from cauce.web.naming import source_href, text_of
from cauce.web.page import Crumb, Page
from cauce.web.sheets.contents import Row, sheet_row
from cauce.words.answers import PERCENT_UNITS, is_currency
from cauce.words.questions import innermost

__all__ = ["Said", "crumbs", "known_by", "marks", "meaning", "sheets_with"]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of what an indicator means; ``href`` where it can be read."""

    label: str
    text: str
    href: str = ""


def crumbs(page: Page, code: str) -> list[Crumb]:
    """«Cifras › framework › objective › indicator»: where an indicator hangs."""
    indicator, voice, nodes = page.names.indicator(code), page.voice, page.names.nodes
    home = page.link(f"cifras/{indicator.framework}/")
    branch: list[Crumb] = []
    at = indicator.node
    while at in nodes and len(branch) < len(nodes):
        branch.append(Crumb(voice.name(at), f"{home}#{at}"))
        at = nodes[at].parent
    return [
        Crumb(voice.say("page.figures"), page.link("cifras/")),
        Crumb(voice.short(indicator.framework), home),
        *reversed(branch),
        Crumb(voice.name(code)),
    ]


def marks(page: Page, indicator: Indicator) -> tuple[str, ...]:
    """How an indicator is known, how its values add up, and whether it measures success."""
    basis, *more = known_by(page, indicator)
    adds = page.voice.say(f"mark.{_adds(page.names.declarations(indicator))}")
    return (basis, adds, *more)


def known_by(page: Page, indicator: Indicator) -> tuple[str, ...]:
    """How an indicator is known, and that it does not measure success where that is declared."""
    basis = page.voice.say(f"basis.{indicator.basis}")
    if not indicator.not_success:
        return (basis,)
    return basis, page.voice.say("mark.not_success")


def _adds(declared: Declarations) -> str:
    if declared.is_ratio:
        return "ratio"
    if declared.value not in (Value.COUNT, Value.AMOUNT):
        return "alone"
    if declared.identity is Identity.PERSONS:
        return "persons"
    if declared.since is not None:
        return "since"
    return {TimeRule.SUM: "adds", TimeRule.AT_END: "level", TimeRule.UNION: "entities"}.get(
        declared.time, "alone"
    )


def meaning(page: Page, indicator: Indicator) -> tuple[Said, ...]:
    """What «Qué significa» says, line by line, below the definition that opens the page; what is
    not recorded is left out, but who reports is always said."""
    return tuple(said for said in _lines(page, indicator) if said.text)


def _lines(page: Page, indicator: Indicator) -> Iterator[Said]:
    voice = page.voice

    def line(key: str, text: str, href: str = "") -> Said:
        return Said(voice.say(f"meaning.{key}"), text, href)

    yield line("unit", _unit(page, indicator.unit))
    yield line("numerator", text_of(page, indicator.numerator))
    yield line("denominator", text_of(page, indicator.denominator))
    yield line("adds", voice.say(f"meaning.adds.{_adds(page.names.declarations(indicator))}"))
    yield line("limits", " ".join(_limits(page, indicator)))
    yield line("chosen", " ".join(_chosen(page, indicator.code)))
    for key, text in reporting(page, indicator):
        yield line(key, text)
    source = indicator.source
    yield line("source", voice.name(source) if source else "", source_href(page, source))
    yield line("code", indicator.code)


def _unit(page: Page, unit: str) -> str:
    if unit in PERCENT_UNITS or is_currency(unit):
        return "%" if unit in PERCENT_UNITS else unit
    return page.voice.say_or(f"unit.{unit}", unit, count=Fraction(2), number="").strip()


def _limits(page: Page, indicator: Indicator) -> Iterator[str]:
    say = page.voice.say
    if indicator.not_success:
        yield say("meaning.not_success")
    if indicator.protected:
        yield say("meaning.protected")
    below = page.names.suppress_below(indicator.framework)
    if "person" in (indicator.unit, indicator.numerator_unit) and below:
        yield say("meaning.small", count=below)


def _chosen(page: Page, code: str) -> Iterator[str]:
    """Whose value answers where several publish one, and why."""
    for one in page.names.preferred:
        if one.indicator == code:
            yield page.voice.say(
                "meaning.chosen_one",
                reporter=page.voice.short(one.reporter),
                reason=text_of(page, one.reason),
            )


def sheets_with(page: Page, code: str) -> tuple[Row, ...]:
    """The newest fact sheets that print a figure of the indicator."""
    found = []
    for issue in sheets.issued():
        asked = (
            innermost(question_from_json(stored["question"], audience=PUBLIC))
            for stored in issue.document()["figures"].values()
        )
        if any(isinstance(one, IndicatorQ) and one.indicator == code for one in asked):
            found.append(sheet_row(page, issue))
    return tuple(found)
