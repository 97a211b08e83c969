"""The formats by name and by file suffix; a writer is loaded when it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from stt_cli.core.errors import UsageError
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Transcript
from stt_cli.formats.caption_options import CaptionOptions


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What a user chose about the output.

    ``single`` says that exactly one plain file was given, for which JSON is an
    object and not an array. ``detailed`` gives tables columns for the n-best
    readings, as does their text form.
    """

    text_form: TextForm = TextForm.DISPLAY
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    single: bool = True
    detailed: bool = False

    @property
    def has_readings(self) -> bool:
        """Whether tables have columns for the n-best readings."""
        return self.detailed or self.text_form is TextForm.N_BEST


Writer = Callable[[Sequence[Transcript], WriteOptions], Iterator[str]]


def _write_text(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.text import render_text

    return render_text(all_, chosen.text_form)


def _write_json(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.json_output import render_json

    return render_json(all_, single=chosen.single)


def _write_json_lines(
    all_: Sequence[Transcript], _chosen: WriteOptions
) -> Iterator[str]:
    from stt_cli.formats.json_output import render_json_lines

    return render_json_lines(all_)


def _write_srt(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.subtitles import render_srt

    return render_srt(all_, chosen.captions, chosen.text_form)


def _write_vtt(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.subtitles import render_vtt

    return render_vtt(all_, chosen.captions, chosen.text_form)


def _write_tsv(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.tsv import render_tsv

    return render_tsv(all_, chosen.text_form, with_readings=chosen.has_readings)


def _write_markdown(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.markdown import render_markdown

    return render_markdown(all_, chosen.text_form)


def _write_csv(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
    from stt_cli.formats.csv_output import render_csv

    return render_csv(all_, chosen.text_form, with_readings=chosen.has_readings)


_WRITERS: dict[str, Writer] = {
    "text": _write_text,
    "json": _write_json,
    "jsonl": _write_json_lines,
    "srt": _write_srt,
    "vtt": _write_vtt,
    "tsv": _write_tsv,
    "csv": _write_csv,
    "md": _write_markdown,
}
_TIMED = frozenset({"srt", "vtt"})
_ALIASES = {"txt": "text", "markdown": "md", "ndjson": "jsonl", "webvtt": "vtt"}
FORMATS: tuple[str, ...] = tuple(_WRITERS)
SUFFIXES = {name: f".{name}" for name in FORMATS} | {"text": ".txt"}
_BY_SUFFIX = {suffix: name for name, suffix in SUFFIXES.items()} | {".markdown": "md"}
ALL = "all"


def format_names(chosen: str) -> tuple[str, ...]:
    """Return the formats that ``-f`` names: one, several (``srt,json``) or ``all``.

    Case does not matter, and each comes once, in the order given.

    Raises:
        UsageError: one of them is no format.
    """
    names = [name.strip().casefold() for name in chosen.split(",")]
    if ALL in names:
        return FORMATS
    return tuple(dict.fromkeys(_format_name(name) for name in names))


def writer_for(name: str) -> Writer:
    """Return the writer of one format; ``srt.de`` writes the captions of a language.

    Raises:
        UsageError: an unknown name.
    """
    plain, _, language = name.partition(".")
    writer = _WRITERS[_format_name(plain)]
    if not language:
        return writer

    def write(all_: Sequence[Transcript], chosen: WriteOptions) -> Iterator[str]:
        captions = replace(chosen.captions, language=language)
        return writer(all_, replace(chosen, captions=captions))

    return write


def refusal_of_times(
    name: str, transcripts: Sequence[Transcript], options: WriteOptions
) -> UsageError | None:
    """Return why a format cannot hold these: it needs times that they lack."""
    if _format_name(name.partition(".")[0]) not in _TIMED:
        return None
    from stt_cli.formats import captions

    refusals = (
        captions.refusal_of_times(one, options.captions, options.text_form)
        for one in transcripts
    )
    return next((refusal for refusal in refusals if refusal), None)


def _format_name(name: str) -> str:
    folded = name.casefold()
    known = _ALIASES.get(folded, folded)
    if known not in _WRITERS:
        raise UsageError(
            f"unknown format {name!r}",
            hint=f"choose from {', '.join(FORMATS)} and {ALL}",
        )
    return known


def format_for_path(path: str | PurePath) -> str | None:
    """Return the format that a file's suffix names, in either case."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower())
