"""A transcript as a person reads it; the words are those that a pipe receives."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.core.environment import Environment
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Segment, Transcript
from stt_cli.formats.text import (
    has_channels,
    input_header,
    lines_below,
    phrase_line,
    speaker_label,
)
from stt_cli.ui.style import wants_color

# One color for each speaker, told apart on a light and on a dark ground.
_SPEAKER_COLORS = (36, 35, 32, 34, 33, 31)


def phrase_for(
    segment: Segment,
    environment: Environment,
    form: TextForm = TextForm.DISPLAY,
    *,
    with_channel: bool = False,
) -> str:
    """Return a phrase for stdout, its speaker colored on a terminal.

    It is a line without its end, and behind it those of its readings, on request,
    and of its translations; nothing for an empty phrase.
    """
    line = phrase_line(segment, form, with_channel=with_channel)
    below = lines_below(segment, form)
    if wants_color(environment.stdout, environment):
        label = speaker_label(segment, with_channel=with_channel)
        line = _with_colored_label(line, label) if line and label else line
        below = list(map(_with_dim_label, below))
    return "\n".join([*([line] if line else []), *below])


def _with_colored_label(line: str, label: str) -> str:
    color = _SPEAKER_COLORS[_number_of(label) % len(_SPEAKER_COLORS)]
    return f"\x1b[{color}m{label}:\x1b[0m{line.removeprefix(label + ':')}"


def _with_dim_label(line: str) -> str:
    label, bracket, text = line.partition("]")
    return f"\x1b[2m{label}{bracket}\x1b[0m{text}"


def transcript_lines(
    transcript: Transcript,
    environment: Environment,
    form: TextForm = TextForm.DISPLAY,
) -> Iterator[str]:
    """Yield a transcript's lines for stdout, each with its end."""
    with_channel = has_channels(transcript)
    for segment in transcript.segments:
        line = phrase_for(segment, environment, form, with_channel=with_channel)
        if line:
            yield line + "\n"


def header_line(name: str, environment: Environment, *, first: bool) -> str:
    """Return ``==> name <==`` for stdout, bold on a terminal."""
    header = input_header(name, first=first)
    if not wants_color(environment.stdout, environment):
        return header
    return header.replace("==>", "\x1b[1m==>", 1).replace(" <==\n", " <==\x1b[0m\n")


def _number_of(label: str) -> int:
    digits = "".join(filter(str.isdecimal, label))
    return int(digits[-4:]) if digits else sum(map(ord, label))
