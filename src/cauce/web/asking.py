"""How does an address ask a question, and which address asks a given question?

An indicator is asked in plain words (``indicador=asylum/AS-1&lugar=MEX&periodo=2022``); any other
question by its published spelling in ``pregunta``. ``sabido`` says as known when, ``asiento`` up
to which entry. A page asks for the public, whatever an address says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from cauce.errors import CauceError
from cauce.values.audience import PUBLIC
from cauce.values.dates import ImpreciseDate, KnownAt, Precision
from cauce.values.question import IndicatorQ, Question, question_from_json, question_to_json

__all__ = ["KNOWN", "day_of", "known_of", "parameters", "question_of"]

KNOWN = "sabido"
HEAD = "asiento"
WHOLE = "pregunta"

#: Words of an address, and the field of the question each one fills.
FIELDS = {
    "indicador": "indicator",
    "lugar": "place",
    "periodo": "period",
    "desglose": "where",
    "organizacion": "party",
    "programa": "programme",
    "tipo": "kind",
}

_LONGEST = 4000

#: How exactly a day may be written in an address.
_EXACT = (Precision.DAY, Precision.MONTH, Precision.YEAR)


def question_of(query: Mapping[str, str]) -> Question:
    """The question an address asks, for the public.

    Raises ``field_required``, ``unknown_column`` for a word that means nothing, or the error of a
    value that does not parse.
    """
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    known = given.pop(KNOWN, None)
    head = _head(given.pop(HEAD, None))
    whole = given.pop(WHOLE, None)
    unknown = sorted(set(given).difference(FIELDS))
    if unknown:
        choices = ", ".join((*FIELDS, WHOLE, KNOWN, HEAD))
        raise CauceError("unknown_column", column=unknown[0][:60], choices=choices)
    question = _parsed(whole) if whole else _indicator(given)
    return replace(
        question,
        known_at=KnownAt(known) if known else question.known_at,
        head=question.head if head is None else head,
    )


def _indicator(given: Mapping[str, str]) -> Question:
    for required in ("indicador", "periodo"):
        if required not in given:
            raise CauceError("field_required", field=required)
    data = {FIELDS[name]: value for name, value in given.items()}
    return question_from_json({"ask": "indicator", **data}, audience=PUBLIC)


def _parsed(text: str) -> Question:
    if len(text) > _LONGEST:
        raise CauceError("text_too_long", length=len(text), limit=_LONGEST)
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CauceError("bad_json", detail=str(error)[:80]) from None
    return question_from_json(data, audience=PUBLIC)


def _head(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise CauceError("bad_number", text=text[:60])
    return int(text)


def known_of(query: Mapping[str, str]) -> KnownAt | None:
    """The date a reader travels by; none on a page without one. Raises ``bad_date``."""
    text = query.get(KNOWN, "").strip()
    return KnownAt(text) if text else None


def day_of(text: str, last: date) -> ImpreciseDate | None:
    """The day (or month, or year) whose states are asked; none for the ``last`` one known. A day
    to come means that one too: nobody can tell what will be. Raises ``bad_date``."""
    if not text:
        return None
    day = ImpreciseDate(text)
    if day.precision not in _EXACT or day.latest is None:
        raise CauceError("bad_date", text=text[:60])
    return None if day.latest >= last else day


def parameters(question: Question, known: KnownAt | None = None) -> str:
    """The query string that asks a question; ``known`` is the date a reader travels by."""
    when = known or question.known_at
    pairs = _plain(question) or [(WHOLE, _spelled(question))]
    if when is not None:
        pairs.append((KNOWN, when.text))
    if question.head is not None:
        pairs.append((HEAD, str(question.head)))
    return urlencode(pairs)


def _bare(question: Question) -> dict[str, object]:
    return question_to_json(replace(question, known_at=None, head=None))


def _spelled(question: Question) -> str:
    return json.dumps(_bare(question), ensure_ascii=False, separators=(",", ":"))


def _plain(question: Question) -> list[tuple[str, str]]:
    """The question in words of an address; empty where it says more than they can."""
    data = _bare(question)
    if not isinstance(question, IndicatorQ) or set(data).difference(FIELDS.values(), ("ask",)):
        return []
    texts = {**data, "where": question.where.text}
    return [(word, str(texts[name])) for word, name in FIELDS.items() if texts.get(name)]
