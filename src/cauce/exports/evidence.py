"""Who says a figure, in which document, since when, and what is in doubt, in the few words that
leave with it?

The short form of an explanation for a table or a quotation. The page «how this figure is made»
says all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from cauce.figures import Explanation
from cauce.figures.invented import INVENTED
from cauce.values.answer import Absent, Code, Known, Refused
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Figure
from cauce.words import Voice
from cauce.words.codes import caveat
from cauce.words.explanations import Paper, published
from cauce.words.figures import coverage
from cauce.words.questions import is_count

__all__ = [
    "MOST",
    "common_cautions",
    "documents",
    "doubts",
    "few",
    "is_invented",
    "link",
    "newest",
    "publications",
    "reporters",
    "state_of",
    "statuses",
]

#: How many organisations, documents or dates are named; the rest is counted.
MOST = 3

T = TypeVar("T")

_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/|$)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)

#: Said once for a whole table.
_COMMON = frozenset({"coverage_unknown"})


def state_of(figure: Figure) -> str:
    """``known``, or which nothing it is: missing, pending, withdrawn, not_applicable,
    suppressed, refused."""
    match figure.answer:
        case Known():
            return "known"
        case Absent(absence=absence):
            return absence.value
        case Refused():
            return "refused"
        case _:
            return "suppressed"


def is_invented(figure: Figure) -> bool:
    """Whether it was made up for a demonstration."""
    return INVENTED in figure.caveats


def reporters(explanation: Explanation) -> tuple[str, ...]:
    """The ids of the organisations that reported the values used, each once; none of what was
    counted here: who stated each of them did not state their number."""
    if is_count(explanation.figure.question):
        return ()
    return _once(used.reporter for used in explanation.used)


def documents(explanation: Explanation) -> tuple[str, ...]:
    """The ids of the documents the values stand in, each once."""
    return _once(used.source for used in explanation.used)


def statuses(explanation: Explanation) -> tuple[str, ...]:
    """Preliminary, revised or final, each once: said of reported values only, «» stands for others.
    Of money and agreements it would say more than their record does."""
    found = (u.status if u.record_type == "observation" else "" for u in explanation.used)
    return tuple(dict.fromkeys(found))


def publications(
    explanation: Explanation, papers: Mapping[str, Paper]
) -> tuple[ImpreciseDate | None, ...]:
    """Since when the values could be read, each date once; ``None`` for one not recorded."""
    found = (published(used, papers.get(used.source)) for used in explanation.used)
    return tuple(dict.fromkeys(found))


def newest(explanation: Explanation, papers: Mapping[str, Paper]) -> ImpreciseDate | None:
    """Since when the latest of the values could be read; ``None`` where no date is recorded. What
    was counted here could be read on the day as of which it was counted."""
    if is_count(explanation.figure.question) and explanation.figure.known_at:
        return ImpreciseDate(explanation.figure.known_at.partition("T")[0])
    dated = [day for day in publications(explanation, papers) if day and day.latest]
    return max(dated, key=lambda day: day.latest or date.min, default=None)


def doubts(figure: Figure, voice: Voice, *, but_invented: bool = False) -> list[str]:
    """What a reader should be careful about, as sentences: who did not report, then the cautions
    that are this figure's own; ``but_invented`` where that is said already."""
    told = figure.coverage
    lacking = coverage(told, voice) if told and told.received < told.due else ""
    left_out = _COMMON | ({INVENTED.code} if but_invented else set())
    own = (caveat(code, voice) for code in figure.caveats if code.code not in left_out)
    return [words for words in (lacking, *own) if words]


def common_cautions(figures: Iterable[Figure], voice: Voice) -> list[str]:
    """The cautions that hold for many figures of a table and are said once."""
    codes: dict[Code, None] = {}
    for figure in figures:
        codes |= dict.fromkeys(code for code in figure.caveats if code.code in _COMMON)
    return [caveat(code, voice) for code in codes]


def few(items: Iterable[T], write: Callable[[T], str], voice: Voice) -> str:
    """The first of them in words, separated by semicolons, and how many more there are."""
    found = list(dict.fromkeys(write(item) for item in items))
    return voice.apart(voice.few(found, MOST))


def link(address: str) -> str:
    """Where a recorded address leads: a page of the site, or a document elsewhere (most sources
    are recorded without «https://», as they are printed). Nothing else may become a link."""
    if not address or address.startswith("/") or _SCHEME.match(address):
        return address
    return f"https://{address}" if _HOST.match(address) else ""


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
