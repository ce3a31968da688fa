"""What does a chart cost here, against Altair with vl-convert drawing the same bars?

    python -m benchmarks.charts [TIMES]

Prints the first chart of a fresh process (with its imports), the mean of the following ones, and
the bytes that must be installed, as ratios to ours. Altair is no dependency: where it is absent
that is said. ``CAUCE_BENCHMARK_PYTHON`` may name another interpreter that has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

#: Eight years, the same for both.
BARS = ((2017, 14616), (2018, 29572), (2019, 70310), (2020, 40912),
        (2021, 129585), (2022, 119273), (2023, 140720), (2024, 78975))  # fmt: skip

_TIMED = """
import json, sys, time
times, bars = int(sys.argv[1]), json.loads(sys.argv[2])
began = time.perf_counter()
{imports}
def draw():
{draw}
size = len(draw())
first = time.perf_counter() - began
began = time.perf_counter()
for _ in range(times):
    draw()
print(json.dumps([first, (time.perf_counter() - began) / times, size]))
"""

OURS = _TIMED.format(
    imports="from cauce.exports.chart_drawing import svg\n"
    "from cauce.exports.chart_values import Bar, Chart\n"
    "from cauce.values.answer import exact",
    draw="    made = tuple(Bar(str(y), exact(n), f'{n:,}', f'{y}: {n:,}') for y, n in bars)\n"
    "    return svg(Chart('Title', 'Description', made, language='en'), name='one')",
)

THEIRS = _TIMED.format(
    imports="import altair as alt, vl_convert",
    draw="    rows = [{'year': str(y), 'value': n} for y, n in bars]\n"
    "    chart = alt.Chart(alt.Data(values=rows)).encode(x='value:Q', y='year:N')\n"
    "    shown = chart.mark_bar() + chart.mark_text(align='left').encode(text='value:Q')\n"
    "    return vl_convert.vegalite_to_svg(shown.to_dict())",
)

_PACKAGES = """
import importlib.metadata, json, os, re, sys
seen, waiting, total = set(), ["altair", "vl-convert-python"], 0
while waiting:
    name = re.sub("[-_.]+", "-", waiting.pop()).lower()
    if name in seen:
        continue
    seen.add(name)
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        continue
    total += sum(f.size or 0 for f in found.files or ())
    waiting += [re.match("[A-Za-z0-9._-]+", r)[0] for r in found.requires or () if "extra" not in r]
print(json.dumps([total, len(seen)]))
"""


def run(python: str, program: str, *arguments: str) -> list[float] | None:
    """What a program prints, in a process of its own; nothing where it cannot be run."""
    made = subprocess.run(  # noqa: S603  # both programs stand above
        [python, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    if made.returncode == 0:
        found: list[float] = json.loads(made.stdout)
        return found
    if "ModuleNotFoundError" not in made.stderr:
        sys.stderr.write(made.stderr)
    return None


def main(times: int) -> None:
    arguments = (str(times), json.dumps(BARS))
    ours = run(sys.executable, OURS, *arguments)
    if ours is None:
        sys.exit("our own chart could not be drawn")
    folder = Path(__file__).parent.parent / "src" / "cauce" / "exports"
    size = sum(path.stat().st_size for path in folder.glob("chart*.py"))
    first, following, drawn = ours
    print(f"ours: first {first * 1000:.0f} ms, following {following * 1000:.2f} ms, "
          f"{drawn / 1000:.1f} kB of SVG, {size / 1000:.0f} kB of source")  # fmt: skip
    other = os.environ.get("CAUCE_BENCHMARK_PYTHON", sys.executable)
    theirs = run(other, THEIRS, *arguments)
    if theirs is None:
        print("Altair and vl-convert are not installed here: nothing to compare with")
        return
    installed, count = run(other, _PACKAGES) or (0, 0)
    rows = (
        ("first chart of a process", theirs[0] / first),
        ("following charts", theirs[1] / following),
        ("bytes of the SVG", theirs[2] / drawn),
        ("bytes installed", installed / size),
    )
    print(f"\n| Altair and vl-convert ({count} packages, {installed / 1e6:.0f} MB) | × ours |")
    print("|---|---|")
    for name, ratio in rows:
        print(f"| {name} | {ratio:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
