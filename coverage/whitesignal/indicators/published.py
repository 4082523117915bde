"""The JSON Schema of ``indicators.json``, as it ships beside this module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("indicators.schema.json")
"""Draft 2020-12; its ``$id`` is a name, not an address."""


def json_schema() -> dict[str, Any]:
    """Return the schema that every ``indicators.json`` keeps to.

    Examples
    --------
    >>> json_schema()["$id"]
    'urn:whitesignal:schema:indicators:1'
    """
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema
