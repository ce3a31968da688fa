"""What would it take? Queues of cases or vehicles, their staff, deadlines and arrivals.

    from cauce.engines import capacity as c
    c.simulate(network, start, arrivals, c.Run(until=365), seed=1)

Pure: no clock, no files, no chance but what the seed gives. It forecasts workloads; it knows no
person, and nothing it gives can rank or triage a case.
"""

from __future__ import annotations

from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.comparing import Compared, compare
from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    GroupSize,
    LogNormal,
    Mixture,
    Uniform,
    with_variation,
)
from cauce.engines.capacity.doubt import Doubt, Spread, doubts_of_series, spread
from cauce.engines.capacity.event import NotCompiledWarning, replicate
from cauce.engines.capacity.forecast_scores import Score
from cauce.engines.capacity.forecasting import Forecast, Series, Shock, forecast
from cauce.engines.capacity.lanes import LaneOptions, LanePlan, lanes, waits_by_hour
from cauce.engines.capacity.model import EVERY, ByClass, Network, Pool, Route, Stage
from cauce.engines.capacity.plan_file import PlanFile, read
from cauce.engines.capacity.reconciliation import Flow, Reconciled, reconcile, remainder
from cauce.engines.capacity.result import NOTES, Result, Run, Visits
from cauce.engines.capacity.scenario import (
    Arrivals,
    Deadline,
    Events,
    Paths,
    Rates,
    Scenario,
    Start,
    Waiting,
)
from cauce.engines.capacity.simulation import simulate, simulate_scenario
from cauce.engines.capacity.staffing import (
    Backlog,
    Goal,
    Infeasible,
    OnTime,
    OnTimeShare,
    Options,
    Overdue,
    Plan,
    frontier,
    share_on_time,
    staff_to_clear,
    wilson,
)
from cauce.engines.capacity.steady import (
    cobham,
    erlang_a,
    erlang_b,
    erlang_c,
    jackson,
    mmc,
    mmck,
    pollaczek_khinchine,
)
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.transient import busy_without_limit, kolmogorov
from cauce.engines.capacity.units import Rate, Span, days, hours, minutes, weeks

__all__ = [
    # The model.
    "EVERY",
    "BusinessCalendar",
    "ByClass",
    "Network",
    "Pool",
    "Route",
    "Stage",
    "Steps",
    # How long things take, and how many come as one.
    "Always",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "GroupSize",
    "LogNormal",
    "Mixture",
    "Uniform",
    "with_variation",
    # What there is, what comes, by when.
    "Arrivals",
    "Deadline",
    "Events",
    "Paths",
    "Rates",
    "Scenario",
    "Start",
    "Waiting",
    # Looking ahead.
    "NOTES",
    "NotCompiledWarning",
    "Result",
    "Run",
    "Visits",
    "replicate",
    "simulate",
    "simulate_scenario",
    # What it would take.
    "Backlog",
    "Goal",
    "Infeasible",
    "LaneOptions",
    "LanePlan",
    "OnTime",
    "OnTimeShare",
    "Options",
    "Overdue",
    "Plan",
    "frontier",
    "lanes",
    "share_on_time",
    "staff_to_clear",
    "waits_by_hour",
    "wilson",
    # Closed forms.
    "busy_without_limit",
    "cobham",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "jackson",
    "kolmogorov",
    "mmc",
    "mmck",
    "pollaczek_khinchine",
    # What is doubtful, what fits, what differs.
    "Compared",
    "Doubt",
    "Flow",
    "Reconciled",
    "Spread",
    "compare",
    "doubts_of_series",
    "reconcile",
    "remainder",
    "spread",
    # How many will come.
    "Forecast",
    "Score",
    "Series",
    "Shock",
    "forecast",
    # Units and files.
    "PlanFile",
    "Rate",
    "Span",
    "days",
    "hours",
    "minutes",
    "read",
    "weeks",
]
