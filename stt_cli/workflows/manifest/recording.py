"""One recording of a manifest: what its line says, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stt_cli.core.options import JobOptions, Profanity, RecognizeOptions


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
    words: bool | None = None
    detailed: bool | None = None
    profanity: Profanity | None = None
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    webhook_url: str | None = None
    reference: str | None = None


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
            for key in _WISHES
            if (value := getattr(recording, key)) is not None
        }
        params = recording.params
        if not given and not params:
            return self._options.recognition
        known = (*given.items(), *params.items())
        if known not in self._shared:
            ours = self._options.recognition
            merged = {**ours.params, **params} if params else ours.params
            self._shared[known] = replace(ours, **given, params=merged)
        return self._shared[known]


_WISHES = (
    "language",
    "model",
    "phrases",
    "speakers",
    "words",
    "detailed",
    "profanity",
)
