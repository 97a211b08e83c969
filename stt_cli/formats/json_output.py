"""JSON as the contract promises it: finite numbers, stable keys, valid UTF-8."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stt_cli.core.plain_text import UNSAFE
from stt_cli.core.transcript import Transcript

SCHEMA_VERSION = 1
"""Raised when a key changes its meaning or goes away; new keys do not raise it."""


def render_json(transcripts: Sequence[Transcript], *, single: bool) -> Iterator[str]:
    """Yield one object where exactly one plain file was given, else an array."""
    objects = [transcript.to_dict() for transcript in transcripts]
    yield json_document(objects[0] if single and len(objects) == 1 else objects)


def render_json_lines(transcripts: Sequence[Transcript]) -> Iterator[str]:
    """Yield one object a line."""
    for transcript in transcripts:
        yield json_line(transcript.to_dict())


def json_document(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """Return an object, or an array of objects, as a command prints it."""
    whole = (
        _versioned(value)
        if isinstance(value, Mapping)
        else list(map(_versioned, value))
    )
    return to_json(whole, indent=2) + "\n"


def json_line(value: Mapping[str, Any]) -> str:
    """Return an object as one line of JSON Lines."""
    return to_json(_versioned(value)) + "\n"


def _versioned(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, **value}


def to_json(value: Any, indent: int | None = None) -> str:
    """Return ``value`` as JSON that every parser takes and no terminal obeys.

    A number that JSON lacks (NaN, infinities) becomes ``null``; control
    characters and lone surrogates are escaped; what is no JSON type becomes
    its text.
    """
    try:
        text = _dumps(value, indent)
    except ValueError:
        text = _dumps(_finite(value), indent)
    # Such characters can stand only inside strings, where an escape is the same
    # string. json itself escapes what is below U+0020.
    text = UNSAFE.sub(lambda m: m[0] if m[0] < " " else f"\\u{ord(m[0]):04x}", text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _dumps(value: Any, indent: int | None) -> str:
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, indent=indent, default=str
    )


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
