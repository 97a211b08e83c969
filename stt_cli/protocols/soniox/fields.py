"""What a user asked for, as the fields of a transcription or a stream."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.core.options import Params, RecognizeOptions
from stt_cli.protocols.soniox.requests import LONGEST_REFERENCE

MOST_HINTS = 100
LONGEST_HINT = 10

_LISTS = frozenset({"language_hints"})
_SWITCHES = frozenset(
    {
        "language_hints_strict",
        "enable_speaker_diarization",
        "enable_language_identification",
        "enable_endpoint_detection",
        "enable_agent_text_input",
        "reduce_silence",
    }
)
_NUMBERS = frozenset(
    {
        "max_endpoint_delay_ms",
        "endpoint_sensitivity",
        "endpoint_latency_adjustment_level",
        "speed",
        "sample_rate",
        "bitrate",
    }
)
_BETWEEN: dict[str, tuple[float, float]] = {
    "max_endpoint_delay_ms": (500, 3000),
    "endpoint_sensitivity": (-1, 1),
    "endpoint_latency_adjustment_level": (0, 3),
    "speed": (0.7, 1.3),
}
_LONGEST = {
    "model": 32,
    "webhook_url": 256,
    "webhook_auth_header_name": 256,
    "webhook_auth_header_value": 256,
    "client_reference_id": LONGEST_REFERENCE,
    "audio_url": 4096,
}
_YES, _NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


def recognition_fields(options: RecognizeOptions, model: str) -> dict[str, Any]:
    """Return the fields that transcriptions and streams share.

    Without a language there are no hints, and the service detects it. What
    ``--param`` says wins over what the options say.

    Raises:
        UsageError: a value that the service would refuse.
    """
    fields: dict[str, Any] = {"model": options.model or model}
    if options.languages:
        codes = map(language_code, options.languages)
        fields["language_hints"] = list(dict.fromkeys(codes))
    if options.translate_to:
        fields["translation"] = _asked_translation(options)
    if options.speakers:
        fields["enable_speaker_diarization"] = True
    fields |= typed(options.params)
    if options.phrases:
        fields["context"] = _with_terms(fields.get("context"), options.phrases)
    return checked(fields)


def translation_tags(tags: Sequence[str]) -> dict[str, str]:
    """Return the languages to translate into by Soniox's codes for them."""
    return {language_code(tag): tag for tag in reversed(tags)}


def _asked_translation(options: RecognizeOptions) -> dict[str, str]:
    """Return the ``translation`` that ``--translate-to`` asks for.

    Into one language, whatever is spoken; or between two, each into the other.
    """
    codes = list(translation_tags(options.translate_to))[::-1]
    spoken = {language_code(tag) for tag in options.languages}
    if len(codes) == 1:
        return {"type": "one_way", "target_language": codes[0]}
    if len(codes) == 2 and spoken <= set(codes):
        return {"type": "two_way", "language_a": codes[0], "language_b": codes[1]}
    raise UsageError(
        "Soniox translates into one language, or between two spoken languages",
        hint="use --translate-to de for one, or --translate-to en,de for a "
        "conversation in both",
    )


def language_code(tag: str) -> str:
    """Return the code Soniox takes: there are no region variants."""
    return tag.replace("_", "-").partition("-")[0].lower()


def typed(params: Params) -> dict[str, Any]:
    """Return ``--param`` values in the types of the documented fields.

    A field that is not documented is passed on: as JSON where it reads as such.
    """
    return {name: _typed(name, values) for name, values in params.items()}


def checked(fields: dict[str, Any]) -> dict[str, Any]:
    """Hold fields against the documented limits. Raises ``UsageError``."""
    hints = fields.get("language_hints") or []
    if len(hints) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in hints):
        raise UsageError(
            f"Soniox accepts at most {MOST_HINTS} language hints of {LONGEST_HINT} "
            "characters"
        )
    for name, longest in _LONGEST.items():
        if len(fields.get(name) or "") > longest:
            raise UsageError(f"Soniox accepts at most {longest} characters for {name}")
    for name, (least, most) in _BETWEEN.items():
        value = fields.get(name)
        if value is not None and not least <= value <= most:
            raise UsageError(f"Soniox accepts {least:g} to {most:g} for {name}")
    return fields


def _typed(name: str, values: tuple[str, ...]) -> Any:
    value = values[-1]
    if name in _LISTS:
        codes = [code for text in values for code in text.replace(",", " ").split()]
        return list(dict.fromkeys(language_code(code) for code in codes))
    if name in _SWITCHES:
        return _switch(name, value)
    if name in _NUMBERS:
        return _number(name, value)
    if name == "translation":
        return _translation(value)
    if name == "context":
        return _context(value)
    if name in _LONGEST or name == "file_id":
        return value
    read = [_guessed(text) for text in values]
    return read[0] if len(read) == 1 else read


def _switch(name: str, value: str) -> bool:
    if value.lower() in _YES + _NO:
        return value.lower() in _YES
    raise UsageError(f"--param {name} must be true or false, not {value!r}")


def _number(name: str, value: str) -> float | int:
    try:
        number = float(value)
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        raise UsageError(f"--param {name} must be a number, not {value!r}") from None


def _translation(value: str) -> Any:
    """``fr`` translates into French, ``en,fr`` both ways; JSON goes as it is."""
    if value.lstrip().startswith("{"):
        return _json("translation", value)
    codes = [language_code(code) for code in value.replace(",", " ").split()]
    if len(codes) == 1:
        return {"type": "one_way", "target_language": codes[0]}
    if len(codes) == 2:
        return {"type": "two_way", "language_a": codes[0], "language_b": codes[1]}
    raise UsageError(
        "--param translation must be a language, two languages with a comma, or JSON"
    )


def _context(value: str) -> Any:
    """Text goes as the ``text`` of a context; JSON goes as it is."""
    if value.lstrip().startswith("{"):
        return _json("context", value)
    return {"text": value}


def _with_terms(context: Any, phrases: tuple[str, ...]) -> dict[str, Any]:
    known = context if isinstance(context, dict) else {}
    terms = [*known.get("terms", []), *phrases]
    return {**known, "terms": list(dict.fromkeys(terms))}


def _json(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"--param {name} is not valid JSON: {fault}") from None


def _guessed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
