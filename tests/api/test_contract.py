"""Does every operation answer as its description says, whatever it is asked?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import cauce
from cauce.api.description import description
from tests.conftest import Workspace

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
OPERATIONS = {
    found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)
}
#: These take nothing that could be of the wrong kind.
ANYTHING = {"GET /api/v1/record", "GET /api/v1/statements/{name}"}
CASES = [
    (label, mode)
    for label in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or label not in ANYTHING
]


@pytest.mark.slow
@pytest.mark.parametrize(("label", "mode"), CASES)
def test_every_operation_answers_as_described(
    published: Workspace, label: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[label]

    @settings(
        max_examples=25,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    answers()


ADDRESSES = (
    "figures?indicator=asylum/AS-1&place=MEX&period=2022",
    "figures?indicator=asylum/AS-1&place=MEX&period=2018/2023&by=year",
    "figures?ask=money&by=stage",
    "figures?ask=count&of=commitments",
    "figures?ask=count&of=members&body=rcm/RCM",
    "figures?ask=fact&record=rcm/I-PUEBLA&field=adopted",
    "figures/explanation?indicator=asylum/AS-1&place=MEX&period=2022",
    "figures/explanation?ask=money&stage=committed&currency=USD",
    "figures/trace?indicator=asylum/AS-1&place=MEX&period=2022",
    "frameworks", "frameworks/asylum/ASYLUM", "frameworks/rcm/RCM",
    "indicators?limit=200", "indicators/asylum/AS-1",
    "commitments?limit=200", "commitments/asylum/K-2",
    "transactions?limit=200",
    "organisations?limit=200", "organisations/rcm/MEX",
    "memberships?limit=200", "offices?limit=200", "bodies", "places?limit=200",
    "instruments?limit=200", "instruments/rcm/I-PUEBLA",
    "sources?limit=200", "sources/rcm/S-FACTSHEET",
    "changes?limit=200", "record", "statements", "statements/cooperation-at-a-glance",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_real_answers_have_the_shape_described(client: Client, address: str) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200
    jsonschema.validate(response.json(), schema_of(address.partition("?")[0]))


def schema_of(path: str) -> dict[str, Any]:
    """The schema of a path's answer, with the components it refers to."""
    found = description()
    parts = path.split("/")
    for template, methods in found["paths"].items():
        wanted = template.removeprefix("/api/v1/").split("/")
        if len(wanted) == len(parts) and all(
            w.startswith("{") or w == p for w, p in zip(wanted, parts, strict=True)
        ):
            content = methods["get"]["responses"]["200"]["content"]
            return {**content["application/json"]["schema"], "components": found["components"]}
    raise KeyError(path)


def test_the_description_names_every_operation_and_gives_it_words() -> None:
    found = [one for methods in description()["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in found]
    assert len(names) == len(set(names)) > 20
    assert [one["operationId"] for one in found if not one["summary"] or not one["tags"]] == []
    tags = {tag["name"] for tag in description()["tags"]}
    assert {tag for one in found for tag in one["tags"]} == tags


def test_questions_and_figures_are_described_by_their_published_schemas() -> None:
    found = description()["components"]["schemas"]
    for name in ("question", "figure"):
        path = Path(cauce.__file__).parent / f"values/{name}.schema.json"
        assert set(json.loads(path.read_text(encoding="utf-8"))["$defs"]) <= set(found)
    body = description()["paths"]["/api/v1/figures"]["post"]["requestBody"]
    given_example = body["content"]["application/json"]["example"]
    schema = {"$ref": "#/components/schemas/questions", "components": {"schemas": found}}
    jsonschema.validate(given_example, schema)
