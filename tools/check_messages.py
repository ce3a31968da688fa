"""Does every message have its words in Spanish, English and French, and is each one said?

A message's id is a key (``error.unknown_place``), so a missing translation would be shown to a
person as a key, and one that nothing says would be kept in order for nobody. This looks at the
three catalogues as they are written, not as compiled, and prints each problem with its file, line
and fix. Exit code 0: nothing to mend.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from cauce.errors import CODES

__all__ = ["LANGUAGES", "Catalogue", "Said", "Text", "main", "problems", "said_by", "unsaid"]

LANGUAGES = ("es", "en", "fr")
ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/cauce"
LOCALE = SOURCE / "locale"

_IN_TEMPLATE = re.compile(r'{%\s*say\s+"([^"]+)"')

# What a problem in a file adds to the parameters of its code: the place, put before the words.
PLACE = frozenset({"place"})


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one message in one language: one, or one for each plural form."""

    line: int
    forms: tuple[str, ...]
    fuzzy: bool
    path: str

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    def params(self) -> frozenset[str]:
        """The names in braces. Raises ValueError where a brace is not closed.

        A name may be in some plural forms only ("one person", "{count} people").
        """
        parsed = (part for form in self.forms for part in string.Formatter().parse(form))
        # "{amount.currency}" and "{names[0]}" both take the parameter before the first sign.
        return frozenset(
            re.split(r"[.\[]", name)[0] for _, name, _, _ in parsed if name is not None
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's messages by id, and the folder they are written in."""

    path: str
    texts: Mapping[str, Text]
    repeated: Mapping[str, int]


def main() -> int:
    """Check the checkout's catalogues; 1 if there is anything to mend."""
    try:
        catalogues = {language: load(language) for language in LANGUAGES}
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        print(f"{error}; a catalogue is a UTF-8 .po file in {LOCALE.relative_to(ROOT)}")
        return 1
    found = list(problems(catalogues, required_by_codes()))
    found += unsaid(catalogues["es"], said_by(SOURCE))
    print("\n".join(found) or f"{len(catalogues['en'].texts)} messages in {', '.join(LANGUAGES)}")
    return 1 if found else 0


def required_by_codes() -> dict[str, frozenset[str]]:
    """The messages that code relies on, with the parameters each will be given."""
    return {f"error.{code}": frozenset(spec.params) for code, spec in CODES.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """The keys that code and templates name: whole, or as a pattern where a part is put in."""

    keys: frozenset[str]
    patterns: frozenset[str]

    def says(self, key: str) -> bool:
        return key in self.keys or any(re.fullmatch(one, key) for one in self.patterns)


def said_by(folder: Path) -> Said:
    """Every text of the code that may be a key. It is generous: a text that is none does no harm,
    and any code fits where a key is put together (``f"state.{state}"``)."""
    keys: set[str] = set()
    patterns: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(_pattern(node))
    for path in folder.rglob("*.html"):
        keys.update(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    # A text that is put together of nothing but parts would say every key.
    return Said(frozenset(keys), frozenset(one for one in patterns if re.search("[a-z]", one)))


def _pattern(node: ast.JoinedStr) -> str:
    parts = (one.value if isinstance(one, ast.Constant) else None for one in node.values)
    return "".join(".+" if part is None else re.escape(str(part)) for part in parts)


def unsaid(catalogue: Catalogue, said: Said) -> Iterator[str]:
    """The messages that nothing says."""
    for key, text in sorted(catalogue.texts.items()):
        if not said.says(key):
            yield f"{text.place}: {key}: nothing says it; take it out in every language"


def load(language: str) -> Catalogue:
    """Read a language's files. Raises OSError if one is missing and PoFileError if one is bad.

    Every language has the files of every other: a file that one lacks is a missing message.
    """
    folder = LOCALE / language / "LC_MESSAGES"
    names = {path.name for path in LOCALE.glob("*/LC_MESSAGES/*.po")} - {"argparse.po"}
    texts: dict[str, Text] = {}
    written: list[str] = []
    for path in sorted(folder / name for name in names):
        texts |= _texts(path, language)
        # Babel keeps the last of two equal ids and says nothing.
        written += re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    repeated = {key: times for key, times in Counter(written).items() if times > 1}
    return Catalogue(folder.relative_to(ROOT).as_posix(), texts, repeated)


def _texts(path: Path, language: str) -> dict[str, Text]:
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=language, abort_invalid=True)
    where = path.relative_to(ROOT).as_posix()
    texts = {}
    for message in catalogue:
        if message.id:
            # A plural's id is a pair; the key is the first of the two.
            key = message.id if isinstance(message.id, str) else message.id[0]
            words = message.string or ""
            forms = (words,) if isinstance(words, str) else tuple(words)
            texts[key] = Text(message.lineno or 1, forms, message.fuzzy, where)
    return texts


def problems(
    catalogues: Mapping[str, Catalogue], required: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Every problem as ``file:line: message: what to do``.

    ``required`` names messages that must exist, with the parameters they may use.
    """
    keys = set(required).union(*(catalogue.texts for catalogue in catalogues.values()))
    for catalogue in catalogues.values():
        for key, times in sorted(catalogue.repeated.items()):
            yield f"{catalogue.texts[key].place}: {key}: stands {times} times; keep one"
        for key in sorted(keys):
            if key not in catalogue.texts:
                yield f"{catalogue.path}:1: {key}: missing; add it with its words"
            else:
                for fix in faults(catalogue.texts[key]):
                    yield f"{catalogue.texts[key].place}: {key}: {fix}"
    yield from differing_params(catalogues, keys)
    yield from unknown_params(catalogues, required)


def faults(text: Text) -> Iterator[str]:
    """What is wrong with one text by itself."""
    if text.fuzzy:
        yield "is marked fuzzy; check the words and take the mark away"
    if not text.forms or not all(form.strip() for form in text.forms):
        yield "has no words; write them (all plural forms)"
    if params_of(text) is None:
        yield "has a brace that is not closed; write {name}, or {{ for a brace"


def differing_params(catalogues: Mapping[str, Catalogue], keys: Iterable[str]) -> Iterator[str]:
    """A text that leaves out what the others say, or asks for what they do not have."""
    for key in sorted(keys):
        params = {
            language: found
            for language, catalogue in catalogues.items()
            if key in catalogue.texts and (found := params_of(catalogue.texts[key])) is not None
        }
        every = frozenset().union(*params.values())
        for language, found in params.items():
            if missing := every - found:
                place = catalogues[language].texts[key].place
                yield f"{place}: {key}: lacks {names(missing)}, which another language has"


def unknown_params(
    catalogues: Mapping[str, Catalogue], required: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """A text that asks for a parameter its code is never given."""
    for catalogue in catalogues.values():
        for key, text in catalogue.texts.items():
            # `error.unknown_place.fix` is about the same code as `error.unknown_place`.
            code = ".".join(key.split(".")[:2])
            known = required.get(code)
            used = params_of(text)
            if known is not None and used is not None and (extra := used - known - PLACE):
                yield f"{text.place}: {key}: asks for {names(extra)}, which {code} does not carry"


def params_of(text: Text) -> frozenset[str] | None:
    """The text's parameters; None where they cannot be read (reported as a fault of its own)."""
    try:
        return text.params()
    except ValueError:
        return None


def names(params: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(params))


if __name__ == "__main__":
    sys.exit(main())
