"""Fast transcription: a recording and its definition in one form, one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.core.options import RecognizeOptions
from stt_cli.protocols.azure_rest.batch import PROFANITY, model_reference
from stt_cli.protocols.azure_rest.enhanced import (
    LLM_SPEECH,
    gives_times,
    is_enhanced,
    is_mai,
    refuse_streaming,
)
from stt_cli.protocols.azure_rest.fast_rules import (
    FIRST_ENHANCED,
    MODEL_OPTIONS,
    OF_2025,
)
from stt_cli.protocols.azure_rest.limits import (
    FAST_MOST_BYTES,
    FAST_MOST_SECONDS,
)
from stt_cli.protocols.azure_rest.properties import (
    any_value,
    set_dotted,
    texts,
    whole_numbers,
)
from stt_cli.protocols.azure_rest.versions import VERSIONS, Version

PATH = "/transcriptions:transcribe"
REQUEST_ID = "x-ms-client-request-id"
"""The header by which Microsoft's own packages name a request before its answer."""

_FIRST = VERSIONS["2024-11-15"]
UPLOAD_HINT = (
    "upload it to Azure Blob Storage and submit its SAS URL (with read "
    "permission): `stt batch submit 'https://….blob.core.windows.net/…?sv=…' -p "
    "azure`"
)


def is_for_fast_only(options: RecognizeOptions) -> bool:
    """Whether a job asks for what batch transcription lacks: enhanced mode."""
    keys = {key.partition(".")[0] for key in options.params}
    return is_enhanced(options.model) or bool(keys & {"enhancedMode", MODEL_OPTIONS})


def version_for(chosen: Version, fields: Mapping[str, Any]) -> Version:
    """Return the version to speak: versions 3 have no fast transcription.

    Args:
        fields: the definition, which may need a newer one than was chosen.
    """
    least = FIRST_ENHANCED if any(key in fields for key in OF_2025) else _FIRST
    return chosen if chosen.includes(least) else least


def definition(
    options: RecognizeOptions, version: Version, base: str
) -> dict[str, Any]:
    """Return the form's ``definition``; ``--param`` reaches every key of it.

    Args:
        base: the API's host, below which a model given by its GUID lies.

    Raises:
        UsageError: a value is of the wrong type, or the model lacks what is asked.
    """
    refuse_streaming(options.model)
    fields: dict[str, Any] = {}
    if locales := _locales(options):
        fields["locales"] = locales
    if options.profanity is not None:
        fields["profanityFilterMode"] = PROFANITY[options.profanity]
    if options.channels:
        fields["channels"] = [0, 1]  # all that the service tells apart
    if options.speakers:
        fields["diarization"] = {"enabled": True}
        if options.max_speakers is not None:
            fields["diarization"]["maxSpeakers"] = options.max_speakers
    if options.phrases:
        fields["phraseList"] = {"phrases": list(options.phrases)}
    if is_enhanced(options.model):
        fields["enhancedMode"] = _enhanced_mode(options)
    elif options.model:
        address = model_reference(options.model, version, base)["self"]
        fields["models"] = {options.language or "en-US": address}
    for name, values in options.params.items():
        _place(fields, name, values)
    if "enhancedMode" in fields:
        fields["enhancedMode"].setdefault("enabled", True)
    return fields


def _place(fields: dict[str, Any], name: str, values: tuple[str, ...]) -> None:
    if name == "locales":
        fields[name] = texts(name, values)
    elif name == "channels":
        fields[name] = whole_numbers(name, values)
    elif name in ("phraseList.phrases", "enhancedMode.prompt"):
        set_dotted(fields, name, list(values))
    elif name.partition(".")[0] == MODEL_OPTIONS:
        set_dotted(fields, f"enhancedMode.{name}", any_value(name, values))
    else:
        set_dotted(fields, name, any_value(name, values))


def _locales(options: RecognizeOptions) -> list[str]:
    """Return the locales to choose from; with none the service detects."""
    spoken = list(options.languages)
    if is_mai(options.model):
        # Their languages have no regions, in the table of the documentation.
        return [tag.partition("-")[0] for tag in spoken]
    return spoken


def _enhanced_mode(options: RecognizeOptions) -> dict[str, Any]:
    model = options.model or ""
    if model.lower() == LLM_SPEECH:
        if options.phrases:
            raise UsageError(
                "LLM speech does not support phrases (--phrase)",
                hint="use a prompt instead: --param 'enhancedMode.prompt=Pay "
                "attention to *Contoso*'",
            )
        return {"enabled": True, "task": "transcribe"}
    if len(options.languages) > 1:
        raise UsageError(
            f"{model} accepts only one language, and detects it",
            hint="remove -l, or set one language if it detects the wrong one",
        )
    mode: dict[str, Any] = {"enabled": True, "model": model}
    if gives_times(model):
        # Without this its answers have no times at all.
        mode[MODEL_OPTIONS] = {"timestamps": "word"}
    elif options.words:
        raise UsageError(
            f"{model} returns no times, so --words is not supported",
            hint="MAI-Transcribe-2 returns word timestamps",
        )
    return mode


def check_size(size: int | None, seconds: float | None) -> None:
    """Raise ``UsageError`` for a recording that no page of Azure's allows."""
    large = size is not None and size > FAST_MOST_BYTES
    long = seconds is not None and seconds > FAST_MOST_SECONDS
    if not (large or long):
        return
    what = f"{FAST_MOST_BYTES // 1_000_000} MB" if large else "5 hours"
    raise UsageError(
        f"fast transcription takes recordings up to {what}",
        hint=UPLOAD_HINT,
    )
