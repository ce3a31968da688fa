"""How is one change said: of what, what it was and what it is, who says so and where?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cauce.errors import CauceError
from cauce.figures.recorded import question_about
from cauce.figures.since import Change, FieldChange
from cauce.journal.queries import Fact, Recorded
from cauce.ledger.queries import Commitment, CommitmentUpdate, Observation, Transaction
from cauce.parties.queries import Membership, OfficeHeld
from cauce.values.dates import ImpreciseDate
from cauce.values.period import Period
from cauce.web.naming import party_href, published, source_href, text_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.codes import stage
from cauce.words.foreign import foreign
from cauce.words.questions import title, where_and_when

__all__ = ["Detail", "FieldTold", "Told", "published_words", "told", "what"]


@dataclass(frozen=True, slots=True)
class Detail:
    """A labelled detail, perhaps a link."""

    label: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class FieldTold:
    """A column that differs, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. ``old`` and ``new`` are empty where the record has no value, ``old`` also
    for a first one; ``sentence`` says all of it."""

    place: str
    what: str
    href: str
    kind: str
    kind_words: str
    old: str
    new: str
    fields: tuple[FieldTold, ...]
    details: tuple[Detail, ...]
    sentence: str
    invented: bool


def told(page: Page, change: Change, commitments: Mapping[str, Commitment]) -> Told:
    """A change in the page's language; ``commitments`` are those the reader may see."""
    voice, record = page.voice, change.record
    about, href = what(page, record, commitments)
    old, new = (answer(one, change.unit, voice) if one else "" for one in (change.old, change.new))
    fields = _fields(page, change)
    return Told(
        place=change.place,
        what=about,
        href=href,
        kind=change.kind,
        kind_words=voice.say(f"changes.kind.{_kind(change)}"),
        old=old,
        new=new,
        fields=fields,
        details=tuple(_details(page, change)),
        sentence=_sentence(page, change, about, old, new, fields),
        invented=_is_invented(page, record),
    )


def _kind(change: Change) -> str:
    """A record without a value is new or changed, not a first or a revised value."""
    if change.new is None:
        return {"first": "new", "revised": "changed"}.get(change.kind, change.kind)
    return change.kind


def _is_invented(page: Page, record: Recorded) -> bool:
    own = getattr(record, "code", "") if record.record_type == "source" else ""
    return not page.names.invented.isdisjoint({getattr(record, "source", ""), own})


def _sentence(
    page: Page, change: Change, about: str, old: str, new: str, fields: tuple[FieldTold, ...]
) -> str:
    say = page.voice.say
    if new:
        key = change.kind if change.kind in ("first", "older") else "revised"
        key = key if old else "first"
        return say(f"changes.sentence.{key}", what=about, old=old, new=new)
    if fields:
        said = page.voice.list(
            [
                say("changes.field_in", name=f.label, old=f.old, new=f.new) if f.new else f.label
                for f in fields
            ]
        )
        return say("changes.sentence.fields", what=about, fields=said)
    return say("changes.sentence.record", what=about, kind=say(f"changes.kind.{_kind(change)}"))


# -- what it is about ------------------------------------------------------------------------------


def what(page: Page, record: Recorded, commitments: Mapping[str, Commitment]) -> tuple[str, str]:
    """What a record is about, in words, and the page that tells of it (empty where none does)."""
    match record:
        case Observation():
            question = question_about(record)
            said = _scoped(page, title(question, page.voice), where_and_when(question, page.voice))
            return said, page.how(question)
        case Transaction():
            return _money(page, record), page.link(f"financiamiento/{record.code}/")
        case Commitment():
            return _promise(page, "commitment", record), page.link(f"compromisos/{record.code}/")
        case CommitmentUpdate():
            made = commitments.get(record.commitment)
            said = _promise(page, "update", made) if made else page.voice.say("changes.one.claim")
            return said, page.link(f"compromisos/{record.commitment}/")
        case Membership() | OfficeHeld():
            return _belonging(page, record), party_href(page, record.party)
        case _:
            return _definition(page, record), _page_of(page, record)


def _scoped(page: Page, about: str, scope: str) -> str:
    return page.voice.say("figure.scoped", what=about, scope=scope) if scope else about


def _money(page: Page, record: Transaction) -> str:
    voice = page.voice
    described = text_of(page, record.description)
    ways = [
        voice.say("ask.provider", name=voice.short(record.provider)) if record.provider else "",
        voice.say("ask.receiver", name=voice.short(record.receiver)) if record.receiver else "",
    ]
    scope = described or " · ".join(way for way in ways if way)
    return _scoped(page, voice.say(f"ask.money.{record.stage}"), scope)


def _promise(page: Page, key: str, made: Commitment) -> str:
    words = text_of(page, made.text)
    return page.voice.say(f"changes.what.{key}", text=words)


def _belonging(page: Page, record: Membership | OfficeHeld) -> str:
    voice = page.voice
    return voice.say(
        f"changes.what.{record.record_type}",
        party=voice.name(record.party),
        body=voice.short(record.body),
    )


#: Where a definition's name stands, when it has no id of its own.
_NAMED_BY = {
    "obligation": "indicator", "preferred_reporter": "indicator", "exemption": "indicator",
    "code": "codelist", "succession": "successor", "population": "place", "joint_share": "party",
    "pack": "name",
}  # fmt: skip


