"""A line of a manifest: its keys, what they may hold, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from stt_cli.core.options import Profanity

MOST_TOLD = 20
"""How many different faults are told; the others are counted."""

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
    "displayname": "name",
    "display_name": "name",
    "param": "params",
    "webhook": "webhook_url",
    "callback_url": "webhook_url",
    "client_reference_id": "reference",
    "client_reference": "reference",
}
_MISSPELLED = 0.8
"""From so great a likeness on (``difflib``) a key is a known one, misspelled."""

_KEYS_TO_SERVICES = ("key", "api_key", "apikey", "token", "password", "secret")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


@dataclass(frozen=True, slots=True)
class Recording:
    """A line of a manifest. ``None`` is left to the options of the command line.

    Args:
        line: its number in the manifest, from 1.
        input: a path, relative to the manifest's folder, or an address.
        reference: the submission's own reference, where the service takes one.
    """

    line: int
    input: str
    language: str | None = None
    name: str | None = None
    model: str | None = None
    phrases: tuple[str, ...] | None = None
    speakers: bool | None = None
    channels: bool | None = None
    words: bool | None = None
    detailed: bool | None = None
    profanity: Profanity | None = None
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    webhook_url: str | None = None
    reference: str | None = None


@dataclass(slots=True)
class Fault:
    """A fault, the first line that has it, and how many more lines do."""

    line: int
    key: str | None
    words: str
    more: int = 0

    def described(self, name: str) -> str:
        """Return ``calls.csv:3: language: …``, as compilers tell faults."""
        where = f"{name}:{self.line}:" + (f" {self.key}:" if self.key else "")
        if not self.more:
            return f"{where} {self.words}"
        lines = "line" if self.more == 1 else "lines"
        return f"{where} {self.words} (and on {self.more:,} more {lines})"


class Faults:
    """The faults of one manifest. The same fault on many lines counts as one."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], Fault] = {}
        self._untold = 0

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def is_full(self) -> bool:
        """Whether another fault would only be counted: its words can be spared."""
        return len(self._known) >= MOST_TOLD

    def add(self, line: int, key: str | None, words: str) -> None:
        """Remember a fault of a line (counted from 1) and a key."""
        known = self._known.get((key, words))
        if known is not None:
            known.more += 1
        elif self.is_full:
            self._untold += 1
        else:
            self._known[key, words] = Fault(line, key, words)

    def described(self, name: str) -> list[str]:
        """Return a line for each fault by the lines they are on, and for the rest."""
        by_line = sorted(self._known.values(), key=lambda fault: fault.line)
        lines = [fault.described(name) for fault in by_line]
        return [*lines, f"and {self._untold:,} more"] if self._untold else lines


class _WrongValueError(Exception):
    """A value is not what its key wants; the words say what it should be."""


def known_key(written: str) -> str | None:
    """Return the key that a name stands for: ``Webhook-URL``, ``audio``."""
    plain = written.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in _NAMES_OF_INPUT:
        return INPUT
    return plain if plain in _READERS else None


@lru_cache(maxsize=256)
def unknown_key(written: str) -> str | None:
    """Return the words for a key that there is not and that was meant for another.

    ``None`` for one that belongs to somebody else: exports of databases and
    manifests for training have columns of their own (``duration``, ``text``).
    """
    plain = written.strip().lower().replace("-", "_").replace(" ", "_")
    shown = shown_value(written)
    if plain in _KEYS_TO_SERVICES:
        return f"unknown key {shown}; credentials do not belong in a manifest"
    if plain.startswith(PARAM_COLUMN):
        return f"unknown key {shown}; put it in params"
    known = (*_READERS, *_NAMES_OF_INPUT)
    close = get_close_matches(plain, known, n=1, cutoff=_MISSPELLED)
    near = _MEANT.get(plain) or (close[0] if close else None)
    return f"unknown key {shown}; did you mean {near}?" if near else None


def unknown_column(written: str) -> str | None:
    """Return the words for a column that there is not; see ``unknown_key``."""
    if known_key(written) == PARAMS:
        return "use one column per parameter, such as param.diarize"
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
        faults.add(line, INPUT, "is missing; it is the recording's path or URL")
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
        raise _WrongValueError("has characters that are not text")
    return value


def _input(value: object) -> str:
    text = _text(value)
    if text == "-":
        raise _WrongValueError("- (stdin) cannot be used in a manifest")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError(f"must be true or false, not {_kind_of(value)}")
    return value


def _phrases(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _WrongValueError(f"must be a list of strings, not {_kind_of(value)}")
    return tuple(_text(phrase) for phrase in value)


def _profanity(value: object) -> Profanity:
    text = _text(value).lower()
    if text not in list(Profanity):
        raise _WrongValueError(f"must be one of {', '.join(Profanity)}")
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
                "each value must be text, a number, true, false or a list of these"
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
    "channels": _flag,
    "words": _flag,
    "detailed": _flag,
    "profanity": _profanity,
    PARAMS: _params,
    "webhook_url": _text,
    "reference": _text,
}
