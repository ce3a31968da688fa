"""Which tables of the reference are written from the code, so that they cannot lag behind it?

A page says ``<!-- from the code: errors -->`` and gets the table of that name when it is built.
Names, parameters, columns and choices come from the code, the words from the English catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.pofile import read_po

import cauce
from docs._ext.commands import commands

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["MARK", "TABLES", "filled", "setup", "words"]

MARK = re.compile(r"^<!-- from the code: ([a-z-]+) -->$", re.MULTILINE)

_PARAM = re.compile(r"\{(\w+)(?::n)?\}")


def words() -> dict[str, str]:
    """The English words by key; of words with a plural, the plural."""
    found: dict[str, str] = {}
    folder = Path(cauce.__file__).parent / "locale/en/LC_MESSAGES"
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale="en")
        # A plural's id and words are pairs; its key is the first of the two.
        forms = ((_listed(one.id), _listed(one.string)) for one in catalogue)
        found |= {ids[0]: _PARAM.sub(r"*\1*", texts[-1]) for ids, texts in forms}
    return found


def _listed(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text or "",) if isinstance(text, str | None) else text


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(values: Iterable[object]) -> str:
    """Names as code, separated by commas."""
    return ", ".join(f"`{value}`" for value in values)


# ------------------------------------------------------------------------------- codes


def errors() -> str:
    from cauce.errors import CODES

    say = words()
    rows = (
        [
            f"`{name}`", code(spec.params), spec.exit_code, spec.http_status,
            f"{say[f'error.{name}']} {say[f'error.{name}.fix']}",
        ]
        for name, spec in CODES.items()
    )  # fmt: skip
    return table(("code", "parameters", "exit", "HTTP", "what it says, and what to do"), rows)


def _codes(kind: str, codes: dict[str, tuple[str, ...]]) -> str:
    say = words()
    rows = ([f"`{n}`", code(p), _sentence(say[f"{kind}.{n}"])] for n, p in sorted(codes.items()))
    return table(("code", "parameters", "in words"), rows)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text[0].upper()}{text[1:]}."


def cautions() -> str:
    from cauce.engines.rollup import CAVEATS

    return _codes("caveat", CAVEATS)


def reasons() -> str:
    from cauce.engines.rollup import REASONS

    say = words()
    rows = (
        [f"`{n}`", code(p), _sentence(say[f"reason.{n}"]), say[f"reason.{n}.fix"]]
        for n, p in sorted(REASONS.items())
    )
    return table(("code", "parameters", "why there is no number", "what it would take"), rows)


def steps() -> str:
    from cauce.engines.rollup import STEPS

    return _codes("step", STEPS)


def unused() -> str:
    from cauce.engines.rollup import UNUSED

    return _codes("unused", UNUSED)


def conflicts() -> str:
    from cauce.parties.conflicts import CONFLICTS

    return _codes("conflict", CONFLICTS)


def findings() -> str:
    from cauce.journal.verify import FINDINGS

    return _codes("finding", FINDINGS)


def checks() -> str:
    from cauce.journal.doctor import CHECKS

    say = words()
    rows = ([f"`{n}`", say[f"check.{n}"], say.get(f"check.{n}.fix", "")] for n in CHECKS)
    return table(("check", "what is looked at", "what to do"), rows)


# ------------------------------------------------------------------------------- declarations


def presets() -> str:
    from cauce.engines.rollup import PRESETS

    rows = (
        [
            f"`{name}`", d.value, d.identity, d.time, _rules(d.dimensions), d.default.numerator,
            "yes" if d.carry else "",
        ]
        for name, d in PRESETS.items()
    )  # fmt: skip
    header = ("preset", "value", "identity", "time", "dimensions", "every other", "carry")
    return table(header, rows)


def _rules(dimensions: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{name}={rule.numerator}" for name, rule in dimensions)


def calendars() -> str:
    from cauce.values.period import CALENDARS, Period

    rows = []
    for name in CALENDARS:
        text = "2023" if name == "gregorian" else f"{name}:2023"
        year = Period.parse(text)
        rows.append([f"`{name}`", f"`{text}`", year.start.isoformat(), year.last_day.isoformat()])
    return table(("calendar", "written", "first day", "last day"), rows)


# ------------------------------------------------------------------------------- packs


def sheets() -> str:
    """Every sheet of a pack with its columns, as the record classes define them."""
    from cauce.packs.sheets import sheets

    return "\n\n".join(_sheet(name, model) for name, model in sheets().items())


def _sheet(name: str, model: Any) -> str:
    from cauce.journal.queries import Definition, Fact

    shared = Fact if issubclass(model, Fact) else Definition
    common = {f.name for f in shared._meta.get_fields()}
    own = [f for f in model.content_fields() if f.name not in common]
    kind = "fact" if shared is Fact else "definition"
    named = f"Named by {code(model.natural)}."
    head = f"(sheet-{name})=\n### {name}\n\nA {kind}. {_cell(model.__doc__)} {named}"
    return f"{head}\n\n{_columns(own)}"


def shared_columns() -> str:
    """The columns that every fact has, and the one that every definition has."""
    from cauce.journal.queries import Definition, Fact

    parts = []
    for title, model in (("Every fact", Fact), ("Every definition", Definition)):
        parts.append(f"{title} has:\n\n{_columns(model._meta.get_fields())}")
    return "\n\n".join(parts)


def _columns(found: Iterable[Any]) -> str:
    from cauce.journal.fields import RecordField

    rows = (
        [_column_name(f), "yes" if f.required else "", _kind(f), f.help_text]
        for f in found
        if isinstance(f, RecordField)
    )
    return table(("column", "required", "cell", "what"), rows)


def _column_name(field: Any) -> str:
    return code(field.name + suffix for suffix in field.columns)


def _kind(field: Any) -> str:
    """What may stand in a cell, in words."""
    name = type(field).__name__
    to = f" of {field.to}" if getattr(field, "to", "") else ""
    if name == "ChoiceField":
        default = f" (empty: {field.empty() or 'nothing'})" if not field.required else ""
        return code(filter(None, field.options)) + default
    if name == "BoolField":
        return f"yes or no (empty: {'yes' if field.first else 'no'})"
    return {
        "TextField": "text", "IdField": f"id{to}", "NamesField": "text", "IntField": "whole number",
        "ExactField": "number", "FractionField": "fraction", "DateField": "date",
        "PeriodField": "period", "BreakdownField": "breakdown", "EmbargoField": "embargo",
        "ListField": f"list of ids{to}" if to else "list", "MapField": "map",
    }[name]  # fmt: skip


def shipped() -> str:
    import yaml

    from cauce.packs import catalogue

    folder = Path(catalogue.__file__).parent / "shipped"
    rows = []
    for name in catalogue.shipped():
        pack = yaml.safe_load((folder / name / "pack.yaml").read_text(encoding="utf-8"))
        title = pack.get("title_en") or pack["title"]["en"]
        rows.append([f"`{name}`", title, code(pack.get("requires", ())), pack["licence"]])
    return table(("pack", "what it holds", "requires", "licence"), rows)


# ------------------------------------------------------------------------------- questions


def questions() -> str:
    """The fields of every kind of question, with what each is when it is left out."""
    from cauce.values import question

    kinds = question.Question.__args__
    return "\n\n".join(_question(kind) for kind in kinds)


def _question(kind: Any) -> str:
    rows = []
    for field in fields(kind):
        required = field.default is MISSING
        default = "" if required or field.default in (None, ()) else str(field.default)
        rows.append(
            [f"`{field.name.rstrip('_')}`", "yes" if required else "", default and f"`{default}`"]
        )
    said = _cell(kind.__doc__).replace("``", "`")
    return f"### {kind.ask}\n\n{said}\n\n" + table(("field", "required", "left out"), rows)


def formats() -> str:
    from cauce.statements.template import DEFAULT_FORMAT, FORMATS

    return f"{code(FORMATS)}; without one, `{DEFAULT_FORMAT}`."


TABLES: dict[str, Callable[[], str]] = {
    "calendars": calendars,
    "cautions": cautions,
    "checks": checks,
    "commands": commands,
    "errors": errors,
    "findings": findings,
    "formats": formats,
    "presets": presets,
    "questions": questions,
    "reasons": reasons,
    "shared-columns": shared_columns,
    "sheets": sheets,
    "shipped": shipped,
    "steps": steps,
    "unused": unused,
    "conflicts": conflicts,
}


# ------------------------------------------------------------------------------- Sphinx


def filled(text: str) -> str:
    """A page with its marks replaced. Raises KeyError for a table that does not exist, and for a
    code without words."""
    return MARK.sub(lambda mark: TABLES[mark[1]](), text)


def _on_read(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = filled(source[0])


def marks(text: str) -> Iterator[str]:
    """The names of the tables a page asks for."""
    return (mark[1] for mark in MARK.finditer(text))


def setup(app: Sphinx) -> dict[str, object]:
    """Called by Sphinx."""
    app.connect("source-read", _on_read)
    return {"version": "1", "parallel_read_safe": True}
