"""Batch transcription: what is sent, what comes back, in every version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stt_cli.core.errors import JobFailedError, ProviderError, SttError, UsageError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobOptions, Profanity
from stt_cli.protocols.azure_rest.durations import seconds_of
from stt_cli.protocols.azure_rest.enhanced import refuse_streaming
from stt_cli.protocols.azure_rest.properties import place_params
from stt_cli.protocols.azure_rest.versions import Version, id_from_self
from stt_cli.protocols.json_fields import Fields, mapping, moment, text

DEFAULT_HOURS = 48
"""How long a dated version keeps a job: it wants a number, and advises this one."""
REFERENCE = "clientReferenceId"
"""The custom property that holds our own reference of a job."""

MOST_CANDIDATES = 10
"""Languages to choose from ("Create a batch transcription")."""

_STATES = {
    "notstarted": JobState.QUEUED,
    "running": JobState.RUNNING,
    "succeeded": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
}
_WORDS = {
    JobState.QUEUED: "NotStarted",
    JobState.RUNNING: "Running",
    JobState.SUCCEEDED: "Succeeded",
    JobState.FAILED: "Failed",
}
PROFANITY = {
    Profanity.MASKED: "Masked",
    Profanity.REMOVED: "Removed",
    Profanity.RAW: "None",
}
_SHOWN_ELSEWHERE = frozenset({"status", "createdDateTime"})


def create_body(
    url: str, options: JobOptions, version: Version, *, name: str, reference: str
) -> dict[str, Any]:
    """Return the body that creates a transcription of the audio at ``url``.

    A container's SAS address (``sr=c``) stands for all recordings in it.

    Raises:
        UsageError: the options ask for what batch transcription lacks.
    """
    wishes = options.recognition
    if wishes.phrases:
        raise UsageError(
            "batch transcription does not support phrases (--phrase)",
            hint="train a custom model, or submit a local file to use fast "
            "transcription",
        )
    if options.webhook_url is not None:
        raise UsageError(
            "Azure webhooks are for a whole resource, not for one job",
            hint=f"run `stt webhooks create {options.webhook_url} -p azure` once",
        )
    refuse_streaming(wishes.model)
    if len(wishes.candidates) > MOST_CANDIDATES:
        raise UsageError(
            f"batch transcription can detect one of at most {MOST_CANDIDATES} languages"
        )
    if wishes.detects_language and not wishes.candidates:
        raise UsageError(
            "batch transcription can only detect one of several given languages",
            hint="use 2 to 10 languages, such as -l en-US -l de-DE",
        )
    body: dict[str, Any] = {
        "locale": wishes.language or "en-US",
        "displayName": options.name or name,
        "properties": {},
        "customProperties": {REFERENCE: reference},
    }
    if parse_qs(urlsplit(url).query).get("sr") == ["c"]:
        body["contentContainerUrl"] = url
    else:
        body["contentUrls"] = [url]
    properties: dict[str, Any] = body["properties"]
    if version.is_dated:
        properties["timeToLiveHours"] = DEFAULT_HOURS
    if wishes.words:
        properties["wordLevelTimestampsEnabled"] = True
    if wishes.profanity is not None:
        properties["profanityFilterMode"] = PROFANITY[wishes.profanity]
    if wishes.channels:
        properties["channels"] = [0, 1]  # all that the service tells apart
    if wishes.candidates:
        properties["languageIdentification"] = {
            "candidateLocales": list(wishes.candidates)
        }
    if wishes.speakers:
        _set_diarization(properties, wishes.max_speakers, version)
    more = dict(wishes.params)
    urls = more.pop("contentUrls", ())
    if urls:
        body["contentUrls"] = [*body.get("contentUrls", ()), *urls]
    place_params(body, more, version)
    _check_source(body)
    return body


def _set_diarization(
    properties: dict[str, Any], most: int | None, version: Version
) -> None:
    """Ask for speakers; where nobody says how many, the service tells two apart."""
    if version.is_dated:
        properties["diarization"] = {"enabled": True, "maxSpeakers": most or 2}
        return
    properties["diarizationEnabled"] = True
    if most is not None:
        properties["diarization"] = {"speakers": {"minCount": 1, "maxCount": most}}


def model_reference(model: str, version: Version, base: str) -> dict[str, str]:
    """Return the reference of a model, given by its address or its GUID."""
    if model.startswith(("http://", "https://")):
        return {"self": model}
    return {"self": version.url(base, f"/models/{model}")}


def states_filter(states: Sequence[str]) -> str | None:
    """Return the list's ``filter`` for these states of ours, ``None`` for any.

    The service cannot filter by a state that has no word.
    """
    words = [_WORDS.get(JobState(state)) for state in states]
    if None in words:
        return None
    return " or ".join(f"status eq '{word}'" for word in words) or None


def created_filter(since: datetime) -> str:
    """Return the list's ``filter`` for what was made then or later."""
    return f"createdDateTime ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def reference_of(body: Fields) -> str | None:
    """Return our own reference of a job, as it was sent and as it is shown."""
    return text(mapping(body, "customProperties"), REFERENCE)


