"""Does a skip fail where skips are not allowed?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

A_TEST_THAT_SKIPS = """
import pytest

def test_in_a_browser():
    pytest.skip("no browser here")

@pytest.mark.skip(reason="no server here")
def test_on_a_server():
    assert False

@pytest.mark.xfail(strict=True)
def test_expected_to_fail():
    assert False
"""

A_MODULE_THAT_SKIPS = """
import pytest

pytest.skip("no browser here", allow_module_level=True)
"""


def run_pytest(folder: Path, text: str, *, allow: str | None) -> subprocess.CompletedProcess[str]:
    (folder / "test_planted.py").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.plugins.no_skips",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("CAUCE_ALLOW_SKIPS", None)
    if allow is not None:
        environment["CAUCE_ALLOW_SKIPS"] = allow
    return subprocess.run(
        [*command, "--rootdir", str(folder), "test_planted.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("allow", [None, "1"])
def test_a_skip_is_a_skip_where_skips_are_allowed(tmp_path: Path, allow: str | None) -> None:
    result = run_pytest(tmp_path, A_TEST_THAT_SKIPS, allow=allow)
    assert result.returncode == 0
    assert "2 skipped, 1 xfailed" in result.stdout


def test_a_skip_fails_with_its_reason_where_skips_are_not_allowed(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, A_TEST_THAT_SKIPS, allow="0")
    assert result.returncode == 1
    assert "was skipped: no browser here" in result.stdout
    assert "was skipped: no server here" in result.stdout
    assert "xfailed" in result.stdout


def test_a_module_that_skips_itself_fails_too(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, A_MODULE_THAT_SKIPS, allow="1").returncode == 5
    result = run_pytest(tmp_path, A_MODULE_THAT_SKIPS, allow="0")
    assert result.returncode == 2
    assert "was skipped: no browser here" in result.stdout