def _definition(page: Page, record: Recorded) -> str:
    named = str(getattr(record, _NAMED_BY.get(record.record_type, "code"), ""))
    if record.record_type == "claim":
        name = text_of(page, getattr(record, "meaning", {}))
    else:
        name = page.voice.name(named)
    return page.voice.say(
        "changes.what.definition",
        kind=page.voice.say(f"changes.one.{record.record_type}"),
        name=name,
    )


#: The page that tells of a definition, by its type and the column that names it.
_PAGES = {
    "indicator": ("cifras", "code"),
    "framework": ("cifras", "code"),
    "node": ("cifras", "framework"),
    "source": ("fuentes", "code"),
    "organisation": ("paises-y-organizaciones", "code"),
    "instrument": ("acuerdos", "code"),
    "obligation": ("cifras", "indicator"),
    "preferred_reporter": ("cifras", "indicator"),
    "exemption": ("cifras", "indicator"),
}


def _page_of(page: Page, record: Recorded) -> str:
    if record.record_type not in _PAGES:
        return ""
    section, column = _PAGES[record.record_type]
    return page.link(f"{section}/{getattr(record, column)}/")


# -- details ---------------------------------------------------------------------------------------


def _details(page: Page, change: Change) -> list[Detail]:
    """Who reports it, where it was read, since when it was public, and what was remarked."""
    record, voice = change.record, page.voice
    if not isinstance(record, Fact):
        return []
    paper = page.names.sources.get(record.source)
    found = [
        Detail("explain.reporter", voice.short(record.reporter) if record.reporter else ""),
        Detail(
            "explain.document",
            voice.name(record.source) if paper else "",
            source_href(page, record.source) if paper else "",
        ),
        Detail("explain.locator", _locator(page, record)),
        Detail("explain.published", published_words(page, record)),
        Detail(
            "explain.note" if change.kind == "first" else "changes.note",
            voice.remark(change.note) if change.note else "",
        ),
    ]
    return [Detail(voice.say(one.label), one.words, one.href) for one in found if one.words]


def _locator(page: Page, record: Fact) -> str:
    """Where in its document a fact stands: told in the words of the document."""
    paper = page.names.sources.get(record.source)
    if not record.locator or paper is None:
        return str(record.locator)
    return foreign(record.locator, paper.language, page.language)


def published_words(page: Page, record: Recorded) -> str:
    """Since when a fact could be read, by its own date or that of its document; empty where neither
    is recorded."""
    if not isinstance(record, Fact):
        return ""
    since = published(page, record)
    return dates.imprecise(since, page.language) if since else ""


# -- columns ---------------------------------------------------------------------------------------

#: Columns of facts whose content is told, and how it is written.
_WRITERS: dict[str, Callable[[Page, Any], str]] = {
    **dict.fromkeys(
        ("valid_from", "valid_to", "made", "due", "value_date", "as_of"),
        lambda page, value: dates.imprecise(ImpreciseDate(value), page.language, remark=False),
    ),
    "period": lambda page, value: dates.period(Period.parse(value), page.language),
    "state": lambda page, value: page.voice.say_or(f"state.{value}", value),
    "status": lambda page, value: page.voice.say_or(f"status.{value}", value),
    "basis": lambda page, value: page.voice.say_or(f"basis.{value}", value),
    "stage": lambda page, value: stage(value, page.voice),
    "currency": lambda page, value: str(value),
    **dict.fromkeys(
        ("provider", "receiver", "place", "programme", "framework", "node", "instrument", "party"),
        lambda page, value: page.voice.name(value),
    ),
    "parties": lambda page, value: page.voice.list([page.voice.short(one) for one in value]),
    **dict.fromkeys(("text", "description"), lambda page, value: text_of(page, value)),
}

#: Columns of definitions that are only named: their content is long or is for machines.
_NAMED = ("name", "short", "definition", "title", "publisher", "published", "address", "unit",
          "summary", "target", "version")  # fmt: skip


def _fields(page: Page, change: Change) -> tuple[FieldTold, ...]:
    voice, rest = page.voice, 0
    found: list[FieldTold] = []
    for field in change.fields:
        if isinstance(change.record, Fact) and field.field in _WRITERS:
            if field.field == "status" and change.new is not None:
                continue  # said by the value, or by its kind
            found.append(_written(page, field))
        elif field.field in _NAMED:
            found.append(FieldTold(voice.say(f"changes.named.{field.field}"), "", ""))
        else:
            rest += 1
    if rest and not (change.new or found):
        found.append(FieldTold(voice.say("changes.named.other"), "", ""))
    return tuple(found)


def _written(page: Page, field: FieldChange) -> FieldTold:
    label = page.voice.say(f"changes.label.{field.field}")
    return FieldTold(label, *(_content(page, field.field, v) for v in (field.old, field.new)))


#: What an empty column of a choice means.
_EMPTY = {"basis": "found", "status": "provisional"}


def _content(page: Page, name: str, value: object) -> str:
    value = _EMPTY.get(name) if value is None else value
    if value is None:
        return page.voice.say("changes.nothing")
    try:
        return _WRITERS[name](page, value)
    except CauceError:
        return str(value)
