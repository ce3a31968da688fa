"""Is the documentation built without a warning, and is it whole without any other host?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

pytestmark = pytest.mark.slow

_LOADED = re.compile(
    r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](https?:)?//", re.IGNORECASE
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "-b", "html"]
    result = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(DOCS), str(folder)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def test_every_page_is_built(built: Path) -> None:
    pages = [p.relative_to(DOCS) for p in DOCS.rglob("*.md") if "_build" not in p.parts]
    assert [p for p in pages if not (built / p.with_suffix(".html")).is_file()] == []


def test_no_page_loads_anything_from_another_host(built: Path) -> None:
    found = [
        f"{path.relative_to(built)}: {match[0]}"
        for path in sorted(built.rglob("*.html"))
        for match in _LOADED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_tables_from_the_code_are_in_the_pages(built: Path) -> None:
    errors = (built / "reference/errors.html").read_text(encoding="utf-8")
    assert "unknown_indicator" in errors
    assert "from the code:" not in errors
