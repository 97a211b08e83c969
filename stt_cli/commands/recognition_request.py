"""What the command line of ``stt recognize`` said, as one record."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.options import FallbackTo, RecognizeOptions
from stt_cli.formats.caption_options import CaptionOptions


@dataclass(frozen=True, slots=True)
class Request:
    """Everything the command line said."""

    arguments: tuple[str, ...]
    microphone: bool
    device: str | None
    max_seconds: float | None
    stop_after_silence: float | None
    raw_rate: int | None
    provider: str | None
    endpoint: str | None
    insecure: bool
    jobs: int | None
    format: str | None
    output: str | None
    force: bool
    allow_empty: bool
    dry_run: bool
    fallback: FallbackTo | None
    dask: str | None
    captions: CaptionOptions
    options: RecognizeOptions
