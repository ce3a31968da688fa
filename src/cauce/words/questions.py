"""What was asked: what, who, where, when, and as known when?"""

from __future__ import annotations

from cauce.values.breakdown import Breakdown
from cauce.values.dates import KnownAt
from cauce.values.question import (
    ChangeQ,
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    ProgressQ,
    Question,
)
from cauce.words import dates
from cauce.words.codes import dimension
from cauce.words.voice import Voice

__all__ = [
    "asked",
    "breakdown",
    "innermost",
    "is_count",
    "place_of",
    "title",
    "when",
    "where_and_when",
    "who",
]


def title(question: Question, voice: Voice) -> str:
    """What is asked, without place and time: an indicator's name, a stage of money, a count."""
    match question:
        case IndicatorQ():
            return _indicator(question, voice)
        case MoneyQ():
            key = f"ask.money.{question.stage}" if question.stage else "ask.money"
            return voice.say(key)
        case CountQ():
            return _count(question, voice)
        case FactQ():
            field = voice.say_or(f"field.{question.field}", question.field)
            return voice.say("ask.fact", field=field, name=_record(question.record, voice))
        case ChangeQ():
            of = title(question.of, voice)
            return voice.say(f"ask.change.{question.as_}", of=of, base=_base(question, voice))
        case ProgressQ():
            return voice.say(f"ask.{question.as_}", of=title(question.of, voice))


def _record(name: str, voice: Voice) -> str:
    """A record by its id, or by its type and what names it: ``membership:rcm/RCM:rcm/MEX``."""
    kind, colon, rest = name.partition(":")
    if not colon:
        named = voice.name(kind)
        # A contribution has no name of its own.
        return voice.say("ask.fact.contribution", code=kind) if named == kind else named
    return " · ".join(voice.name(part) for part in rest.split(":") if "/" in part)


def _indicator(question: IndicatorQ, voice: Voice) -> str:
    name = voice.name(question.indicator)
    if question.kind != "actual":
        name = voice.say(f"ask.kind.{question.kind}", of=name)
    if question.where.items:
        name = voice.say("ask.broken_down", of=name, where=breakdown(question.where, voice))
    return name


def _count(question: CountQ, voice: Voice) -> str:
    whole = question.body or question.framework
    of = voice.short(whole) if whole else voice.say("ask.everything")
    if question.of == "members":
        role = question.role or "member"
        return voice.say(f"ask.members.{role}", of=of)
    state = question.state or "all"
    return voice.say(f"ask.{question.of}.{state}", of=of)


def _base(question: ChangeQ, voice: Voice) -> str:
    if question.base_place is not None:
        return voice.name(question.base_place)
    if question.base_known_at is not None:
        known = dates.known_at(question.base_known_at, voice.zone, voice.language)
        return voice.say("ask.known", date=known)
    return dates.period(question.base_period, voice.language) if question.base_period else ""


def breakdown(where: Breakdown, voice: Voice) -> str:
    """«sexo: mujeres; edad: 0-17»."""
    return voice.apart(
        f"{voice.say('explain.labelled', label=dimension(name, voice))} "
        f"{voice.code_name(name, code)}"
        for name, code in where.items
    )


def innermost(question: Question) -> IndicatorQ | MoneyQ | CountQ | FactQ:
    return question.of if isinstance(question, ChangeQ | ProgressQ) else question


def is_count(question: Question) -> bool:
    """Whether this record counts what is asked: who stated each thing did not state the number."""
    return isinstance(innermost(question), CountQ)


def place_of(question: Question, voice: Voice) -> str:
    """Where; empty where the question names no place."""
    inner = innermost(question)
    place = inner.place if isinstance(inner, IndicatorQ | MoneyQ) else None
    return voice.name(place) if place else ""


def when(question: Question, voice: Voice) -> str:
    """The period or day asked about; empty where the question names none."""
    inner = innermost(question)
    if isinstance(inner, FactQ):
        return ""
    if inner.period is not None:
        return dates.period(inner.period, voice.language)
    if isinstance(inner, CountQ) and inner.on is not None:
        return dates.imprecise(inner.on, voice.language, remark=False)
    return ""


def who(question: Question, voice: Voice) -> str:
    """Whose work or money it is, in short names; empty where the question names nobody."""
    match innermost(question):
        case IndicatorQ(party=party, programme=programme):
            return " · ".join(voice.short(i) for i in (party, programme) if i)
        case MoneyQ(provider=provider, receiver=receiver, programme=programme):
            ways = [
                voice.say("ask.provider", name=voice.short(provider)) if provider else "",
                voice.say("ask.receiver", name=voice.short(receiver)) if receiver else "",
                voice.name(programme) if programme else "",
            ]
            return " · ".join(way for way in ways if way)
        case _:
            return ""


def where_and_when(question: Question, voice: Voice) -> str:
    """«México, 2022»; empty where the question names neither."""
    parts = (who(question, voice), place_of(question, voice), when(question, voice))
    return ", ".join(part for part in parts if part)


def asked(question: Question, voice: Voice, *, known_at: str = "") -> list[tuple[str, str]]:
    """The question as labelled rows: what, who, where, when, as known when. ``known_at`` is the
    resolved one of a figure, for a question that names none."""
    inner = innermost(question)
    rows = [
        ("ask.row.what", title(question, voice)),
        ("ask.row.who", who(question, voice)),
        ("ask.row.where", place_of(question, voice)),
        ("ask.row.when", when(question, voice)),
    ]
    if isinstance(inner, IndicatorQ) and inner.reporters:
        rows.append(("ask.row.reporters", voice.names(", ".join(inner.reporters))))
    known = question.known_at or (KnownAt(known_at) if known_at else None)
    if known is not None:
        rows.append(("ask.row.known", dates.known_at(known, voice.zone, voice.language)))
    return [(voice.say(key), words) for key, words in rows if words]
