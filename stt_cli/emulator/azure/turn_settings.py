"""What a client wants of a turn: the query's words, overruled by ``speech.context``.

A context is refused as the service refuses it, with a close code and a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stt_cli.emulator.azure.rules import TRANSLATION_PATH, ServiceRules
from stt_cli.protocols.azure_rest.enhanced import is_streaming
from stt_cli.protocols.json_fields import mapping
from stt_cli.protocols.usp.framing import INVALID_PAYLOAD, FramingError
from stt_cli.protocols.usp.messages import OPEN_RANGE, candidates_fault
from stt_cli.protocols.usp.translation import TranslationRequest, read_request

_UNIVERSAL = "/universal/v2"
_CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """What the client asked for, by query and by speech.context.

    ``streaming`` is a model that tells text and the times of phrases, and no more.
    """

    mode: str = "conversation"
    detailed: bool = False
    words: bool = False
    profanity: str = "masked"
    interim: bool = True
    languages: LanguageChoice | None = None
    streaming: bool = False
    translation: TranslationRequest | None = None

    @property
    def wants_hypotheses(self) -> bool:
        """Whether to send hypotheses; translation has a setting of its own."""
        if self.translation is not None:
            return self.translation.interim
        return self.interim


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """The languages to choose from, none for any; at the start, or ever again."""

    candidates: tuple[str, ...]
    continuous: bool = True


@dataclass(frozen=True, slots=True)
class TurnPath:
    """The path that a connection was opened at, and the mode that it names."""

    path: str
    mode: str | None = None

    @property
    def is_universal(self) -> bool:
        """Whether all modes and models are here."""
        return self.path.endswith(_UNIVERSAL)

    @property
    def is_for_translation(self) -> bool:
        """Whether its query says what to translate into."""
        return self.path.endswith(TRANSLATION_PATH)


def check_context(context: Any, path: TurnPath, rules: ServiceRules) -> None:
    """Raise ``FramingError`` for a context that asks for what there is not."""
    if not isinstance(context, Mapping):
        return
    detection = mapping(context, "phraseDetection")
    choice = _language_choice(context)
    named = [detection.get("language"), *(choice.candidates if choice else ())]
    mode = (path.mode or _CONVERSATION).lower()
    for tag in filter(None, named):
        if not rules.knows_language(str(tag), mode):
            raise FramingError(INVALID_PAYLOAD, f"Unsupported language {tag}")
    if choice is not None:
        fault = candidates_fault(choice.candidates, continuous=choice.continuous)
        if fault is not None:
            raise FramingError(INVALID_PAYLOAD, f"languageId: {fault}")
    model = _model_named(context)
    if model is not None and not (is_streaming(model) and path.is_universal):
        raise FramingError(INVALID_PAYLOAD, f"Unknown model {model}")
    translates = _translation(context, {}) is not None
    if translates and not (path.is_universal or path.is_for_translation):
        raise FramingError(INVALID_PAYLOAD, "Translation is not supported here")


def read_settings(
    context: Any, path: TurnPath, query: Mapping[str, str]
) -> TurnSettings:
    """Return what a turn wants. Raises ``FramingError``."""
    given = context if isinstance(context, Mapping) else {}
    detection = mapping(given, "phraseDetection")
    output = mapping(given, "phraseOutput")
    wanted = mapping(output, "detailed").get("options")
    options = {str(option).lower() for option in wanted or ()}
    interim = mapping(output, "interimResults").get("resultType", "")
    mode = detection.get("mode") or path.mode or _CONVERSATION
    form = output.get("format") or query.get("format") or "simple"
    profanity = mapping(detection, "enrichment").get("profanity")
    words = query.get("wordLevelTimestamps", "").lower() == "true"
    streaming = _model_named(given) is not None
    return TurnSettings(
        mode=str(mode).lower(),
        detailed=str(form).lower() == "detailed" and not streaming,
        words=words or "wordtimings" in options,
        profanity=str(profanity or query.get("profanity") or "masked").lower(),
        interim=str(interim).lower() != "none",
        languages=None if streaming else _language_choice(given),
        streaming=streaming,
        translation=_translation(context, query if path.is_for_translation else {}),
    )


def _language_choice(context: Mapping[str, Any]) -> LanguageChoice | None:
    section = context.get("languageId")
    if section is None:
        return None
    languages = section.get("languages") if isinstance(section, Mapping) else None
    if not isinstance(languages, list) or not languages:
        raise FramingError(INVALID_PAYLOAD, "languageId has no languages")
    candidates = tuple(str(tag) for tag in languages if tag != OPEN_RANGE)
    return LanguageChoice(candidates, section.get("mode") == "DetectContinuous")


def _model_named(context: Mapping[str, Any]) -> str | None:
    name = mapping(context, "model").get("name")
    return str(name) if name else None


def _translation(context: Any, query: Mapping[str, str]) -> TranslationRequest | None:
    """Return what is to be translated, by the context or an old path's query."""
    try:
        request = read_request(context)
    except ValueError as fault:
        raise FramingError(INVALID_PAYLOAD, str(fault)) from fault
    if request is not None or not query.get("to"):
        return request
    return TranslationRequest(tuple(filter(None, query["to"].split(","))))
