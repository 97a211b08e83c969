"""Captions in several languages: one track per language, the spoken one first.

Players find tracks by the language before the suffix: ``talk.srt`` is the original,
``talk.de.srt`` the German translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stt_cli.core.errors import UsageError
from stt_cli.core.transcript import Transcript

ORIGINAL = "original"
"""The name of the spoken language's track."""

_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9-]")
_CAPTIONS = ("srt", "vtt")


def languages_to_write(
    format_name: str, languages: Sequence[str], chosen: str | None
) -> tuple[str, ...]:
    """Return the language of each track, or nothing if there is a single file.

    Args:
        languages: the languages that there are translations into.
        chosen: the value of ``--caption-language``.
    """
    if format_name not in _CAPTIONS or chosen is not None or not languages:
        return ()
    return (ORIGINAL, *languages)


def with_tracks(
    files: Mapping[str, Path], languages: Sequence[str], chosen: str | None
) -> dict[str, Path]:
    """Return an input's files with one per track, under keys such as ``srt.de``."""
    found: dict[str, Path] = {}
    for name, path in files.items():
        tracks = languages_to_write(name, languages, chosen)
        for language in tracks:
            found[f"{name}.{language}"] = track_path(path, language)
        if not tracks:
            found[name] = path
    return found


def track_path(path: Path, language: str) -> Path:
    """Return the file of a track, next to the original's.

    A saved result may call a language anything: no name leads out of the folder.
    """
    if language == ORIGINAL:
        return path
    tag = _NOT_IN_TAGS.sub("_", language)
    return path.with_name(f"{path.stem}.{tag}{path.suffix}")


def check_stdout(
    format_name: str, languages: Sequence[str], chosen: str | None
) -> None:
    """Raise ``UsageError`` if several tracks would go to stdout."""
    tracks = languages_to_write(format_name, languages, chosen)
    if tracks:
        raise UsageError(
            f"captions in {len(tracks)} languages cannot go to stdout together",
            hint="use -o to write a file per language, or choose one with "
            f"--caption-language {languages[0]}",
        )


def check_chosen(
    chosen: str | None, spoken: str | None, languages: Sequence[str]
) -> None:
    """Raise ``UsageError`` if there are no captions in the chosen language."""
    known = [tag.casefold() for tag in (ORIGINAL, spoken or "", *languages)]
    if chosen is None or chosen.casefold() in known:
        return
    offered = ", ".join([ORIGINAL, *languages])
    raise UsageError(
        f"no translation into {chosen} for --caption-language",
        hint=f"choose from {offered}",
    )


def tracks(
    transcripts: Sequence[Transcript], chosen: str | None
) -> Iterator[tuple[str, Transcript]]:
    """Yield the name and transcript of each track: the chosen one, or all."""
    for transcript in transcripts:
        if chosen is not None:
            yield transcript.input, _in_language(transcript, chosen)
            continue
        yield transcript.input, transcript
        for language in transcript.translations:
            name = f"{transcript.input} [{language}]"
            yield name, transcript.translated(language)


def _in_language(transcript: Transcript, chosen: str) -> Transcript:
    folded = chosen.casefold()
    for language in transcript.translations:
        if language.casefold() == folded:
            return transcript.translated(language)
    if folded in (ORIGINAL, (transcript.language or "").casefold()):
        return transcript
    return transcript.translated(chosen)  # there is none: no captions
