"""Plain text: one line a phrase, with the speaker where one is known.

Translations follow their phrase, indented, each behind its language; before them
its n-best readings, where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Segment, Transcript
from stt_cli.formats.n_best import reading_lines

TRANSLATION_COLUMN = "text_"
"""How tables call the column of a language, which follows: ``text_de``."""


def render_text(
    transcripts: Sequence[Transcript], form: TextForm = TextForm.DISPLAY
) -> Iterator[str]:
    """Yield the lines of all transcripts; several stand under their names."""
    for number, transcript in enumerate(transcripts):
        if len(transcripts) > 1:
            yield input_header(transcript.input, first=number == 0)
        with_channels = has_channels(transcript)
        for segment in transcript.segments:
            for line in phrase_lines(segment, form, with_channel=with_channels):
                yield line + "\n"


def input_header(name: str, *, first: bool) -> str:
    """Return the line above one of several transcripts, as ``head`` writes it."""
    return f"{'' if first else chr(10)}==> {one_line(name)} <==\n"


def phrase_line(
    segment: Segment,
    form: TextForm = TextForm.DISPLAY,
    *,
    with_channel: bool = False,
) -> str:
    """Return one phrase as a line without its end, or nothing for an empty one."""
    text = one_line(form_of(segment, form))
    label = speaker_label(segment, with_channel=with_channel)
    return f"{label}: {text}" if text and label else text


def phrase_lines(
    segment: Segment,
    form: TextForm = TextForm.DISPLAY,
    *,
    with_channel: bool = False,
) -> list[str]:
    """Return one phrase as a line, and behind it its readings and translations."""
    line = phrase_line(segment, form, with_channel=with_channel)
    return [*([line] if line else []), *lines_below(segment, form)]


def lines_below(segment: Segment, form: TextForm = TextForm.DISPLAY) -> list[str]:
    """Return what follows a phrase, indented: readings on request, translations."""
    readings = reading_lines(segment) if form is TextForm.N_BEST else []
    return [*readings, *translation_lines(segment.translations)]


def translation_lines(translations: Mapping[str, str]) -> list[str]:
    """Return ``  [de] text`` for each translation that has a text."""
    texts = {one_line(tag): one_line(text) for tag, text in translations.items()}
    return [f"  [{language}] {text}" for language, text in texts.items() if text]


def translated_languages(transcripts: Sequence[Transcript]) -> list[str]:
    """Return every language that one of the transcripts was translated into."""
    return list(dict.fromkeys(tag for one in transcripts for tag in one.translations))


def form_of(segment: Segment, form: TextForm) -> str:
    """Return a phrase in the form asked for, else as the service displays it."""
    if form is TextForm.DISPLAY or not segment.alternatives:
        return segment.text
    best = segment.alternatives[0]
    if form is TextForm.MASKED_ITN and best.masked_itn is not None:
        return best.masked_itn  # empty where all of it was removed
    forms = {TextForm.LEXICAL: best.lexical, TextForm.ITN: best.itn}
    return forms.get(form) or segment.text


def speaker_label(segment: Segment, *, with_channel: bool = False) -> str | None:
    """Return who speaks: ``Speaker 2`` for a bare number, else the service's label."""
    labels = []
    if with_channel and segment.channel is not None:
        labels.append(f"Channel {segment.channel}")
    if segment.speaker:
        name = one_line(segment.speaker)
        labels.append(f"Speaker {name}" if name.isdigit() else name)
    return ", ".join(labels) or None


def has_channels(transcript: Transcript) -> bool:
    """Whether it matters from which channel a phrase comes."""
    asked_for = "channels" in transcript.details
    return asked_for or any(segment.channel for segment in transcript.segments)
