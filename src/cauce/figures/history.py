"""What changed, newest first: of everything, of a framework, an indicator, a country or an
organisation?

A new version of what somebody stated is told by itself, as :mod:`cauce.figures.since` tells it.
What an entry records for the first time is told by its number, because a first load brings
hundreds; so are new versions of what things are. One entry can be opened: then all of it is told
one by one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from cauce.errors import CauceError
from cauce.figures.reading import Reading
from cauce.figures.since import Change, change_of, hides, tellable
from cauce.journal import arrivals
from cauce.journal import queries as journal
from cauce.journal.arrivals import Arrival, Conditions, Spot
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment

__all__ = ["COUNTED", "SINGLY", "Counted", "History", "Narrow", "Row", "Undone", "history"]

#: What is told one by one when it changes.
SINGLY = (
    "observation", "transaction", "commitment", "commitment_update", "membership", "office_held",
)  # fmt: skip

#: What is only ever told by its number, unless its entry is opened. Locks and links are left out:
#: they tell how the record is kept.
COUNTED = (
    "claim", "exemption", "framework", "node", "indicator", "source", "instrument", "organisation",
    "body", "place", "succession", "codelist", "code", "obligation", "preferred_reporter",
    "population", "rate", "joint_share", "pack",
)  # fmt: skip

#: An entry with more records than this is not read as a whole, neither to put it in order nor to
#: search it for small counts: then its reason is not told.
_SEARCHED = 1000


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a reader wants to see: what belongs to a framework (``pack``: the first part of its
    ids), to an indicator, to a country or organisation (``party``: with its units, its work, its
    money, and what it reports). Empty fields ask for everything."""

    pack: str = ""
    indicator: str = ""
    party: str = ""

    @property
    def is_all(self) -> bool:
        return not (self.pack or self.indicator or self.party)


@dataclass(frozen=True, slots=True)
class Counted:
    """Records of one entry that are told by their number, by type: ``first`` ones, and new
    versions of what was there. ``at`` and ``why`` are as in a ``Change``."""

    seq: int
    at: datetime
    recorded_at: datetime
    why: str
    first: Mapping[str, int]
    changed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """The entry ``seq`` says that the entry ``target`` was recorded in error: ``whole``, or records
    of it. Why is not told: it may tell what was annulled."""

    seq: int
    at: datetime
    target: int
    whole: bool


Row = Change | Counted | Undone

_Slim = Spot | Counted | Undone


@dataclass(frozen=True, slots=True)
class History:
    """Rows, newest first; their contents are read a part at a time."""

    read: Reading
    slim: tuple[_Slim, ...]

    @property
    def total(self) -> int:
        return len(self.slim)

    def newest(self, count: int) -> tuple[Row, ...]:
        """The latest that tell of a change; only where there are fewer, also what was recorded for
        the first time."""
        changed = [one for one in self.slim if not isinstance(one, Counted)]
        others = [one for one in self.slim if isinstance(one, Counted)]
        return replace(self, slim=tuple([*changed, *others][:count])).part(1, count)

    def part(self, first: int, last: int) -> tuple[Row, ...]:
        """The rows from ``first`` to ``last``, counted from 1. Cost: a number of queries that does
        not depend on what is recorded."""
        shown = self.slim[max(0, first - 1) : last]
        wanted = [one for one in shown if isinstance(one, Spot)]
        found = _at(self.read, wanted)
        reasons = _reasons(self.read, {one.seq for one in shown})
        rows: list[Row] = []
        for one in shown:
            why = reasons.get(one.seq, "")
            if isinstance(one, Spot):
                change = found.get((one.seq, one.n))
                if change is not None:
                    rows.append(replace(change, why=why))
            else:
                rows.append(replace(one, why=why) if isinstance(one, Counted) else one)
        return tuple(rows)


def history(
    read: Reading, narrow: Narrow | None = None, *, seq: int = 0, record_type: str = ""
) -> History:
    """What changed, of what is asked for; with ``seq`` only what that entry holds, one by one,
    perhaps of one type.

    Raises ``unknown_framework``, ``unknown_indicator``, ``unknown_organisation``, and
    ``unknown_entry`` for one after the head of the reading. Cost: a number of queries that does not
    depend on what is recorded; each table is read through once, without its contents.
    """
    asked = narrow or Narrow()
    types = _types(read, asked)
    if seq:
        return _entry(read, seq, {t: c for t, c in types.items() if record_type in ("", t)})
    view = read.resolved.view
    came = arrivals.arrivals(view, types)
    later = arrivals.later_versions(view, types)
    undone = journal.annulments(view.head) if asked.is_all else ()
    times = journal.recorded_ats({*(one.seq for one in came), *(at for at, _, _ in undone)})
    rows: list[_Slim] = [spot for spot in later if spot.record_type in SINGLY]
    rows += _counted(came, later, times)
    rows += [Undone(at, times[at], target, whole) for at, target, whole in undone]
    return History(read, _newest_first(rows, times))


