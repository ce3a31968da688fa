"""What a figure carries when it travels alone as a picture, and what it weighs."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from fractions import Fraction
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from cauce.exports.chart import Bar, Chart
from cauce.exports.picture import (
    LIMIT,
    SHAPES,
    Picture,
    Shape,
    chart_png,
    picture_of,
    png,
    typed,
)
from cauce.exports.source_line import said_by
from cauce.figures import Catalogue, Explanation, UsedValue
from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, Suppressed, exact
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Competing, Coverage, Figure, Lack
from cauce.values.period import Period
from cauce.values.question import ChangeQ, CountQ, IndicatorQ
from cauce.words import NoNames, Voice

VOICE = Voice("es", NoNames(), ZoneInfo("UTC"))
ADDRESS = "https://cifras.example.org/es/c/A"
NASTY = ('#eval("1") $x$ <b> "q" *s* _e_ \\ @a `c` // ' * 5)[:200]


@dataclass
class Report:
    """A document with its publisher."""

    title: str = "Informe"
    publisher: str = "COMAR"
    language: str = "es"
    address: str = ""
    published: ImpreciseDate | None = None


def used(reporter: str, public_at: str, **more: object) -> UsedValue:
    given: dict[str, object] = {
        "record_id": "1", "record_type": "observation", "digest": "", "answer": exact(5),
        "unit": "person", "reporter": reporter, "party": "", "programme": "", "place": "MEX",
        "period": "2022", "breakdown": "", "source": "x/S", "locator": "", "public_at": public_at,
        "recorded_at": datetime(2024, 1, 1, tzinfo=UTC), "status": "provisional", "note": "",
    }  # fmt: skip
    return UsedValue(**(given | more))  # type: ignore[arg-type]  # the fields of a used value


def explained(answer: Answer, *values: UsedValue, **more: object) -> Explanation:
    question = IndicatorQ(indicator="x/A", place="MEX", period=Period.parse("2022"))
    return Explanation(Figure(question, answer, "person", **more), used=values)  # type: ignore[arg-type]  # fields of a figure


def of(explanation: Explanation, voice: Voice = VOICE, **papers: Report) -> Picture:
    return picture_of(
        explanation, voice, {"x/S": Report(), **papers}, address=ADDRESS, site="Cauce"
    )


def size(made: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(made)).size


@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_a_picture_has_its_size_in_pixels_and_weighs_little(shape: Shape) -> None:
    picture = of(explained(exact(118756), used("COMAR", "2023-01")))
    made = png(picture, shape=shape)
    assert size(made) == SHAPES[shape]
    assert len(made) <= LIMIT
    assert made == png(picture, shape=shape)


@pytest.mark.parametrize("shape", ["wide", "tall"])
@pytest.mark.parametrize("words", [NASTY, "W" * 200, "Organización Internacional " * 8])
def test_any_text_fits_and_none_is_taken_for_markup(words: str, shape: Shape) -> None:
    link = "https://example.org/" + "x" * 180
    picture = Picture(words, words, words, words, words, (words,) * 3, words, "", link, words, "es")
    made = png(picture, shape=shape)
    assert size(made) == SHAPES[shape]
    assert len(made) <= LIMIT
    picture_itself = Image.open(io.BytesIO(made)).convert("L")
    wide, high = picture_itself.size
    # Nothing is written in the margins, nor below the foot.
    for box in ((0, 0, 50, high), (wide - 50, 0, wide, high), (0, high - 12, wide, high)):
        assert picture_itself.crop(box).getextrema() == (255, 255)


def test_it_says_who_published_in_which_month_and_never_a_day() -> None:
    picture = of(explained(Known(Fraction(40000), None), used("COMAR", "2023-01-17")))
    assert picture.value == "al menos 40,000 personas"
    assert picture.scope == "MEX, 2022"
    assert picture.source == "Fuente: COMAR, publicado en enero de 2023"
    assert picture.status == "preliminar"
    december = of(explained(exact(1), used("COMAR", "2023-12-31")))
    assert december.source.endswith("en diciembre de 2023")


def test_several_values_say_the_first_and_last_month_and_how_many_more_sources() -> None:
    values = [used(name, f"202{n}") for n, name in enumerate(("A", "B", "C", "D"))]
    picture = of(explained(exact(1), *values, used("", "2024-05", status="final")))
    assert picture.source == "Fuente: A, B, C y 2 más, publicado entre 2020 y mayo de 2024"
    assert picture.status == ""


def test_a_value_without_reporter_or_date_names_its_publisher_or_nobody() -> None:
    assert of(explained(exact(1), used("", ""))).source == "Fuente: COMAR"
    nobody = of(explained(exact(1), used("", "", source="x/T")))
    assert nobody.source == "Fuente: fuente sin nombre"


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (exact(0), "0 personas"),
        (Absent(Absence.MISSING), "sin dato"),
        (Absent(Absence.PENDING), "en revisión"),
        (Absent(Absence.WITHDRAWN), "retirado"),
        (Suppressed("small_cell"), "protegido"),
        (Refused.of("base_zero"), "no se puede dar un número"),
    ],
)
def test_the_nothings_are_six_different_pictures(answer: Answer, word: str) -> None:
    picture = of(explained(answer))
    assert picture.value == word
    assert picture.source == ""
    assert isinstance(answer, Refused) == bool(picture.doubts)


def test_what_is_in_doubt_is_short() -> None:
    others = tuple(Competing(f"P{n}", exact(n), "2022", unit="person") for n in (1, 2, 3, 4, 5))
    part = Competing("", exact(9), "2022-01", why="part")
    picture = of(
        explained(
            exact(7),
            competing=(*others, part),
            coverage=Coverage(0, 1, lacks=(Lack("x/Z", None, None, "2022"),)),
            caveats=(Code.of("coverage_unknown"), Code.of("as_reported"), Code.of("incomplete")),
        )
    )
    assert len(picture.doubts) == 3
    assert "P1: 1 persona; P2: 2 personas; P3: 3 personas; y 2 más" in picture.doubts[0]
    assert "faltan: x/Z (2022)" in picture.doubts[1]


def test_what_was_invented_says_so_in_a_band() -> None:
    picture = of(explained(exact(7), caveats=(Code.of("invented_data"),)))
    assert picture.warning == "DATO INVENTADO"
    assert picture.doubts == ()
    band = Image.open(io.BytesIO(png(picture))).convert("RGB").crop((0, 0, 1200, 64))
    colours = band.getcolors(100_000) or []
    assert sum(count for count, colour in colours if colour == (255, 216, 77)) > 60_000


@pytest.mark.parametrize(
    ("basis", "mark"),
    [
        ("found", ""),
        ("memory", "Indicador por verificar"),
        ("proposed", "Indicador propuesto aquí"),
    ],
)
def test_an_indicator_that_nobody_published_is_marked(basis: str, mark: str) -> None:
    indicator = SimpleNamespace(basis=basis, name={"es": "Solicitudes"})
    empty: dict[str, object] = {one.name: {} for one in fields(Catalogue)}
    names = Catalogue(**(empty | {"indicators": {"x/A": indicator}}))  # type: ignore[arg-type]  # all of it empty
    voice = Voice("es", names, ZoneInfo("UTC"))
    assert of(explained(exact(1)), voice).mark == mark
    question = IndicatorQ(indicator="x/A", place="MEX", period=Period.parse("2022"))
    change = ChangeQ(of=question, base_period=Period.parse("2021"))
    assert of(Explanation(Figure(change, exact(1), "person")), voice).mark == mark
    assert of(Explanation(Figure(CountQ(of="commitments"), exact(1), "")), VOICE).mark == ""


# -- charts --------------------------------------------------------------------------------------


def chart(count: int, **more: object) -> Chart:
    bars = tuple(Bar(str(1985 + n), exact(n * 7), str(n * 7), "s") for n in range(count))
    return Chart("Casos", "d", bars, **more)  # type: ignore[arg-type]  # fields of a chart


def test_a_picture_of_a_chart_says_since_when_the_first_and_the_last_value_could_be_read() -> None:
    values = (used("t/A", "2025-01"), used("t/B", "2023-03-14"), used("t/A", "2024"))
    said = said_by(values, VOICE, {})
    assert said == "Fuente: t/A y t/B, publicado entre marzo de 2023 y enero de 2025"
    assert said_by((), VOICE, {}) == ""


@pytest.mark.parametrize("count", [1, 8, 40])
def test_a_chart_is_a_picture_too(count: int) -> None:
    made = chart_png(chart(count), VOICE, source_line="Fuente: COMAR", address=ADDRESS, site="C")
    assert size(made) == SHAPES["wide"]
    assert len(made) <= LIMIT


def test_an_invented_chart_has_the_band_and_a_long_title_fits() -> None:
    long = replace(chart(40, in_time=False), title=NASTY, warning="DATO INVENTADO")
    made = chart_png(long, VOICE, source_line=NASTY, address=ADDRESS)
    assert Image.open(io.BytesIO(made)).convert("RGB").getpixel((5, 5)) == (255, 216, 77)
    assert size(made) == SHAPES["wide"]


def test_a_link_on_a_picture_is_whole_and_can_be_typed() -> None:
    long = f"https://cauce.example/es/cifras/como-se-obtuvo?indicador=asylum%2FAS-1&x={'9' * 60}"
    short = "https://cauce.example/es/cifras/como-se-obtuvo?indicador=asylum%2FAS-1"
    home = "https://cauce.example/es/"
    assert typed(short, home) == "cauce.example/es/cifras/como-se-obtuvo?indicador=asylum/AS-1"
    assert typed(long, short, home) == typed(short)
    assert typed(long, long, home) == "cauce.example/es/"
