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
    ask: Literal["indicator", "money", "count", "fact"] = Field(
        "indicator", description="What kind of question."
    )
    indicator: Text | None = Field(None, description="Its id.", examples=["asylum/AS-1"])
    period: Text | None = Field(
        None, description="2022, 2022-03, 2018/2023; of a stock its day.", examples=["2022"]
    )
    place: Text | None = Field(
        None, description="With all that lies within it; left out: all.", examples=["MEX"]
    )
    party: Text | None = Field(None, description="Whose work is counted.")
    programme: Text | None = Field(None, description="With all that lies below it.")
    kind: Text | None = Field(None, description="actual, target or baseline")
    where: Text | None = Field(None, description="sex=f;age=0-17; left out: the total")
    reporters: Text | None = Field(None, description="Ids, separated by commas.")
    stage: Text | None = Field(None, description="Of money: announced … received.")
    provider: Text | None = Field(None, description="Whose money.")
    receiver: Text | None = Field(None, description="Who receives it.")
    currency: Text | None = Field(None, description="ISO 4217.", examples=["USD"])
    rate: Text | None = Field(None, description="A set of exchange rates to convert by.")
    of: Text | None = Field(None, description="Of a count: members, commitments or reports.")
    body: Text | None = Field(None, description="Whose members.", examples=["rcm/RCM"])
    framework: Text | None = Field(None, description="Whose commitments or reports.")
    role: Text | None = Field(None, description="member, observer, partner, secretariat")
    state: Text | None = Field(None, description="Of commitments, also no_update.")
    on: Text | None = Field(None, description="On which day.")
    record: Text | None = Field(None, description="Of a fact: the id of a record.")
    field: Text | None = Field(None, description="A number or date of that record.")
    verified_only: bool | None = Field(
        None, description="Only values that somebody else checked against their source."
    )


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
