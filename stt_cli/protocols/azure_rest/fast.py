"""Fast transcription: a recording and its definition in one form, one answer."""

from __future__ import annotations

from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.core.options import RecognizeOptions
from stt_cli.protocols.azure_rest.batch import PROFANITY
from stt_cli.protocols.azure_rest.properties import (
    any_value,
    set_dotted,
    texts,
    whole_numbers,
)
from stt_cli.protocols.azure_rest.versions import VERSIONS, Version

PATH = "/transcriptions:transcribe"

# Azure's pages disagree (200, 300, 500 MB; 2, 5 h). No page allows more than this.
MOST_BYTES = 500_000_000
MOST_SECONDS = 5 * 3600.0

_FIRST = VERSIONS["2024-11-15"]
_WITH_PHRASES = VERSIONS["2025-10-15"]
_NEWER = ("phraseList", "enhancedMode", "audioUrl")


def version_for(chosen: Version, options: RecognizeOptions) -> Version:
    """Return the version to speak: versions 3 have no fast transcription."""
    needs_newer = bool(options.phrases) or any(
        key.partition(".")[0] in _NEWER for key in options.params
    )
    least = _WITH_PHRASES if needs_newer else _FIRST
    return chosen if chosen.rank >= least.rank else least


def definition(options: RecognizeOptions) -> dict[str, Any]:
    """Return the form's ``definition``; ``--param`` reaches every key of it.

    Raises:
        UsageError: a value is of the wrong type.
    """
    told: dict[str, Any] = {}
    if options.language:
        told["locales"] = [options.language]
    if options.profanity is not None:
        told["profanityFilterMode"] = PROFANITY[options.profanity]
    if options.channels:
        told["channels"] = [0, 1]  # all that the service tells apart
    if options.speakers:
        told["diarization"] = {"enabled": True, "maxSpeakers": 2}
    if options.phrases:
        told["phraseList"] = {"phrases": list(options.phrases)}
    if options.model:
        told["models"] = {options.language or "en-US": options.model}
    for name, values in options.params.items():
        if name == "locales":
            told[name] = texts(name, values)
        elif name == "channels":
            told[name] = whole_numbers(name, values)
        else:
            set_dotted(told, name, any_value(name, values))
    return told


def check_size(size: int | None, seconds: float | None) -> None:
    """Raise ``UsageError`` for a recording that no page of Azure's allows."""
    large = size is not None and size > MOST_BYTES
    long = seconds is not None and seconds > MOST_SECONDS
    if not (large or long):
        return
    what = f"{MOST_BYTES // 1_000_000} MB" if large else "5 hours"
    raise UsageError(
        f"fast transcription takes recordings up to {what}",
        hint=UPLOAD_HINT,
    )


UPLOAD_HINT = (
    "put it into Azure Blob Storage and submit its SAS address (read permission): "
    "`stt batch submit 'https://….blob.core.windows.net/…?sv=…' -p azure`"
)