def parse_job(body: Fields, provider: str = "azure") -> Job:
    """Read a transcription. Its ID is that of its own ``self`` and no other's.

    Raises:
        ProviderError: it has no such address, or no status.
    """
    job_id = id_from_self(body.get("self"))
    word = text(body, "status")
    if job_id is None or word is None:
        raise ProviderError(
            "the service returned a transcription without "
            + ("an ID" if job_id is None else "a status"),
            hint="check azure.api_version",
        )
    state = _STATES.get(word.lower(), JobState.UNKNOWN)
    properties = mapping(body, "properties")
    changed = moment(body, "lastActionDateTime")
    ids = Identifiers.of(
        transcription_id=job_id, client_reference_id=reference_of(body)
    )
    return Job(
        id=job_id,
        provider=provider,
        state=state,
        provider_state=word,
        created=moment(body, "createdDateTime"),
        finished=changed if state.is_final else None,
        duration=seconds_of(properties, "duration"),
        error=_failure(properties, ids) if state is JobState.FAILED else None,
        ids=ids,
        details={k: v for k, v in body.items() if k not in _SHOWN_ELSEWHERE},
    )


def parse_page(body: Fields) -> tuple[tuple[Mapping[str, Any], ...], str | None]:
    """Return a list's items and the address of the next page, if there is one."""
    values = body.get("values")
    items = values if isinstance(values, list) else []
    return tuple(v for v in items if isinstance(v, Mapping)), text(body, "@nextLink")


def content_url(file: Fields) -> str | None:
    """Return where a file's content is."""
    return text(mapping(file, "links"), "contentUrl")


def update_body(name: str | None, params: Mapping[str, tuple[str, ...]]) -> Any:
    """Return the merge patch of a transcription; only its labels can change.

    Raises:
        UsageError: nothing to change, or something that cannot be.
    """
    body: dict[str, Any] = {"displayName": name} if name else {}
    for key, values in params.items():
        if key == "description":
            body[key] = values[-1]
        elif key.startswith("customProperties."):
            custom = body.setdefault("customProperties", {})
            custom[key.removeprefix("customProperties.")] = values[-1]
        else:
            raise UsageError(
                f"cannot change {key} of a transcription",
                hint="use --name, --param description=… or --param customProperties.…",
            )
    if not body:
        raise UsageError("nothing to change", hint="use --name or --param")
    return body


def _check_source(body: dict[str, Any]) -> None:
    sources = [
        name
        for name in ("contentUrls", "contentContainerUrl", "dataset")
        if body.get(name)
    ]
    if len(sources) > 1:
        raise UsageError(
            "a transcription takes one source, but these were given: "
            f"{' and '.join(sources)}"
        )
    if len(body.get("contentUrls", ())) > 1000:
        raise UsageError("a transcription takes at most 1000 URLs")


def _failure(properties: Fields, ids: Identifiers) -> SttError:
    error = mapping(properties, "error")
    code = text(error, "code")
    return JobFailedError(
        text(error, "message") or "the job failed at the service",
        hint=_HINTS.get(code or "", "send the transcription ID to Azure support"),
        provider_code=code,
        ids=ids,
    )


_HINTS = {
    "InvalidData": "check that Azure supports the format of the recordings",
    "InvalidUri": "check that Azure can access the URL; its SAS may have expired",
    "InvalidRecordingsUri": "check that Azure can access the URL",
    "NoLanguageIdentified": "set the language with -l",
    "MultipleLanguagesIdentified": "use --param languageIdentification.mode=Continuous",
}
