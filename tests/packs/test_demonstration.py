"""The invented pack of `cauce demo`: what it shows, that it says so, and what it never lets out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cauce import figures
from cauce.figures import Explanation
from cauce.journal import queries as journal
from cauce.packs import catalogue, loading
from cauce.packs.writing import export
from cauce.values.audience import PUBLIC, SECRETARIAT, Audience
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import IndicatorQ, question_from_json
from tests.conftest import Workspace, enter
from tests.figures.record import short

OWNER = Audience("owner", "demo/AGENCY")
MEMBERS = Audience("members")

#: The value for members, the value under embargo, and every total that would contain one.
SECRET = ("71717", "83838", "72917", "85038", "155555", "156755")


@pytest.fixture(autouse=True)
def _demonstration(workspace: Workspace) -> None:
    loading.load([catalogue.demonstration()], by="tests")


def released(audience: Audience = PUBLIC, **question: Any) -> Sequence[Figure]:
    asked = question_from_json({"ask": "indicator", **question, "audience": audience.text})
    return tuple(figures.release(figures.ask([asked]), audience))


def answers(audience: Audience = PUBLIC, **question: Any) -> list[str]:
    return [short(figure.answer) for figure in released(audience, **question)]


# ------------------------------------------------------------------------------- what it shows


def test_five_nothings_stand_side_by_side() -> None:
    found = answers(indicator="demo/D-3", period="2024", by=["place"])
    assert found == ["0", "missing", "pending", "withdrawn", "small_cell"]


def test_three_of_five_reported() -> None:
    (figure,) = released(indicator="demo/D-4", period="2024")
    assert short(figure.answer) == ">=40"  # 12 + 7 + 21
    assert figure.coverage is not None
    assert (figure.coverage.received, figure.coverage.due) == (3, 5)


def test_months_add_up_to_the_year() -> None:
    months = answers(indicator="demo/D-1", period="2024", by=["month"])
    assert len(months) == 12
    assert answers(indicator="demo/D-1", period="2024") == [str(sum(map(int, months)))]


def test_people_are_told_apart_by_sex_and_measured_against_a_target() -> None:
    of: dict[str, Any] = {"ask": "indicator", "indicator": "demo/D-2", "period": "2024"}
    assert answers(**of, by=["sex"]) == ["340", "260"]
    progress: dict[str, Any] = {"ask": "progress", "as": "progress", "of": of}
    assert answers(**progress) == ["0.666666666667"]  # (600 − 200) / (800 − 200)


def test_a_small_numerator_is_protected() -> None:
    found = answers(indicator="demo/D-7", period="2024", by=["place"])
    assert found == ["0.8", "small_cell"]


def test_a_correction_replaces_what_was_known_before() -> None:
    asked: dict[str, Any] = {"indicator": "demo/D-6", "period": "2023"}
    assert answers(**asked) == ["505"]
    assert answers(**asked, known_at="2025-05") == ["480"]


def test_two_who_disagree_stand_side_by_side() -> None:
    (figure,) = released(indicator="demo/D-6", period="2024")
    assert (short(figure.answer), [c.reporter for c in figure.competing]) == (
        "520",
        ["demo/ASSOCIATION"],
    )


def test_commitments_are_in_every_state_and_one_without_answer() -> None:
    states = ("planned", "in_progress", "fulfilled", "partly_fulfilled", "abandoned", "no_update")
    asked: dict[str, Any] = {"ask": "count", "of": "commitments", "framework": "demo/DEMO"}
    assert [answers(**asked, state=state) for state in states] == [["1"]] * 6


def test_money_goes_from_announcement_to_disbursement_and_is_never_added() -> None:
    asked: dict[str, Any] = {"ask": "money", "programme": "demo/DEMO.2.1"}
    stages = ("announced", "pledged", "committed", "disbursed", "spent")
    assert [answers(**asked, stage=stage)[0] for stage in stages] == [
        "~9100000", ">7700000", "6300000", "2900000", "missing",
    ]  # fmt: skip
    assert answers(**asked) == ["refused:mixed_stages"]


# ------------------------------------------------------------------------------- that it says so


def everything(audience: Audience) -> Iterator[IndicatorQ]:
    """Every key that is recorded, and every indicator as a whole, by year and by place."""
    yield from figures.recorded_questions(audience=audience)
    spans = ((Period.parse("2023/2024"), None), (Period.parse("2024"), "demo/VALLEY"))
    for number in range(1, 9):
        for by in ((), ("year",), ("place",), ("reporter",), ("party",)):
            for period, place in spans:
                yield IndicatorQ(
                    indicator=f"demo/D-{number}",
                    period=period,
                    place=place,
                    by=by,
                    audience=audience,
                )


def test_every_figure_of_it_is_marked_as_invented() -> None:
    asked = [q for q in everything(SECRETARIAT) if q.indicator.startswith("demo/")]
    table = figures.release(figures.ask(asked), SECRETARIAT)
    assert len(table) > 100
    assert {figure.caveats[0].code for figure in table} == {"invented_data"}


# ------------------------------------------------------------------------------- what is not public


def text_of(explained: Explanation) -> str:
    return repr((explained.figure.to_json(), explained))


def test_what_is_not_public_is_in_no_public_answer_and_no_explanation() -> None:
    asked = list(everything(PUBLIC))
    shown = json.dumps(figures.release(figures.ask(asked), PUBLIC).to_json())
    single = [replace(q, by=()) for q in asked]
    shown += "".join(text_of(figures.explain(q)) for q in single)
    assert [number for number in SECRET if number in shown] == []


def test_its_members_and_its_owner_see_it_marked() -> None:
    asked: dict[str, Any] = {"indicator": "demo/D-5", "period": "2024"}
    assert answers(**asked) == [">=1200"]
    assert answers(MEMBERS, **asked) == [">=72917"]  # 1,200 + 71,717
    assert answers(OWNER, **asked) == ["156755"]  # 1,200 + 71,717 + 83,838
    by_place = answers(OWNER, **asked, by=["place"])
    assert by_place == ["1200", "71717", "83838"]
    (figure,) = released(OWNER, **asked)
    assert figure.caveats[0].code == "invented_data"


# ------------------------------------------------------------------------------- the pack itself


def test_it_is_loaded_by_its_path_alone() -> None:
    assert "demo" not in catalogue.shipped()


def test_it_survives_its_export(
    tmp_path: Path, two_workspaces: tuple[Workspace, Workspace]
) -> None:
    export(str(tmp_path / "demo"), name="demo")
    enter(two_workspaces[1])
    first = {one.name: one for one in loading.load([catalogue.demonstration()], by="t")}
    again = loading.load([str(tmp_path / "demo")], by="t")
    assert first["demo"].receipt is not None
    assert [one.receipt for one in again] == [None]


def test_no_real_country_or_organisation_is_in_it() -> None:
    names = figures.catalogue(journal.head())
    indicators = [i for i in names.indicators.values() if i.framework == "demo/DEMO"]
    assert len(indicators) == 8
    asked = figures.recorded_questions(audience=SECRETARIAT)
    ours = [q for q in asked if q.indicator.startswith("demo/")]
    assert {part for q in ours for part in (q.place, q.party) if part} == {
        "demo/AGENCY", *(f"demo/TOWN-{n}" for n in range(1, 6)),
    }  # fmt: skip
