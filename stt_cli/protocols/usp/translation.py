"""Speech translation: what a turn asks for, and the messages that bring it.

A translating turn has messages of its own in place of ``speech.hypothesis`` and
``speech.phrase``. They come in three forms, as the service and the age of its
endpoint have it, and every SDK reads all of them:

* ``translation.hypothesis`` and ``translation.phrase`` with the translations in an
  object ``Translation`` (Microsoft's SDK 1.53 and its JavaScript source);
* the same with them beside the text (the protocol's description of 2019);
* ``translation.response``, where the speech is an object ``SpeechHypothesis`` or
  ``SpeechPhrase`` within the translation: where the language is to be found out.
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
"""What phraseDetection does with a text, in the words of the SDK."""

_SPEECH_HYPOTHESIS, _SPEECH_PHRASE = "SpeechHypothesis", "SpeechPhrase"


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """The languages that a turn translates into, and whether its hypotheses too."""

    targets: tuple[str, ...]
    interim: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the section ``translation`` of speech.context.

        Text that is in the target language already is passed through.
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
        """Return the fields that tell of them."""
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
        """Return the texts under the languages as they were asked for, in that order.

        The service may tell ``de-DE`` as ``de``, and tags in another case; what it
        tells under a name that nobody asked for is kept behind the others.
        """
        left = dict(self.texts)
        found: dict[str, str] = {}
        for same in (str.casefold, _base):
            for wanted in asked:
                told = next((tag for tag in left if same(tag) == same(wanted)), None)
                if wanted not in found and told is not None:
                    found[wanted] = left.pop(told)
        return {tag: found[tag] for tag in asked if tag in found} | left


@dataclass(frozen=True, slots=True)
class TranslatedMessage:
    """A translation message: its speech, as recognition would tell it, and the rest.

    ``speech`` is the body of a speech.hypothesis or of a speech.phrase.
    """

    is_phrase: bool
    speech: dict[str, Any]
    translations: Translations


def read_message(path: str, body: Any) -> TranslatedMessage | None:
    """Return what a message holds; ``None`` for a response about something else.

    Raises:
        ValueError: the body is no object.
    """
    if not isinstance(body, dict):
        raise ValueError("a translation that is no object")
    if path == RESPONSE:
        for name in (_SPEECH_PHRASE, _SPEECH_HYPOTHESIS):
            speech = body.get(name)
            if isinstance(speech, dict):
                is_phrase = name == _SPEECH_PHRASE
                return TranslatedMessage(is_phrase, _shown(speech), _read(body))
        return None
    inner = body.get("Translation")
    told = inner if isinstance(inner, dict) else body
    return TranslatedMessage(path == PHRASE, _shown(body), _read(told))


def message(
    speech: Mapping[str, Any],
    translations: Translations,
    *,
    is_phrase: bool,
    as_response: bool = False,
) -> tuple[str, dict[str, Any]]:
    """Return path and body of the message that tells of a text and its translations.

    Args:
        speech: the body of a speech.hypothesis or a speech.phrase.
        as_response: whether it is to be a ``translation.response``.
    """
    if as_response:
        name = _SPEECH_PHRASE if is_phrase else _SPEECH_HYPOTHESIS
        whole = {
            "Extensions": ["TranslationSourceRef", name],
            name: dict(speech),
            **translations.to_json("DisplayText"),
        }
        return RESPONSE, whole
    told = {k: v for k, v in speech.items() if k not in ("DisplayText", "Text")}
    text = speech.get("DisplayText", speech.get("Text"))
    if text is not None:
        told["Text"] = text
    told["Translation"] = translations.to_json()
    return (PHRASE if is_phrase else HYPOTHESIS), told


def _shown(speech: dict[str, Any]) -> dict[str, Any]:
    """Return speech with its text under both names that it may have."""
    text = speech.get("Text") or speech.get("DisplayText")
    return speech if text is None else {"Text": text, "DisplayText": text, **speech}


def _read(told: Mapping[str, Any]) -> Translations:
    given = told.get("Translations")
    texts: dict[str, str] = {}
    for item in given if isinstance(given, list) else ():
        if not isinstance(item, dict):
            continue
        tag = item.get("Language")
        text = item.get("Text") or item.get("DisplayText")
        if isinstance(tag, str) and tag and isinstance(text, str):
            texts[tag] = text
    failure = None
    if str(told.get("TranslationStatus", "Success")).lower() != "success":
        failure = str(told.get("FailureReason") or "it gave no reason")
    return Translations(texts, failure)


def _base(tag: str) -> str:
    return tag.casefold().partition("-")[0]
