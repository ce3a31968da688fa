"""Which changes does an address ask for, and what is said of each, entry by entry?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cauce.errors import CauceError
from cauce.figures.history import COUNTED, SINGLY, Counted, History, Narrow, Row, Undone, history
from cauce.figures.since import Change
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment
from cauce.web.changing.printed import Printed, Sheet, issued_sheets, printing
from cauce.web.changing.telling import Told, published_words, told
from cauce.web.listing import Choice
from cauce.web.naming import by_name
from cauce.web.page import Page

__all__ = [
    "PATH",
    "TYPES",
    "Asked",
    "Block",
    "Item",
    "Line",
    "Part",
    "asked",
    "blocks",
    "choices",
    "found",
    "latest",
    "sentences",
]

PATH = "cambios/"

#: What an address calls the types that are opened one by one.
TYPES = {
    "valores": "observation",
    "contribuciones": "transaction",
    "compromisos": "commitment",
    "avances": "commitment_update",
    "participaciones": "membership",
    "cargos": "office_held",
    "afirmaciones": "claim",
    "marcos": "framework",
    "objetivos": "node",
    "indicadores": "indicator",
    "documentos": "source",
    "acuerdos": "instrument",
    "organizaciones": "organisation",
    "organos": "body",
    "lugares": "place",
}

_WORDS = {record_type: word for word, record_type in TYPES.items()}

#: What a loaded framework file writes as its reason: its name and version.
_LOADED = re.compile(r"pack (\S+) (\S+)\Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``query`` is the same in its words, for links."""

    narrow: Narrow
    seq: int
    record_type: str
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """How many records of a type came in, and where they are told one by one."""

    words: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Item:
    """A change with the fact sheets that print what it changes: those issued before it, and those
    that know of it."""

    told: Told
    before: tuple[Printed, ...]
    after: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What one entry brought, at one moment: when, where all of it is told, and why (a sentence).
    ``invented``: what it records for the first time was made up for a demonstration."""

    heading: str
    href: str
    why: str
    released: str
    invented: bool
    items: tuple[Item, ...]
    first: tuple[Part, ...]
    changed: tuple[Part, ...]
    undone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A change as one sentence: where it leads, the day it was entered here, why (a sentence), and
    since when it could be read elsewhere."""

    sentence: str
    href: str
    day: str
    why: str
    invented: bool
    published: str = ""


# -- what is asked for ---------------------------------------------------------------------------


def asked(page: Page) -> Asked:
    """What the address narrows the page by: ``marco``, ``indicador``, ``organizacion``,
    ``asiento`` and ``tipo``. A framework the reader stays in narrows it too.

    Raises ``bad_number`` and ``bad_choice``.
    """
    given = {
        name: page.word(name) for name in ("marco", "indicador", "organizacion", "asiento", "tipo")
    }
    seq, word = given["asiento"], given["tipo"]
    if seq and not (seq.isascii() and seq.isdecimal() and len(seq) < 16):
        raise CauceError("bad_number", text=seq[:60])
    if word and word not in TYPES:
        raise CauceError("bad_choice", text=word[:60], choices=", ".join(TYPES))
    pack = page.scope or given["marco"].partition("/")[0]
    return Asked(
        Narrow(pack=pack, indicator=given["indicador"], party=given["organizacion"]),
        int(seq or 0),
        TYPES[word] if word and seq else "",
        {name: value for name, value in given.items() if value},
    )


def found(page: Page, given: Asked) -> History:
    read = page.read
    return history(read, given.narrow, seq=given.seq, record_type=given.record_type)


def choices(page: Page, given: Asked) -> list[Choice]:
    """The fields of the form above the list."""
    say, names, pack = page.voice.say, page.names, given.narrow.pack
    frameworks = {code.partition("/")[0]: page.voice.short(code) for code in names.frameworks}
    indicators = {
        code: page.voice.name(code)
        for code, one in names.indicators.items()
        if not pack or code.startswith(f"{pack}/") or code == given.narrow.indicator
    }
    countries = {c: page.voice.name(c) for c, one in names.places.items() if one.kind == "country"}
    parties = {
        code: page.voice.name(code)
        for code, one in names.organisations.items()
        if one.kind != "state" and not one.unit_of
    }
    fields = [
        ("indicador", "indicator", indicators, given.narrow.indicator),
        ("organizacion", "party", countries | parties, given.narrow.party),
    ]
    if not page.scope:
        fields.insert(0, ("marco", "framework", frameworks, pack))
    return [
        Choice(
            name,
            say(f"changes.filter.{key}"),
            [("", say("changes.filter.all")), *_by_name(options)],
            chosen,
        )
        for name, key, options, chosen in fields
    ]


