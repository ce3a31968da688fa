"""Every code that a figure or its explanation can carry, with the names of its parameters.

Caveats, reasons for a refusal, steps of the arithmetic, and reasons for not being used. Their words
(``caveat.<code>``, ``reason.<code>`` …) are in the catalogues; a code without words in the three
languages fails a test.
"""

from __future__ import annotations

__all__ = ["CAVEATS", "REASONS", "STEPS", "UNUSED"]

#: What a reader must know about an answer.
CAVEATS: dict[str, tuple[str, ...]] = {
    "above_reference_population": ("low", "population"),
    "as_reported": (),
    "capped": ("population",),
    "carried": ("day",),
    "coverage_unknown": (),
    "cumulative_fell": ("end", "start"),
    "declaration_changed": ("recorded",),
    "definition_changed": ("codes", "dimension"),
    "exempt": ("units",),
    "incomplete": (),
    "invented_data": (),
    "learned_later": ("recorded",),
    "linked_once": ("count",),
    "not_preferred": ("preferred", "reporter"),
    "not_told_apart": ("units",),
    "other_calendar": ("period",),
    "part_not_added": ("count",),
    "part_of_period": ("period", "reporter"),
    "partial_breakdown": ("codes", "dimension"),
    "parts_differ": ("high", "low", "reported"),
    "passed_on": ("amount", "currency"),
    "periods_missing": ("periods",),
    "publication_date_imprecise": ("published",),
    "sources_disagree": ("parties",),
    "unaccounted": ("dimension", "given", "remainder"),
}

#: Why no number is given.
REASONS: dict[str, tuple[str, ...]] = {
    "base_missing": (),
    "base_zero": (),
    "definitions_differ": ("dimension",),
    "denominators_differ": ("dimension",),
    "different_calendars": (),
    "extra_missing": ("extra",),
    "mixed_currencies": ("currencies",),
    "mixed_methods": ("methods",),
    "mixed_programmes": ("programmes",),
    "mixed_stages": ("stages",),
    "mixed_units": ("units",),
    "needs_distribution": (),
    "no_baseline": (),
    "no_denominator": (),
    "no_preferred_reporter": ("reporters",),
    "no_rate": ("currency", "into"),
    "no_target": (),
    "no_weight": (),
    "not_a_declared_margin": ("dimension",),
    "not_a_success_measure": (),
    "not_bounded": (),
    "not_combinable": ("dimension",),
    "not_like_for_like": ("period",),
    "one_version_per_period": (),
    "reporters_differ": ("reporters",),
    "shares_exceed_whole": ("total",),
    "target_equals_baseline": (),
    "units_differ": ("units",),
}

#: How values were combined, in the words of heading 3 of «how this figure is made».
STEPS: dict[str, tuple[str, ...]] = {
    "chosen_reporter": ("reporter",),
    "difference": (),
    "intersection": (),
    "joint_share": ("share",),
    "largest_to_sum": ("dimension",),
    "latest": ("day",),
    "maximum": ("dimension",),
    "mean": ("dimension",),
    "minimum": ("dimension",),
    "ratio": (),
    "rate": ("rate",),
    "reported": (),
    "same": ("dimension",),
    "sum": ("dimension",),
    "union": ("dimension",),
}

#: Why a value that lies within the question was not used.
UNUSED: dict[str, tuple[str, ...]] = {
    "not_in_parent": (),
    "other_calendar": ("period",),
    "other_grain": (),
    "other_reporter": ("reporter",),
    "part_of_period": ("period", "reporter"),
    "part_of_whole": (),
    "passed_on": (),
    "pending": (),
    "same_money": (),
    "unit_within": ("unit",),
    "withdrawn": (),
}
