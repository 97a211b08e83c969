"""Speech translation: what a turn asks for, and the messages that bring it.

A turn that translates has its own messages instead of ``speech.hypothesis`` and
``speech.phrase``. They come in three forms, depending on the endpoint and on what
was asked for, and Microsoft's SDKs read all of them:

* ``translation.hypothesis`` and ``translation.phrase`` with the translations in an
  object ``Translation`` (Microsoft's SDK 1.53 and its JavaScript source);
* the same with them beside the text (the protocol's description of 2019);
* ``translation.response``, which holds the speech in an object
  ``SpeechHypothesis`` or ``SpeechPhrase``: with language identification.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

HYPOTHESIS = "translation.hypothesis"
PHRASE = "translation.phrase"
RESPONSE = "translation.response"
PATHS = (HYPOTHESIS, PHRASE, RESPONSE)

TRANSLATE = {"action": "Translate"}
"""What phraseDetection does with a result, as the SDK writes it."""

_OF_TRANSLATION = (
    *("Text", "DisplayText", "Translation"),
    *("TranslationStatus", "Translations", "FailureReason"),
)
_SPEECH_HYPOTHESIS, _SPEECH_PHRASE = "SpeechHypothesis", "SpeechPhrase"


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """The target languages of a turn; ``interim`` translates hypotheses as well."""

    targets: tuple[str, ...]
    interim: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the section ``translation`` of speech.context.

        Speech that is already in a target language is passed through.
        """
        mode = "Always" if self.interim else "None"
        return {
            "targetLanguages": list(self.targets),
            "output": {
                "includePassThroughResults": True,
                "interimResults": {"mode": mode},
            },
        }


def read_request(context: Any) -> TranslationRequest | None:
    """Return what a speech.context asks for, ``None`` for recognition alone.

    Raises:
        ValueError: its section has no languages.
    """
    section = context.get("translation") if isinstance(context, dict) else None
    if section is None:
        return None
    given = section.get("targetLanguages") if isinstance(section, dict) else None
    targets = tuple(given) if isinstance(given, list) else ()
    if not targets or not all(isinstance(tag, str) and tag for tag in targets):
        raise ValueError("translation has no targetLanguages")
    detection = context.get("phraseDetection")
    wishes = detection.get("onInterim") if isinstance(detection, dict) else None
    return TranslationRequest(targets, interim=wishes == TRANSLATE)


@dataclass(frozen=True, slots=True)
class Translations:
    """The translations of one text, by language, in the service's own order.

    ``failure`` is its reason where it did not translate.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    failure: str | None = None

    def to_json(self, text_key: str = "Text") -> dict[str, Any]:
        """Return the fields of a message."""
        if self.failure is not None:
            return {
                "TranslationStatus": "Error",
                "FailureReason": self.failure,
                "Translations": [],
            }
        return {
            "TranslationStatus": "Success",
            "Translations": [
                {"Language": tag, text_key: text} for tag, text in self.texts.items()
            ],
        }

    def under(self, asked: Iterable[str]) -> dict[str, str]:
        """Return the texts by the tags that were asked for, in that order.

        The service may shorten ``de-DE`` to ``de`` or change the case of a tag.
        Languages that were not asked for come last, under the service's own tags.
        """
        left = dict(self.texts)
        found: dict[str, str] = {}
        for same in (str.casefold, _base):
            for wanted in asked:
                match = next((tag for tag in left if same(tag) == same(wanted)), None)
                if wanted not in found and match is not None:
                    found[wanted] = left.pop(match)
        return {tag: found[tag] for tag in asked if tag in found} | left


@dataclass(frozen=True, slots=True)
class TranslatedMessage:
    """A translation message, its speech separated from its translations.

    ``speech`` is the body of a speech.hypothesis, or of a simple speech.phrase.
    """

    is_phrase: bool
    speech: dict[str, Any]
    translations: Translations


def read_message(path: str, body: Any) -> TranslatedMessage | None:
    """Return the content of a message; ``None`` for a response without speech.

    Raises:
        ValueError: the body is no object.
    """
    if not isinstance(body, dict):
        raise ValueError("a translation that is not an object")
    if path == RESPONSE:
        for name in (_SPEECH_PHRASE, _SPEECH_HYPOTHESIS):
            speech = body.get(name)
            if isinstance(speech, dict):
                is_phrase = name == _SPEECH_PHRASE
                return TranslatedMessage(
                    is_phrase, _speech(speech, is_phrase=is_phrase), _read(body)
                )
        return None
    inner = body.get("Translation")
    fields = inner if isinstance(inner, dict) else body
    is_phrase = path == PHRASE
    return TranslatedMessage(
        is_phrase, _speech(body, is_phrase=is_phrase), _read(fields)
    )


def message(
    speech: Mapping[str, Any],
    translations: Translations,
    *,
    is_phrase: bool,
    as_response: bool = False,
) -> tuple[str, dict[str, Any]]:
    """Return the path and body of the message for a result and its translations.

    Args:
        speech: the body of a speech.hypothesis or speech.phrase.
        as_response: builds a ``translation.response``.
    """
    if as_response:
        name = _SPEECH_PHRASE if is_phrase else _SPEECH_HYPOTHESIS
        whole = {
            "Extensions": ["TranslationSourceRef", name],
            name: dict(speech),
            **translations.to_json("DisplayText"),
        }
        return RESPONSE, whole
    body = {k: v for k, v in speech.items() if k not in ("DisplayText", "Text")}
    text = speech.get("DisplayText", speech.get("Text"))
    if text is not None:
        body["Text"] = text
    body["Translation"] = translations.to_json()
    return (PHRASE if is_phrase else HYPOTHESIS), body


def _speech(body: Mapping[str, Any], *, is_phrase: bool) -> dict[str, Any]:
    """Return a message's speech alone, its text under the key of recognition."""
    text = body.get("DisplayText") or body.get("Text")
    speech = {k: v for k, v in body.items() if k not in _OF_TRANSLATION}
    if text is not None:
        speech["DisplayText" if is_phrase else "Text"] = text
    return speech


def _read(fields: Mapping[str, Any]) -> Translations:
    given = fields.get("Translations")
    texts: dict[str, str] = {}
    for item in given if isinstance(given, list) else ():
        if not isinstance(item, dict):
            continue
        tag = item.get("Language")
        text = item.get("Text") or item.get("DisplayText")
        if isinstance(tag, str) and tag and isinstance(text, str):
            texts[tag] = text
    failure = None
    if str(fields.get("TranslationStatus", "Success")).lower() != "success":
        failure = str(fields.get("FailureReason") or "no reason given")
    return Translations(texts, failure)


def _base(tag: str) -> str:
    return tag.casefold().partition("-")[0]
