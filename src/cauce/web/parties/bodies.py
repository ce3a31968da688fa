"""Which conferences, frameworks and groups are there, who belongs to them, who presides?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cauce.exports.grid import Grid
from cauce.figures.belonging import Holder, Member, OfficeRow
from cauce.frameworks.queries import Framework
from cauce.parties.queries import Body
from cauce.values.figure import Figure
from cauce.values.question import CountQ
from cauce.web.cards import Card, card, explained, released
from cauce.web.naming import Line, by_name, comes_invented, named, party_href, party_line, stem
from cauce.web.page import Page
from cauce.web.parties.belonging import ON, ROLES, Belonging, statements_grid
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.codes import conflict
from cauce.words.foreign import plain

__all__ = [
    "SHOWN",
    "Group",
    "OfficeLine",
    "Roll",
    "cards",
    "frameworks",
    "group",
    "groups",
    "members_grid",
    "question",
    "spell_of",
]

#: What the page shows of the table of members.
SHOWN = ("party", "role", "valid_from", "valid_to", "standing", "source")

#: What a body without any office on record may have had.
OFFICES = ("presidency",)


@dataclass(frozen=True, slots=True)
class Roll:
    """Who belongs to a body in one role on the day: how many, as a figure with the address that
    tells how it is made, who, and who belongs perhaps."""

    role: str
    heading: str
    value: str
    how: str
    label: str
    names: tuple[Line, ...]
    doubtful: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """Who holds an office on the day, or «no data»."""

    heading: str
    holders: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A conference, framework or group as a page shows it."""

    code: str
    name: str
    invented: bool
    href: str
    sentences: tuple[str, ...]
    part_of: Line | None
    parts: tuple[Line, ...]
    rolls: tuple[Roll, ...]
    offices: tuple[OfficeLine, ...]
    conflicts: tuple[str, ...]
    has_records: bool


def groups(found: Belonging) -> tuple[Group, ...]:
    """Every body that is open or has members, and every framework that parties joined: the one
    with most on record first, followed by those that belong to it, what is invented last."""
    page = found.page
    stated = Counter(row.record.body for row in found.statements)
    codes = [
        code
        for code, one in _rooms(page).items()
        if (stated[code] or (isinstance(one, Body) and not one.part_of and not one.closed))
        and _in_scope(page, code)
    ]
    weight: Counter[str] = Counter()
    for code, number in stated.items():
        weight[_root(page, code)] += number
    codes.sort(
        key=lambda code: (
            comes_invented(page.names, code),
            -weight[_root(page, code)],
            _root(page, code),
            code != _root(page, code),
            by_name(page.voice.name(code)),
        )
    )
    counted = _counts(found, codes)
    return tuple(_group(found, code, counted) for code in codes)


def group(found: Belonging, code: str) -> Group:
    """One body or framework."""
    return _group(found, code, _counts(found, [code]))


def question(found: Belonging, code: str, role: str = "member") -> CountQ:
    """How many belong to a body on the day."""
    is_body = code in found.page.names.bodies
    return CountQ(
        of="members",
        body=code if is_body else None,
        framework=None if is_body else code,
        role=None if role == "member" else role,
        on=found.on,
        known_at=found.page.known,
    )


def _rooms(page: Page) -> dict[str, Body | Framework]:
    return {**page.names.bodies, **page.names.frameworks}


def _in_scope(page: Page, code: str) -> bool:
    """Whether a body belongs to the framework the reader stays in."""
    if page.in_scope(code):
        return True
    leading = {one.body for one in page.names.frameworks.values() if page.in_scope(one.code)}
    return code in leading or _root(page, code) in leading


def _root(page: Page, code: str) -> str:
    seen = {code}
    while (one := page.names.bodies.get(code)) and one.part_of and one.part_of not in seen:
        code = one.part_of
        seen.add(code)
    return code


def _roles(found: Belonging, code: str) -> list[str]:
    """The roles on record; of a body that belongs to no other, its members in any case."""
    recorded = {m.role for m in found.members if m.body == code}
    one = found.page.names.bodies.get(code)
    if one is not None and not one.part_of:
        recorded.add("member")
    return [role for role in ROLES if role in recorded]


def _counts(found: Belonging, codes: list[str]) -> dict[tuple[str, str], Figure]:
    wanted = [(code, role) for code in codes for role in _roles(found, code)]
    asked = [question(found, code, role) for code, role in wanted]
    answers = released(found.page, asked)
    return dict(zip(wanted, answers, strict=True))


