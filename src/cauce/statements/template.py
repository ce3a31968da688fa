"""What does a fact sheet's template say: its figures, named once, and one text per language?

A template is a folder: ``figures.yaml`` and ``es.md``, ``en.md``, ``fr.md``. In a text
``{{ name }}`` or ``{{ name | format }}`` stands for a figure. Reading never asks a figure;
everything wrong is collected and refused together, with file, line and column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cauce.errors import CauceError, Place, Problem, Refusal, raise_if
from cauce.statements.number_words import number_words, numeric_characters
from cauce.values.question import Question, question_from_json
from cauce.words import LANGUAGES

__all__ = ["DEFAULT_FORMAT", "FIGURES", "FORMATS", "Body", "Slot", "Template", "load", "problems"]

FIGURES = "figures.yaml"

#: How a figure may be printed; ``formats.py`` prints each. ``value`` is the default.
FORMATS = (
    "value", "count", "money", "percent", "multiple", "change", "sentence",
    "year", "month", "day", "on", "period", "place", "published", "modality", "others",
)  # fmt: skip
DEFAULT_FORMAT = "value"

_SLOT = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|\s*([^}|]*?)\s*)?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a text where a figure stands."""

    name: str
    format: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one language, with its slots in order."""

    language: str
    file: str
    text: str
    slots: tuple[Slot, ...]

    def place(self, offset: int) -> Place:
        """Line and column (both from 1) of a place in the text."""
        starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        line = bisect_right(starts, offset)
        return Place(self.file, f"{line}:{offset - starts[line - 1] + 1}")

    @property
    def names(self) -> frozenset[str]:
        return frozenset(slot.name for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template: its questions by name, and a text for each language; ``headlines`` are
    the figures that a page or a terminal shows when it shows only a few."""

    name: str
    questions: Mapping[str, Question]
    bodies: Mapping[str, Body]
    places: Mapping[str, Place]
    headlines: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.bodies)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """``figures.yaml`` as written, with the line of each figure."""

    file: str
    languages: tuple[str, ...]
    literals: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Any]
    lines: Mapping[str, int]
    headlines: tuple[str, ...] = ()

    def place(self, name: str) -> Place:
        return Place(self.file, str(self.lines.get(name, 1)))


def load(path: Path) -> Template:
    """Read and check a template: its folder, or any file in it.

    Raises a Refusal with everything that is wrong, ``file_missing`` where there is no template.
    """
    folder = path if path.is_dir() else path.parent
    sheet = _read_figures(folder / FIGURES)
    bodies = {b.language: b for b in _read_bodies(folder, sheet)}
    raise_if(problems(sheet, bodies))
    questions = {name: question_from_json(data) for name, data in sheet.figures.items()}
    places = {name: sheet.place(name) for name in questions}
    name = folder.resolve().name
    return Template(name, questions, bodies, places, sheet.headlines)


def problems(sheet: _Sheet, bodies: Mapping[str, Body]) -> Iterator[Problem]:
    """Everything wrong with a template, file by file."""
    yield from _wrong_questions(sheet)
    used = frozenset[str]().union(*(body.names for body in bodies.values()))
    for name in sheet.figures:
        if name not in used:
            yield Problem("template_unused_figure", {"name": name}, sheet.place(name))
    for language in sheet.languages:
        body = bodies.get(language)
        if body is None:
            place = Place(str(Path(sheet.file).with_name(f"{language}.md")))
            yield Problem("template_missing_language", {"language": language}, place)
        else:
            yield from _wrong_text(body, sheet, used)


def _wrong_questions(sheet: _Sheet) -> Iterator[Problem]:
    for name, data in sheet.figures.items():
        try:
            question_from_json(data)
        except CauceError as error:
            yield from (problem.at(sheet.place(name)) for problem in error.problems)


def _wrong_text(body: Body, sheet: _Sheet, used: frozenset[str]) -> Iterator[Problem]:
    found: list[tuple[int, str, dict[str, object]]] = []
    for slot in body.slots:
        if slot.name not in sheet.figures:
            found.append((slot.start, "template_unknown_figure", {"name": slot.name}))
        if slot.format not in FORMATS:
            choices = ", ".join(FORMATS)
            unknown: dict[str, object] = {"format": slot.format, "choices": choices}
            found.append((slot.start, "template_unknown_format", unknown))
    prose = _prose(body, sheet.literals.get(body.language, ()))
    for brace in _BRACES.finditer(prose):
        stray: dict[str, object] = {"text": brace.group(), "expected": "{{ name | format }}"}
        found.append((brace.start(), "bad_structure", stray))
    found += [(at, "template_digit", {"text": text}) for at, text in numeric_characters(prose)]
    words = number_words(prose, body.language)
    found += [(at, "template_number_word", {"text": text}) for at, text in words]
    # A figure that another language prints must stand here too: the same sheet in all.
    lacking = sorted((used & sheet.figures.keys()) - body.names)
    for name in lacking:
        yield Problem("template_unused_figure", {"name": name}, Place(body.file))
    for at, code, params in sorted(found, key=lambda one: one[0]):
        yield Problem(code, params, body.place(at))


