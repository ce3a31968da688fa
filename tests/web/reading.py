"""What does a visitor get, what does a page say, and what stands in a table taken from it?"""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from django.test import Client

__all__ = ["get", "main", "rows", "said"]


def get(client: Client, path: str, status: int = 200) -> str:
    """A page, or a file of text."""
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode("utf-8")


def main(html: str) -> str:
    """What stands between head and foot."""
    return html.split("<main")[-1].split("</main>")[0]


def said(html: str) -> str:
    """The words of a page (or of a piece of one), with plain spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main(html))))


def rows(client: Client, path: str) -> list[dict[str, str]]:
    """The rows of a table's file."""
    return list(csv.DictReader(io.StringIO(get(client, path).removeprefix("\ufeff"))))
