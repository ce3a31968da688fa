"""Which files must be made before the project can be packed or installed?

The compiled message catalogues. Babel compiles them, so no machine needs ``msgfmt``. The hook
runs for wheels, for source archives and for editable installs; ``python hatch_build.py`` does the
same in a checkout whose catalogues changed after the install.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["CatalogueHook", "compile_catalogues"]


class CatalogueHook(BuildHookInterface[Any]):
    """Compile the catalogues before anything is collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling once for each thing it builds."""
        compile_catalogues(Path(self.root))


def compile_catalogues(root: Path) -> list[Path]:
    """Write a ``.mo`` beside every ``.po`` and return the paths written.

    A catalogue that does not parse stops the build: a wheel with a silent half of a language
    is worse than none.
    """
    written = []
    for source in sorted((root / "src/cauce/locale").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3], abort_invalid=True)
        # Written beside and renamed: a running server never reads half a file.
        beside = source.with_suffix(".mo.part")
        with beside.open("wb") as stream:
            write_mo(stream, catalogue)
        target = source.with_suffix(".mo")
        beside.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_catalogues(Path(__file__).parent):
        sys.stdout.write(f"{path.relative_to(Path(__file__).parent)}\n")
