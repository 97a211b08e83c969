"""Markdown: a transcript to read and to share, with speakers and times.

Consecutive phrases of one speaker are one paragraph, so that it reads like prose
and not like captions. Translations are quoted below their paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Transcript
from stt_cli.formats.text import form_of, has_channels, speaker_label
from stt_cli.formats.timestamps import milliseconds

_PARAGRAPH_S = 60.0
"""A paragraph that has run this long ends at the next phrase: a wall of text with a
single time cannot be found again in the recording."""

_PAUSE_S = 2.0
"""A silence this long starts a new paragraph, as a new thought usually does."""

# What CommonMark reads as markup inside a line (section 2.4), and at its beginning.
_INLINE = re.compile(r"([\\`*_\[\]<>~|&])")
_AT_START = re.compile(r"^(\d+)([.)])(?=\s)|^([-+#=])")


@dataclass(slots=True)
class _Paragraph:
    start: float | None
    end: float | None
    speaker: str | None
    texts: list[str] = field(default_factory=list)
    translations: dict[str, list[str]] = field(default_factory=dict)


def render_markdown(
    transcripts: Sequence[Transcript], form: TextForm = TextForm.DISPLAY
) -> Iterator[str]:
    """Yield a heading for each transcript, then its paragraphs with their times."""
    for number, transcript in enumerate(transcripts):
        yield ("\n" if number else "") + f"# {_escaped(one_line(transcript.input))}\n"
        facts = _facts(transcript)
        if facts:
            yield f"\n{facts}\n"
        for paragraph in _paragraphs(transcript, form):
            yield f"\n{_line(paragraph)}\n"
            for language, texts in paragraph.translations.items():
                yield f"\n> **{_escaped(language)}:** {_escaped(' '.join(texts))}\n"


def _facts(transcript: Transcript) -> str:
    facts = []
    if transcript.language:
        facts.append(_escaped(one_line(transcript.language)))
    if (length := milliseconds(transcript.duration)) is not None:
        facts.append(clock(length))
    facts.append(_escaped(one_line(transcript.provider)))
    return f"*{' · '.join(facts)}*"


def _paragraphs(transcript: Transcript, form: TextForm) -> Iterator[_Paragraph]:
    with_channels = has_channels(transcript)
    current: _Paragraph | None = None
    for segment in transcript.segments:
        text = one_line(form_of(segment, form))
        if not text:
            continue
        speaker = speaker_label(segment, with_channel=with_channels)
        if current is None or _starts_anew(current, speaker, segment.start):
            if current is not None:
                yield current
            current = _Paragraph(segment.start, segment.end, speaker)
        current.texts.append(text)
        for tag, translation in segment.translations.items():
            if line := one_line(translation):
                current.translations.setdefault(one_line(tag), []).append(line)
        current.end = segment.end if segment.end is not None else current.end
    if current is not None:
        yield current


def _starts_anew(
    paragraph: _Paragraph, speaker: str | None, start: float | None
) -> bool:
    if speaker != paragraph.speaker:
        return True
    if start is None or paragraph.start is None or paragraph.end is None:
        return False
    return (
        start - paragraph.end >= _PAUSE_S
        or paragraph.end - paragraph.start >= _PARAGRAPH_S
    )


def _line(paragraph: _Paragraph) -> str:
    text = _escaped(" ".join(paragraph.texts))
    start = milliseconds(paragraph.start)
    head = [] if start is None else [f"[{clock(start)}]"]
    if paragraph.speaker:
        head.append(f"{_escaped(paragraph.speaker)}:")
    return f"**{' '.join(head)}** {text}" if head else text


def clock(whole_milliseconds: int) -> str:
    """Return ``M:SS``, or ``H:MM:SS`` from an hour on; seconds are rounded down."""
    minutes, seconds = divmod(whole_milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _escaped(text: str) -> str:
    """Return ``text`` as Markdown shows it letter by letter."""
    escaped = _INLINE.sub(r"\\\1", text)
    return _AT_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
