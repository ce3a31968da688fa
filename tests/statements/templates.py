"""Small templates, written into a folder by a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cauce.errors import CauceError
from cauce.statements.template import load

__all__ = ["FIGURES", "found", "write"]

FIGURES = """
figures:
  apps: {ask: indicator, indicator: asylum/AS-1, place: MEX, period: 2022}
"""

TEXT = "# {{ apps }}\n"


def write(folder: Path, texts: Mapping[str, str] | None = None, figures: str = FIGURES) -> Path:
    """A template; a language not given says only the figure."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.yaml").write_text(figures, encoding="utf-8")
    for language in ("es", "en", "fr"):
        text = (texts or {}).get(language, TEXT)
        if text:
            (folder / f"{language}.md").write_text(text, encoding="utf-8")
    return folder


def found(folder: Path) -> list[str]:
    """What is wrong with a template: file, line and column, code and what it names."""
    try:
        load(folder)
    except CauceError as error:
        return [
            " ".join((str(p.place).removeprefix(f"{folder}/"), p.code, *map(str, names(p.params))))
            for p in error.problems
        ]
    return []


def names(params: Mapping[str, object]) -> list[object]:
    kept = ("text", "name", "format", "language", "id")
    return [value for name, value in params.items() if name in kept]
