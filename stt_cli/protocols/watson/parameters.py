"""Every recognition parameter: its type, and where it goes on which transport.

From the parameter tables of IBM's documents, 2018 and today. A parameter goes
into the query of a REST request or a job, into the metadata part of a multipart
request, into a header, into the address or the start message of a WebSocket, or,
for sessions, onto the request that creates one. Names that no document has are
passed on as they are: the service answers them with a warning, never with a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.core.options import Params

# About 8 KB is what IBM's gateway takes as URL and headers together; the headers
# need some of it ("Multipart requests", 2018).
LONGEST_QUERY = 7_000


class Place(Enum):
    """Where parameters can go."""

    REST = auto()
    MULTIPART = auto()
    MULTIPART_QUERY = auto()
    HEADER = auto()
    SOCKET_URL = auto()
    SOCKET_START = auto()
    JOB = auto()
    SESSION_CREATE = auto()
    SESSION_RECOGNIZE = auto()
    SESSION_OBSERVE = auto()


_Q = frozenset({Place.REST, Place.JOB, Place.SESSION_RECOGNIZE})
_OUTPUT = _Q | {Place.MULTIPART, Place.SOCKET_START}
_NO_METADATA = _Q | {Place.SOCKET_START}
_MODEL = frozenset(
    {
        Place.REST,
        Place.JOB,
        Place.MULTIPART_QUERY,
        Place.SOCKET_URL,
        Place.SESSION_CREATE,
    }
)
# Headers of every HTTP request; a WebSocket has them in its address.
_HEADERS = frozenset({Place.HEADER, Place.SOCKET_URL})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how its text is read, and the places that take it."""

    read: Callable[[str], Any]
    places: frozenset[Place]
    is_list: bool = False


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    except KeyError:
        raise ValueError("true or false") from None


