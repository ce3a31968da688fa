"""Which money is told again in other money: told twice, passed on, or a part of a whole?

Links stand between any two contributions, so they make chains: what is a part of a part is a part
of the whole, and what three tell of one another is told three times, not once and once again. Pure
rules over ids; in which order the links are given changes nothing but which of equals is first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cauce.ledger.queries import Link, Transaction

__all__ = ["Inside", "inside", "told_together"]

Inside = Literal["passed_on", "part_of_whole"]


def told_together(links: Iterable[Link]) -> tuple[tuple[str, ...], ...]:
    """The contributions that tell the same money, each in one group."""
    group: dict[str, list[str]] = {}
    for link in links:
        if link.kind != "same":
            continue
        one, other = group.get(link.one, [link.one]), group.get(link.other, [link.other])
        both = one if one is other else one + other
        group.update(dict.fromkeys(both, both))
    return tuple(tuple(codes) for codes in {id(codes): codes for codes in group.values()}.values())


def inside(
    chosen: Mapping[str, Transaction],
    links: Iterable[Link],
    above: Mapping[str, frozenset[str]],
    kept: Mapping[str, str],
) -> dict[str, Inside]:
    """Which of the contributions lie inside another of them, and how: passed on from it, a part
    of it, or the same series told of a place inside another's. Something outside all others is
    left, also where links go round in a circle.

    ``above``: the places that a place lies in. ``kept``: the id under which money is counted that
    is told under several.
    """
    tree = _Tree()
    for part, whole, how in (*_linked(chosen, links), *_by_place(chosen.values(), above)):
        one, other = kept.get(part, part), kept.get(whole, whole)
        if one in chosen and other in chosen:
            tree.put(one, other, how)
    return tree.how


def _linked(
    chosen: Mapping[str, Transaction], links: Iterable[Link]
) -> Iterator[tuple[str, str, Inside]]:
    for link in links:
        if link.kind == "passes_on":
            yield link.other, link.one, "passed_on"
        elif link.kind == "part_of":
            yield link.one, link.other, "part_of_whole"
    for code, record in chosen.items():
        if record.part_of:
            yield code, record.part_of, "part_of_whole"


def _by_place(
    records: Iterable[Transaction], above: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str, Inside]]:
    told: defaultdict[tuple[str, ...], dict[str, list[str]]] = defaultdict(dict)
    for record in records:
        if record.place:
            told[_series(record)].setdefault(record.place, []).append(record.code)
    for places in told.values():
        for place, codes in places.items():
            # One whole is enough, and of several told of one place any is a whole.
            for around in sorted(above.get(place, frozenset()) & places.keys()):
                yield from ((code, places[around][0], "part_of_whole") for code in codes)


def _series(record: Transaction) -> tuple[str, ...]:
    return (
        record.stage, record.provider, record.receiver, record.programme, record.currency,
        record.reporter,
    )  # fmt: skip


@dataclass(slots=True)
class _Tree:
    """What lies directly inside what."""

    how: dict[str, Inside] = field(default_factory=dict)
    wholes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def put(self, part: str, whole: str, how: Inside) -> None:
        if not self._reaches(whole, part):
            self.how.setdefault(part, how)
            self.wholes[part].append(whole)

    def _reaches(self, code: str, sought: str) -> bool:
        seen: set[str] = set()
        waiting: Sequence[str] = [code]
        while waiting:
            if sought in waiting:
                return True
            seen.update(waiting)
            waiting = [w for one in waiting for w in self.wholes.get(one, ()) if w not in seen]
        return False
