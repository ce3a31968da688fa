"""What was agreed to be done and measured, as the record has it at a head.

What other records refer to by id comes as a mapping, closed ones included: old values still need
their names. What only relates other things (an obligation, a share, a rate) comes as a tuple
without the closed ones, which no longer hold. Nothing is written or decided here.
"""

from __future__ import annotations

from cauce.frameworks.models import (
    Codelist,
    CodelistCode,
    Exemption,
    Framework,
    Indicator,
    JointShare,
    Node,
    Obligation,
    Pack,
    PreferredReporter,
    Rate,
    ReferencePopulation,
)
from cauce.journal.queries import View, annulled, current_definitions, current_facts

__all__ = [
    "Codelist",
    "CodelistCode",
    "Exemption",
    "Framework",
    "Indicator",
    "JointShare",
    "Node",
    "Obligation",
    "Pack",
    "PreferredReporter",
    "Rate",
    "ReferencePopulation",
    "codelists",
    "codes",
    "exemptions",
    "frameworks",
    "indicator_versions",
    "indicators",
    "joint_shares",
    "nodes",
    "obligations",
    "packs",
    "populations",
    "preferred_reporters",
    "rates",
]


def packs(*, head: int) -> dict[str, Pack]:
    """Every pack that was loaded, by its name, in its newest version."""
    return {pack.name: pack for pack in current_definitions(Pack, head=head)}


def frameworks(*, head: int) -> dict[str, Framework]:
    """Every framework by its code."""
    return {one.code: one for one in current_definitions(Framework, head=head)}


def nodes(*, head: int) -> dict[str, Node]:
    """Every objective, theme, programme and activity by its code."""
    return {node.code: node for node in current_definitions(Node, head=head)}


def indicators(*, head: int) -> dict[str, Indicator]:
    """Every indicator by its code, with its declarations as they are at the head."""
    return {one.code: one for one in current_definitions(Indicator, head=head)}


def indicator_versions(*, code: str, head: int) -> tuple[Indicator, ...]:
    """Every definition an indicator has had up to the head, oldest first, without annulled ones."""
    gone = annulled(head)
    found = Indicator.objects.filter(code=code, entry_id__lte=head).order_by("entry_id")
    return tuple(one for one in found if not gone.covers(one))


def codelists(*, head: int) -> dict[str, Codelist]:
    """Every codelist by its code."""
    return {one.code: one for one in current_definitions(Codelist, head=head)}


def codes(*, head: int) -> tuple[CodelistCode, ...]:
    """Every code of every codelist, also those closed or no longer in use."""
    return tuple(current_definitions(CodelistCode, head=head))


def obligations(*, head: int) -> tuple[Obligation, ...]:
    """Who owes what; without closed ones."""
    return tuple(one for one in current_definitions(Obligation, head=head) if not one.closed)


def preferred_reporters(*, head: int) -> tuple[PreferredReporter, ...]:
    """Whose value answers where several report; without closed ones."""
    found = current_definitions(PreferredReporter, head=head)
    return tuple(one for one in found if not one.closed)


def populations(*, head: int) -> tuple[ReferencePopulation, ...]:
    """The reference populations; without closed ones."""
    found = current_definitions(ReferencePopulation, head=head)
    return tuple(one for one in found if not one.closed)


def rates(*, head: int) -> tuple[Rate, ...]:
    """The exchange rates of all named sets; without closed ones."""
    return tuple(rate for rate in current_definitions(Rate, head=head) if not rate.closed)


def joint_shares(*, head: int) -> tuple[JointShare, ...]:
    """The shares of joint programmes; without closed ones."""
    return tuple(one for one in current_definitions(JointShare, head=head) if not one.closed)


def exemptions(*, view: View) -> tuple[Exemption, ...]:
    """The current statement of each reporter about each exemption."""
    return tuple(current_facts(Exemption, view))
