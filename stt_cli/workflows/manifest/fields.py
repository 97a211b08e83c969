"""The keys of a manifest: their names, the names that others use, their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from stt_cli.core.options import Profanity
from stt_cli.workflows.manifest.faults import Faults
from stt_cli.workflows.manifest.recording import Recording

INPUT, PARAMS = "input", "params"
PARAM_COLUMN = "param."
LIST_SEPARATOR = ";"

# What manifests of other tools and services call the recording.
_NAMES_OF_INPUT = ("audio", "path", "file", "url", "audio_filepath", "audio_url")
_MEANT = {
    "lang": "language",
    "locale": "language",
    "language_code": "language",
    "keywords": "phrases",
    "keyterms": "phrases",
    "phrase": "phrases",
    "diarization": "speakers",
    "diarize": "speakers",
    "speaker_labels": "speakers",
    "title": "name",
    "displayname": "name",
    "display_name": "name",
    "param": "params",
    "webhook": "webhook_url",
    "callback_url": "webhook_url",
    "client_reference_id": "reference",
    "client_reference": "reference",
    "id": "reference",
    "filename": INPUT,
    "wav": INPUT,
}
_KEYS_TO_SERVICES = ("key", "api_key", "apikey", "token", "password", "secret")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


class _WrongValueError(Exception):
    """A value is not what its key wants; the words say what it should be."""


def known_key(written: str) -> str | None:
    """Return the key that a name stands for: ``Webhook-URL``, ``audio``."""
    plain = written.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in _NAMES_OF_INPUT:
        return INPUT
    return plain if plain in _READERS else None


@lru_cache(maxsize=256)
def unknown_key(written: str) -> str:
    """Return the words for a key that there is not, and the nearest there is."""
    plain = written.strip().lower().replace("-", "_").replace(" ", "_")
    shown = shown_value(written)
    if plain in _KEYS_TO_SERVICES:
        return f"unknown key {shown}; credentials do not belong into a manifest"
    if plain.startswith(PARAM_COLUMN):
        return f"unknown key {shown}; write it into the object params"
    near = _MEANT.get(plain) or next(
        iter(get_close_matches(plain, (*_READERS, *_NAMES_OF_INPUT), n=1)), None
    )
    known = f"did you mean {near}?" if near else f"there are {', '.join(_READERS)}"
    return f"unknown key {shown}; {known}"


def unknown_column(written: str) -> str:
    """Return the words for a column that there is not."""
    if not written.strip():
        return "a column has no name"
    if known_key(written) == PARAMS:
        return "give each parameter a column of its own, such as param.diarize"
    return unknown_key(written)


def recording_of(
    line: int, values: Mapping[str, Any], faults: Faults
) -> Recording | None:
    """Return the recording of a line, or ``None`` with what is wrong with it.

    ``values`` have known keys, each once, and are of JSON's types. ``null`` and
    empty text leave the choice to the command line.
    """
    read: dict[str, Any] = {}
    for key, value in values.items():
        if value is None or value in ("", [], {}):
            continue
        try:
            read[key] = _READERS[key](value)
        except _WrongValueError as wrong:
            faults.add(line, key, str(wrong))
            read[key] = None
    if INPUT not in read:
        faults.add(line, INPUT, "is missing; it names the recording")
        return None
    if None in read.values():
        return None
    return Recording(line, **read)


def as_json(key: str, cell: str) -> Any:
    """Return a cell of a table as JSON would have its value.

    Words for yes and no become booleans, phrases are separated by ``;``.
    """
    if key == "phrases":
        return [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]
    if _READERS[key] is _flag:
        word = cell.lower()
        return True if word in _TRUE else False if word in _FALSE else cell
    return cell


def shown_value(value: str) -> str:
    """Return text from a manifest in quotes, on one line and not too long."""
    return repr(value if len(value) <= 60 else value[:59] + "…")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _WrongValueError(f"must be text, not {_kind_of(value)}")
    if "\0" in value or _SURROGATE.search(value):
        raise _WrongValueError("has characters that are no text")
    return value


def _input(value: object) -> str:
    text = _text(value)
    if text == "-":
        raise _WrongValueError("standard input (-) has no place in a manifest")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError(f"must be true or false, not {_kind_of(value)}")
    return value


def _phrases(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _WrongValueError(f"must be a list of texts, not {_kind_of(value)}")
    return tuple(_text(phrase) for phrase in value)


def _profanity(value: object) -> Profanity:
    text = _text(value).lower()
    if text not in list(Profanity):
        raise _WrongValueError(f"must be {', '.join(Profanity)}")
    return Profanity(text)


def _params(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise _WrongValueError(f"must be an object, not {_kind_of(value)}")
    params: dict[str, tuple[str, ...]] = {}
    for key, given in value.items():
        if not _text(key).strip():
            raise _WrongValueError("has a value without a name")
        several = given if isinstance(given, list) else [given]
        if given is not None:
            params[key.strip()] = tuple(_param(one) for one in several)
    return params


def _param(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return _text(value)
        case _:
            raise _WrongValueError(
                "each value must be text, a number, true, false, or a list of these"
            )


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


_READERS: Mapping[str, Callable[[object], Any]] = {
    INPUT: _input,
    "language": _text,
    "name": _text,
    "model": _text,
    "phrases": _phrases,
    "speakers": _flag,
    "words": _flag,
    "detailed": _flag,
    "profanity": _profanity,
    PARAMS: _params,
    "webhook_url": _text,
    "reference": _text,
}
