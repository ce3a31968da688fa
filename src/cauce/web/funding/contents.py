"""How much was announced, pledged, committed and spent, one stage after the other, never added?

One line for each stage. Where no number can be given, because the money is of several programmes
or in several currencies, the amounts that can be told stand beside each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cauce.figures import Explanation, registers
from cauce.figures.invented import left_out
from cauce.figures.registers import TransactionRow
from cauce.values.answer import Absence, Absent, Known, Refused
from cauce.values.question import STAGES, MoneyQ
from cauce.web.asking import KNOWN
from cauce.web.cards import Card, card, explained
from cauce.web.cards import asked as bare
from cauce.web.funding.asking import PATH, Asked
from cauce.web.funding.quoting import Quote, quote_of, quote_of_one, quote_of_row, when_of
from cauce.web.funding.wording import amount, called, named, when
from cauce.web.naming import by_name, capital, home_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.codes import caveat, reason, reason_fix, unused
from cauce.words.figures import accessible_name, value
from cauce.words.foreign import plain

__all__ = [
    "LIST",
    "Kin",
    "Offer",
    "Part",
    "StageLine",
    "Stages",
    "by_stage",
    "contributions",
    "kin",
]

#: Where on its page the list of contributions begins.
LIST = "contribuciones"

#: What a figure says of amounts that it knows and does not add.
ASIDE = "part_not_added"

#: How many amounts are told beside a line; the rest is in the list.
MOST = 6


def contributions(page: Page) -> tuple[TransactionRow, ...]:
    """Every contribution on record that the public may see; read once for everything on a page."""
    return registers.transactions(page.read)


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that can be told where the whole of a stage cannot, or that stands beside it;
    ``why`` it is not in that whole."""

    name: str
    value: str
    when: str
    href: str
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: its figure as a card, what the stage means, when the money is of, and the
    amounts told apart; ``aside`` are those that its figure knows and does not add. ``quotes`` says
    each amount on its own. ``count`` is how many contributions there are, ``list_href`` leads to
    the list they stand in.
    """

    stage: str
    name: str
    meaning: str
    value: str
    card: Card
    when: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...]
    beside: tuple[Part, ...]
    why_beside: str
    aside: tuple[Part, ...]
    quotes: tuple[Quote, ...]
    more: int
    count: int
    list_href: str
    list_label: str
    is_known: bool

    @property
    def is_told(self) -> bool:
        """Whether anything at all is on record at this stage."""
        return bool(self.is_known or self.parts or self.beside or self.count)


@dataclass(frozen=True, slots=True)
class Offer:
    """A narrower question, by a link that asks it."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Kin:
    """The institutions of a state that give, or receive, on their own: they are not its units,
    and no figure about the state takes them in."""

    lead: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of what is asked, from announced to received, with the sentence to quote.

    ``explanations`` are the figures behind the lines and their parts; ``invented`` is how many
    contributions of a demonstration no figure counts; ``silent`` names the other stages, at which
    nothing is on record; ``kin`` are institutions whose money stands apart. ``address`` is that of
    the page where the same is asked, ``cited`` the one that asks it as known on the day of
    reading, ``read``; ``name`` tells these stages from others on the same page.
    """

    lines: tuple[StageLine, ...]
    silent: str
    quote: Quote
    offers: tuple[Offer, ...]
    kin: tuple[Kin, ...]
    invented: int
    count: int
    address: str
    cited: str
    read: str
    name: str
    explanations: tuple[Explanation, ...]


def by_stage(page: Page, asked: Asked, given: Sequence[TransactionRow] | None = None) -> Stages:
    """What is on record at each stage of the money ``asked`` about.

    ``given`` is what was read already. Cost: at most three sittings of asking, whatever is
    recorded. Raises the errors of a question about money.
    """
    given = contributions(page) if given is None else given
    found = _explained(page, asked)
    shown = tuple(stage for stage in STAGES if asked.stage in ("", stage))
    rows = asked.chosen(page, given)
    made_up = {r.record.source for r in rows if left_out(r.record.source, asked.codes, page.names)}
    real = [row for row in rows if row.record.source not in made_up]
    today = page.today
    split = _split(page, {stage: found[stage] for stage in shown})
    lines = tuple(
        _line(page, asked, found[stage], split.get(stage, ()), given, real) for stage in shown
    )
    quote = quote_of(page, asked, found, shown, beside=any(line.beside for line in lines))
    if not quote.sentence and asked.has_subject:
        apart = [one for line in lines for one in line.quotes]
        quote = replace(quote, apart=tuple(apart[:MOST]))
    silent = [line.name.lower() for line in lines if not line.is_told]
    return Stages(
        lines=lines,
        silent=page.voice.list(silent) if len(silent) < len(lines) else "",
        quote=quote,
        offers=_offers(page, asked, [one for ones in split.values() for one in ones]),
        kin=kin(page, asked, given),
        invented=sum(row.record.source in made_up for row in rows),
        count=len(rows),
        address=page.link(PATH, **asked.query()),
        cited=_cited(page, asked, today),
        read=dates.day(today, page.language),
        name="-".join(("cita", *asked.query())),
        explanations=tuple(one for stage in shown for one in (found[stage], *split.get(stage, ()))),
    )


def _cited(page: Page, asked: Asked, today: date) -> str:
    """An address that gives the same later: as known on the day of reading."""
    query = asked.query() | {KNOWN: today.isoformat()}
    return page.absolute(page.link(PATH, **query))


def _explained(page: Page, asked: Asked) -> dict[str, Explanation]:
    questions = [asked.question(stage, page.known) for stage in STAGES]
    return dict(zip(STAGES, explained(page, questions), strict=True))


# -- who gives or receives beside the state ------------------------------------------------------


def kin(page: Page, asked: Asked, given: Sequence[TransactionRow]) -> tuple[Kin, ...]:
    """The institutions of the state asked about that stand on its side of other contributions."""
    sides = (("da", "provider", asked.provider), ("recibe", "receiver", asked.receiver))
    return tuple(
        Kin(page.voice.say(f"funding.kin.{word}", name=called(page, state)), offers)
        for word, side, state in sides
        if (offers := _institutions(page, asked, given, state, word=word, side=side))
    )


def _institutions(
    page: Page, asked: Asked, given: Sequence[TransactionRow], state: str, *, word: str, side: str
) -> tuple[Offer, ...]:
    known = page.names.organisations
    one = known.get(state)
    if one is None or home_of(page.names, state) == state:
        return ()
    rows = replace(asked, provider="", receiver="").chosen(page, given)
    others = {code for row in rows if (code := str(getattr(row.record, side))) in known}
    found = [
        code
        for code in sorted(others, key=lambda code: by_name(page.voice.short(code)))
        if known[code].country == one.country and not page.names.within(code, state)
    ]
    return tuple(
        Offer(page.voice.short(code), page.link(PATH, **asked.query(**{word: code})))
        for code in found
    )


# -- where one number cannot be given ------------------------------------------------------------


def _split(page: Page, found: dict[str, Explanation]) -> dict[str, tuple[Explanation, ...]]:
    """For each stage that is refused, the figures that can be told apart: by currency, and by
    programme where one currency is still of several."""
    apart: dict[str, tuple[Explanation, ...]] = {}
    waiting: dict[str, tuple[Explanation, ...]]
    waiting = {stage: (one,) for stage, one in found.items() if _is_refused(one)}
    # By currency, then by programme: nothing else can stand in the way.
    for _ in range(2):
        narrower = [(stage, q) for stage, ones in waiting.items() for q in _narrower(ones)]
        told = explained(page, [q for _, q in narrower])
        waiting = {}
        for (stage, _), one in zip(narrower, told, strict=True):
            room = waiting if _is_refused(one) else apart
            room[stage] = (*room.get(stage, ()), one)
        if not waiting:
            break
    return apart


def _is_refused(one: Explanation) -> bool:
    return isinstance(one.figure.answer, Refused)


def _narrower(refused: Sequence[Explanation]) -> list[MoneyQ]:
    """The narrower questions that the reason of a refusal names."""
    found: list[MoneyQ] = []
    for one in refused:
        question, answer = one.figure.question, one.figure.answer
        if isinstance(question, MoneyQ) and isinstance(answer, Refused):
            given = dict(answer.reason.params)
            found += [replace(question, currency=c) for c in _codes(given.get("currencies"))]
            found += [replace(question, programme=p) for p in _codes(given.get("programmes"))]
    return found


def _codes(text: str | None) -> list[str]:
    return [code.strip() for code in (text or "").split(",") if code.strip()]


def _offers(page: Page, asked: Asked, apart: Iterable[Explanation]) -> tuple[Offer, ...]:
    """What a reader can choose to get a number where there is none: the narrower questions that
    have one."""
    offers: dict[str, Offer] = {}
    for one in apart:
        question = one.figure.question
        if not isinstance(question, MoneyQ) or not _is_known(one):
            continue
        programme, currency = question.programme or "", question.currency or ""
        if programme and programme != (asked.programme or asked.framework):
            changed, name = {"programa": programme}, page.voice.name(programme)
        else:
            changed = {"moneda": currency}
            name = page.voice.say("funding.only_currency", currency=currency)
        offers[name] = Offer(name, page.link(PATH, **asked.query(**changed)))
    return tuple(offers.values())[:MOST]


# -- one line ------------------------------------------------------------------------------------


def _line(
    page: Page,
    asked: Asked,
    found: Explanation,
    apart: Sequence[Explanation],
    given: Sequence[TransactionRow],
    rows: Sequence[TransactionRow],
) -> StageLine:
    voice, stage = page.voice, str(getattr(found.figure.question, "stage", ""))
    own = [row for row in rows if row.record.stage == stage]
    shown = card(page, found)
    told = (*apart, found) if _is_known(found) else tuple(apart)
    left = _untold(own, told, given)
    name = voice.say(f"stage.{stage}")
    aside = _aside(page, found, own) if _is_known(found) else ()
    # What a refused figure would hold stands with its parts, anything else beside the figure.
    parts = [_part(page, one) for one in apart if _is_known(one)]
    alone = [row for row in left if isinstance(row.answer, Known)]
    singles = [_single(page, row) for row in alone]
    # Where they are named, how many they are needs no sentence.
    told_below = {
        caveat(code, voice) for code in found.figure.caveats if aside and code.code == ASIDE
    }
    quotes = [quote_of_one(page, asked, stage, one) for one in told if _is_known(one)]
    if _is_refused(found):
        parts, singles = [*parts, *singles], []
    return StageLine(
        stage=stage,
        name=capital(name),
        meaning=voice.say(f"funding.meaning.{stage}"),
        value=voice.say("table.state.refused") if _is_refused(found) else shown.value,
        card=shown,
        when=when_of(found, voice) if _is_known(found) else "",
        sentences=tuple(s for s in _sentences(page, found, shown, own) if s not in told_below),
        parts=tuple(parts[:MOST]),
        beside=tuple(singles[:MOST]),
        why_beside=voice.say(f"funding.beside.{'period' if asked.period else 'programme'}"),
        aside=aside,
        quotes=(*quotes, *(quote_of_row(page, asked, row) for row in alone)),
        more=max(len(parts[MOST:]), len(singles[MOST:])),
        count=len({row.code for row in own}),
        list_href=f"{page.link(PATH, **asked.query())}#{LIST}",
        list_label=voice.say("funding.list_label", count=len({r.code for r in own}), stage=name),
        is_known=_is_known(found),
    )


def _is_known(one: Explanation) -> bool:
    return isinstance(one.figure.answer, Known)


def _untold(
    own: Sequence[TransactionRow], told: Sequence[Explanation], every: Sequence[TransactionRow]
) -> list[TransactionRow]:
    """The contributions that no figure told here rests on or has set aside."""
    ids = {used.record_id for one in told for used in one.used}
    ids |= {n.value.record_id for one in told for n in one.not_used if n.value}
    codes = {row.code for row in every if row.record.record_id in ids}
    return [row for row in own if row.code not in codes]


def _aside(page: Page, found: Explanation, own: Sequence[TransactionRow]) -> tuple[Part, ...]:
    """The contributions that a figure knows and does not add, each with the reason."""
    rows = {row.record.record_id: row for row in own if isinstance(row.answer, Known)}
    left = {
        one.value.record_id: one.reason
        for one in found.not_used
        if one.value and one.value.record_id in rows
    }
    return tuple(
        replace(_single(page, rows[record]), why=unused(why, page.voice))
        for record, why in list(left.items())[:MOST]
    )


def _sentences(
    page: Page, found: Explanation, shown: Card, own: Sequence[TransactionRow]
) -> list[str]:
    """What stands below an amount: why there is none, what was reported without one, who says so,
    what is in doubt."""
    voice, answer = page.voice, found.figure.answer
    without = len({row.code for row in own if row.answer == Absent(Absence.MISSING)})
    said = [voice.say("funding.without_amount", count=without)] if without else []
    if isinstance(answer, Refused):
        why = voice.say("funding.refused", reason=capital(reason(answer.reason, voice)))
        return [why, reason_fix(answer.reason, voice), *said]
    return [*said, *shown.sentences] if _is_known(found) else said


def _part(page: Page, one: Explanation) -> Part:
    figure, voice = one.figure, page.voice
    question = figure.question
    name = ""
    if isinstance(question, MoneyQ):
        name = voice.name(question.programme) if question.programme else question.currency or ""
    return Part(
        name=name,
        value=value(figure, voice),
        when=when_of(one, voice) if _is_known(one) else "",
        href=page.how(bare(question)),
        label=plain(accessible_name(figure, voice)),
    )


def _single(page: Page, row: TransactionRow) -> Part:
    title, said = named(page, row), amount(page, row)
    return Part(
        name=title,
        value=said,
        when=when(page, row),
        href=page.link(f"{PATH}{row.code}/"),
        label=plain(page.voice.say("funding.one_label", value=said, title=title)),
    )
