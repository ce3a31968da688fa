"""Would a page that does not do what it says be found?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import Player, blocks, commands, matches


def play(text: str, folder: Path) -> None:
    player = Player(folder)
    for block in blocks(text):
        player.play(block)


def test_a_page_that_does_what_it_says_is_played(tmp_path: Path) -> None:
    page = """
```{code-block} yaml
:caption: pack/pack.yaml

name: pack
```

```{code-block} text
:caption: pack/pack.yaml (add)

version: "1"
```

```console
$ cat pack/pack.yaml
name: pack
version: "…"
$ echo one; echo two; echo three
one
…
$ cat <<'END'
> here
> END
here
$ exit 3  # exit code 3
```

```python
>>> 1 + 1
2

```
"""
    play(page, tmp_path)
    assert (tmp_path / "pack/pack.yaml").read_text(encoding="utf-8") == 'name: pack\nversion: "1"\n'


@pytest.mark.parametrize(
    "block",
    [
        "```console\n$ echo one\ntwo\n```",
        "```console\n$ echo one; echo two\none\n```",
        "```console\n$ echo one\n```",
        "```console\n$ true\nnothing\n```",
        "```console\n$ exit 3\n```",
        "```console\n$ true  # exit code 3\n```",
        "```python\n>>> 1 + 1\n3\n\n```",
        "```json\n{1}\n```",
        "```yaml\na: [\n```",
        "```of-no-kind\n```",
    ],
)
def test_a_page_that_does_not_is_found(tmp_path: Path, block: str) -> None:
    with pytest.raises((AssertionError, ValueError, yaml.YAMLError)):
        play(block, tmp_path)


@pytest.mark.parametrize(
    ("output", "expected", "fits"),
    [
        ("a\nb\nc\n", "a\n…\nc", True),
        ("a\nc\n", "a\n…\nc", True),
        ("a\nb\n", "…", True),
        ("in /tmp/x now\n", "in … now", True),
        ("a (b)\n", "a (b)", True),
        ("a\n", "a\nb", False),
        ("ab\n", "a", False),
        ("1\xa0case  \n", "1 case", True),
    ],
)
def test_an_ellipsis_stands_for_anything(output: str, expected: str, fits: bool) -> None:
    assert matches(output, expected) is fits


def test_the_line_of_a_block_is_that_of_its_page() -> None:
    page = "a\n\n```console\n$ one\n1\n$ two\n```\n\n```{toctree}\nx\n```\n"
    (found,) = blocks(page)
    assert (found.line, list(commands(found))) == (3, [("one", "1"), ("two", "")])
