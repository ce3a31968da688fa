"""What do the answers look like? The shapes that the OpenAPI description publishes.

Figures, answers and questions have JSON Schemas of their own (``cauce/values/*.schema.json``),
which the description takes over whole. Ids are ``pack/CODE``; names are by language; dates are text
as precisely as they are known (``2023-03``); moments are ISO 8601 in UTC.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

__all__ = [
    "AnswerJson", "Body", "Commitment", "CommitmentOne", "Commitments", "ERRORS", "ErrorOut",
    "Explanation", "Figures", "Framework", "FrameworkOne", "Frameworks", "Indicator",
    "Indicators", "Instrument", "InstrumentOne", "Instruments", "Membership", "Memberships",
    "Names", "Node", "Office", "Offices", "Organisation", "OrganisationOne", "Organisations",
    "PUBLISHED", "Place", "Places", "Shape", "Source", "SourceOne", "Sources", "Stamped", "Trace",
    "Transaction", "TransactionOne", "Transactions", "answers",
]  # fmt: skip


#: Stands for a schema that is published by itself: Pydantic only follows references of its own.
PUBLISHED = "x-published"


def _published(name: str) -> WithJsonSchema:
    return WithJsonSchema({PUBLISHED: name})


FigureJson = Annotated[dict[str, Any], _published("figure")]
AnswerJson = Annotated[dict[str, Any], _published("answer")]
TraceJson = Annotated[dict[str, Any], _published("trace")]
CodeJson = Annotated[dict[str, Any], _published("code")]

Names = dict[str, str]
Basis = Literal["found", "memory", "proposed"]


class Shape(Schema):
    """Closed, so that a test sees a field that is not described."""

    model_config = ConfigDict(extra="forbid")


# -- errors -------------------------------------------------------------------------------------


class ProblemOut(Shape):
    code: str = Field(description="One of the error codes of the reference.")
    params: dict[str, str]
    message: str = Field(description="What happened, in the language of Accept-Language.")
    fix: str = Field(description="What to do about it.")


class ErrorBody(Shape):
    code: str
    problems: list[ProblemOut]


class ErrorOut(Shape):
    error: ErrorBody


#: What any operation may answer instead of what was asked for.
ERRORS = frozenset({400, 404, 405, 413, 422, 500, 501, 503})


# -- figures ------------------------------------------------------------------------------------


class Figures(Shape):
    figures: list[FigureJson]


class UsedValue(Shape):
    record: str = Field(description="The id of this version in this workspace: seq.n.")
    type: str
    digest: str
    answer: AnswerJson
    unit: str
    reporter: str
    party: str
    programme: str
    place: str
    period: str
    breakdown: str
    source: str
    locator: str
    public_at: str
    recorded_at: str
    status: str
    note: str


class Step(Shape):
    step: CodeJson
    inputs: list[tuple[str, AnswerJson]]
    result: AnswerJson


class NotUsed(Shape):
    value: UsedValue | None
    reason: CodeJson


class Explanation(Shape):
    figure: FigureJson
    used: list[UsedValue]
    steps: list[Step]
    not_used: list[NotUsed]
    earlier: list[UsedValue]


class Window(Shape):
    total: int
    limit: int
    offset: int
    next: str | None = Field(description="The address of the next page.")


class Trace(Window):
    trace: TraceJson | None
    items: list[UsedValue]


# -- lists --------------------------------------------------------------------------------------


class Stamped(Shape):
    head: int
    known_at: str


class Page(Window, Stamped):
    pass


class Framework(Shape):
    code: str
    name: Names
    short: Names
    description: Names
    body: str
    instrument: str
    starts: str
    ends: str
    suppress_below: int
    source: str
    basis: Basis
    closed: bool


class Indicator(Shape):
    code: str
    framework: str
    node: str
    name: Names
    definition: Names
    unit: str
    value: str = Field(description="What a value is: count, amount, ratio, mean …")
    identity: str
    accumulation: str
    time: str = Field(description="How values of parts of a period combine.")
    dimensions: dict[str, str]
    descending: bool
    not_success: bool
    protected: bool
    margins: list[str]
    frequency: str
    source: str
    basis: Basis
    closed: bool


class Node(Shape):
    code: str
    kind: str
    number: str
    name: Names
    description: Names
    parties: list[str]
    source: str
    basis: Basis
    indicators: list[Indicator]
    children: list[Node]


class FrameworkOne(Framework, Stamped):
    tree: list[Node]
    indicators: list[Indicator] = Field(description="Those that hang on no branch.")


class Frameworks(Page):
    items: list[Framework]


class IndicatorOne(Indicator, Stamped):
    pass


class Indicators(Page):
    items: list[Indicator]


class PartyAnswer(Shape):
    party: str
    state: str
    as_of: str
    ended: str = Field(description="Since when the organisation no longer exists.")


class Update(Shape):
    state: str
    as_of: str
    party: str
    text: Names
    reporter: str
    source: str
    public_at: str
    recorded_at: str


class Commitment(Shape):
    code: str
    framework: str
    node: str
    instrument: str
    text: Names
    parties: list[str]
    made: str
    due: str
    state: str = Field(description="The latest state by anybody on the day; no_update is one.")
    as_of: str
    overdue: bool
    certain: bool = Field(description="false: it may have been made only after the day.")
    answers: list[PartyAnswer]
    silent: list[str] = Field(description="Responsible parties that said nothing.")
    updates: list[Update]
    reporter: str
    source: str
    locator: str
    public_at: str
    recorded_at: str
    note: str
    basis: Basis


class CommitmentOne(Stamped):
    items: list[Commitment]


class Commitments(Page):
    items: list[Commitment]


class Linked(Shape):
    kind: Literal["same", "passes_on", "passed_on", "part_of", "part"]
    transaction: str


class Transaction(Shape):
    code: str
    stage: str
    provider: str
    receiver: str
    amount: AnswerJson
    currency: str
    value_date: str
    period: str
    place: str
    programme: str
    framework: str
    part_of: str
    links: list[Linked]
    sectors: dict[str, str]
    description: Names
    status: str
    verified: bool
    reporter: str
    source: str
    locator: str
    public_at: str
    recorded_at: str
    note: str


class TransactionOne(Stamped):
    items: list[Transaction]


class Transactions(Page):
    items: list[Transaction]


class Spell(Shape):
    body: str
    party: str
    valid_from: str
    valid_to: str
    basis: Basis
    reporter: str
    source: str
    locator: str
    public_at: str
    recorded_at: str
    note: str


class Membership(Spell):
    role: str
    certain: bool = Field(description="Whether it certainly holds on the day.")
    possible: bool


class Office(Spell):
    office: str


class Memberships(Page):
    items: list[Membership]


class Offices(Page):
    items: list[Office]


class Succession(Shape):
    predecessor: str
    successor: str
    date: str
    share: str


class Organisation(Shape):
    code: str
    kind: str
    name: Names
    short: Names
    unit_of: str
    country: str
    seat: str
    serves: list[str]
    identifiers: dict[str, str]
    ended: str
    closed: bool


class OrganisationOne(Organisation, Stamped):
    memberships: list[Membership]
    offices: list[Office]
    successions: list[Succession]


class Organisations(Page):
    items: list[Organisation]


class Body(Shape):
    code: str
    name: Names
    short: Names
    part_of: str
    founded: str
    ended: str
    source: str
    closed: bool


class Bodies(Page):
    items: list[Body]


class Instrument(Shape):
    code: str
    kind: str
    name: Names
    summary: Names
    parties: list[str]
    adopted: str
    signed: str
    in_force: str
    ended: str
    binding: bool
    scope: list[str]
    applies: str
    applied_by: list[str]
    commitments: list[str]
    source: str
    basis: Basis
    closed: bool


class InstrumentOne(Instrument, Stamped):
    pass


class Instruments(Page):
    items: list[Instrument]


class Place(Shape):
    code: str
    kind: str
    name: Names
    within: str
    parts: list[str]
    definition: Names
    closed: bool


class Places(Page):
    items: list[Place]


class Source(Shape):
    code: str
    title: str
    publisher: str
    published: str
    language: str
    address: str
    basis: Basis
    invented: bool = Field(description="Made up for a demonstration.")
    closed: bool
    rests: dict[str, int] = Field(description="How many records of each type were read in it.")
    indicators: list[str]


class SourceOne(Source, Stamped):
    pass


class Sources(Page):
    items: list[Source]


def answers(shape: type[Shape]) -> dict[object, type[Shape]]:
    """What an operation may answer: its shape, and the errors any may answer."""
    return {200: shape, ERRORS: ErrorOut}
