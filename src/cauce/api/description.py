"""What does the interface say of itself? The OpenAPI description, and a page made from it.

Figures, answers and questions keep the JSON Schemas that they are published by; here they are only
given a place among the components.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cauce.api.errors import language
from cauce.api.interface import api
from cauce.api.shapes import PUBLISHED
from cauce.words import text

__all__ = ["describe", "description", "reference"]

SCHEMAS = ("question", "figure")

TAGS = {
    "figures": "Every number comes from here: answered, bounded, traced, released.",
    "frameworks": "What was agreed to be done and measured.",
    "commitments": "Who promised what, and what became of it.",
    "funding": "Money as it is stated.",
    "organisations": "Who acts, and where.",
    "documents": "Agreements, sources, fact sheets.",
    "changes": "What came in, and how far the record goes.",
}


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document, as plain JSON data."""
    found = api.get_openapi_schema(path_prefix="api/")
    made: dict[str, Any] = _moved(json.loads(json.dumps(found)))
    schemas = made["components"]["schemas"]
    for name in SCHEMAS:
        path = files("cauce.values") / f"{name}.schema.json"
        schemas |= _moved(json.loads(path.read_text(encoding="utf-8"))["$defs"])
    schemas["audience"] = {"const": "public"}
    made["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    return made


def _moved(node: Any) -> Any:
    """A schema with its references turned to the components: those to ``$defs``, and those to
    schemas that are published by themselves."""
    if isinstance(node, list):
        return [_moved(one) for one in node]
    if not isinstance(node, dict):
        return node
    if PUBLISHED in node:
        return {"$ref": f"#/components/schemas/{node[PUBLISHED]}"}
    return {
        key: value.replace("#/$defs/", "#/components/schemas/")
        if key == "$ref" and isinstance(value, str)
        else _moved(value)
        for key, value in node.items()
    }


def describe(request: HttpRequest) -> HttpResponse:
    """``/api/openapi.json``."""
    body = json.dumps(description(), ensure_ascii=False)
    response = HttpResponse(body, content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def reference(request: HttpRequest) -> HttpResponse:
    """``/api/docs``: the same as a page, without a script."""
    tongue = language(request)
    made = description()
    operations = list(_operations(made))
    context = {
        "language": tongue,
        "page_title": text("api.docs.title", tongue),
        "version": made["info"]["version"],
        "groups": [
            {"name": name, "said": said, "operations": [o for o in operations if name in o["tags"]]}
            for name, said in TAGS.items()
        ],
    }
    response = render(request, "api/reference.html", context)
    response.headers["Vary"] = "Accept-Language"
    return response


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in made["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield {
                **one,
                "description": one.get("description", "").replace("`", ""),
                "path": path,
                "method": method.upper(),
                "parameters": [_parameter(p) for p in one.get("parameters", ())],
                "statuses": ", ".join(one["responses"]),
                "body": json.dumps(body["example"], indent=1) if body else "",
            }


def _parameter(found: dict[str, Any]) -> dict[str, Any]:
    examples = found.get("examples") or found["schema"].get("examples") or ()
    return {
        "name": found["name"],
        "required": found.get("required", False),
        "said": found.get("description", ""),
        "example": next(iter(examples), ""),
    }
