"""Which model a language gets where the user names none.

IBM ended the Broadband and Narrowband models on 2023-07-28 (release notes); the
large speech models are named by the bare locale, the next-generation ones by
``_Multimedia`` and ``_Telephony``. Endpoints of 2018 know the old names only.
"""

from __future__ import annotations

from urllib.parse import urlsplit

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