def _by_name(options: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(options.items(), key=lambda option: by_name(option[1]))


# -- the rows in words -----------------------------------------------------------------------------


def blocks(page: Page, given: Asked, rows: Sequence[Row]) -> list[Block]:
    """The rows as the page shows them: under the entry and the moment they came with."""
    groups: dict[tuple[int, datetime], list[Row]] = {}
    for row in rows:
        groups.setdefault((_seq(row), row.at), []).append(row)
    commitments, papers = _commitments(page, rows), issued_sheets(page)
    return [_block(page, given, group, commitments, papers) for group in groups.values()]


def _seq(row: Row) -> int:
    return int(row.record.entry_id) if isinstance(row, Change) else row.seq


def _block(
    page: Page,
    given: Asked,
    rows: Sequence[Row],
    commitments: Mapping[str, Commitment],
    papers: tuple[Sheet, ...],
) -> Block:
    head, seq = rows[0], _seq(rows[0])
    counted = [row for row in rows if isinstance(row, Counted)]
    recorded = head.at if isinstance(head, Undone) else head.recorded_at
    say, day = page.voice.say, _day(page, head.at)
    return Block(
        heading=day if given.seq else say("changes.entry", date=day, seq=str(seq)),
        href="" if given.seq else page.link(PATH, **{**given.query, "asiento": str(seq)}),
        why=_because(page, "" if isinstance(head, Undone) else head.why),
        released=(say("changes.released", date=_day(page, recorded)) if recorded < head.at else ""),
        invented=bool(counted) and _comes_invented(page, seq),
        items=tuple(
            _item(page, row, commitments, papers) for row in rows if isinstance(row, Change)
        ),
        first=tuple(p for row in counted for p in _parts(page, given, seq, row.first)),
        changed=tuple(p for row in counted for p in _parts(page, given, seq, row.changed)),
        undone=tuple(undone(page, row) for row in rows if isinstance(row, Undone)),
    )


def _day(page: Page, moment: datetime) -> str:
    return page.day_words(moment)


def _because(page: Page, why: str) -> str:
    """Why an entry was written, as a sentence; that a framework file was loaded is told without
    calling it a reason."""
    if loaded := _LOADED.match(why):
        name, version = loaded.groups()
        shown = [page.voice.short(c) for c in page.names.frameworks if c.startswith(f"{name}/")]
        about = page.voice.list(shown) if shown else name
        return page.voice.say("changes.loaded", name=about, version=version)
    return page.voice.say("changes.because", why=page.voice.remark(why)) if why else ""


def _comes_invented(page: Page, seq: int) -> bool:
    """Whether an entry brought in the documents of a demonstration, and so what was read in them.
    An entry's reason need not say so: it is not told where the entry holds anything hidden."""
    papers = (page.names.sources[code] for code in page.names.invented)
    return any(int(paper.entry_id) == seq for paper in papers)


def undone(page: Page, row: Undone) -> str:
    key = "changes.undone.whole" if row.whole else "changes.undone.part"
    return page.voice.say(key, seq=str(row.target))


def _item(
    page: Page, change: Change, commitments: Mapping[str, Commitment], papers: tuple[Sheet, ...]
) -> Item:
    printed = printing(page.names, papers, change.record)
    return Item(
        told(page, change, commitments),
        tuple(one for one in printed if one.before),
        tuple(one for one in printed if not one.before),
    )


def _parts(page: Page, given: Asked, seq: int, counts: Mapping[str, int]) -> list[Part]:
    """Each type that has a page of its own by itself, the others together."""
    say, rest, found = page.voice.say, 0, []
    for record_type in (*SINGLY, *COUNTED):
        count = counts.get(record_type, 0)
        if record_type not in _WORDS:
            rest += count
        elif count:
            words = say(f"changes.many.{record_type}", count=count)
            query = {**given.query, "asiento": str(seq), "tipo": _WORDS[record_type]}
            label = say("changes.open", what=words, seq=str(seq))
            found.append(Part(words, label, page.link(PATH, **query)))
    if rest:
        found.append(Part(say("changes.many.other", count=rest), "", ""))
    return found


def _commitments(page: Page, rows: Sequence[Row]) -> dict[str, Commitment]:
    """The commitments by code, where updates name some."""
    if not any(isinstance(row, Change) and _names_one(row) for row in rows):
        return {}
    return {one.code: one for one in ledger.commitments(view=page.view)}


def _names_one(row: Change) -> bool:
    return bool(row.record.record_type == "commitment_update")


# -- as sentences ----------------------------------------------------------------------------------


def latest(page: Page, count: int) -> list[Line]:
    """The last changes, each as a sentence: for the first page. In the framework a reader stays
    in, those of it."""
    given = Asked(Narrow(pack=page.scope), 0, "", {})
    rows = found(page, given).newest(count)
    return [line for line, _ in sentences(page, given, rows)]


def sentences(page: Page, given: Asked, rows: Sequence[Row]) -> list[tuple[Line, Row]]:
    """Each row as a sentence."""
    commitments = _commitments(page, rows)
    return [(_line(page, given, row, commitments), row) for row in rows]


def _line(page: Page, given: Asked, row: Row, commitments: Mapping[str, Commitment]) -> Line:
    day, why = _day(page, row.at), "" if isinstance(row, Undone) else _because(page, row.why)
    here = page.link(PATH, **{**given.query, "asiento": str(_seq(row))})
    if isinstance(row, Change):
        one = told(page, row, commitments)
        # That a file was loaded is no reason why one of its values differs from another.
        reason = _because(page, row.note) if row.note else "" if _LOADED.match(row.why) else why
        published = published_words(page, row.record)
        return Line(one.sentence, one.href or here, day, reason, one.invented, published)
    if isinstance(row, Undone):
        return Line(undone(page, row), page.link(PATH), day, "", False)
    return Line(_counted(page, given, row), here, day, why, _comes_invented(page, row.seq))


def _counted(page: Page, given: Asked, row: Counted) -> str:
    say = page.voice.say
    said = [
        say(key, what=page.voice.list([part.words for part in parts]))
        for key, counts in (("changes.came", row.first), ("changes.corrected", row.changed))
        if (parts := _parts(page, given, row.seq, counts))
    ]
    return " ".join(said)
