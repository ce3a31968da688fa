"""How does a framework hang together: its branches, and the indicators on each?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from cauce.figures.catalogue import Catalogue
from cauce.frameworks.queries import Indicator, Node

__all__ = ["Branch", "tree"]


@dataclass(frozen=True, slots=True)
class Branch:
    """An objective, theme, programme or activity with what lies below it."""

    node: Node
    indicators: tuple[Indicator, ...]
    children: tuple[Branch, ...]


def tree(names: Catalogue, framework: str) -> tuple[tuple[Branch, ...], tuple[Indicator, ...]]:
    """The branches of a framework, without closed ones, and the indicators on none of them."""
    nodes = [n for n in names.nodes.values() if n.framework == framework and not n.closed]
    codes = {n.code for n in nodes}
    below: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent if node.parent in codes else ""].append(node)
    measured: defaultdict[str, list[Indicator]] = defaultdict(list)
    for indicator in names.indicators.values():
        if indicator.framework == framework and not indicator.closed:
            measured[indicator.node if indicator.node in codes else ""].append(indicator)

    def branch(node: Node) -> Branch:
        children = tuple(branch(child) for child in below[node.code])
        return Branch(node, tuple(measured[node.code]), children)

    return tuple(branch(node) for node in below[""]), tuple(measured[""])
