"""What a batch transcription may be told, by version: ``--param`` finds its place.

Source: the API descriptions' ``TranscriptionProperties`` and ``Transcription``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.protocols.azure_rest.versions import Version

Values = tuple[str, ...]
Reader = Callable[[str, Values], Any]


def _text(_name: str, values: Values) -> str:
    return values[-1]


def texts(_name: str, values: Values) -> list[str]:
    """Return a list, given as several values or parted by commas."""
    return [part for value in values for part in value.split(",") if part]


def _flag(name: str, values: Values) -> bool:
    word = values[-1].strip().lower()
    if word not in ("true", "false"):
        raise UsageError(f"--param {name} must be true or false, not {values[-1]!r}")
    return word == "true"


def _whole(name: str, values: Values) -> int:
    try:
        return int(values[-1])
    except ValueError:
        raise UsageError(
            f"--param {name} must be a whole number, not {values[-1]!r}"
        ) from None


def whole_numbers(name: str, values: Values) -> list[int]:
    """Return a list of whole numbers. Raises ``UsageError``."""
    return [_whole(name, (part,)) for part in texts(name, values)]


def _reference(_name: str, values: Values) -> dict[str, str]:
    return {"self": values[-1]}


def any_value(_name: str, values: Values) -> Any:
    """Return a value as JSON where it is some, several as a list."""
    read = [_json(value) for value in values]
    return read[0] if len(read) == 1 else read


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


_BODY: dict[str, Reader] = {
    "description": _text,
    "contentUrls": lambda _name, values: list(values),
    "contentContainerUrl": _text,
    "dataset": _reference,
    "project": _reference,
    "model": _reference,
}
_PROPERTIES: dict[str, Reader] = {
    "wordLevelTimestampsEnabled": _flag,
    "displayFormWordLevelTimestampsEnabled": _flag,
    "channels": whole_numbers,
    "punctuationMode": _text,
    "profanityFilterMode": _text,
    "destinationContainerUrl": _text,
    "languageIdentification.candidateLocales": texts,
    "languageIdentification.mode": _text,
    "languageIdentification.speechModelMapping": any_value,
}
_OF_V3: dict[str, Reader] = {
    "timeToLive": _text,
    "diarizationEnabled": _flag,
    "diarization.speakers.minCount": _whole,
    "diarization.speakers.maxCount": _whole,
    "email": _text,
}
_OF_DATED: dict[str, Reader] = {
    "timeToLiveHours": _whole,
    "diarization.enabled": _flag,
    "diarization.maxSpeakers": _whole,
}
_CUSTOM = "customProperties."
_RANGES = {"timeToLiveHours": (6, 744), "diarization.maxSpeakers": (2, 35)}


def place_params(
    body: dict[str, Any], params: Mapping[str, Values], version: Version
) -> None:
    """Put ``--param`` values where the version's documents have them.

    Dots reach into objects. A name that no document has goes to ``properties``
    as it is, as JSON where it is some, for what a newer service may know.

    Raises:
        UsageError: a value is of the wrong type or range, or the name belongs to
            another version.
    """
    own, other = (_OF_DATED, _OF_V3) if version.is_dated else (_OF_V3, _OF_DATED)
    properties = body.setdefault("properties", {})
    for name, values in params.items():
        if name in other and name not in own:
            near = [known for known in own if known[:6] == name[:6]]
            raise UsageError(
                f"unknown property {name} in API version {version.name}",
                hint=f"did you mean {', '.join(near)}?"
                if near
                else ("other properties need a different azure.api_version"),
            )
        if name.startswith(_CUSTOM):
            custom = body.setdefault("customProperties", {})
            custom[name.removeprefix(_CUSTOM)] = values[-1]
        elif name in _BODY:
            body[name] = _BODY[name](name, values)
        else:
            reader = _PROPERTIES.get(name) or own.get(name) or any_value
            value = reader(name, values)
            _check_range(name, value)
            set_dotted(properties, name, value)


def _check_range(name: str, value: Any) -> None:
    least, most = _RANGES.get(name, (None, None))
    if least is None or most is None:
        return
    if not least <= value <= most:
        raise UsageError(f"--param {name} must be {least} to {most}, not {value}")


def set_dotted(target: dict[str, Any], dotted: str, value: Any) -> None:
    """Set a value inside objects that the dots of its name lead into."""
    *path, last = dotted.split(".")
    for name in path:
        inner = target.setdefault(name, {})
        if not isinstance(inner, dict):
            raise UsageError(f"--param {dotted} cannot be used with --param {name}")
        target = inner
    target[last] = value
