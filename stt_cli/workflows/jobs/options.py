"""What was asked for: by the command line, and as the ledger keeps it.

The ledger has JSON without secrets. Only what was chosen is written, its keys sorted,
so that the same options are the same text. A value that is a secret, or that the
redactor would change, is left out and its name kept: with it gone, the recording
cannot be submitted from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.options import (
    JobOptions,
    Mode,
    Pace,
    Profanity,
    RecognizeOptions,
    TextForm,
    Transport,
)
from stt_cli.core.secret import Redactor, Secret
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.workflows.inputs import Inputs
from stt_cli.workflows.jobs.fingerprint import address_digest


@dataclass(frozen=True, slots=True)
class SubmitOptions:
    """What to submit and how; ``workers`` recordings at a time.

    ``timeout`` is in seconds and covers the whole command.
    """

    inputs: Inputs
    options: JobOptions
    workers: int | None = None
    wait: bool = False
    dry_run: bool = False
    timeout: float | None = None
    format: str | None = None
    output: str | None = None
    force: bool = False
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    keep_raw: bool = False


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """How to go on with what was left; ``again`` submits what may be a job already."""

    workers: int | None = None
    again: bool = False
    forget: bool = False
    dry_run: bool = False
    as_json: bool = False
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """How to wait, and what to do with the transcripts.

    Times are seconds; ``workers`` results of a service are fetched at a time.
    """

    interval: float | None = None
    timeout: float | None = None
    webhook: str | None = None
    fetch: bool = True
    format: str | None = None
    output: str | None = None
    force: bool = False
    skip_existing: bool = False
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    keep_raw: bool = False
    workers: int = 8


_ENUMS: Mapping[str, type[StrEnum]] = {
    "mode": Mode,
    "transport": Transport,
    "profanity": Profanity,
    "text_form": TextForm,
    "pace": Pace,
}
_WITHHELD = "withheld"
_SOURCE = "source"
_ADDRESS = "address"
_FORCE = "force"


@dataclass(frozen=True, slots=True)
class StoredOptions:
    """What the ledger kept of the options of a recording.

    Args:
        withheld: names of what was left out as a secret.
        force: whether it is to be submitted even if it is a job already.
    """

    options: JobOptions = field(default_factory=JobOptions)
    withheld: tuple[str, ...] = ()
    force: bool = False


def register_secrets(
    options: JobOptions, secret_params: Collection[str], redactor: Redactor
) -> None:
    """Let no secret among the parameters reach a log, the ledger or stderr."""
    for name in secret_params:
        for value in options.recognition.params.get(name, ()):
            redactor.register(Secret(value))
            _, colon, behind = value.partition(":")
            if colon:  # a header, whose name is none
                redactor.register(Secret(behind))


def stored(
    options: JobOptions,
    *,
    secret_params: Collection[str] = (),
    clean: Callable[[str], str] = str,
    source: str = "",
    force: bool = False,
) -> str:
    """Return the options as JSON that holds no secret.

    Args:
        secret_params: the keys of ``--param`` whose values are secrets.
        clean: masks what looks like a secret.
        source: the recording's address; one that holds a secret is withheld as
            well, and a digest of the rest kept, by which it is recognized.
    """
    withheld = [_SOURCE] if _is_secret(_SOURCE, source, clean) else []
    kept = _chosen(options, {"recognition", "interrupted"})
    recognition = _chosen(options.recognition, {"params"})
    params = {name: list(given) for name, given in options.recognition.params.items()}
    for part in (kept, recognition, params):
        for name, value in list(part.items()):
            if (part is params and name in secret_params) or _is_secret(
                name, value, clean
            ):
                withheld.append(name)
                del part[name]
    if params:
        recognition["params"] = params
    if recognition:
        kept["recognition"] = recognition
    if withheld:
        kept[_WITHHELD] = sorted(set(withheld))
        if _SOURCE in withheld:
            kept[_ADDRESS] = address_digest(source)
    if force:
        kept[_FORCE] = True
    return _json(kept)


def read_stored(text: str) -> StoredOptions:
    """Return what ``stored`` has written.

    Raises:
        ConfigurationError: it was not written by this version or an earlier one.
    """
    try:
        known = json.loads(text)
        withheld = tuple(known.pop(_WITHHELD, ()))
        force = bool(known.pop(_FORCE, False))
        known.pop(_ADDRESS, None)
        chosen = known.pop("recognition", {})
        recognition = RecognizeOptions(**{k: _read(k, v) for k, v in chosen.items()})
        options = JobOptions(recognition=recognition, **known)
    except (ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise ConfigurationError(
            f"cannot read the job options in the ledger: {fault}",
            hint="a newer version of stt may have written them; run the same `stt "
            "batch submit` again",
        ) from fault
    return StoredOptions(options, withheld, force)


def comparable(text: str) -> str:
    """Return the part that tells whether two recordings are wanted alike.

    A job's name is a label, which may depend on the recordings beside it: nobody
    pays again because of it.
    """
    known = json.loads(text)
    for label in (_FORCE, _ADDRESS, "name"):
        known.pop(label, None)
    return _json(known)


def _chosen(
    options: JobOptions | RecognizeOptions, without: set[str]
) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    plain = type(options)()
    chosen = {each.name: getattr(options, each.name) for each in fields(options)}
    return {
        name: value
        for name, value in chosen.items()
        if name not in without and value != getattr(plain, name)
    }


def _is_secret(name: str, value: Any, clean: Callable[[str], str]) -> bool:
    """Whether a value would be masked, alone or beside its name."""
    text = _json({name: value})
    values = value if isinstance(value, (list, tuple)) else [value]
    words = [str(one) for one in values if isinstance(one, str)]
    return clean(text) != text or any(clean(word) != word for word in words)


def _read(name: str, value: Any) -> Any:
    if value is not None and name in _ENUMS:
        return _ENUMS[name](value)
    if name in ("phrases", "candidates", "translate_to"):
        return tuple(value)
    if name == "params":
        return {key: tuple(given) for key, given in value.items()}
    return value


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