def _integer(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise ValueError(f"a whole number of at least {least}")
        return value

    return read


def _any_integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def _fraction(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return value

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(" or ".join(choices))
        return text

    return read


_UNIT = _fraction(0, 1)

PARAMETERS: Mapping[str, Parameter] = {
    "model": Parameter(str, _MODEL),
    "language_customization_id": Parameter(str, _MODEL),
    "customization_id": Parameter(str, _MODEL),
    "acoustic_customization_id": Parameter(str, _MODEL),
    "base_model_version": Parameter(str, _MODEL),
    "customization_weight": Parameter(_UNIT, _OUTPUT),
    "inactivity_timeout": Parameter(_integer(-1), _OUTPUT),
    "keywords": Parameter(str, _OUTPUT, is_list=True),
    "keywords_threshold": Parameter(_UNIT, _OUTPUT),
    "max_alternatives": Parameter(_integer(0), _OUTPUT),
    "word_alternatives_threshold": Parameter(_UNIT, _OUTPUT),
    "word_confidence": Parameter(_boolean, _OUTPUT),
    "timestamps": Parameter(_boolean, _OUTPUT),
    "profanity_filter": Parameter(_boolean, _OUTPUT),
    "smart_formatting": Parameter(_boolean, _OUTPUT),
    "smart_formatting_version": Parameter(_integer(0), _NO_METADATA),
    "speaker_labels": Parameter(_boolean, _OUTPUT),
    "interim_results": Parameter(
        _boolean, frozenset({Place.SOCKET_START, Place.SESSION_OBSERVE})
    ),
    "sequence_id": Parameter(
        _any_integer, frozenset({Place.SESSION_RECOGNIZE, Place.SESSION_OBSERVE})
    ),
    "grammar_name": Parameter(str, _OUTPUT),
    "redaction": Parameter(_boolean, _OUTPUT),
    "processing_metrics": Parameter(
        _boolean, frozenset({Place.JOB, Place.SOCKET_START})
    ),
    "processing_metrics_interval": Parameter(
        _fraction(0.1, 3_600), frozenset({Place.JOB, Place.SOCKET_START})
    ),
    "audio_metrics": Parameter(_boolean, _NO_METADATA),
    "end_of_phrase_silence_time": Parameter(_fraction(0, 120), _OUTPUT),
    "split_transcript_at_phrase_end": Parameter(_boolean, _OUTPUT),
    "speech_detector_sensitivity": Parameter(_UNIT, _OUTPUT),
    "background_audio_suppression": Parameter(_UNIT, _OUTPUT),
    "low_latency": Parameter(_boolean, _OUTPUT),
    "character_insertion_bias": Parameter(_fraction(-1, 1), _OUTPUT),
    "sad_module": Parameter(_integer(1), _NO_METADATA),
    "speech_begin_event": Parameter(_boolean, _NO_METADATA),
    "enrichments": Parameter(str, _NO_METADATA),
    "parameter_set": Parameter(_one_of("default", "enhanced"), _NO_METADATA),
    "callback_url": Parameter(str, frozenset({Place.JOB})),
    "events": Parameter(str, frozenset({Place.JOB}), is_list=True),
    "user_token": Parameter(str, frozenset({Place.JOB})),
    "results_ttl": Parameter(_integer(0), frozenset({Place.JOB})),
    "x-watson-learning-opt-out": Parameter(_boolean, _HEADERS),
    "x-watson-metadata": Parameter(str, _HEADERS),
}

Values = Mapping[str, Any]
"""Parameters with typed values; a list parameter has a tuple."""


def typed(params: Params) -> dict[str, Any]:
    """Return ``--param`` values by their documented types.

    Raises:
        UsageError: a value does not fit, or one is given twice.
    """
    values: dict[str, Any] = {}
    for name, texts in params.items():
        known = PARAMETERS.get(name)
        if known is None:
            values[name] = texts[0] if len(texts) == 1 else texts
        elif known.is_list:
            values[name] = tuple(known.read(text) for text in texts)
        else:
            values[name] = _single(name, known, texts)
    return values


def _single(name: str, known: Parameter, texts: Sequence[str]) -> Any:
    if len(texts) > 1:
        raise UsageError(f"--param {name} takes one value, not {len(texts)}")
    try:
        return known.read(texts[0])
    except ValueError as expected:
        raise UsageError(f"--param {name} must be {expected}, not {texts[0]}") from None


def for_place(values: Values, place: Place) -> dict[str, Any]:
    """Return the parameters that go there; unknown ones go with the output's."""
    unknown_go = place in (
        Place.REST,
        Place.JOB,
        Place.MULTIPART,
        Place.SOCKET_START,
        Place.SESSION_RECOGNIZE,
    )
    return {
        name: value
        for name, value in values.items()
        if (place in PARAMETERS[name].places if name in PARAMETERS else unknown_go)
    }


def refuse_misplaced(values: Values, *places: Place, transport: str) -> None:
    """Raise ``UsageError`` for a parameter that no request of a transport takes."""
    if Place.SOCKET_URL not in places:
        places = (*places, Place.HEADER)
    for name in values:
        known = PARAMETERS.get(name)
        if known is not None and not known.places & set(places):
            raise UsageError(
                f"--param {name} has no effect over {transport}",
                hint="choose a different --transport, or remove it",
            )


def query_pairs(values: Values) -> list[tuple[str, str]]:
    """Return parameters as they stand in a query: lists with commas, lower case."""
    return [(name, _query_text(value)) for name, value in values.items()]


def json_values(values: Values) -> dict[str, Any]:
    """Return parameters as they stand in metadata and start messages."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def parse_query(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Read a query on the service's side; keywords may stand in quotes.

    Raises:
        ValueError: a documented parameter has a value that does not fit.
    """
    values: dict[str, Any] = {}
    for name, text in pairs:
        known = PARAMETERS.get(name)
        if known is None:
            continue
        if known.is_list:
            values[name] = tuple(item.strip().strip('"') for item in text.split(","))
        else:
            values[name] = known.read(text)
    return values


def check_json(values: Values, place: Place) -> list[str]:
    """Check metadata or a start message on the service's side; returns unknown names.

    Raises:
        ValueError: a documented parameter has a value of another type.
    """
    unknown = []
    for name, value in values.items():
        known = PARAMETERS.get(name)
        if known is None or place not in known.places:
            unknown.append(name)
        elif not _fits(known, value):
            raise ValueError(f"{name} has a value of the wrong type: {value!r}")
    return unknown


def _fits(known: Parameter, value: Any) -> bool:
    if known.is_list:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if known.read is _boolean:
        return isinstance(value, bool)
    if known.read is str or isinstance(value, bool):
        return isinstance(value, str) and known.read is str
    if not isinstance(value, int | float | str):
        return False
    try:
        known.read(str(value))
    except ValueError:
        return False
    return True


def unknown_names(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the query's names that no document has, for the warning."""
    return [name for name, _text in pairs if name not in PARAMETERS]


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)