def _entry(read: Reading, seq: int, types: Conditions) -> History:
    if not 0 < seq <= read.head:
        raise CauceError("unknown_entry", id=str(seq))
    found = arrivals.spots(read.resolved.view, [seq], types)
    in_types = (*SINGLY, *COUNTED)
    named = _named(read, found) if len(found) <= _SEARCHED else {}

    def order(spot: Spot) -> tuple[object, ...]:
        return in_types.index(spot.record_type), named.get(spot.n, ()), spot.n

    in_order = sorted(found, key=order)
    return History(read, tuple(in_order))


def _named(read: Reading, found: Sequence[Spot]) -> dict[int, tuple[str, ...]]:
    """What names each record of an entry, so that like stands by like: an entry's own numbers sort
    digests."""
    return {
        record.n: (str(getattr(record, "indicator", "")), *record.natural_id())
        for record in arrivals.at_spots(read.resolved.view, found)
    }


def _newest_first(rows: Sequence[_Slim], times: Mapping[int, datetime]) -> tuple[_Slim, ...]:
    def order(one: _Slim) -> tuple[object, ...]:
        if isinstance(one, Spot):
            moment = max(times[one.seq], one.released)
            # Of what came in at once, what was published last is the newest.
            kind = SINGLY.index(one.record_type)
            return (-moment.timestamp(), -one.seq, 0, kind, -one.known.timestamp(), one.n)
        rank = 1 if isinstance(one, Undone) else 2
        return (-one.at.timestamp(), -one.seq, rank)

    return tuple(sorted(rows, key=order))


def _counted(
    came: Iterable[Arrival], later: Iterable[Spot], times: Mapping[int, datetime]
) -> list[Counted]:
    """What came in, without what is told one by one, by entry and by the moment it could be read
    from."""
    changed = Counter((s.record_type, s.seq, max(times[s.seq], s.released)) for s in later)
    total: Counter[tuple[str, int, datetime]] = Counter()
    for one in came:
        total[one.record_type, one.seq, max(times[one.seq], one.released)] += one.count
    groups: defaultdict[tuple[int, datetime], tuple[dict[str, int], dict[str, int]]] = defaultdict(
        lambda: ({}, {})
    )
    for name in (*SINGLY, *COUNTED):
        for (record_type, seq, at), number in total.items():
            if record_type != name:
                continue
            versions = changed[record_type, seq, at]
            if number > versions:
                groups[seq, at][0][name] = number - versions
            if versions and name in COUNTED:
                groups[seq, at][1][name] = versions
    return [
        Counted(seq, at, times[seq], "", first, other)
        for (seq, at), (first, other) in groups.items()
    ]


# -- contents --------------------------------------------------------------------------------------


def _at(read: Reading, wanted: Sequence[Spot]) -> dict[tuple[int, int], Change]:
    """The changes at these spots, by entry and number, without reasons."""
    if not wanted:
        return {}
    view = read.resolved.view
    records = tellable(read, arrivals.at_spots(view, wanted))
    before = journal.earlier(view, records)
    return {(r.entry_id, r.n): change_of(read, r, before.get(r.record_id), "") for r in records}


def _reasons(read: Reading, seqs: set[int]) -> dict[int, str]:
    """Why entries were written: of those that are seen whole, and hold nothing hidden, because a
    reason may tell of any of an entry's records."""
    view = read.resolved.view
    whole = journal.seen_whole(view, seqs)
    of_entries = [{"entry_id__in": sorted(whole)}]
    # Whose values, or whose names, may be hidden although their records are seen.
    types = dict.fromkeys(("observation", "transaction", "commitment_update", "link"), of_entries)
    sizes: Counter[int] = Counter()
    for one in arrivals.arrivals(view, types):
        sizes[one.seq] += one.count
    clear = {seq for seq in whole if sizes[seq] <= _SEARCHED}
    spots = arrivals.spots(view, clear, types)
    told = _at(read, spots)
    clear -= {spot.seq for spot in spots if (spot.seq, spot.n) not in told}
    clear -= {change.record.entry_id for change in told.values() if hides(read, change)}
    return journal.reasons(clear)


