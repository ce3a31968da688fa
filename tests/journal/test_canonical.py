"""The journal's bytes, written out: these tests may be added to, never changed."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cauce.frameworks.models import Obligation
from cauce.journal import queries
from cauce.journal.canonical import (
    DIGEST_VERSION,
    DIGESTS,
    canonical_json,
    digest_of,
    entry_digest,
    entry_hash,
    instant_text,
    limbs,
)
from cauce.journal.models import Recorded
from tests.conftest import Workspace, enter
from tests.journal.samples import (
    indicator,
    membership,
    observation,
    organisation,
    place,
    rate,
    seal,
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


#: Records, and the text whose SHA-256 is their digest.
KNOWN: list[tuple[Recorded, str]] = [
    (
        place("MEX", name_es="México", name_en="Mexico"),
        '{"code":"MEX","kind":"country","name":{"en":"Mexico","es":"México"}}',
    ),
    (
        place("demo/SOUTH", kind="area", name_es="Sur", parts="MX-CHP; MX-TAB"),
        '{"code":"demo/SOUTH","kind":"area","name":{"es":"Sur"},"parts":["MX-CHP","MX-TAB"]}',
    ),
    (
        organisation("demo/ANA", identifiers="iati=XM-DAC-0", ended="2021?"),
        (
            '{"code":"demo/ANA","ended":"2021?","identifiers":{"iati":"XM-DAC-0"},"kind":"agency",'
            '"name":{"es":"demo/ANA"}}'
        ),
    ),
    (
        indicator(may_be_negative="yes", scale="2", margins="place; place+sex"),
        (
            '{"code":"demo/APPLICATIONS","framework":"demo/DEMO","margins":["place","place+sex"],'
            '"may_be_negative":true,"name":{"en":"Applications"},"preset":"flow","scale":2,'
            '"unit":"application"}'
        ),
    ),
    (
        membership("demo/ANA", valid_from="1996..2023", public_at="1996..2023"),
        (
            '{"body":"demo/CONFERENCE","party":"demo/ANA","public_at":"1996..2023",'
            '"valid_from":"1996..2023"}'
        ),
    ),
    (
        rate("17.50"),
        '{"code":"demo/OFFICIAL","currency":"USD","into":"MXN","period":"2023","rate":"35/2"}',
    ),
    (
        observation("9007199254740993.2500", public_at="2023-05", breakdown="sex=f;age=0-17"),
        (
            '{"breakdown":{"age":"0-17","sex":"f"},"indicator":"demo/APPLICATIONS","period":"2023",'
            '"place":"MEX","public_at":"2023-05","reporter":"demo/ANA",'
            '"value":"9007199254740993.25"}'
        ),
    ),
    (
        observation(
            "0", period="2018-01-01/2024-01-01", counts_in_parent="no", public_from="never"
        ),
        (
            '{"counts_in_parent":false,"indicator":"demo/APPLICATIONS","period":"2018/2023",'
            '"place":"MEX","public_from":"never","reporter":"demo/ANA","value":"0"}'
        ),
    ),
    (
        observation("-1.10", period="us-fiscal:2023", status="final", note="línea 1\r\nlínea 2"),
        (
            '{"indicator":"demo/APPLICATIONS","note":"línea 1\\nlínea 2","period":"us-fiscal:2023",'
            '"place":"MEX","reporter":"demo/ANA","status":"final","value":"-1.1"}'
        ),
    ),
    (
        Obligation.from_cells(indicator="demo/APPLICATIONS", due_days=0),
        '{"due_days":0,"indicator":"demo/APPLICATIONS"}',
    ),
]


@pytest.mark.parametrize(("record", "text"), KNOWN, ids=lambda value: str(value)[:40])
def test_the_digest_of_a_record_is_that_of_its_text(record: Recorded, text: str) -> None:
    assert canonical_json(record.content()).decode() == text
    assert record.content_digest() == sha(text)


def test_one_digest_by_hand() -> None:
    # printf '{"code":"MEX","kind":"country","name":{"es":"MEX"}}' | sha256sum
    by_hand = "a2d5382e0f8deb5ce62a0590cf37e8c6ceac5e45f99dbdd50dc7f6c17dad05a4"
    assert place("MEX").content_digest() == by_hand


def test_an_entry_has_one_line_for_each_record_sorted_bytewise(
    two_workspaces: tuple[Workspace, Workspace],
) -> None:
    lines = sorted(f"{record.record_type} {sha(text)}\n" for record, text in KNOWN)
    for workspace in two_workspaces:
        enter(workspace)
        assert seal(*(record for record, _ in KNOWN)).digest == sha("".join(lines))


def test_the_hash_of_an_entry_covers_all_it_says(workspace: Workspace) -> None:
    receipt = seal(place("MEX"), by="Ana María", why="«first»")
    origin = queries.workspace().origin
    recorded_at = receipt.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert receipt.hash == sha(
        f'{{"count":1,"digest":"{receipt.digest}","digest_version":1,"origin":"{origin}",'
        f'"previous":"{"0" * 64}","recorded_at":"{recorded_at}","seq":1,"who":"Ana María",'
        f'"why":"«first»"}}'
    )


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("seq", 2),
        ("recorded_at", datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ("origin", "other"),
        ("who", "Eva"),
        ("why", "other"),
        ("count", 2),
        ("digest", "other"),
        ("digest_version", 2),
        ("previous", "other"),
    ],
)
def test_no_part_of_an_entry_can_change_without_its_hash(name: str, other: object) -> None:
    entry = {
        "seq": 1,
        "recorded_at": datetime(2026, 1, 1, tzinfo=UTC),
        "origin": "one",
        "who": "Ana",
        "why": "why",
        "count": 1,
        "digest": "d",
        "digest_version": 1,
        "previous": "p",
    }
    assert entry_hash(**entry) != entry_hash(**{**entry, name: other})  # type: ignore[arg-type]  # a table of parts


def test_letters_composed_in_two_ways_are_one_text() -> None:
    composed = unicodedata.normalize("NFC", "México")
    decomposed = unicodedata.normalize("NFD", "México")
    assert composed != decomposed
    assert digest_of({"a": composed}) == digest_of({"a": decomposed})
    assert place("X", name_es=decomposed).name == {"es": composed}


def test_nulls_are_left_out_at_every_depth() -> None:
    assert canonical_json({"a": None, "b": {"c": None, "d": ["x"]}}) == b'{"b":{"d":["x"]}}'


def test_only_plain_values_have_bytes() -> None:
    with pytest.raises(TypeError):
        canonical_json({"a": 1.5})


def test_an_instant_is_written_in_utc_with_microseconds() -> None:
    moment = datetime(2026, 3, 1, 6, tzinfo=ZoneInfo("America/Guatemala"))
    assert instant_text(moment) == "2026-03-01T12:00:00.000000Z"


def test_an_entry_digest_by_hand() -> None:
    assert entry_digest([("body", "0a"), ("place", "ff")]) == sha("body 0a\nplace ff\n")


def test_a_trace_takes_the_first_128_bits_in_four_parts() -> None:
    assert limbs("0000000100000010ffffffff0000000a" + "e" * 32) == (1, 16, 2**32 - 1, 10)


def test_the_current_digest_version_can_be_computed() -> None:
    assert DIGEST_VERSION in DIGESTS
