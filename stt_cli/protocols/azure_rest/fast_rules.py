"""What fast transcription refuses in a definition: the client asks before it sends.

Sources: the API descriptions 2024-11-15 and 2025-10-15 (``TranscribeDefinition``)
and, for models, the documentation's table of MAI-Transcribe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.protocols.azure_rest.enhanced import gives_times, is_mai
from stt_cli.protocols.azure_rest.versions import VERSIONS, Version

FIRST_ENHANCED = VERSIONS["2025-10-15"]
OF_2025 = ("phraseList", "enhancedMode", "audioUrl")
"""The keys of a definition that came with that version."""
MODEL_OPTIONS = "modelOptions"
MOST_SPEAKERS = 35
_PROFANITY_MODES = ("None", "Removed", "Tags", "Masked")
_KEYS = frozenset(
    {
        *("locales", "channels", "diarization", "profanityFilterMode", "models"),
        *OF_2025,
        MODEL_OPTIONS,
    }
)


def is_key(param: str) -> bool:
    """Whether a key of ``--param`` is one of a definition's, so of no other API's."""
    return param.partition(".")[0] in _KEYS


@dataclass(frozen=True, slots=True)
class DefinitionFault:
    """Why a definition is refused, in the words of the API: code, reason, place."""

    inner: str
    message: str
    target: str

    code = "InvalidArgument"


def definition_fault(
    fields: Mapping[str, Any], version: Version
) -> DefinitionFault | None:
    """Return what is wrong with a definition, ``None`` if it is as documented.

    Nothing is known of a newer version's rules; only the service tells.
    """
    if not version.is_known:
        return None
    if not version.includes(FIRST_ENHANCED):
        for key in OF_2025:
            if key in fields:
                return _fault(key, message=f"{version.name} has no {key}")
    return (
        _fault_of_lists(fields)
        or _fault_of_speakers(fields.get("diarization"))
        or _fault_of_enhanced_mode(fields)
    )


def _fault_of_lists(fields: Mapping[str, Any]) -> DefinitionFault | None:
    locales = fields.get("locales") or []
    if not isinstance(locales, list) or not all(isinstance(x, str) for x in locales):
        return _fault("locales", "InvalidLocale", message="locales must be a list")
    channels = fields.get("channels")
    is_list = isinstance(channels, list) and bool(channels)
    if channels is not None and not (is_list and all(c in (0, 1) for c in channels)):
        inner = "InvalidChannelSpecification"
        return _fault("channels", inner, message="channels must be 0 and 1")
    if fields.get("profanityFilterMode") not in (None, *_PROFANITY_MODES):
        return _fault(
            "profanityFilterMode",
            message=f"profanityFilterMode must be {' or '.join(_PROFANITY_MODES)}",
        )
    return None


def _fault_of_speakers(diarization: Any) -> DefinitionFault | None:
    if diarization is None:
        return None
    if not isinstance(diarization, Mapping):
        return _fault("diarization", message="diarization must be an object")
    most = diarization.get("maxSpeakers")
    is_number = isinstance(most, int) and not isinstance(most, bool)
    if most is not None and not (is_number and 2 <= most <= MOST_SPEAKERS):
        return _fault(
            "diarization.maxSpeakers",
            message=f"maxSpeakers must be 2 to {MOST_SPEAKERS}, not {most}",
        )
    return None


def _fault_of_enhanced_mode(fields: Mapping[str, Any]) -> DefinitionFault | None:
    if MODEL_OPTIONS in fields:
        return _fault(MODEL_OPTIONS, message="modelOptions must be inside enhancedMode")
    mode = fields.get("enhancedMode")
    if mode is None:
        return None
    if not isinstance(mode, Mapping):
        return _fault("enhancedMode", message="enhancedMode must be an object")
    if mode.get("task") not in (None, "transcribe", "translate"):
        return _fault(
            "enhancedMode.task", message="task must be transcribe or translate"
        )
    if mode.get("task") == "translate" and not mode.get("targetLanguage"):
        return _fault(
            "enhancedMode.targetLanguage", message="translate requires a targetLanguage"
        )
    model, options = mode.get("model"), mode.get(MODEL_OPTIONS) or {}
    if model is None:
        return None
    if not isinstance(model, str) or not mode.get("enabled"):
        return _fault(
            "enhancedMode.model",
            "InvalidModel",
            message="a model needs enhancedMode.enabled",
        )
    if is_mai(model) and len(fields.get("locales") or ()) > 1:
        return _fault(
            "locales", "InvalidLocale", message=f"{model} accepts only one locale"
        )
    return _fault_of_model_options(model, options)


def _fault_of_model_options(model: str, options: Any) -> DefinitionFault | None:
    place = f"enhancedMode.{MODEL_OPTIONS}"
    if not isinstance(options, Mapping):
        return _fault(place, message="modelOptions must be an object")
    timestamps = options.get("timestamps")
    if timestamps not in (None, "none", "segment", "word"):
        return _fault(
            f"{place}.timestamps", message="timestamps must be none, segment or word"
        )
    if timestamps is not None and not gives_times(model):
        return _fault(f"{place}.timestamps", message=f"{model} has no timestamps")
    if options.get("transcribeStyle") not in (None, "verbatim", "clean"):
        return _fault(
            f"{place}.transcribeStyle",
            message="transcribeStyle must be verbatim or clean",
        )
    return None


def _fault(
    target: str, inner: str = "InvalidParameter", *, message: str
) -> DefinitionFault:
    return DefinitionFault(inner, message, target)


def check_definition(fields: Mapping[str, Any], version: Version) -> None:
    """Raise ``UsageError`` for what the service would refuse after the upload."""
    fault = definition_fault(fields, version)
    if fault is not None:
        raise UsageError(
            f"not supported by fast transcription: {fault.message}",
            hint=f"check the options and --param.{fault.target}",
        )
