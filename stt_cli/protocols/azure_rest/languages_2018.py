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
