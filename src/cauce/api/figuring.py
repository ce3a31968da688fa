"""Operations on figures: ask them, see how they are made, page through what they rest on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cauce import figures
from cauce.api import shapes, spelling
from cauce.api.questions import Asked, AskedOnce, of_address, of_body, single
from cauce.api.reading import Window, cached, json_answer, only, sliced
from cauce.journal.clock import now
from cauce.values.audience import PUBLIC
from cauce.values.question import Question

__all__ = ["router"]

router = Router(tags=["figures"])

_EXAMPLE = {
    "questions": [
        {"ask": "indicator", "indicator": "asylum/AS-1", "place": "MEX", "period": "2022"},
        {"ask": "money", "stage": "committed", "by": ["currency"]},
        {"ask": "count", "of": "commitments", "framework": "rcm/RCM", "state": "no_update"},
    ]
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/questions"},
                "example": _EXAMPLE,
            }
        },
    }
}


def _asked(questions: list[Question]) -> HttpResponse:
    moment = now()
    table = figures.release(figures.ask(questions, now=moment), PUBLIC, now=moment)
    return json_answer(table.to_json())


@router.get(
    "v1/figures",
    response=shapes.answers(shapes.Figures),
    summary="The answer to one question",
)
@cached
def get_figures(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """One figure, or with `by` one for each group. What cannot be answered honestly is a range or
    a refusal inside the figure, with its reason; a question that is wrong is an error."""
    return _asked([of_address(asked)])


@router.post(
    "v1/figures",
    response=shapes.answers(shapes.Figures),
    summary="The answers to many questions",
    openapi_extra=_BODY,
)
@only
def ask_figures(request: HttpRequest) -> HttpResponse:
    """Up to 200 questions of any kind, in the spelling of a file of questions. Nothing is
    recorded: a question that is too long for an address is sent this way."""
    return _asked(of_body(request))


@router.get(
    "v1/figures/explanation",
    response=shapes.answers(shapes.Explanation),
    summary="How a figure is made",
)
@cached
def explain_figure(request: HttpRequest, asked: Query[AskedOnce]) -> HttpResponse:
    """The values used and where they were read, the steps between, what was not used and why, and
    earlier values. Of a figure that is protected there is only the figure."""
    question = single(of_address(asked))
    return json_answer(spelling.explanation(figures.explain(question, now=now())))


class AskedPaged(AskedOnce, Window):
    """A question whose records are paged through."""


@router.get(
    "v1/figures/trace",
    response=shapes.answers(shapes.Trace),
    summary="The records a figure rests on",
)
@cached
def trace_figure(request: HttpRequest, asked: Query[AskedPaged]) -> HttpResponse:
    """Page by page. `trace` holds the number of records and a digest of all of them; both are
    null, and the list empty, where the figure does not leave."""
    fields = asked.model_dump(exclude={"limit", "offset"}, exclude_unset=True)
    found = figures.explain(single(of_address(AskedOnce(**fields))), now=now())
    trace = found.figure.trace
    rows = found.used if trace else ()
    return json_answer(
        {
            "trace": trace.to_json() if trace else None,
            **sliced(request, asked, rows, spelling.used),
        }
    )
