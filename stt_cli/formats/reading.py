"""Saved results read back: ours, every service's, and those of other tools.

What a file holds decides how it is read, never its name: results travel under any
suffix. Everything that takes a result (``convert``, ``score``, ``compare``) reads it
through here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from stt_cli.core.errors import ProviderError, UsageError
from stt_cli.core.transcript import Transcript
from stt_cli.core.transcript_reading import transcript_from_dict
from stt_cli.formats.foreign_json import read_foreign_json
from stt_cli.formats.subtitle_reading import read_subtitles, read_tsv

_HINT = "stt reads JSON from stt, the services and Whisper, SRT, VTT and TSV"


def read_transcripts(data: bytes, name: str) -> list[Transcript]:
    """Return the transcripts that a saved result holds, at least one.

    Args:
        data: the whole file.
        name: what to call it in messages; a result that does not name its
            recording is named after it, too.

    Raises:
        UsageError: it is no result that stt knows.
    """
    text = _decoded(data, name)
    if not text.strip():
        raise UsageError(f"{name} is empty", hint=_HINT)
    values = _json_values(text)
    if values is not None:
        found = list(_from_json(values, name))
    else:
        found = read_subtitles(text, name) or read_tsv(text, name)
    if not found:
        raise UsageError(f"{name} is not a saved result in a known format", hint=_HINT)
    return found


def _decoded(data: bytes, name: str) -> str:
    """Return text in UTF-8, or in UTF-16 where a byte order mark says so."""
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UsageError(
            f"{name} is not a text file", hint=f"pass a saved result; {_HINT}"
        ) from None


def _json_values(text: str) -> list[Any] | None:
    """Return what a JSON document or JSON Lines hold, or ``None`` for neither."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _json_lines(text)
    return value if isinstance(value, list) else [value]


def _json_lines(text: str) -> list[Any] | None:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _from_json(values: list[Any], name: str) -> Iterator[Transcript]:
    """Yield transcripts of ours; other objects are pieces of one foreign result."""
    foreign = []
    for value in values:
        inner = _own(value)
        if inner is None:
            foreign.append(value)
            continue
        try:
            yield transcript_from_dict(inner)
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise UsageError(
                f"{name} is damaged: a field of the transcript is missing or "
                f"invalid ({fault})",
                hint="create it again with `stt recognize -f json`",
            ) from None
    try:
        yield from read_foreign_json(foreign, name)
    except ProviderError as fault:
        raise UsageError(f"{name}: {fault.message}", hint=_HINT) from None


def _own(value: Any) -> dict[str, Any] | None:
    """Return the recognition object of the JSON contract, out of a job's too."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("transcript"), dict):
        value = value["transcript"]
    ours = ("provider", "input", "status", "segments", "timing")
    return value if all(key in value for key in ours) else None
