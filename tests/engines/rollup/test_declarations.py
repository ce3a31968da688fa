"""What an indicator declares, and which declarations contradict each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cauce.engines.rollup import PRESETS, Identity, Rule, TimeRule, Value, declare
from cauce.engines.rollup.declarations import DimensionRule
from cauce.errors import CauceError
from cauce.values.period import Period


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"preset": "flow"}, (Value.COUNT, Identity.EVENTS, TimeRule.SUM)),
        ({"preset": "stock"}, (Value.COUNT, Identity.EVENTS, TimeRule.AT_END)),
        ({"preset": "unique_people"}, (Value.COUNT, Identity.PERSONS, TimeRule.UNION)),
        ({"preset": "ratio"}, (Value.RATIO, Identity.EVENTS, TimeRule.SUM)),
        ({"preset": "flow", "time": "max"}, (Value.COUNT, Identity.EVENTS, TimeRule.MAX)),
        # Who is counted once is counted once in a year too.
        ({"identity": "persons"}, (Value.COUNT, Identity.PERSONS, TimeRule.UNION)),
        ({"identity": "entities"}, (Value.COUNT, Identity.ENTITIES, TimeRule.UNION)),
        ({"identity": "entities", "time": "sum"}, (Value.COUNT, Identity.ENTITIES, TimeRule.SUM)),
        ({}, (Value.COUNT, Identity.EVENTS, TimeRule.SUM)),
    ],
)
def test_a_preset_is_a_set_of_declarations_that_may_be_changed(
    given: dict[str, Any], expected: tuple[Value, Identity, TimeRule]
) -> None:
    declared = declare(**given)
    assert (declared.value, declared.identity, declared.time) == expected


@pytest.mark.parametrize("preset", [p for p in PRESETS if p != "cumulative"])
def test_every_preset_stands_on_its_own(preset: str) -> None:
    assert declare(preset=preset) == PRESETS[preset]


def test_everything_can_be_declared() -> None:
    declared = declare(
        preset="unique_people",
        dimensions={"agency": "lasting", "sex": "overlap"},
        accumulation="since: 2021-01-01",
        partition_within="month",
        carry=True,
        descending=True,
        not_success=True,
    )
    assert declared.since == date(2021, 1, 1)
    assert declared.within == "month"
    assert (declared.carry, declared.descending, declared.not_success) == (True, True, True)
    assert declared.rule("party").numerator is Rule.LASTING  # agency and party are one
    assert declared.rule("sex").numerator is Rule.OVERLAP
    assert declared.rule("place").numerator is Rule.OVERLAP  # the preset's default
    assert declare(preset="flow", accumulation="per_period").since is None
    assert declare(preset="flow", may_be_negative=True).may_be_negative


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"preset": "nonsense"}, "preset=nonsense"),
        ({"value": "nonsense"}, "nonsense"),
        ({"identity": "nonsense"}, "nonsense"),
        ({"time": "nonsense"}, "nonsense"),
        ({"dimensions": {"sex": "nonsense"}}, "nonsense"),
        ({"dimensions": {"sex": "same"}}, "same"),
        ({"preset": "ratio", "dimensions": {"sex": "same/partition"}}, "same/partition"),
        ({"dimensions": {"sex": "partition/overlap"}}, "value=ratio"),
        ({"preset": "cumulative"}, "accumulation"),
        ({"accumulation": "since:yesterday"}, "since:yesterday"),
        ({"accumulation": "since:2021"}, "since:2021"),
        ({"accumulation": "until:2021-01-01"}, "until:2021-01-01"),
        ({"accumulation": "since 2021-01-01"}, "since 2021-01-01"),
        ({"preset": "stock", "accumulation": "since:2021-01-01"}, "time=sum"),
        ({"preset": "unique_people", "value": "ratio"}, "value=count"),
        ({"preset": "unique_people", "time": "sum"}, "time=union"),
        ({"preset": "unique_people", "time": "mean"}, "time=union"),
        ({"preset": "unique_people", "may_be_negative": True}, "may_be_negative"),
        ({"preset": "unique_people", "partition_within": "decade"}, "decade"),
        ({"preset": "flow", "time": "union"}, "time=union"),
        ({"preset": "flow", "carry": True}, "carry"),
    ],
)
def test_declarations_that_contradict_each_other_name_the_reason(
    given: dict[str, Any], detail: str
) -> None:
    with pytest.raises(CauceError) as caught:
        declare(**given)
    assert caught.value.code == "declaration_conflict"
    assert detail in str(caught.value.params["detail"])


def test_a_ratio_has_one_rule_for_each_side() -> None:
    rule = DimensionRule.parse("overlap / same")
    assert (rule.numerator, rule.denominator) == (Rule.OVERLAP, Rule.SAME)
    assert DimensionRule.parse("none") == DimensionRule(Rule.NONE, Rule.NONE)


def test_dimensions_that_may_be_added_inside_one_agency_and_period() -> None:
    month, year = Period.parse("2023-01"), Period.parse("2023")
    rules = {"place": "partition", "age": "overlap"}
    persons = declare(preset="unique_people", partition_within="month", dimensions=rules)
    table = {
        (dimension, period): persons.partitions_in(period, dimension)
        for dimension in ("sex", "place", "age")
        for period in (month, year)
    }
    assert table == {
        ("sex", month): True,
        ("sex", year): True,
        ("place", month): True,
        ("place", year): False,
        ("age", month): False,
        ("age", year): False,
    }
    assert declare(preset="flow").partitions_in(year, "place")  # events happen in one place
