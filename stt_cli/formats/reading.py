"""Saved results read back: ours, every service's, and those of other tools.

What a file holds decides how it is read, never its name: results travel under any
suffix. Everything that takes a result (``convert``, ``score``, ``compare``) reads it
through here.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from stt_cli.core.errors import ProviderError, UsageError
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.core.transcript_reading import transcript_from_dict
from stt_cli.formats.foreign_json import read_foreign_json
from stt_cli.formats.n_best import confidence_of, readings_of
from stt_cli.formats.text import TRANSLATION_COLUMN

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[A-Za-z0-9.:][^<>]*>|\{\\[^{}]*\}")
_LABEL = re.compile(r"^(?:(Speaker \w+|Channel \d+)|\[(SPEAKER_\d+)\]): (?=\S)")
"""As our own writers and whisperX put a speaker before the text."""


def read_subtitles(text: str, name: str) -> list[Transcript]:
    """Return the cues of SRT or WebVTT as one transcript; nothing for other text."""
    segments: list[Segment] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at])
        at += 1
        if times is None:
            continue
        start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        block: list[str] = []
        while at < len(lines) and lines[at].strip():
            if _TIMES.match(lines[at]):  # no blank line between two cues
                del block[-1:]  # the number of the next one
                break
            block.append(lines[at])
            at += 1
        before = segments[-1].speaker if segments else None
        segment = _segment(block, start, max(start, end), before)
        if segment.text:
            segments.append(segment)
    return _transcripts(segments, name, found=bool(segments) or _is_empty_vtt(text))


def read_tsv(text: str, name: str) -> list[Transcript]:
    """Return tab-separated phrases with times in milliseconds, by recording.

    The columns ``start``, ``end`` and ``text`` are Whisper's; ours adds ``speaker``,
    ``input``, ``text_de`` and the like for translations, and n-best readings.
    """
    rows = list(
        csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    if not rows or not {"start", "end", "text"} <= set(rows[0]):
        return []
    by_input: dict[str, list[Segment]] = {}
    for row in rows:
        phrase = (row["text"] or "").strip()
        confidence = confidence_of(row.get("confidence"))
        by_input.setdefault(row.get("input") or name, []).append(
            Segment(
                text=phrase,
                start=_from_milliseconds(row["start"]),
                end=_from_milliseconds(row["end"]),
                speaker=_bare_speaker(row.get("speaker")),
                confidence=confidence,
                alternatives=readings_of(row, phrase, confidence),
                translations=_translations(row),
            )
        )
    return [
        transcript
        for input_name, segments in by_input.items()
        for transcript in _transcripts(segments, input_name, found=True)
    ]


def _segment(
    block: list[str], start: float, end: float, speaker_before: str | None
) -> Segment:
    """Return a cue as a segment; SubRip names a speaker only where it changes."""
    joined = " ".join(line.strip() for line in block)
    voice = _VOICE.search(joined)
    plain = html.unescape(_TAG.sub("", joined)).strip()
    if voice:
        speaker: str | None = html.unescape(voice[1]).strip()
    elif label := _LABEL.match(plain):
        speaker, plain = label[1] or label[2], plain[label.end() :]
    else:
        speaker = speaker_before
    return Segment(text=plain, start=start, end=end, speaker=_bare_speaker(speaker))


def _translations(row: Mapping[str, str | None]) -> dict[str, str]:
    found = {
        # Cells beyond the header's have no name.
        name.removeprefix(TRANSLATION_COLUMN): (cell or "").strip()
        for name, cell in row.items()
        if name is not None and name.startswith(TRANSLATION_COLUMN)
    }
    return {language: text for language, text in found.items() if text}


def _bare_speaker(label: str | None) -> str | None:
    """Return the name behind a label as the writers make it: ``Speaker 2`` is ``2``."""
    if not label:
        return None
    number = label.removeprefix("Speaker ")
    return number if number.isdigit() else label


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, whole, fraction = (part or "0" for part in parts)
    thousandths = int(fraction.ljust(3, "0"))
    return int(hours) * 3600 + int(minutes) * 60 + int(whole) + thousandths / 1000


def _from_milliseconds(cell: str | None) -> float | None:
    try:
        return int(cell or "") / 1000
    except ValueError:
        return None


def _is_empty_vtt(text: str) -> bool:
    return text.startswith("WEBVTT") and text[6:7] in ("", " ", "\t", "\n", "\r")


def _transcripts(
    segments: list[Segment], name: str, *, found: bool
) -> list[Transcript]:
    if not found:
        return []
    status = RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH
    ends = [segment.end for segment in segments if segment.end is not None]
    return [
        Transcript(
            provider="file",
            input=name,
            status=status,
            duration=max(ends, default=None),
            segments=tuple(segments),
        )
    ]


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