def _group(found: Belonging, code: str, counted: dict[tuple[str, str], Figure]) -> Group:
    page = found.page
    one = _rooms(page)[code]
    above = one.part_of if isinstance(one, Body) else ""
    below = [c for c, b in page.names.bodies.items() if b.part_of == code and not b.closed]
    return Group(
        code=code,
        name=named(page, code),
        invented=comes_invented(page.names, code),
        href=party_href(page, code, **{ON: found.asked}),
        sentences=tuple(_sentences(page, one)),
        part_of=party_line(page, above) if above else None,
        parts=tuple(party_line(page, c, **{ON: found.asked}) for c in below),
        rolls=tuple(_roll(found, code, role, counted) for role in _roles(found, code)),
        offices=tuple(_offices(found, code)),
        conflicts=conflicts_of(found, code),
        has_records=any(r.record.body == code for r in found.statements),
    )


def _sentences(page: Page, one: Body | Framework) -> Iterator[str]:
    start = one.founded if isinstance(one, Body) else one.starts
    end = one.ended if isinstance(one, Body) else one.ends
    if start:
        yield page.voice.say("party.since", date=dates.imprecise(start, page.language))
    if end:
        when = dates.on(end.earliest, end.latest, page.language)
        yield page.voice.say("party.closed_on", when=when)
    elif one.closed:
        yield page.voice.say("party.closed")


def _roll(found: Belonging, code: str, role: str, counted: dict[tuple[str, str], Figure]) -> Roll:
    page, figure = found.page, counted[code, role]
    belonging = [m for m in found.members if m.body == code and m.role == role and m.is_possible]
    belonging.sort(key=lambda m: by_name(page.voice.short(m.party)))
    return Roll(
        role=role,
        heading=page.voice.say(f"party.roll.{role}"),
        value=figure_words.value(figure, page.voice),
        how=page.how(figure.question),
        label=page.voice.say(
            "page.how_label", figure=plain(figure_words.sentence(figure, page.voice))
        ),
        names=tuple(party_line(page, m.party) for m in belonging if m.is_certain),
        doubtful=tuple(_doubtful(found, m) for m in belonging if not m.is_certain),
    )


def _doubtful(found: Belonging, one: Member) -> Line:
    return party_line(found.page, one.party, after=found.doubt(one) if one.disagree else "")


def _offices(found: Belonging, code: str) -> Iterator[OfficeLine]:
    """Each office of the body that is on record, with who holds it on the day; «no data» where
    nobody is recorded to."""
    one = found.page.names.bodies.get(code)
    recorded = dict.fromkeys(r.record.office for r in found.offices if r.record.body == code)
    usual = OFFICES if one is not None and not one.part_of and not one.ended else ()
    for office in recorded or usual:
        holding = [h for h in found.holders if (h.body, h.office) == (code, office)]
        yield OfficeLine(
            heading=found.office(office),
            holders=tuple(_holder(found, h) for h in holding),
        )


def _holder(found: Belonging, one: Holder) -> Line:
    page, latest = found.page, one.rows[0]
    spell = spell_of(page, latest)
    doubt = found.doubt(one)
    after = page.voice.say("party.spell_doubt", spell=spell, doubt=doubt) if doubt else spell
    return party_line(page, one.party, after=after)


def spell_of(page: Page, row: OfficeRow) -> str:
    """Since when and until when an office was held, in brief."""
    record = row.record
    end = (
        dates.imprecise(record.valid_to, page.language, remark=False)
        if record.valid_to
        else page.voice.say("party.until.none")
    )
    start = dates.imprecise(record.valid_from, page.language, remark=False)
    return page.voice.say("party.spell", start=start, end=end)


def cards(found: Belonging, code: str) -> tuple[Card, ...]:
    """How many belong in each role, with who says so and how it was counted."""
    asked = [question(found, code, role) for role in _roles(found, code)]
    return tuple(card(found.page, one) for one in explained(found.page, asked))


def frameworks(page: Page, code: str) -> tuple[Line, ...]:
    """The frameworks that a body leads; of a framework, itself."""
    return tuple(
        Line(page.voice.name(one.code), page.link(f"cifras/{one.code}/"))
        for one in page.names.frameworks.values()
        if code in (one.code, one.body) and not one.closed
    )


def conflicts_of(found: Belonging, code: str) -> tuple[str, ...]:
    """What does not fit together about a body, in words."""
    return tuple(
        conflict(one, found.page.voice) for one in found.conflicts if one.get("body") == code
    )


def members_grid(found: Belonging, code: str) -> Grid:
    """Everything stated about the members and offices of a body."""
    page = found.page
    rows = [r for r in found.statements if r.record.body == code]
    return statements_grid(
        found,
        rows,
        of_body=True,
        name=f"{stem(code)}-members",
        title=page.voice.say("party.body.table", name=plain(page.voice.short(code))),
    )
