"""What does a plan answer, in every form it can be taken away in: sentences, tables, a chart, JSON?

A door makes a :class:`Shown` of an answer of the capacity engine and gives one of its forms.
Nothing is simulated here.
"""

from __future__ import annotations

from cauce.exports.plans.backlog import show_backlog
from cauce.exports.plans.forecast import show_forecast
from cauce.exports.plans.lanes import show_lanes
from cauce.exports.plans.shown import Asked, Shown
from cauce.exports.plans.staff import show_staff

__all__ = ["Asked", "Shown", "show_backlog", "show_forecast", "show_lanes", "show_staff"]
