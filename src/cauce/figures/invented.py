"""Does a figure rest on what was made up for a demonstration?

Then it says so itself, first of all cautions: the mark goes wherever the figure goes. It rests on
it if one of its records was read in an invented source, or if what is asked about is itself
invented, so that a value which is missing, pending or protected is marked too. And what is invented
never enters a total of everything: only a question that names something of its pack is answered by
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cauce.figures.answered import Answered
from cauce.figures.catalogue import Catalogue
from cauce.values.answer import Code
from cauce.values.question import ChangeQ, CountQ, IndicatorQ, MoneyQ, ProgressQ, Question

__all__ = ["INVENTED", "left_out", "marked"]

#: The caution of such a figure.
INVENTED = Code.of("invented_data")


def marked(answered: Answered, names: Catalogue) -> Answered:
    """The answer, with the caution in front where it is due; ``names`` are those at its head."""
    figure = answered.figure
    if not names.invented:
        return answered
    sources = answered.sources | _defined_in(figure.question, names)
    if names.invented.isdisjoint(sources):
        return answered
    return replace(answered, figure=replace(figure, caveats=(INVENTED, *figure.caveats)))


def left_out(source: str, asked: Iterable[str | None], names: Catalogue) -> bool:
    """Whether a record of this source is invented and nothing asked about belongs to its pack."""
    if source not in names.invented:
        return False
    return _pack(source) not in {_pack(code) for code in asked if code}


def _pack(code: str) -> str:
    return code.partition("/")[0]


def _defined_in(question: Question, names: Catalogue) -> set[str]:
    """The sources of the definitions a question is about."""
    match question:
        case ChangeQ() | ProgressQ():
            return _defined_in(question.of, names)
        case IndicatorQ():
            indicator = names.indicator(question.indicator)
            return {indicator.source} | _of(names, indicator.framework, question.programme)
        case MoneyQ():
            return _of(names, question.programme)
        case CountQ():
            return _of(names, question.body, question.framework)
        case _:
            return set()


def _of(names: Catalogue, *codes: str | None) -> set[str]:
    """The sources of frameworks, bodies and programmes, and of the framework of each programme."""
    found: set[str] = set()
    for code in filter(None, codes):
        for room in (names.frameworks, names.nodes, names.bodies):
            if code in room:
                found.add(room[code].source)
        if code in names.nodes:
            found |= _of(names, names.nodes[code].framework)
    return found
