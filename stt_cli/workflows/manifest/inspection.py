"""A manifest held against itself, the disk and the provider, before any request."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stt_cli.audio.inputs import is_url
from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.language_tags import with_languages
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.workflows.manifest.fields import INPUT, Faults, Recording
from stt_cli.workflows.manifest.reading import Manifest

_WANTED_OF_RECOGNITION = (
    "model",
    "phrases",
    "speakers",
    "words",
    "channels",
    "detailed",
    "profanity",
)


class Defaults:
    """The options of the command line, by which each line is completed.

    Lines that ask for the same share their options: a hundred thousand lines have
    few different wishes, and what is worked out for each is worked out once.
    """

    def __init__(self, options: JobOptions) -> None:
        self._options = options
        self._shared: dict[tuple[object, ...], RecognizeOptions] = {}
        self._whole: dict[tuple[object, ...], JobOptions] = {}

    def complete(self, recording: Recording) -> JobOptions:
        """Return all options of a recording: the line's, else the command line's."""
        ours = self._options
        recognition = self._recognition(recording)
        own = recording.name, recording.webhook_url, recording.reference
        known = id(recognition), *own
        if known not in self._whole:
            self._whole[known] = replace(
                ours,
                recognition=recognition,
                name=recording.name or ours.name,
                webhook_url=recording.webhook_url or ours.webhook_url,
                client_reference_id=recording.reference or ours.client_reference_id,
            )
        return self._whole[known]

    def _recognition(self, recording: Recording) -> RecognizeOptions:
        given = {
            key: value
            for key in _WANTED_OF_RECOGNITION
            if (value := getattr(recording, key)) is not None
        }
        params, language = recording.params, recording.language
        if not given and not params and language is None:
            return self._options.recognition
        known = (language, *given.items(), *params.items())
        if known not in self._shared:
            ours = with_languages(self._options.recognition, [language or ""])
            merged = {**ours.params, **params} if params else ours.params
            self._shared[known] = replace(ours, **given, params=merged)
        return self._shared[known]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A recording that is to be submitted: its path or address, and its options."""

    name: str
    options: JobOptions


class Inspection:
    """What a manifest asks for, once nothing is wrong with it.

    Args:
        name: the manifest's file, or what it is called otherwise; faults begin
            with it.
        folder: where relative paths begin; empty for the current folder.
        check: raises ``UsageError`` for options that the provider cannot fulfill.
    """

    def __init__(
        self,
        name: str,
        folder: str,
        defaults: JobOptions,
        check: Callable[[JobOptions], None],
        environment: Environment,
    ) -> None:
        self._name = name
        self._folder = folder
        self._defaults = Defaults(defaults)
        self._check = check
        self._environment = environment

    def wanted(self, manifest: Manifest) -> list[Wanted]:
        """Return everything that is to be submitted, in the manifest's order.

        Raises:
            UsageError: something is wrong; every fault is told, up to a bound.
            AudioError: nothing is wrong but that recordings cannot be read.
        """
        faults = manifest.faults
        found = [
            Wanted(self._path(recording), self._defaults.complete(recording))
            for recording in manifest.recordings
        ]
        lines = [recording.line for recording in manifest.recordings]
        _find_repetitions(lines, found, manifest.recordings, faults)
        self._hold_against_provider(lines, found, faults)
        is_usage = bool(faults)
        for line, one in zip(lines, found, strict=True):
            is_usage |= self._try_to_open(line, one.name, faults)
        if faults:
            raise (UsageError if is_usage else AudioError)(
                _described(self._name, faults),
                hint="fix the manifest and run the command again; nothing was "
                "submitted",
            )
        return found

    def _path(self, recording: Recording) -> str:
        if is_url(recording.input):
            return recording.input
        return os.path.join(self._folder, recording.input)  # noqa: PTH118 - "./-" stays

    def _hold_against_provider(
        self, lines: Sequence[int], found: Sequence[Wanted], faults: Faults
    ) -> None:
        verdicts: dict[tuple[int, bool], str | None] = {}
        for line, one in zip(lines, found, strict=True):
            # The same wishes are the same object: see ``Defaults``.
            wishes = id(one.options.recognition), one.options.webhook_url is None
            if wishes not in verdicts:
                verdicts[wishes] = self._refused(one.options)
            words = verdicts[wishes]
            if words is not None:
                faults.add(line, None, words)

    def _refused(self, options: JobOptions) -> str | None:
        try:
            self._check(options)
        except UsageError as error:
            return error.message
        return None

    def _try_to_open(self, line: int, path: str, faults: Faults) -> bool:
        """Find out whether a recording is there; return whether it is a wrong wish."""
        if is_url(path):
            return False
        if faults.is_full:  # counted only; good words take their time
            if not Path(path).is_file():
                faults.add(line, INPUT, "")
            return False
        try:
            open_source(path, self._environment)
        except (AudioError, UsageError) as error:
            hint = f"; {error.hint}" if error.hint else ""
            faults.add(line, INPUT, error.message + hint)
            return isinstance(error, UsageError)
        return False


def _find_repetitions(
    lines: Sequence[int],
    found: Sequence[Wanted],
    recordings: Sequence[Recording],
    faults: Faults,
) -> None:
    """Find recordings that are wanted twice but not alike, and shared references."""
    inputs: dict[str, tuple[int, JobOptions]] = {}
    references: dict[str, int] = {}
    for line, one, recording in zip(lines, found, recordings, strict=True):
        name = one.name if is_url(one.name) else os.path.normpath(one.name)
        first, options = inputs.setdefault(name, (line, one.options))
        if options != one.options:
            words = f"is the same recording as in line {first}, with different options"
            faults.add(line, INPUT, words)
        if recording.reference is not None:
            first = references.setdefault(recording.reference, line)
            if first != line:
                faults.add(line, "reference", f"is the same as in line {first}")


def _described(name: str, faults: Faults) -> str:
    lines = faults.described(name)
    return lines[0] if len(lines) == 1 else "\n".join([f"{name} has errors", *lines])
