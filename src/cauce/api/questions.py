"""Which question does a request ask? Always for the public, and within what can be answered.

An address asks in plain fields (``?indicator=asylum/AS-1&place=MEX&period=2022``); what they cannot
say, such as a change, stands whole in ``question``, spelled as in a file of questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from django.http import HttpRequest
from pydantic import Field

from cauce.api.reading import Text, Times
from cauce.errors import CauceError
from cauce.values.audience import PUBLIC
from cauce.values.period import Period
from cauce.values.question import (
    ChangeQ,
    IndicatorQ,
    ProgressQ,
    Question,
    question_from_json,
)

__all__ = ["MOST", "AskedOnce", "Asked", "of_address", "of_body", "single"]

#: So many questions in one request.
MOST = 200
#: No longer period is asked about: two hundred years.
LONGEST_DAYS = 73_200
#: Nor is one split into more parts than this gives: thirty years of days.
SPLIT_DAYS = {"day": 11_000}

_LISTS = ("by", "reporters")

_WHOLE = (
    '{"ask":"progress","of":{"ask":"indicator","indicator":"asylum/AS-1","place":"MEX",'
    '"period":"2022"}}'
)


class AskedOnce(Times):
    """The fields of a question that has one figure for its answer."""

    question: str | None = Field(
        None,
        max_length=4000,
        description="A whole question as JSON, instead of the other fields.",
        examples=[_WHOLE],
    )
    ask: Literal["indicator", "money", "count", "fact"] = "indicator"
    indicator: Text | None = Field(None, examples=["asylum/AS-1"])
    period: Text | None = Field(None, examples=["2022"])
    place: Text | None = Field(None, examples=["MEX"])
    party: Text | None = None
    programme: Text | None = None
    kind: Text | None = Field(None, description="actual, target or baseline")
    where: Text | None = Field(None, description="sex=f;age=0-17; left out: the total")
    reporters: Text | None = Field(None, description="Ids, separated by commas.")
    stage: Text | None = None
    provider: Text | None = None
    receiver: Text | None = None
    currency: Text | None = None
    rate: Text | None = None
    of: Text | None = Field(None, description="members, commitments or reports")
    body: Text | None = None
    framework: Text | None = None
    role: Text | None = None
    state: Text | None = None
    on: Text | None = None
    record: Text | None = None
    field: Text | None = None
    verified_only: bool | None = None


class Asked(AskedOnce):
    by: Text | None = Field(None, description="One figure for each group: year, place, sex …")


def of_address(fields: AskedOnce) -> Question:
    """The question of an address. Raises what a question that does not parse raises."""
    given = fields.model_dump(exclude_none=True, exclude_unset=True)
    whole = given.pop("question", None)
    if whole is None:
        for name in _LISTS:
            if name in given:
                given[name] = [part.strip() for part in given[name].split(",") if part.strip()]
        return _question({"ask": fields.ask, **given})
    if given:
        choices = "question"
        raise CauceError("unknown_parameter", name=min(given), choices=choices)
    data = _json(whole)
    if not isinstance(data, Mapping):
        raise CauceError("bad_question", detail="question")
    return _question(data)


def of_body(request: HttpRequest) -> list[Question]:
    """The questions of a body ``{"questions": […]}``. Raises ``bad_json``, ``bad_question``,
    ``too_many_questions``."""
    data = _json(request.body.decode("utf-8", "replace"))
    given = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(given, list) or set(data) != {"questions"}:
        raise CauceError("bad_question", detail="questions")
    if len(given) > MOST:
        raise CauceError("too_many_questions", count=len(given), limit=MOST)
    return [_question(one) for one in given]


def single(question: Question) -> Question:
    """The question, if it has one figure for its answer: only that can be explained."""
    if getattr(question, "by", ()):
        raise CauceError("bad_question", detail="by")
    return question


def _json(text: str) -> Any:
    try:
        data = json.loads(text, parse_constant=_no_number)
        # Half of a pair of surrogates can be escaped in JSON, and written nowhere.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise CauceError("bad_json", detail="surrogates") from None
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        raise CauceError("bad_json", detail=str(error)[:80]) from None
    return data


def _no_number(text: str) -> None:
    raise CauceError("bad_json", detail=text)  # NaN and Infinity are not JSON


def _question(data: Any) -> Question:
    if isinstance(data, Mapping):
        for part in (data, data.get("of")):
            wanted = part.get("audience") if isinstance(part, Mapping) else None
            if wanted not in (None, PUBLIC.text):
                # Answering for the public instead would seem to have answered for members.
                raise CauceError("bad_audience", text=str(wanted)[:60])
    question = question_from_json(data, audience=PUBLIC)
    _check_size(question)
    return question


def _check_size(question: Question) -> None:
    if isinstance(question, ChangeQ | ProgressQ):
        _check_size(question.of)
    base = question.base_period if isinstance(question, ChangeQ) else None
    for name, period in (("period", getattr(question, "period", None)), ("base_period", base)):
        if isinstance(period, Period) and period.days > LONGEST_DAYS:
            raise CauceError("bad_parameter", name=name, expected=f"≤ {LONGEST_DAYS}")
    if isinstance(question, IndicatorQ):
        for grain, days in SPLIT_DAYS.items():
            if grain in question.by and question.period.days > days:
                raise CauceError("bad_parameter", name="period", expected=f"≤ {days}")
