"""What surrounds every answer: headers, health, the log, and limits."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from cauce.errors import CauceError
from cauce.project.log_lines import JsonLine
from cauce.project.requests import RequestLog
from tests.figures.record import Record

SECRET = "Tapachula-4321"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The lines of the log, as they are written."""
    monkeypatch.setattr(logging.getLogger("cauce"), "propagate", True)
    caplog.set_level(logging.INFO, "cauce")

    def read() -> list[dict[str, Any]]:
        wanted = (r for r in caplog.records if r.name.startswith("cauce"))
        return [json.loads(JsonLine().format(record)) for record in wanted]

    return read


# ------------------------------------------------------------------------------- health


def test_a_process_that_is_up_says_so_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise CauceError("database_unreachable", detail=SECRET)

    monkeypatch.setattr("cauce.journal.readiness.require_there", gone)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "code": "database_unreachable"}


def test_a_guarded_workspace_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert client.head("/readyz").status_code == 200
    assert client.post("/readyz").status_code == 405


def test_without_its_guards_a_workspace_is_not_ready(client: Client) -> None:
    is_server = connection.vendor == "postgresql"
    found = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'cauce_guard_ledger_observation%'"
        if is_server
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{found} LIMIT 1")
        on = ' ON "ledger_observation"' if is_server else ""
        cursor.execute(f'DROP TRIGGER "{cursor.fetchone()[0]}"{on}')
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "code": "guards_missing"}


# ------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("address", ["/healthz", "/api/v1/record", "/es/", "/es/nothing-here"])
def test_every_answer_keeps_other_sites_out(client: Client, address: str) -> None:
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "geolocation=()" in response["Permissions-Policy"]
    assert "Strict-Transport-Security" not in response
    assert response.cookies == {}


def test_behind_tls_browsers_are_told_to_come_no_other_way(client: Client) -> None:
    with override_settings(
        SECURE_HSTS_SECONDS=31_536_000,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    ):
        fresh = Client(headers={"host": "localhost"})
        assert "Strict-Transport-Security" not in fresh.get("/healthz")
        told = fresh.get("/healthz", headers={"x-forwarded-proto": "https"})
    assert told["Strict-Transport-Security"] == "max-age=31536000"


def test_a_name_that_is_not_the_sites_gets_a_plain_page(client: Client) -> None:
    response = client.get("/es/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content


# ------------------------------------------------------------------------------- the log


def test_a_request_leaves_one_line_that_does_not_say_what_was_asked(
    client: Client, lines: Any
) -> None:
    address = f"/api/v1/organisations/t/{SECRET}?known_at=2022"
    response = client.get(address, headers={"user-agent": SECRET, "referer": SECRET})
    (line,) = lines()
    assert set(line) == {"time", "level", "id", "method", "route", "status", "ms"}
    assert line["route"] == "api/v1/organisations/<pack>/<name>"
    assert (line["method"], line["status"], line["level"]) == ("GET", 404, "info")
    assert line["id"] == response["X-Request-ID"]
    assert SECRET not in json.dumps(line)
    assert "127.0.0.1" not in json.dumps(line)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("proxy-0123456789", True),
        ("short", False),
        ("x" * 65, False),
        ('"} {"status": 200', False),
        ("línea-0123456789", False),
    ],
)
def test_a_request_keeps_a_name_that_can_be_one(client: Client, given: str, kept: bool) -> None:
    named = client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"]
    assert (named == given) is kept
    assert named


def test_a_failure_tells_its_type_and_place_and_no_value(
    record: Record, client: Client, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        try:
            dict[str, str]()[SECRET]
        except KeyError as error:
            raise ValueError(SECRET) from error

    record.start()
    monkeypatch.setattr("cauce.figures.ask", fail)
    response = client.get("/api/v1/figures?indicator=t/I&period=2022")
    assert response.status_code == 500
    (line,) = lines()
    assert line["error"] == ["ValueError", "KeyError"]
    assert line["traceback"][-1].endswith(" fail")
    assert line["level"] == "error"
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize("address", ["/api/v1/record", "/es/"])
def test_a_failure_that_is_worded_for_the_reader_is_in_the_log_too(
    record: Record, client: Client, lines: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise CauceError("database_unreachable", detail=SECRET)

    record.start()
    monkeypatch.setattr("cauce.journal.queries.head", fail)
    assert client.get(address).status_code == 503
    (line,) = lines()
    assert line["error"] == ["database_unreachable"]
    assert line["traceback"][-1].endswith(" fail")
    assert SECRET not in json.dumps(line)


def test_a_word_that_is_no_method_is_not_repeated(lines: Any) -> None:
    request: HttpRequest = RequestFactory().generic("SECRET", "/")
    RequestLog(lambda _: HttpResponse())(request)
    (line,) = lines()
    assert line["method"] == "other"


# ------------------------------------------------------------------------------- limits


def test_what_is_too_large_is_refused_on_a_page_too(client: Client) -> None:
    response = client.get(f"/es/?q={'x' * 20_000}")
    assert (response.status_code, response["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert "demasiado grande" in response.content.decode()
