"""Models and voices as the service lists them, and the model of a language.

IBM ended the Broadband and Narrowband models on 2023-07-28 (release notes); the
large speech models are named by the bare locale, the next-generation ones by
``_Multimedia`` and ``_Telephony``. Endpoints of 2018 know the old names only.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from stt_cli.core.catalog import Model, Voice
from stt_cli.protocols.json_fields import Fields, objects, text

DEFAULT_LANGUAGE = "en-US"
BROADBAND_RATE = 16_000

_LARGE = frozenset(
    {
        *("de-DE", "en-AU", "en-GB", "en-IN", "en-US", "es-AR", "es-CL", "es-CO"),
        *("es-ES", "es-MX", "es-PE", "fr-CA", "fr-FR", "ja-JP", "pt-BR", "pt-PT"),
    }
)
# Next-generation languages without a model for 16 kHz.
_TELEPHONY_ONLY = frozenset({"cs-CZ", "hi-IN", "sv-SE"})
_LOCALES = {
    "cs": "cs-CZ",
    "de": "de-DE",
    "en": "en-US",
    "es": "es-ES",
    "fr": "fr-FR",
    "hi": "hi-IN",
    "it": "it-IT",
    "ja": "ja-JP",
    "ko": "ko-KR",
    "nl": "nl-NL",
    "pt": "pt-BR",
    "sv": "sv-SE",
    "zh": "zh-CN",
}


def is_of_2018(base: str) -> bool:
    """Whether a base address is one of the 2018 service, or speaks for it."""
    parts = urlsplit(base)
    old_host = (parts.hostname or "").endswith(".watsonplatform.net")
    return old_host or parts.path.rstrip("/").endswith("/speech-to-text/api")


def default_model(language: str, sample_rate: int, *, of_2018: bool) -> str:
    """Return the model of a language for audio of that rate, in hertz.

    Audio below 16 kHz is refused by models for 16 kHz.
    """
    is_narrow = 0 < sample_rate < BROADBAND_RATE
    if of_2018:
        return f"{language}_{'Narrowband' if is_narrow else 'Broadband'}Model"
    if language in _LARGE:
        return language
    narrow = is_narrow or language in _TELEPHONY_ONLY
    return f"{language}_{'Telephony' if narrow else 'Multimedia'}"


def locale_of(language: str) -> str:
    """Return the locale that stands for a detected language, ``fr`` or ``fr-CA``."""
    return _LOCALES.get(language.lower(), language)


def read_models(fields: Fields) -> list[Model]:
    """Return the models, sorted by name: the service's order is not stable."""
    found = [read_model(entry) for entry in objects(fields, "models")]
    return sorted((m for m in found if m.id), key=lambda model: model.id)


def read_model(entry: Fields) -> Model:
    """Return one model."""
    language = text(entry, "language")
    named = ("name", "language", "description")
    return Model(
        id=text(entry, "name") or "",
        languages=(language,) if language else (),
        name=(text(entry, "description") or "").rstrip(".") or None,
        details={name: value for name, value in entry.items() if name not in named},
    )


def read_voices(fields: Fields) -> list[Voice]:
    """Return the voices, sorted by name."""
    found = [
        Voice(
            id=text(entry, "name") or "",
            language=text(entry, "language") or "",
            name=(text(entry, "description") or "").rstrip(".") or None,
            gender=text(entry, "gender"),
            details={
                name: value
                for name, value in entry.items()
                if name not in ("name", "language", "description", "gender")
            },
        )
        for entry in objects(fields, "voices")
    ]
    return sorted((voice for voice in found if voice.id), key=lambda voice: voice.id)
