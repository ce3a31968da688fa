"""What is the same for every operation: pages, times, what may be kept, and what an error says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cauce.errors import CODES
from cauce.figures import ask, release
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json

FIGURE = "/api/v1/figures?indicator=asylum/AS-1&place=MEX&period=2022"
ASKED = {"ask": "indicator", "indicator": "asylum/AS-1", "place": "MEX", "period": "2022"}


def post(client: Client, body: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/v1/figures", data=text, content_type="application/json")


# ------------------------------------------------------------------------------- figures


def test_a_figure_is_what_the_released_table_spells(client: Client) -> None:
    expected = release(ask([question_from_json(ASKED)]), PUBLIC).to_json()
    assert client.get(FIGURE).json() == expected
    assert post(client, {"questions": [ASKED]}).json() == expected


def test_a_question_of_any_kind_stands_whole_in_an_address(client: Client) -> None:
    question = {"ask": "change", "of": ASKED, "base_period": "2021", "as": "percent"}
    (figure,) = client.get("/api/v1/figures", {"question": json.dumps(question)}).json()["figures"]
    assert figure["question"]["ask"] == "change"


def test_a_group_gives_a_figure_each(client: Client) -> None:
    found = client.get(f"{FIGURE.replace('2022', '2018/2022')}&by=year").json()["figures"]
    assert [one["question"]["period"] for one in found] == ["2018", "2019", "2020", "2021", "2022"]


def test_the_trace_pages_through_all_records_behind_a_figure(client: Client) -> None:
    whole = client.get(f"{FIGURE.replace('2022', '2018/2022').replace('figures', 'figures/trace')}")
    found = whole.json()
    assert found["trace"]["count"] == found["total"] == len(found["items"]) > 1
    seen, address = [], f"{whole.wsgi_request.get_full_path()}&limit=1"
    while address:
        page = client.get(address).json()
        seen += page["items"]
        address = page["next"]
    assert seen == found["items"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 422, "bad_json"),
        ("[" * 100_000, 422, "bad_json"),
        ('{"questions": [{"ask": "fact", "record": "\\ud800", "field": "x"}]}', 422, "bad_json"),
        ('{"questions": [{"ask": "count", "of": "members", "head": 1' + "0" * 5000 + "}]}", 422,
         "bad_json"),
        ([], 422, "bad_question"),
        ({"questions": [ASKED], "more": 1}, 422, "bad_question"),
        ({"questions": [{"ask": "everything"}]}, 422, "bad_question"),
        ({"questions": [ASKED] * 201}, 422, "too_many_questions"),
        ({"questions": [{**ASKED, "audience": "members"}]}, 422, "bad_audience"),
        ({"questions": [{**ASKED, "period": "0002/9997"}]}, 422, "bad_parameter"),
        ({"questions": [{**ASKED, "period": "1950/2050", "by": ["day"]}]}, 422, "bad_parameter"),
        ({"questions": [{**ASKED, "indicator": "asylum/NONE"}]}, 404, "unknown_indicator"),
        ("x" * 1_100_000, 413, "request_too_large"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_answered_is_refused_with_its_reason(
    client: Client, body: object, status: int, code: str
) -> None:
    response = post(client, body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


# ------------------------------------------------------------------------------- lists


def test_a_list_is_read_page_by_page_without_loss(client: Client) -> None:
    whole = client.get("/api/v1/sources?limit=200").json()
    seen, address = [], "/api/v1/sources?limit=7"
    while address:
        page = client.get(address).json()
        assert page["total"] == whole["total"]
        seen += page["items"]
        address = page["next"]
    assert seen == whole["items"]
    assert len(seen) == whole["total"]


def test_filters_narrow_a_list(client: Client) -> None:
    found = client.get("/api/v1/commitments?framework=asylum/ASYLUM&limit=200").json()["items"]
    assert {one["framework"] for one in found} == {"asylum/ASYLUM"}
    silent = client.get("/api/v1/commitments?state=no_update&limit=200").json()["items"]
    assert all(one["silent"] == one["parties"] for one in silent)
    assert len(silent) > 1


def test_commitments_by_state_are_as_many_as_the_figure_counts(client: Client) -> None:
    for state in ("no_update", "in_progress", "fulfilled"):
        listed = client.get(f"/api/v1/commitments?state={state}").json()["total"]
        asked = client.get(f"/api/v1/figures?ask=count&of=commitments&state={state}").json()
        assert asked["figures"][0]["high"] == str(listed), state


def test_a_date_before_anything_was_known_leaves_the_facts_out(client: Client) -> None:
    assert client.get("/api/v1/transactions?known_at=1990").json()["total"] == 0
    assert client.get("/api/v1/sources?known_at=1990").json()["total"] > 0


def test_changes_are_followed_page_by_page_and_end(client: Client) -> None:
    head = client.get("/api/v1/record").json()["head"]
    places: list[str] = []
    address = f"/api/v1/changes?since={head - 1}&limit=100"
    while address:
        page = client.get(address).json()
        assert page["head"] == head
        places += [one["place"] for one in page["items"]]
        address = page["next"]
    assert len(places) == len(set(places)) > 0
    assert {place.split(".")[0] for place in places} == {str(head)}
    assert client.get(f"/api/v1/changes?since={head}").json()["items"] == []


# ------------------------------------------------------------------------------- what may be kept


def test_an_unchanged_answer_is_not_sent_again(client: Client) -> None:
    first = client.get(FIGURE)
    assert first["Cache-Control"] == "public, no-cache"
    again = client.get(FIGURE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    other = client.get(FIGURE.replace("2022", "2021"), headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200


def test_the_head_of_an_answer_can_be_asked_alone(client: Client) -> None:
    whole, alone = client.get(FIGURE), client.head(FIGURE)
    assert (alone.status_code, alone.content) == (200, b"")
    assert alone["ETag"] == whole["ETag"]


def test_any_page_of_the_web_may_read_the_interface_and_no_other_address(client: Client) -> None:
    assert client.get(FIGURE)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/healthz")


# ------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/v2/figures", 404, "not_found"),
        ("/api/v1/frameworks/no/NONE", 404, "unknown_framework"),
        ("/api/v1/indicators/no/NONE", 404, "unknown_indicator"),
        ("/api/v1/commitments/no/NONE", 404, "unknown_commitment"),
        ("/api/v1/transactions/no/NONE", 404, "unknown_transaction"),
        ("/api/v1/organisations/no/NONE", 404, "unknown_organisation"),
        ("/api/v1/instruments/no/NONE", 404, "unknown_instrument"),
        ("/api/v1/sources/no/NONE", 404, "unknown_source"),
        ("/api/v1/statements/none", 404, "unknown_statement"),
        ("/api/v1/places?limit=0", 422, "bad_parameter"),
        ("/api/v1/places?limit=201", 422, "bad_parameter"),
        ("/api/v1/places?offset=x", 422, "bad_parameter"),
        ("/api/v1/places?audience=members", 422, "unknown_parameter"),
        ("/api/v1/places?known_at=yesterday", 422, "bad_date"),
        ("/api/v1/places?head=999999", 404, "unknown_head"),
        ("/api/v1/commitments?on=1996..", 422, "bad_question"),
        ("/api/v1/changes?after=1", 422, "bad_number"),
        ("/api/v1/changes?since=999999", 404, "unknown_head"),
        ("/api/v1/figures/explanation?ask=money&stage=spent&by=year", 422, "unknown_parameter"),
        (f"{FIGURE}&question={{}}", 422, "unknown_parameter"),
        ("/api/v1/figures?question=[]", 422, "bad_question"),
        (f"/api/v1/figures?indicator={'x' * 20_000}", 413, "request_too_large"),
        ("/api/v1/figures?ask=everything", 422, "bad_parameter"),
        ("/api/v1/figures?indicator=%00&period=2022", 404, "unknown_indicator"),
    ],
)
def test_every_error_has_one_shape_in_the_readers_language(
    client: Client, address: str, status: int, code: str
) -> None:
    said = set()
    for language in ("es", "en", "fr"):
        response = client.get(address, headers={"accept-language": language})
        assert (response.status_code, response["Content-Type"]) == (status, "application/json")
        assert response["Cache-Control"] == "no-store"
        error = response.json()["error"]
        assert error["code"] == code
        for problem in error["problems"]:
            assert set(problem) == {"code", "params", "message", "fix"}
            assert problem["code"] in CODES
            said.add((language, problem["message"], problem["fix"]))
    assert len({message for _, message, _ in said}) >= 3


def test_spanish_is_spoken_to_whoever_does_not_say(client: Client) -> None:
    error = client.get("/api/v1/nothing").json()["error"]
    assert error["problems"][0]["message"] == "No hay ninguna página en «/api/v1/nothing»."


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/record")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["error"]["code"] == "method_not_allowed"


def test_a_failure_of_ours_tells_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret 4321")

    monkeypatch.setattr("cauce.figures.ask", fail)
    client.raise_request_exception = False
    response = client.get(FIGURE)
    assert (response.status_code, response.json()["error"]["code"]) == (500, "defect")
    assert b"4321" not in response.content
    assert b"Zero" not in response.content


# ------------------------------------------------------------------------------- the description


def test_the_reference_page_needs_no_script_and_no_other_host(client: Client) -> None:
    for language in ("es", "en", "fr"):
        response = client.get("/api/docs", headers={"accept-language": language})
        html = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}">' in html
        for inside in ("<script", "style=", "<style", "//"):
            assert inside not in html.replace("<!doctype html>", ""), inside
        assert "/api/v1/figures" in html


def test_a_page_of_another_site_may_send_questions_as_plain_text(client: Client) -> None:
    body = '{"questions": [{"ask": "count", "of": "members", "body": "rcm/RCM", "on": "2024"}]}'
    response = client.post("/api/v1/figures", data=body, content_type="text/plain")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_whether_there_is_anything_is_not_answered_before_looking(client: Client) -> None:
    address = "/api/v1/sources/no/NONE"
    assert client.get(address, headers={"if-none-match": "*"}).status_code == 404
