"""JSON as the contract promises it: finite numbers, stable keys, valid UTF-8."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from stt_cli.core.plain_text import UNSAFE
from stt_cli.core.transcript import Transcript


def render_json(transcripts: Sequence[Transcript], *, single: bool) -> Iterator[str]:
    """Yield one object where exactly one plain file was given, else an array."""
    objects = [transcript.to_dict() for transcript in transcripts]
    value = objects[0] if single and len(objects) == 1 else objects
    yield to_json(value, indent=2) + "\n"


def render_json_lines(transcripts: Sequence[Transcript]) -> Iterator[str]:
    """Yield one object a line."""
    for transcript in transcripts:
        yield to_json(transcript.to_dict()) + "\n"


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
