"""How is a line of the log written? As JSON, one object a line, for whoever collects them.

The settings load this before any room is there: nothing of Cauce may be imported.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

__all__ = ["JsonLine"]


class JsonLine(logging.Formatter):
    """A record as one line of JSON: its time, and the fields it carries."""

    FIELDS = ("id", "method", "route", "status", "ms", "error", "traceback")

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if message := record.getMessage():
            line["message"] = message
        line |= {name: record.__dict__[name] for name in self.FIELDS if name in record.__dict__}
        return json.dumps(line, ensure_ascii=False)
