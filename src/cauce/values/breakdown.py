"""Which part of a count: a set of ``dimension=code`` pairs.

The empty breakdown is the total. Order does not matter: pairs are kept sorted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cauce.errors import CauceError

__all__ = ["TOTAL", "Breakdown"]

_NAME = re.compile(r"[a-z][a-z0-9_-]*\Z")
#: What a text may hold between ``=`` and ``;`` and still be read back as it was.
_CODE = re.compile(r"[^\s;]([^;]*[^\s;])?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Breakdown:
    """Sorted ``(dimension, code)`` pairs, each dimension once.

    >>> Breakdown.parse("sex=f; age=0-17").text
    'age=0-17;sex=f'
    """

    items: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [name for name, _ in self.items]
        if names != sorted(set(names)):
            raise CauceError("bad_breakdown", text=self.text)
        if not all(_NAME.match(name) and _CODE.match(code) for name, code in self.items):
            raise CauceError("bad_breakdown", text=self.text)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Breakdown:
        return cls(tuple(sorted(pairs)))

    @classmethod
    def parse(cls, text: str) -> Breakdown:
        """Read ``sex=f;age=0-17``; the empty text is the total. Raises ``bad_breakdown``."""
        pairs = []
        for part in filter(None, (p.strip() for p in text.split(";"))):
            name, equals, code = (s.strip() for s in part.partition("="))
            if not equals:
                raise CauceError("bad_breakdown", text=text)
            pairs.append((name, code))
        return cls.of(pairs)

    def get(self, dimension: str) -> str | None:
        return dict(self.items).get(dimension)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.items)

    def without(self, dimensions: Iterable[str]) -> Breakdown:
        left_out = set(dimensions)
        return Breakdown(tuple(p for p in self.items if p[0] not in left_out))

    @property
    def text(self) -> str:
        return ";".join(f"{name}={code}" for name, code in self.items)

    def __str__(self) -> str:
        return self.text


TOTAL = Breakdown()
