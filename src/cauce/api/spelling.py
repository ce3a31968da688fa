"""How is a row or a definition written as JSON? One function for each shape, and no decision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cauce.engines.rollup import Step
from cauce.figures import Catalogue, Explanation, NotUsed, UsedValue
from cauce.figures.belonging import MembershipRow, OfficeRow
from cauce.figures.registers import (
    CommitmentRow,
    InstrumentRow,
    SourceRow,
    TransactionRow,
)
from cauce.figures.since import Change
from cauce.figures.trees import Branch
from cauce.statements.queries import Issue
from cauce.values.figure import answer_json

__all__ = [
    "body", "branch", "change", "commitment", "explanation", "framework", "indicator", "instrument",
    "membership", "moment", "office", "organisation", "place", "source", "statement", "succession",
    "transaction", "used",
]  # fmt: skip

Json = dict[str, object]


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _texts(record: Any, *names: str) -> Json:
    """Columns as text, empty where they are."""
    return {name: str(getattr(record, name) or "") for name in names}


def _plain(record: Any, *names: str) -> Json:
    """Columns that are JSON already: names by language, lists, flags."""
    return {name: _listed(getattr(record, name)) for name in names}


def _listed(value: Any) -> object:
    if isinstance(value, tuple):
        return list(value)
    return {k: str(v) for k, v in value.items()} if hasattr(value, "items") else value


def _stated(row: Any) -> Json:
    columns = ("reporter", "source", "locator", "public_at", "note")
    return {**_texts(row.record, *columns), "recorded_at": moment(row.recorded_at)}


# -- figures -------------------------------------------------------------------------------------


def used(value: UsedValue) -> Json:
    columns = (
        "digest", "unit", "reporter", "party", "programme", "place", "period", "breakdown",
        "source", "locator", "public_at", "status", "note",
    )  # fmt: skip
    return {
        "record": value.record_id,
        "type": value.record_type,
        "answer": answer_json(value.answer),
        "recorded_at": moment(value.recorded_at),
        **_texts(value, *columns),
    }


def _step(step: Step) -> Json:
    return {
        "step": step.code.to_json(),
        "inputs": [[name, answer_json(value)] for name, value in step.inputs],
        "result": answer_json(step.result),
    }


def _left(one: NotUsed) -> Json:
    return {"value": used(one.value) if one.value else None, "reason": one.reason.to_json()}


def explanation(found: Explanation) -> Json:
    return {
        "figure": found.figure.to_json(),
        "used": [used(value) for value in found.used],
        "steps": [_step(step) for step in found.steps],
        "not_used": [_left(one) for one in found.not_used],
        "earlier": [used(value) for value in found.earlier],
    }


# -- definitions ---------------------------------------------------------------------------------


def framework(one: Any, names: Catalogue) -> Json:
    return {
        **_texts(one, "code", "body", "instrument", "starts", "ends", "source", "basis"),
        **_plain(one, "name", "short", "description", "closed"),
        "suppress_below": names.suppress_below(one.code),
    }


def indicator(one: Any, names: Catalogue) -> Json:
    declared = names.declarations(one)
    return {
        **_texts(one, "code", "framework", "node", "unit", "frequency", "source", "basis"),
        **_plain(one, "name", "definition", "dimensions", "margins", "closed"),
        **_plain(one, "descending", "not_success", "protected"),
        "value": str(declared.value),
        "identity": str(declared.identity),
        "time": str(declared.time),
        "accumulation": f"since:{declared.since}" if declared.since else "per_period",
    }


def branch(found: Branch, indicators: list[Json], children: list[Json]) -> Json:
    return {
        **_texts(found.node, "code", "kind", "number", "source", "basis"),
        **_plain(found.node, "name", "description", "parties"),
        "indicators": indicators,
        "children": children,
    }


def organisation(one: Any) -> Json:
    return {
        **_texts(one, "code", "kind", "unit_of", "country", "seat", "ended"),
        **_plain(one, "name", "short", "serves", "identifiers", "closed"),
    }


def succession(one: Any) -> Json:
    return _texts(one, "predecessor", "successor", "date", "share")


def body(one: Any) -> Json:
    return {
        **_texts(one, "code", "part_of", "founded", "ended", "source"),
        **_plain(one, "name", "short", "closed"),
    }


def place(one: Any) -> Json:
    return {
        **_texts(one, "code", "kind", "within"),
        **_plain(one, "name", "parts", "definition", "closed"),
    }


def instrument(row: InstrumentRow) -> Json:
    dates = ("adopted", "signed", "in_force", "ended")
    return {
        **_texts(row.record, "code", "kind", *dates, "applies", "source", "basis"),
        **_plain(row.record, "name", "summary", "parties", "binding", "scope", "closed"),
        "commitments": list(row.commitments),
        "applied_by": list(row.applied_by),
    }


def source(row: SourceRow) -> Json:
    columns = ("code", "title", "publisher", "published", "language", "address", "basis")
    return {
        **_texts(row.record, *columns),
        **_plain(row.record, "invented", "closed"),
        "rests": dict(row.counts),
        "indicators": list(row.indicators),
    }


# -- facts ---------------------------------------------------------------------------------------


def commitment(row: CommitmentRow) -> Json:
    return {
        **_texts(row.record, "code", "framework", "node", "instrument", "made", "due", "basis"),
        **_plain(row.record, "text", "parties"),
        **_stated(row),
        "state": row.state,
        "as_of": str(row.as_of or ""),
        "overdue": row.is_overdue,
        "certain": row.is_certain,
        "answers": [_texts(a, "party", "state", "as_of", "ended") for a in row.answers],
        "silent": list(row.silent),
        "updates": [_update(update) for update in row.updates],
    }


def _update(row: Any) -> Json:
    return {
        **_texts(row.record, "state", "as_of", "party", "reporter", "source", "public_at"),
        **_plain(row.record, "text"),
        "recorded_at": moment(row.recorded_at),
    }


def transaction(row: TransactionRow) -> Json:
    columns = ("code", "stage", "provider", "receiver", "currency", "value_date", "period", "place")
    return {
        **_texts(row.record, *columns, "programme", "status"),
        **_plain(row.record, "sectors", "description", "verified"),
        **_stated(row),
        "amount": answer_json(row.answer),
        "framework": row.framework,
        "part_of": row.part_of,
        "links": [{"kind": link.kind, "transaction": link.code} for link in row.links],
    }


def membership(row: MembershipRow) -> Json:
    return {
        **_texts(row.record, "body", "party", "role", "valid_from", "valid_to", "basis"),
        **_stated(row),
        "certain": row.is_certain,
        "possible": row.is_possible,
    }


def office(row: OfficeRow) -> Json:
    columns = ("body", "party", "office", "valid_from", "valid_to", "basis")
    return {**_texts(row.record, *columns), **_stated(row)}


# -- statements and changes ----------------------------------------------------------------------


def statement(issues: tuple[Issue, ...]) -> Json:
    newest = issues[-1]
    return {
        "name": newest.name,
        "titles": {language: newest.title(language) for language in newest.languages},
        "languages": list(newest.languages),
        "issues": [_issue(issue) for issue in reversed(issues)],
    }


def _issue(issue: Issue) -> Json:
    named = ((*name.split(".", 1), found) for name, found in issue.manifest["files"].items())
    return {
        "number": issue.number,
        "issued_at": str(issue.manifest["issued_at"]),
        "known_at": issue.known_at,
        "head": issue.head,
        "files": [
            {
                "language": language,
                "format": form,
                "bytes": found["bytes"],
                "sha256": found["sha256"],
            }
            for language, form, found in named
            if language in issue.languages
        ],
    }


def change(one: Change) -> Json:
    record = one.record
    return {
        "place": one.place,
        "seq": record.entry_id,
        "at": moment(one.at),
        "recorded_at": moment(one.recorded_at),
        "kind": one.kind,
        "type": record.record_type,
        "id": list(record.natural_id()),
        "why": one.why,
        "unit": one.unit,
        "old": answer_json(one.old) if one.old else None,
        "new": answer_json(one.new) if one.new else None,
        "fields": [{"field": f.field, "old": f.old, "new": f.new} for f in one.fields],
        **{
            name: str(getattr(record, name, None) or "")
            for name in ("reporter", "source", "public_at")
        },
        "note": one.note,
    }
