"""Was everything run? With ``CAUCE_ALLOW_SKIPS=0`` a skip is a failure.

On a person's machine a test may be skipped for want of a browser or a database server; where
both are installed for the purpose, a skip means that something was not looked at. Imported by
``tests/conftest.py``. Expected failures (``xfail``) are not skips.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


def skips_allowed() -> bool:
    """Whether a skip is only a skip: the default, unless the environment says 0."""
    return os.environ.get("CAUCE_ALLOW_SKIPS", "1") != "0"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself, or is marked to be skipped."""
    report = yield
    # An expected failure is reported as skipped too, but says so.
    if report.skipped and not hasattr(report, "wasxfail") and not skips_allowed():
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped: {reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module that skips itself while it is imported."""
    report = yield
    if report.skipped and not skips_allowed():
        # pytest asks a failed collection for the text of what went wrong.
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped: {reason(report)}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What the skip said, without its file and line."""
    match report.longrepr:
        case (_, _, str(text)):
            return text.removeprefix("Skipped: ")
        case other:
            return str(other)