# -- what is asked for ---------------------------------------------------------------------------


def _types(read: Reading, asked: Narrow) -> Conditions:
    """The records to tell of. An update of a commitment that is not seen would name it."""
    made = ledger.commitments(view=read.resolved.view)
    seen: Conditions = {
        **dict.fromkeys((*SINGLY, *COUNTED), ()),
        "commitment_update": ({"commitment__in": sorted({one.code for one in made})},),
    }
    for narrowed in (
        _of_pack(read, asked.pack, made) if asked.pack else None,
        _of_indicator(read, asked.indicator) if asked.indicator else None,
        _of_party(read, asked.party, made) if asked.party else None,
    ):
        if narrowed is not None:
            seen = _both(seen, narrowed)
    return seen


def _both(one: Conditions, other: Conditions) -> Conditions:
    """What meets both: of no condition at all, the other's."""
    return {
        name: tuple(_merged(a, b) for a, b in product(one[name] or ({},), other[name] or ({},)))
        for name in one
        if name in other
    }


def _merged(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object]:
    found = {**one, **other}
    for name in one.keys() & other.keys():
        left, right = one[name], other[name]
        if isinstance(left, list) and isinstance(right, list):
            found[name] = [value for value in left if value in set(right)]
    return found


def _of_pack(read: Reading, pack: str, made: Sequence[Commitment]) -> Conditions:
    names, prefix = read.names, f"{pack}/"
    if not any(code.startswith(prefix) for code in names.frameworks):
        raise CauceError("unknown_framework", id=pack)

    def begins(*columns: str) -> tuple[dict[str, object], ...]:
        return tuple({f"{column}__startswith": prefix} for column in columns)

    own = [c.code for c in made if c.code.startswith(prefix) or c.framework.startswith(prefix)]
    of_indicators = ("observation", "exemption", "obligation", "preferred_reporter")
    return {
        **dict.fromkeys(
            ("framework", "node", "indicator", "source", "instrument", "organisation", "body",
             "place", "codelist", "rate"),
            begins("code"),
        ),
        **dict.fromkeys(of_indicators, begins("indicator")),
        **dict.fromkeys(("membership", "office_held"), begins("body")),
        "transaction": begins("code", "programme"),
        "commitment": begins("code", "framework"),
        "commitment_update": ({"commitment__in": own},),
        "claim": begins("code", "framework"),
        "code": begins("codelist"),
        "succession": begins("predecessor", "successor"),
        "population": begins("source"),
        "joint_share": begins("programme"),
        "pack": ({"name": pack},),
    }  # fmt: skip


def _of_indicator(read: Reading, indicator: str) -> Conditions:
    code = read.names.indicator(indicator).code
    own = ({"indicator": code},)
    types = ("observation", "exemption", "obligation", "preferred_reporter", "claim")
    return {**dict.fromkeys(types, own), "indicator": ({"code": code},)}


def _of_party(read: Reading, party: str, made: Sequence[Commitment]) -> Conditions:
    names = read.names
    if party not in names.organisations and party not in names.places:
        raise CauceError("unknown_organisation", id=party)
    own = sorted(
        code
        for code, one in names.organisations.items()
        if names.within(code, party) or one.country == party
    )
    is_place = party in names.places
    places = sorted(c for c in names.places if is_place and names.within(c, party))

    def among(*columns: str) -> tuple[dict[str, object], ...]:
        return tuple({f"{column}__in": own} for column in columns)

    there: tuple[dict[str, object], ...] = ({"place__in": places},) if places else ()
    promised = [c.code for c in made if {*c.parties} & {*own}]
    return {
        "observation": (*among("party", "reporter"), *there),
        "transaction": (*among("provider", "receiver", "reporter"), *there),
        "commitment": ({"code__in": promised},),
        "commitment_update": (*among("party"), {"commitment__in": promised}),
        "membership": (*among("party"), {"body": party}),
        "office_held": (*among("party"), {"body": party}),
        "exemption": (*among("party"), *there),
        "obligation": (*among("party"), *there),
        "organisation": among("code"),
        "succession": among("predecessor", "successor"),
        "body": ({"code": party},),
        "place": ({"code": party},),
    }
