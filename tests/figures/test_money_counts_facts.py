"""Money, members, commitments, reports, facts and changes, through the record."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cauce.errors import CauceError
from cauce.frameworks import queries as frameworks
from cauce.journal.queries import Recorded
from cauce.ledger import queries as ledger
from cauce.parties import queries as parties
from tests.figures.record import Record, short

value, due = Record.value, Record.due


def money(code: str, amount: object, **cells: object) -> Recorded:
    base = {"stage": "committed", "currency": "USD", "provider": "t/F", "reporter": "t/F"}
    return ledger.Transaction.from_cells(**{"code": f"t/{code}", "amount": amount, **base, **cells})


# -- money ---------------------------------------------------------------------------------------


def test_money_is_exact_beyond_fifteen_digits(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", "9007199254740993.25"), money("b", "0.01"))
    figure = record.ask(ask="money", stage="committed")
    assert figure.to_json()["value"] == "9007199254740993.26"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"amount": 210, "bound": "more_than"}, {"amount": 57, "bound": "more_than"}, ">267"),
        ({"amount": 10, "bound": "at_most"}, {"amount": 5}, "5..15"),
        ({"amount": ""}, {"amount": 5}, ">=5"),
        ({"amount": 10, "bound": "about"}, {"amount": 5}, "~15"),
    ],
)
def test_sums_of_money_carry_their_bounds(
    record: Record, first: dict[str, object], second: dict[str, object], expected: str
) -> None:
    record.start(preset="flow")
    record.seal(money("a", **first), money("b", **second))
    assert short(record.ask(ask="money", stage="committed").answer) == expected


def test_money_without_an_amount_is_recorded_and_has_no_number(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", ""))
    assert short(record.ask(ask="money", stage="committed").answer) == "missing"


def test_currencies_are_added_only_at_a_named_rate(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        money("a", "100", value_date="2023-05-04"),
        money("b", "1750", currency="MXN", value_date="2023-05-04"),
    )
    ask = {"ask": "money", "stage": "committed"}
    assert short(record.ask(**ask).answer) == "refused:mixed_currencies"
    converted = {**ask, "currency": "USD", "rate": "t/FIX"}
    assert short(record.ask(**converted).answer) == "refused:no_rate"
    record.seal(
        frameworks.Rate.from_cells(
            code="t/FIX", currency="MXN", into="USD", period="2023", rate="2/35"
        )
    )
    assert short(record.ask(**converted).answer) == "200"  # 100 + 1750 * 2/35
    assert [short(f.answer) for f in record.table(**ask, by=["currency"])] == ["1750", "100"]


def test_money_of_two_programmes_needs_a_declared_portfolio(record: Record) -> None:
    record.start(preset="flow")
    for code, parent in (("O", ""), ("Q1", "t/O"), ("Q2", "t/O")):
        record.seal(
            frameworks.Node.from_cells(
                code=f"t/{code}",
                framework="t/T",
                parent=parent,
                name={"en": code},
                kind="objective" if code == "O" else "programme",
            )
        )
    record.seal(money("a", 10, programme="t/Q1"), money("b", 5, programme="t/Q2"))
    ask = {"ask": "money", "stage": "committed", "programme": "t/O"}
    assert short(record.ask(**ask).answer) == "refused:mixed_programmes"
    record.seal(
        frameworks.Node.from_cells(
            code="t/O", framework="t/T", name={"en": "O"}, kind="objective", portfolio="yes"
        )
    )
    assert short(record.ask(**ask).answer) == "15"


def test_money_of_activities_is_money_of_their_programme(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", 10, programme="t/P1"), money("b", 5, programme="t/P2"))
    assert short(record.ask(ask="money", stage="committed", programme="t/P").answer) == "15"


def test_money_withdrawn_by_its_reporter_is_withdrawn(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", 10, public_at="2023-01-01"))
    record.seal(money("a", "", status="withdrawn", public_at="2023-06-01"))
    ask = {"ask": "money", "stage": "committed"}
    assert short(record.ask(**ask).answer) == "withdrawn"
    assert short(record.ask(**ask, known_at="2023-02").answer) == "10"


@pytest.mark.parametrize(
    ("tellings", "expected"),
    [
        # The provider knows what it gave, whoever comes after it in the alphabet.
        ({"t/F": 10, "t/A": 12}, "10"),
        ({"t/F": 10, "t/G": 12}, "10"),
        ({"t/A": 10, "t/B": 10}, "10"),
        ({"t/A": 10, "t/B": 12}, "refused:no_preferred_reporter"),
    ],
)
def test_of_several_who_tell_one_contribution_its_provider_answers(
    record: Record, tellings: dict[str, int], expected: str
) -> None:
    record.start(preset="flow")
    record.seal(parties.Organisation.from_cells(code="t/G", kind="agency", name={"en": "G"}))
    record.seal(*(money("a", amount, reporter=who) for who, amount in tellings.items()))
    figure = record.ask(ask="money", stage="committed")
    assert short(figure.answer) == expected
    # The other telling stands beside it, whoever it is.
    assert len(figure.competing) == 1


def test_one_who_withdraws_leaves_what_the_others_say(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", 10, reporter="t/A"), money("a", 12, reporter="t/B"))
    record.seal(money("a", "", reporter="t/B", status="withdrawn"))
    assert short(record.ask(ask="money", stage="committed").answer) == "10"


def test_amounts_that_nobody_printed_have_no_sum(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", ""), money("b", ""))
    assert short(record.ask(ask="money", stage="committed").answer) == "missing"


def test_every_part_that_is_not_added_to_its_whole_is_counted(record: Record) -> None:
    record.start(preset="flow")
    parts = {"b": "40", "c": "25"}
    record.seal(
        money("a", "100"),
        *(money(code, amount) for code, amount in parts.items()),
        *(ledger.Link.from_cells(kind="part_of", one=f"t/{code}", other="t/a") for code in parts),
    )
    figure = record.ask(ask="money", stage="committed")
    assert short(figure.answer) == "100"
    assert [c.get("count") for c in figure.caveats if c.code == "part_not_added"] == ["2"]


def links(kind: str, *pairs: str) -> list[ledger.Link]:
    """Links of one kind, each told as the two ids it stands between."""
    return [
        ledger.Link.from_cells(kind=kind, one=f"t/{pair[0]}", other=f"t/{pair[1]}")
        for pair in pairs
    ]


@pytest.mark.parametrize("order", [("ab", "bc"), ("bc", "ab")])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("part_of", "25"),  # a is a part of b, which is a part of c: c answers
        ("passes_on", "100"),  # a is passed on as b, and b as c: a answers
        ("same", "100"),  # three tell one grant: the first answers
    ],
)
def test_money_linked_in_a_chain_counts_once(
    record: Record, kind: str, expected: str, order: tuple[str, str]
) -> None:
    record.start(preset="flow")
    record.seal(money("a", 100), money("b", 40), money("c", 25), *links(kind, *order))
    assert short(record.ask(ask="money", stage="committed").answer) == expected


def test_a_part_declared_of_a_part_is_a_part_of_the_whole(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("c", 25, part_of="t/a"), money("a", 40, part_of="t/b"), money("b", 100))
    assert short(record.ask(ask="money", stage="committed").answer) == "100"


def test_a_part_of_money_told_twice_is_a_part_of_the_telling_that_counts(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        money("a", 100, provider="t/A", reporter="t/A"),
        money("b", 98, provider="t/A", reporter="t/B"),
        money("c", 25, part_of="t/b"),
        *links("same", "ba"),
    )
    figure = record.ask(ask="money", stage="committed")
    assert short(figure.answer) == "100"
    assert [(c.why, short(c.answer)) for c in figure.competing] == [("linked", "98")]


@pytest.mark.parametrize("kind", ["part_of", "passes_on", "same"])
def test_links_that_go_round_in_a_circle_leave_one_amount(record: Record, kind: str) -> None:
    record.start(preset="flow")
    circle = links(kind, "ab", "bc", "ca")
    record.seal(money("a", 7), money("b", 7), money("c", 7), *circle)
    assert short(record.ask(ask="money", stage="committed").answer) == "7"


def test_a_change_of_money_says_how_much_more_it_is(record: Record) -> None:
    record.start(preset="flow")
    record.seal(money("a", "3", value_date="2022-05-04"), money("b", "10", value_date="2023-05-04"))
    of = {"ask": "money", "stage": "committed", "period": "2023", "by": ["currency"]}
    assert short(record.ask(ask="change", of=of, base_period="2022").answer) == "7"  # 10 - 3


def test_money_of_a_period_is_that_which_lies_wholly_in_it(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        money("a", 1, value_date="2022-09"),
        money("b", 2, value_date="2023"),
        money("c", 4, period="2022/2024"),
        money("d", 8),
    )
    ask = {"ask": "money", "stage": "committed"}
    asked = {p: short(record.ask(**ask, period=p).answer) for p in ("2022", "2023-Q1", "2022/2024")}
    assert asked == {"2022": "1", "2023-Q1": "missing", "2022/2024": "7"}  # 1 + 2 + 4


# -- counts --------------------------------------------------------------------------------------


def body(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        parties.Body.from_cells(code="t/BODY", name={"en": "body"}),
        ledger.Source.from_cells(code="t/S1", title="List of 2020", published="2020-06-29"),
        ledger.Source.from_cells(code="t/S2", title="List of 2022", published="2022-10-21"),
    )


def member(party: str, **cells: object) -> Recorded:
    return parties.Membership.from_cells(body="t/BODY", party=f"t/{party}", **cells)


def members(record: Record, on: str, **more: object) -> str:
    return short(record.ask(ask="count", of="members", body="t/BODY", on=on, **more).answer)


def test_a_member_list_proves_membership_on_its_own_day(record: Record) -> None:
    body(record)
    record.seal(member("A", valid_from="1996..", public_at="2023-06-01", source="t/S1"))
    counts = [members(record, day) for day in ("1995-12-31", "2000-01-01", "2023-06-01")]
    assert counts == ["0", "0..1", "1"]


def test_a_member_that_left_some_time_between_two_lists_makes_a_range(record: Record) -> None:
    body(record)
    record.seal(
        member("A", valid_from="2019-12"),
        member("B", valid_from="2019-12", valid_to="2020-06-29..2022-10-21"),
    )
    counts = [members(record, day) for day in ("2020-06-28", "2021-01-01", "2022-10-21")]
    assert counts == ["2", "1..2", "1"]


def test_two_sources_that_disagree_are_a_range_and_are_named(record: Record) -> None:
    body(record)
    record.seal(
        member("A", valid_from="2019-12-01", source="t/S1"),
        member("A", valid_from="2019-12-01", valid_to="2020-01-01", source="t/S2"),
    )
    figure = record.ask(ask="count", of="members", body="t/BODY", on="2021-01-01")
    assert short(figure.answer) == "0..1"
    assert [(c.code, c.get("parties")) for c in figure.caveats] == [("sources_disagree", "t/A")]


def test_observers_are_not_members_and_who_left_and_came_back_is_one(record: Record) -> None:
    body(record)
    record.seal(
        member("A", valid_from="2000-01-01", valid_to="2005-01-01"),
        member("A", valid_from="2010-01-01", spell="2"),
        member("B", valid_from="2000-01-01", role="observer"),
    )
    assert [members(record, d) for d in ("2001-01-01", "2007-01-01", "2011-01-01")] == [
        "1",
        "0",
        "1",
    ]
    assert members(record, "2001-01-01", role="observer") == "1"
    ever = record.ask(ask="count", of="members", body="t/BODY", period="2000/2011")
    assert short(ever.answer) == "1"


def commitment(code: str, **cells: object) -> Recorded:
    base: dict[str, object] = {"framework": "t/T", "text": {"en": code}, "reporter": "t/A"}
    return ledger.Commitment.from_cells(**{"code": f"t/{code}", **base, **cells})


def test_a_commitment_that_two_state_is_counted_once(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        commitment("c1", made="2022-07-12", reporter="t/A"),
        commitment("c1", made="2022-07-12", reporter="t/B"),
    )
    assert short(record.ask(ask="count", of="commitments", framework="t/T").answer) == "1"


def test_commitments_nobody_reported_on_stay_in_the_denominator(record: Record) -> None:
    record.start(preset="flow")
    update = ledger.CommitmentUpdate.from_cells
    record.seal(
        *[commitment(c, made="2022-07-12") for c in ("c1", "c2", "c3")],
        update(commitment="t/c1", as_of="2023-01-01", state="planned", reporter="t/A"),
        update(commitment="t/c1", as_of="2024-01-01", state="fulfilled", reporter="t/A"),
    )
    count = {"ask": "count", "of": "commitments", "framework": "t/T"}
    states = {
        on: [short(record.ask(**count, on=on, state=s).answer) for s in states]
        for states in (("planned", "fulfilled", "no_update"),)
        for on in ("2022-12-31", "2023-06-01", "2024-06-01")
    }
    assert states == {
        "2022-12-31": ["0", "0", "3"],
        "2023-06-01": ["1", "0", "2"],
        "2024-06-01": ["0", "1", "2"],
    }
    assert short(record.ask(**count, on="2024-06-01").answer) == "3"
    assert short(record.ask(**count, on="2022-01-01").answer) == "0"


def test_reports_received_due_and_lacking_are_counted(record: Record) -> None:
    record.start(preset="flow")
    record.seal(*[due(p, "MEX") for p in "ABC"], value("A MEX 2023", 1), value("B MEX 2023", 2))
    count = {"ask": "count", "of": "reports", "framework": "t/T", "period": "2023"}
    states = [short(record.ask(**count, state=s).answer) for s in ("received", "due", "lacking")]
    assert states == ["2", "3", "1"]


# -- facts ---------------------------------------------------------------------------------------


def test_a_fact_is_a_date_with_its_precision_or_an_amount(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        parties.Instrument.from_cells(
            code="t/MOU", kind="mou", name={"en": "MOU"}, signed="2021-06-08", in_force="2021-07"
        ),
        money("a", 1500000000, bound="more_than"),
    )
    signed = record.ask(ask="fact", record="t/MOU", field="signed").to_json()
    assert (signed["value"], signed["unit"]) == ("2021-06-08", "date")
    force = record.ask(ask="fact", record="t/MOU", field="in_force").to_json()
    assert (force["value"], force["low"], force["high"]) == (None, "2021-07-01", "2021-07-31")
    assert short(record.ask(ask="fact", record="t/MOU", field="adopted").answer) == "missing"
    assert short(record.ask(ask="fact", record="t/a", field="amount").answer) == ">1500000000"


def test_a_membership_is_named_by_its_body_party_and_role(record: Record) -> None:
    body(record)
    record.seal(member("A", valid_from="2023-07-28", role="partner"))
    name = "membership:t/BODY:t/A:partner"
    assert record.ask(ask="fact", record=name, field="valid_from").to_json()["value"] == (
        "2023-07-28"
    )


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"ask": "fact", "record": "t/NO", "field": "signed"}, "unknown_record"),
        ({"ask": "fact", "record": "t/T", "field": "colour"}, "unknown_field"),
        ({"ask": "count", "of": "members", "body": "t/NO"}, "unknown_body"),
        ({"ask": "count", "of": "members"}, "bad_question"),
        ({"ask": "count", "of": "reports"}, "bad_question"),
        ({"ask": "count", "of": "commitments", "framework": "t/NO"}, "unknown_framework"),
        ({"ask": "money", "provider": "t/NO"}, "unknown_organisation"),
        ({"ask": "money", "programme": "t/NO"}, "unknown_programme"),
        ({"ask": "money", "by": ["colour"]}, "bad_question"),
        ({"indicator": "t/NO", "period": "2023"}, "unknown_indicator"),
        ({"period": "2023", "place": "NO"}, "unknown_place"),
        ({"period": "2023", "party": "t/NO"}, "unknown_organisation"),
        ({"period": "2023", "where": {"colour": "red"}}, "unknown_dimension"),
        ({"period": "2023", "by": ["colour"]}, "unknown_dimension"),
        ({"period": "2023-01-01/2023-01-09", "by": ["month"]}, "bad_question"),
        ({"period": "2023", "head": 99}, "unknown_head"),
        ({"period": "2023", "head": -1}, "bad_question"),
    ],
)
def test_a_question_about_what_is_not_there_names_it(
    record: Record, question: dict[str, object], code: str
) -> None:
    record.start(preset="flow")
    with pytest.raises(CauceError) as refused:
        record.ask(**question)
    assert refused.value.code == code


def test_an_unknown_code_names_the_codes_there_are(record: Record) -> None:
    record.start(preset="flow")
    record.seal(*record.codes("sex", "f", "m"))
    with pytest.raises(CauceError) as refused:
        record.ask(period="2023", where={"sex": "w"})
    assert refused.value.params["choices"] == "f, m"


# -- change and progress -------------------------------------------------------------------------


def change(record: Record, period: str, base: str, as_: str = "difference", **of: object) -> str:
    inner = {"ask": "indicator", "indicator": "t/I", "period": period, **of}
    return short(record.ask(ask="change", of=inner, base_period=base, **{"as": as_}).answer)


def test_a_part_of_a_year_is_not_compared_with_a_year(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2021-01/2021-10", 31787), value("A MEX 2022", 34762))
    record.seal(value("A MEX 2023", 27900), value("A MEX us-fiscal:2023", 1))
    assert change(record, "2022", "2021") == "refused:not_like_for_like"
    assert change(record, "2022", "2021-01/2021-10") == "refused:not_like_for_like"
    assert change(record, "2023", "us-fiscal:2023") == "refused:different_calendars"
    assert change(record, "2023", "2022", "percent") == "-0.19739945918"  # 27900 / 34762 - 1
    assert change(record, "2023", "2022") == "-6862"  # 27900 - 34762
    assert change(record, "2023", "2019") == "refused:base_missing"


def test_what_two_publishers_said_is_not_compared(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2021", 10, reporter="UNHCR"), value("A MEX 2022", 20))
    record.seal(value("A MEX 2023", 40))
    assert change(record, "2022", "2021") == "refused:reporters_differ"
    assert change(record, "2023", "2022") == "20"


def test_a_code_that_was_not_in_use_all_the_time_is_not_compared_with_itself(
    record: Record,
) -> None:
    record.start(preset="flow", dimensions="sense=partition")
    record.seal(*record.codes("sense", "new", valid_from="2022-07"))
    record.seal(value("A MEX 2022-H2 sense=new", 5), value("A MEX 2023 sense=new", 9))
    assert change(record, "2023", "2022", where={"sense": "new"}) == "refused:definitions_differ"


def test_two_places_are_compared_although_each_has_its_own_publisher(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A X 2022", 10), value("B Y 2022", 25))
    of = {"ask": "indicator", "indicator": "t/I", "place": "Y", "period": "2022"}

    def against(place: str, as_: str = "difference") -> str:
        asked = {"ask": "change", "of": of, "base_place": place, "as": as_}
        return short(record.ask(**asked).answer)

    assert (against("X"), against("X", "percent")) == ("15", "1.5")
    assert against("GTM") == "refused:base_missing"


def test_a_change_from_nothing_has_no_percentage(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2022", 0), value("A MEX 2023", 5))
    assert change(record, "2023", "2022", "percent") == "refused:base_zero"
    assert change(record, "2023", "2022") == "5"


def test_at_least_less_at_least_leaves_nothing_to_say(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        value("A MEX 2022", 10, bound="at_least"), value("A MEX 2023", 20, bound="at_least")
    )
    assert change(record, "2023", "2022") == "refused:not_bounded"


def test_one_period_is_compared_as_known_on_two_dates(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        value("A MEX 2022", 118478, public_at="2023-01"),
        value("A MEX 2022", 119273, public_at="2024-01"),
    )
    of = {"ask": "indicator", "indicator": "t/I", "period": "2022"}
    assert short(record.ask(ask="change", of=of, base_known_at="2023-06").answer) == "795"


def test_a_target_of_another_unit_is_no_achievement(record: Record) -> None:
    record.start(preset="flow", unit="person")
    record.seal(
        value("A MEX 2023", 40000),
        value("A MEX 2023", 40000, kind="target", count_unit="farmer"),
    )
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    achieved = record.ask(ask="progress", of=of, **{"as": "achievement"})
    assert short(achieved.answer) == "refused:units_differ"


def test_achievement_of_an_open_target_is_bounded(record: Record) -> None:
    record.start(preset="flow", unit="person")
    record.seal(
        value("A MEX 2023", 2000, bound="almost"),
        value("A MEX 2021/2024", 500000, kind="target", bound="more_than"),
    )
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    achieved = record.ask(ask="progress", of=of, **{"as": "achievement"})
    assert short(achieved.answer) == "<0.004"  # less than 2000 of more than 500000


def test_an_amount_keeps_its_minor_units(record: Record) -> None:
    record.start(preset="flow")
    with pytest.raises(CauceError) as refused:
        record.seal(money("a", Decimal("1.005")))
    assert [p.code for p in refused.value.problems] == ["amount_currency"]
