"""Every error code: its parameters, HTTP status and exit code.

Exit codes: 2 usage, 3 the input was refused, 1 a defect. A code without words in the three
catalogues, or without an entry in the reference, fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CODES", "CodeSpec"]


@dataclass(frozen=True, slots=True)
class CodeSpec:
    """What a code promises: the names of its parameters and how doors answer."""

    params: tuple[str, ...] = ()
    http_status: int = 422
    exit_code: int = 3


def _refused(*params: str) -> CodeSpec:
    return CodeSpec(params)


def _unknown(*params: str) -> CodeSpec:
    return CodeSpec(params, http_status=404)


def _usage(*params: str) -> CodeSpec:
    return CodeSpec(params, http_status=400, exit_code=2)


def _state(*params: str) -> CodeSpec:
    """The workspace is not in a state to serve: locked, read-only, newer, without guards."""
    return CodeSpec(params, http_status=503)


CODES: Mapping[str, CodeSpec] = MappingProxyType(
    {
        # The whole of an input, and how to say it at the door.
        "input_refused": _refused("count"),
        "usage": _usage("detail"),
        "defect": CodeSpec(("detail",), http_status=500, exit_code=1),
        # Values that do not parse.
        "bad_date": _refused("text"),
        "bad_period": _refused("text"),
        "period_backwards": _refused("text"),
        "mixed_period": _refused("text"),
        "unknown_calendar": _refused("text"),
        "bad_number": _refused("text"),
        "too_many_digits": _refused("text", "scale"),
        "bad_money": _refused("text"),
        "bad_currency": _refused("text"),
        "bad_breakdown": _refused("text"),
        "bad_choice": _refused("text", "choices"),
        "bad_id": _refused("text"),
        "bad_language": _refused("text", "choices"),
        "bad_fraction": _refused("text"),
        "bad_boolean": _refused("text"),
        "bad_structure": _refused("text", "expected"),
        "bad_bounds": _refused("text"),
        "bad_question": _refused("detail"),
        "bad_audience": _refused("text"),
        "bad_time_zone": _refused("text"),
        "text_too_long": _refused("length", "limit"),
        "control_character": _refused("text"),
        # What is asked for is not there.
        "unknown_indicator": _unknown("id"),
        "unknown_place": _unknown("id"),
        "unknown_organisation": _unknown("id"),
        "unknown_programme": _unknown("id"),
        "unknown_framework": _unknown("id"),
        "unknown_body": _unknown("id"),
        "unknown_instrument": _unknown("id"),
        "unknown_source": _unknown("id"),
        "unknown_codelist": _unknown("id"),
        "unknown_code": _unknown("dimension", "code", "choices"),
        "unknown_dimension": _unknown("dimension", "choices"),
        "unknown_transaction": _unknown("id"),
        "unknown_commitment": _unknown("id"),
        "unknown_rate": _unknown("id"),
        "unknown_lock": _unknown("id"),
        "unknown_record": _unknown("id"),
        "unknown_field": _unknown("record", "field", "choices"),
        "unknown_entry": _unknown("id"),
        "unknown_head": _unknown("head", "newest"),
        "unknown_statement": _unknown("name", "choices"),
        "unknown_reference": _unknown("type", "id"),
        "unknown_pack": _unknown("path"),
        # Rules of the record.
        "field_required": _refused("field"),
        "unknown_column": _refused("column", "choices"),
        "unknown_sheet": _refused("sheet", "choices"),
        "duplicate_id": _refused("id", "first"),
        "duplicate_record": _refused("id"),
        "same_key_twice": _refused("key", "first"),
        "foreign_id": _refused("id", "pack"),
        "cycle": _refused("id"),
        "above_reference_population": _refused("value", "population", "limit", "suggestion"),
        "negative_value": _refused("value"),
        "value_without_meaning": _refused("detail"),
        "value_missing": _refused("status"),
        "bare_percent_change": _refused("value"),
        "denominator_zero": _refused(),
        "shares_exceed_whole": _refused("id", "total"),
        "period_locked": _refused("period", "lock"),
        "amount_currency": _refused("currency", "digits"),
        "ends_before_start": _refused("start", "end"),
        "declaration_conflict": _refused("detail"),
        "bad_margin": _refused("dimension"),
        "suppressed_by_margin": _refused("indicator"),
        # Files.
        "file_missing": CodeSpec(("path",), http_status=404),
        "file_too_large": _refused("path", "limit"),
        "file_not_written": _refused("path", "detail"),
        "bad_yaml": _refused("detail"),
        "yaml_alias": _refused(),
        "bad_csv": _refused("detail"),
        "bad_encoding": _refused("path"),
        "bad_workbook": _refused("detail"),
        "formula_cell": _refused("cell"),
        "too_many_rows": _refused("limit"),
        "bad_json": _refused("detail"),
        "symbolic_link": _refused("path"),
        "path_exists": _refused("path"),
        # The workspace and the journal.
        "workspace_missing": CodeSpec(("path",), http_status=503),
        "workspace_newer": _state("detail"),
        "workspace_exists": _refused("path"),
        "not_migrated": _state("detail"),
        "guards_missing": _state("tables"),
        "database_locked": _state(),
        "database_read_only": _state(),
        "database_unreachable": _state("detail"),
        "database_damaged": _state("detail"),
        "disk_full": _state(),
        "empty_entry": _refused(),
        "reason_required": _refused(),
        "already_annulled": _refused("id"),
        "journal_altered": _refused("count"),
        "head_not_found": _refused("hash", "newest"),
        "bad_backup": _refused("detail"),
        "backup_differs": _refused("detail"),
        "port_in_use": _state("port"),
        # Fact sheets.
        "template_digit": _refused("text"),
        "template_number_word": _refused("text"),
        "template_unknown_figure": _refused("name"),
        "template_unused_figure": _refused("name"),
        "template_unknown_format": _refused("format", "choices"),
        "template_missing_language": _refused("language"),
        "statement_not_public": _refused("figure"),
        "text_not_printable": _refused("text"),
        "statement_changed": _refused("figure"),
        "statement_bytes_altered": _refused("name"),
        "extra_missing": CodeSpec(("extra",), http_status=501),
        # Capacity plans.
        "capacity_not_finite": _refused("field", "value"),
        "capacity_not_positive": _refused("field", "value"),
        "capacity_negative": _refused("field", "value"),
        "capacity_not_whole": _refused("field", "value"),
        "capacity_not_share": _refused("field", "value"),
        "capacity_not_ascending": _refused("field", "value"),
        "capacity_too_many": _refused("field", "value", "limit"),
        "capacity_too_few": _refused("field", "value", "limit"),
        "capacity_lengths_differ": _refused("field", "other"),
        "capacity_unit": _refused("field", "value", "choices"),
        "capacity_units_mixed": _refused("field", "value", "choices"),
        "capacity_gap": _refused("field", "value"),
        "capacity_unknown_name": _refused("field", "value", "choices"),
        "capacity_twice": _refused("field", "value"),
        "capacity_overloaded": _refused("field", "value"),
        "capacity_routing": _refused("stage", "group"),
        "capacity_no_working_day": _refused("field"),
        "capacity_needs_event": _refused("field", "engine"),
        "capacity_conflict": _refused("field", "other"),
        "capacity_other_plan": _refused("kind", "asked"),
        "capacity_empty_file": _refused("kind"),
        # Pages.
        "not_found": _unknown("path"),
        "nothing_chosen": _refused(),
        "too_many_chosen": _refused("count", "limit"),
        # Requests over HTTP.
        "bad_request": _usage(),
        "bad_parameter": _refused("name", "expected"),
        "unknown_parameter": _refused("name", "choices"),
        "method_not_allowed": CodeSpec(("method", "choices"), http_status=405),
        "request_too_large": CodeSpec(("limit",), http_status=413),
        "too_many_questions": _refused("count", "limit"),
        "unavailable": _state(),
    }
)
