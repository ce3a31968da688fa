"""``cauce figure``: ask one question, or a file of them; and ``cauce export csv``.

Shows only what is released for the question's audience.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cauce import figures
from cauce.cli.output import print_csv, print_json, print_table
from cauce.cli.terminal import bar, language, note, out, say
from cauce.errors import CauceError, Place, Problem, Refusal
from cauce.journal.queries import head, workspace
from cauce.values.answer import Known
from cauce.values.audience import PUBLIC, Audience
from cauce.values.dates import KnownAt
from cauce.values.figure import Figure
from cauce.values.question import KINDS, Question, question_from_json, question_to_json
from cauce.words import Voice, plain
from cauce.words.figures import cautions, change, competing, coverage, value
from cauce.words.questions import title, where_and_when

__all__ = ["add", "read_questions"]

#: A file of questions larger than this is refused.
MAX_FILE = 20_000_000

EXPORT_KEYS = ("indicator", "kind", "party", "programme", "place", "period")
CSV_FIELDS = (
    "state", "value", "low", "high", "low_open", "high_open", "bound", "unit", "sense", "method",
    "known_at", "head",
)  # fmt: skip


def add(subparsers: Any) -> None:
    """The commands of this module."""
    _add_figure(subparsers)
    _add_export(subparsers)


def _add_figure(subparsers: Any) -> None:
    parser = subparsers.add_parser("figure", help=say("cli.figure.help"))
    parser.add_argument("indicator", nargs="?", help=say("cli.figure.indicator"))
    parser.add_argument("--file", type=Path, help=say("cli.figure.file"))
    for name in ("place", "period", "party", "programme", "where"):
        parser.add_argument(f"--{name}", help=say(f"cli.figure.{name}"))
    parser.add_argument("--by", action="append", default=[], help=say("cli.figure.by"))
    parser.add_argument("--kind", choices=KINDS, help=say("cli.figure.kind"))
    parser.add_argument("--known-at", help=say("cli.figure.known_at"))
    parser.add_argument("--head", type=int, help=say("cli.figure.head"))
    parser.add_argument("--audience", help=say("cli.figure.audience"))
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table",
                        help=say("cli.figure.format"))  # fmt: skip
    parser.set_defaults(run=run_figure)


def _add_export(subparsers: Any) -> None:
    parser = subparsers.add_parser("export", help=say("cli.export.help"))
    parser.add_argument("what", choices=("csv",), help=say("cli.export.what"))
    parser.add_argument("-o", "--output", type=Path, help=say("cli.export.output"))
    parser.add_argument("--known-at", help=say("cli.figure.known_at"))
    parser.add_argument("--head", type=int, help=say("cli.figure.head"))
    parser.add_argument("--audience", default="public", help=say("cli.figure.audience"))
    parser.set_defaults(run=run_export)


def run_figure(args: argparse.Namespace) -> int:
    """Ask and print; 2 when neither an indicator nor a file is given."""
    if (args.indicator is None) == (args.file is None):
        raise CauceError("usage", detail="INDICATOR | --file FILE")
    questions = read_questions(args.file) if args.file else [_question(args)]
    shown = list(_released(questions))
    # Above the figures; where a program reads them, beside.
    for warning in _not_public(questions):
        (out if args.format == "table" else note)(warning)
    if args.format == "json":
        print_json({"figures": [figure.to_json() for figure in shown]})
    elif args.format == "csv":
        print_csv(("question", *CSV_FIELDS, "reason"), (_csv_row(f) for f in shown))
    else:
        _print_words(shown)
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Every recorded value that the audience may see, one row each."""
    asked = list(
        figures.recorded_questions(
            audience=Audience.parse(args.audience),
            known_at=KnownAt(args.known_at) if args.known_at else None,
            head=args.head,
        )
    )
    with bar(len(asked), say("cli.export.asking")) as more:
        rows = [_export_row(figure) for figure in _counted(_released(asked), more)]
    header = (*EXPORT_KEYS, "where", "reporter", *CSV_FIELDS, "reason")
    if args.output is None:
        print_csv(header, rows)
        return 0
    with args.output.open("w", encoding="utf-8", newline="") as file:
        print_csv(header, rows, file)
    return 0


def _counted(shown: Iterable[Figure], more: Any) -> Iterator[Figure]:
    for figure in shown:
        more(1)
        yield figure


