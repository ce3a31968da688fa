"""The site as it is run: granian with several workers, on SQLite or PostgreSQL."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.conftest import Workspace
from tests.figures.record import Record

pytestmark = pytest.mark.slow


@pytest.fixture
def address(record: Record, workspace: Workspace) -> Iterator[str]:
    """A served record with one value; the server's own database, of the kind tested on."""
    record.start().seal(record.value("A MEX 2022", 12_345))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (workspace.dir / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "cauce.cli.main", "serve", "--port", str(port), "--workers", "2"],
        env=workspace.environment,
        stdout=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        yield waited_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        log.close()


def waited_for(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert server.poll() is None
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 - our own
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("no answer")


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as response:  # noqa: S310 - our own
        body: bytes = response.read()
    return body


def test_it_is_ready_and_gives_a_page_and_a_figure(address: str, workspace: Workspace) -> None:
    assert json.loads(fetched(f"{address}/readyz")) == {"status": "ok"}
    assert b'<html lang="es"' in fetched(f"{address}/es/")
    for _ in range(8):  # both workers
        asked = f"{address}/api/v1/figures?indicator=t/I&period=2022&place=MEX"
        (figure,) = json.loads(fetched(asked))["figures"]
        assert figure["value"] == "12345"
    lines = [
        json.loads(line)
        for line in (workspace.dir / "log").read_text("utf-8").splitlines()
        if line.startswith("{")
    ]
    routes = [line["route"] for line in lines]
    assert routes.count("api/v1/figures") == 8
    assert len({line["id"] for line in lines}) == len(lines)
    assert not re.search("12345|MEX|127.0.0.1", json.dumps(lines))
