"""The formats by name and by file suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from stt_cli.core.errors import UsageError
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Transcript
from stt_cli.formats.captions import CaptionOptions
from stt_cli.formats.json_output import render_json, render_json_lines
from stt_cli.formats.subtitles import render_srt, render_vtt
from stt_cli.formats.text import render_text
from stt_cli.formats.tsv import render_tsv


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What a user chose about the output.

    ``single`` says that exactly one plain file was given, for which JSON is an
    object and not an array.
    """

    text_form: TextForm = TextForm.DISPLAY
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    single: bool = True


Writer = Callable[[Sequence[Transcript], WriteOptions], Iterator[str]]

_WRITERS: dict[str, Writer] = {
    "text": lambda all_, chosen: render_text(all_, chosen.text_form),
    "json": lambda all_, chosen: render_json(all_, single=chosen.single),
    "jsonl": lambda all_, chosen: render_json_lines(all_),
    "srt": lambda all_, chosen: render_srt(all_, chosen.captions, chosen.text_form),
    "vtt": lambda all_, chosen: render_vtt(all_, chosen.captions, chosen.text_form),
    "tsv": lambda all_, chosen: render_tsv(all_, chosen.text_form),
}
FORMATS: tuple[str, ...] = tuple(_WRITERS)
SUFFIXES = {name: f".{name}" for name in FORMATS} | {"text": ".txt"}
_BY_SUFFIX = {suffix: name for name, suffix in SUFFIXES.items()}


def writer_for(name: str) -> Writer:
    """Return the writer of a format. Raises ``UsageError`` for an unknown name."""
    try:
        return _WRITERS[name]
    except KeyError:
        raise UsageError(
            f"there is no format {name!r}", hint=f"choose from {', '.join(FORMATS)}"
        ) from None


def format_for_path(path: str | PurePath) -> str | None:
    """Return the format that a file's suffix names, in either case."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower())