def _released(questions: Iterable[Question]) -> Iterator[Figure]:
    by_audience: dict[Audience, list[Question]] = {}
    asked = list(questions)
    for question in asked:
        by_audience.setdefault(question.audience, []).append(question)
    if len(by_audience) == 1:
        audience = asked[0].audience
        yield from figures.release(figures.ask(asked), audience)
        return
    for question in asked:
        yield from figures.release(figures.ask([question]), question.audience)


def _not_public(questions: Iterable[Question]) -> Iterator[str]:
    """For each audience that sees more than the public: that what follows is not for others."""
    names = figures.catalogue(head())
    for audience in sorted({q.audience for q in questions if q.audience != PUBLIC}):
        who = Voice(language(), names, workspace().zone).name(audience.organisation)
        yield say("cli.figure.not_public", who=say(f"audience.{audience.level}", organisation=who))


# -- reading -------------------------------------------------------------------------------------


def _question(args: argparse.Namespace) -> Question:
    if args.period is None:
        raise CauceError("usage", detail="--period")
    data: dict[str, Any] = {"ask": "indicator", "indicator": args.indicator}
    for name in ("place", "period", "party", "programme", "kind", "where", "audience", "head"):
        value = getattr(args, name)
        if value is not None:
            data[name] = value
    if args.known_at:
        data["known_at"] = args.known_at
    if args.by:
        data["by"] = [part for text in args.by for part in text.split(",")]
    return question_from_json(data)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file ``{"questions": [...]}``; all that are wrong are named at once."""
    data = _read_json(path)
    asked = data.get("questions") if isinstance(data, dict) else None
    if not isinstance(asked, list):
        raise Refusal([Problem("bad_json", {"detail": '{"questions": […]}'}, Place(str(path)))])
    questions: list[Question] = []
    problems: list[Problem] = []
    for number, one in enumerate(asked, 1):
        try:
            questions.append(question_from_json(one))
        except CauceError as error:
            place = Place(str(path), f"questions[{number}]")
            problems.extend(problem.at(place) for problem in error.problems)
    if problems:
        raise Refusal(problems)
    return questions


def _read_json(path: Path) -> object:
    place = Place(str(path))
    try:
        if path.stat().st_size > MAX_FILE:
            raise CauceError("file_too_large", path=str(path), limit=MAX_FILE)
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CauceError("file_missing", path=str(path)) from None
    except UnicodeDecodeError:
        raise Refusal([Problem("bad_encoding", {"path": str(path)}, place)]) from None
    except json.JSONDecodeError as error:
        where = Place(str(path), str(error.lineno))
        raise Refusal([Problem("bad_json", {"detail": error.msg}, where)]) from None


# -- showing -------------------------------------------------------------------------------------


def _csv_row(figure: Figure) -> list[object]:
    question = json.dumps(question_to_json(figure.question), ensure_ascii=False)
    return [question, *_values(figure)]


def _export_row(figure: Figure) -> list[object]:
    asked = question_to_json(figure.question)
    where = asked.get("where") or {}
    reporters = asked.get("reporters") or []
    row: list[object] = [{"kind": "actual", **asked}.get(name) for name in EXPORT_KEYS]
    row.append(";".join(f"{d}={c}" for d, c in where.items()) if isinstance(where, dict) else "")
    row.append(";".join(map(str, reporters)) if isinstance(reporters, list) else "")
    return [*row, *_values(figure)]


def _values(figure: Figure) -> list[object]:
    data = figure.to_json()
    reason = data.get("reason")
    code = reason.get("code") if isinstance(reason, dict) else ""
    return [*(data[name] for name in CSV_FIELDS), code]


def _print_words(shown: Sequence[Figure]) -> None:
    zone = workspace().zone
    rows: list[list[str]] = []
    notes: list[str] = []
    for figure, rounded in zip(shown, figures.shown_together(shown), strict=True):
        voice = Voice(language(), figures.catalogue(figure.head), zone)
        about = (title(figure.question, voice), where_and_when(figure.question, voice))
        rows.append([*about, _value(figure, rounded, voice)])
        notes.extend(_notes(figure, voice))
    print_table([say(f"cli.figure.column.{name}") for name in ("what", "where", "value")], rows)
    for one in dict.fromkeys(notes):
        out(f"· {plain(one)}")


def _value(figure: Figure, rounded: Known | None, voice: Voice) -> str:
    if rounded is not None:
        return value(replace(figure, answer=rounded), voice)
    return change(figure, voice)


def _notes(figure: Figure, voice: Voice) -> Iterator[str]:
    if covered := coverage(figure.coverage, voice):
        yield covered
    yield from cautions(figure, voice)
    for other in figure.competing:
        yield competing(other, figure.unit, voice)