def _prose(body: Body, literals: tuple[str, ...]) -> str:
    """What somebody typed: the text with slots and declared literals blanked, place for place."""
    text = body.text
    for slot in body.slots:
        text = text[: slot.start] + " " * (slot.end - slot.start) + text[slot.end :]
    for literal in sorted(literals, key=len, reverse=True):
        text = text.replace(literal, " " * len(literal))
    return text


# ------------------------------------------------------------------------------- reading


def _read_figures(path: Path) -> _Sheet:
    data, lines = _yaml(path)
    allowed = ("languages", "literals", "headlines", "figures")
    if not isinstance(data, Mapping) or set(data) - set(allowed):
        raise _misshapen(path, data, ", ".join(allowed))
    languages = data.get("languages", list(LANGUAGES))
    if not isinstance(languages, list) or not set(languages) <= set(LANGUAGES) or not languages:
        raise _misshapen(path, languages, f"languages: [{', '.join(LANGUAGES)}]")
    figures = data.get("figures") or {}
    if not isinstance(figures, Mapping) or not all(map(_NAME.match, figures)):
        raise _misshapen(path, figures, "figures: {a_name: {ask: …}}")
    headlines = data.get("headlines", [])
    if not isinstance(headlines, list) or not set(headlines) <= set(figures):
        raise _misshapen(path, headlines, "headlines: [a_figure, another]")
    literals = _literals(path, data)
    return _Sheet(str(path), tuple(languages), literals, figures, lines, tuple(headlines))


_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def _literals(path: Path, data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Names that hold a number, by language; ``all`` is for every language."""
    given = data.get("literals") or {}
    if not isinstance(given, Mapping) or not all(isinstance(v, list) for v in given.values()):
        raise _misshapen(path, given, "literals: {es: [Agenda 2030]}")
    common = tuple(map(str, given.get("all", ())))
    return {language: (*common, *map(str, given.get(language, ()))) for language in LANGUAGES}


def _misshapen(path: Path, data: object, expected: str) -> CauceError:
    problem = Problem("bad_structure", {"text": str(data)[:60], "expected": expected})
    return Refusal([problem.at(Place(str(path)))])


def _yaml(path: Path) -> tuple[Any, dict[str, int]]:
    """The content, every scalar as its text, and the line of each figure's name."""
    text = _text(path)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                mark = event.start_mark
                place = Place(str(path), "" if mark is None else str(mark.line + 1))
                raise Refusal([Problem("yaml_alias", {}, place)])
        # BaseLoader keeps `2022` and `NO` as the text they are and constructs nothing else.
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds str, list, dict only
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "" if mark is None else str(mark.line + 1)
        problem = Problem("bad_yaml", {"detail": error.problem or ""}, Place(str(path), line))
        raise Refusal([problem]) from None
    return data, _lines(tree)


def _lines(tree: yaml.Node | None) -> dict[str, int]:
    if not isinstance(tree, yaml.MappingNode):
        return {}
    for key, value in tree.value:
        if key.value == "figures" and isinstance(value, yaml.MappingNode):
            return {str(name.value): name.start_mark.line + 1 for name, _ in value.value}
    return {}


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError:
        raise CauceError("file_missing", path=str(path)) from None
    if len(raw) > _LARGEST:
        raise CauceError("file_too_large", path=str(path), limit=_LARGEST)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CauceError("bad_encoding", path=str(path)) from None


def _read_bodies(folder: Path, sheet: _Sheet) -> Iterator[Body]:
    for language in sheet.languages:
        path = folder / f"{language}.md"
        if path.is_file():
            text = _text(path)
            slots = tuple(
                Slot(m[1], m[2] if m[2] is not None else DEFAULT_FORMAT, m.start(), m.end())
                for m in _SLOT.finditer(text)
            )
            yield Body(language, str(path), text, slots)
