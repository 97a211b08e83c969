"""Which languages Bing Speech recognizes in which mode (2018 document's tables)."""

from __future__ import annotations

_EVERYWHERE = (
    *("ar-EG", "de-DE", "en-US", "es-ES", "fr-FR", "it-IT", "ja-JP", "pt-BR"),
    *("ru-RU", "zh-CN"),
)
_NOT_IN_CONVERSATION = (
    *("ca-ES", "da-DK", "en-AU", "en-CA", "en-GB", "en-IN", "en-NZ", "es-MX"),
    *("fi-FI", "fr-CA", "hi-IN", "ko-KR", "nb-NO", "nl-NL", "pl-PL", "pt-PT"),
    *("sv-SE", "zh-HK", "zh-TW"),
)

BING_LANGUAGES: dict[str, tuple[str, ...]] = {
    "interactive": tuple(sorted(_EVERYWHERE + _NOT_IN_CONVERSATION)),
    "conversation": _EVERYWHERE,
    "dictation": tuple(sorted(_EVERYWHERE + _NOT_IN_CONVERSATION)),
}

LANGUAGE_NAMES = {
    "ar-EG": "Arabic (Egypt), modern standard",
    "ca-ES": "Catalan (Spain)",
    "da-DK": "Danish (Denmark)",
    "de-DE": "German (Germany)",
    "en-AU": "English (Australia)",
    "en-CA": "English (Canada)",
    "en-GB": "English (United Kingdom)",
    "en-IN": "English (India)",
    "en-NZ": "English (New Zealand)",
    "en-US": "English (United States)",
    "es-ES": "Spanish (Spain)",
    "es-MX": "Spanish (Mexico)",
    "fi-FI": "Finnish (Finland)",
    "fr-CA": "French (Canada)",
    "fr-FR": "French (France)",
    "hi-IN": "Hindi (India)",
    "it-IT": "Italian (Italy)",
    "ja-JP": "Japanese (Japan)",
    "ko-KR": "Korean (Korea)",
    "nb-NO": "Norwegian (Bokmål) (Norway)",
    "nl-NL": "Dutch (Netherlands)",
    "pl-PL": "Polish (Poland)",
    "pt-BR": "Portuguese (Brazil)",
    "pt-PT": "Portuguese (Portugal)",
    "ru-RU": "Russian (Russia)",
    "sv-SE": "Swedish (Sweden)",
    "zh-CN": "Chinese (Mandarin, simplified)",
    "zh-HK": "Chinese (Hong Kong SAR)",
    "zh-TW": "Chinese (Mandarin, Taiwanese)",
}
