"""What a user chose about captions; every format's options carry it."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class CaptionOptions:
    """The shape of captions; lengths in columns, times in seconds.

    42 columns, 2 lines and 7 seconds are what broadcasters' guides agree on, a
    gap of two film frames keeps cues apart to the eye. A silence of ``silence``
    seconds always ends a cue. ``interpolate`` allows times that nobody measured,
    where a result has none: the captions are marked then. ``language`` is the only
    one to write; ``None`` writes what was spoken and every translation of it.
    """

    max_line_length: int = 42
    max_lines: int = 2
    max_seconds: float = 7.0
    min_seconds: float = 0.8
    gap: float = 0.08
    silence: float = 1.0
    interpolate: bool = False
    language: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no caption can satisfy."""
        if self.max_line_length < 10:
            raise UsageError("--max-line-length must be at least 10")
        if self.max_lines < 1:
            raise UsageError("--max-lines must be at least 1")
        if not 0.1 <= self.max_seconds < float("inf"):
            raise UsageError("--max-cue-seconds must be at least 0.1")
        if not 0 <= self.min_seconds <= self.max_seconds:
            raise UsageError(
                f"--min-cue-seconds {self.min_seconds:g} is longer than "
                f"--max-cue-seconds {self.max_seconds:g}"
            )
        if not 0 <= self.gap <= 10:
            raise UsageError("--cue-gap must be between 0 and 10 seconds")
