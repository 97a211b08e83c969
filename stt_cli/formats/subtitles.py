"""SubRip and WebVTT: shaped cues written in each format's own syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Transcript
from stt_cli.formats.caption_languages import tracks
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.captions import INTERPOLATED, lacks_times, shape
from stt_cli.formats.text import input_header
from stt_cli.formats.timestamps import timestamp

_DEFAULT = CaptionOptions()


def render_srt(
    transcripts: Sequence[Transcript],
    options: CaptionOptions = _DEFAULT,
    form: TextForm = TextForm.DISPLAY,
) -> Iterator[str]:
    """Yield numbered SubRip cues; a change of speaker is written before the text.

    SubRip has no comments: the first cue says that times are interpolated.
    """
    documents = list(tracks(transcripts, options.language))
    for position, (name, transcript) in enumerate(documents):
        if len(documents) > 1:
            yield input_header(name, first=position == 0)
        mark = f"[{INTERPOLATED}]\n" if lacks_times(transcript, form) else ""
        cues = shape(transcript, options, form, label_speakers=True)
        for number, cue in enumerate(cues, start=1):
            start, end = timestamp(cue.start, ","), timestamp(cue.end, ",")
            # SubRip cannot escape; an arrow in the text must not look like a
            # cue's own line of times.
            lines = "\n".join(line.replace("-->", "->") for line in cue.lines)
            before = "\n" if number > 1 else ""
            yield f"{before}{number}\n{start} --> {end}\n{mark}{lines}\n"
            mark = ""


def render_vtt(
    transcripts: Sequence[Transcript],
    options: CaptionOptions = _DEFAULT,
    form: TextForm = TextForm.DISPLAY,
) -> Iterator[str]:
    """Yield WebVTT; who speaks stands in a voice tag (WebVTT, section 4.2.2)."""
    documents = list(tracks(transcripts, options.language))
    for position, (name, transcript) in enumerate(documents):
        if len(documents) > 1:
            yield input_header(name, first=position == 0)
        yield "WEBVTT\n"
        if lacks_times(transcript, form):
            yield f"\nNOTE {INTERPOLATED}\n"
        for cue in shape(transcript, options, form, label_speakers=False):
            start, end = timestamp(cue.start, "."), timestamp(cue.end, ".")
            voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
            lines = "\n".join(_escaped(line) for line in cue.lines)
            yield f"\n{start} --> {end}\n{voice}{lines}\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
