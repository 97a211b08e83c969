"""Files, transcriptions, transcripts and models as Soniox's REST service has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stt_cli.core.catalog import Model
from stt_cli.core.errors import ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.core.uploaded_file import UploadedFile
from stt_cli.protocols.json_fields import (
    Fields,
    integer,
    items,
    moment,
    number,
    objects,
    text,
    unknown,
)
from stt_cli.protocols.soniox.errors import job_error
from stt_cli.protocols.soniox.tokens import Token

PROVIDER = "soniox"
# The service itself answers with this instead of the header's value.
MASKED_VALUE = "******************"

_STATES = {
    "queued": JobState.QUEUED,
    "processing": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "error": JobState.FAILED,
    "failed": JobState.FAILED,  # in the words of the page on errors
}
# What Job says under a name of its own; every other field goes into details.
_SAID = frozenset({"id", "status", "created_at", "error_type", "error_message"})
_FILE = ("id", "filename", "size", "created_at", "client_reference_id")
_DOCUMENTED = (
    "model",
    "audio_url",
    "file_id",
    "filename",
    "language_hints",
    "enable_speaker_diarization",
    "enable_language_identification",
    "context",
    "audio_duration_ms",
    "webhook_url",
    "webhook_auth_header_name",
    "webhook_auth_header_value",
    "webhook_status_code",
    "client_reference_id",
)


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file; ``size`` is in bytes."""

    id: str
    filename: str | None = None
    size: int | None = None
    created_at: datetime | None = None
    client_reference_id: str | None = None

    @classmethod
    def read(cls, fields: Fields) -> File:
        """Read a file object. Raises ``ProviderError`` where it has no ID."""
        return cls(
            id=_id_of(fields, "file"),
            filename=text(fields, "filename"),
            size=integer(fields, "size"),
            created_at=moment(fields, "created_at"),
            client_reference_id=text(fields, "client_reference_id"),
        )


def read_uploaded_file(fields: Fields) -> UploadedFile:
    """Read a file object as what is listed. Raises ``ProviderError``."""
    file = File.read(fields)
    return UploadedFile(
        id=file.id,
        provider=PROVIDER,
        name=file.filename,
        size=file.size,
        created=file.created_at,
        ids=Identifiers.of(
            file_id=file.id, client_reference_id=file.client_reference_id
        ),
        details=unknown(fields, _FILE),
    )


def read_job(fields: Fields) -> Job:
    """Read a transcription object.

    Keys that are missing count as null, switches included.

    Raises:
        ProviderError: it has no ID, or no status.
    """
    job_id, word = _id_of(fields, "transcription"), text(fields, "status")
    if word is None:
        raise ProviderError(
            "Soniox returned a transcription without a status",
            ids=Identifiers.of(transcription_id=job_id),
        )
    state = _STATES.get(word.lower(), JobState.UNKNOWN)
    milliseconds = number(fields, "audio_duration_ms")
    failed = state is JobState.FAILED
    refusal = webhook_refusal(fields)
    return Job(
        id=job_id,
        provider=PROVIDER,
        state=state,
        provider_state=word,
        input=text(fields, "audio_url") or text(fields, "filename"),
        created=moment(fields, "created_at"),
        # 0 until processing begins
        duration=milliseconds / 1000 if milliseconds else None,
        error=job_error(text(fields, "error_type"), text(fields, "error_message"))
        if failed
        else None,
        ids=Identifiers.of(
            transcription_id=job_id,
            file_id=text(fields, "file_id"),
            client_reference_id=text(fields, "client_reference_id"),
        ),
        details=_details(fields),
        warnings=(refusal,) if refusal else (),
    )


def webhook_refusal(fields: Fields) -> str | None:
    """Return what to say about a web hook that the receiver did not take."""
    status = integer(fields, "webhook_status_code")
    if status is None or 200 <= status < 300:
        return None
    where = text(fields, "webhook_url") or "the webhook"
    return f"{where} rejected the notification with HTTP {status}"


@dataclass(frozen=True, slots=True)
class TranscriptBody:
    """A finished transcription's result; ``text`` is the original speech alone.

    ``details`` keeps fields of newer services.
    """

    id: str | None
    text: str
    tokens: tuple[Token, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    raw: Fields = field(default_factory=dict)

    @classmethod
    def read(cls, fields: Fields) -> TranscriptBody:
        """Read a transcript object."""
        found = fields.get("text")
        return cls(
            id=text(fields, "id"),
            text=found if isinstance(found, str) else "",
            tokens=tuple(Token.read(item) for item in objects(fields, "tokens")),
            details=unknown(fields, ("id", "text", "tokens")),
            raw=fields,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``next_cursor`` is ``None`` on the last."""

    objects: tuple[Fields, ...]
    next_cursor: str | None = None

    @classmethod
    def read(cls, fields: Fields, name: str) -> Page:
        """Read a page whose objects stand under ``name``."""
        return cls(objects(fields, name), text(fields, "next_page_cursor"))


def read_models(fields: Fields) -> list[Model]:
    """Read the list of models, of recognition or of synthesis."""
    return [_model(item) for item in objects(fields, "models") if text(item, "id")]


def _model(fields: Fields) -> Model:
    known = {"id", "name", "languages"}
    languages = [
        text(item, "code") if isinstance(item, Mapping) else item
        for item in items(fields, "languages")
    ]
    return Model(
        id=text(fields, "id") or "",
        languages=tuple(code for code in languages if isinstance(code, str)),
        name=text(fields, "name"),
        details={key: value for key, value in fields.items() if key not in known},
    )


def _details(fields: Fields) -> dict[str, Any]:
    details: dict[str, Any] = {name: fields.get(name) for name in _DOCUMENTED}
    if details["webhook_auth_header_value"] is not None:
        details["webhook_auth_header_value"] = MASKED_VALUE
    newer = {k: v for k, v in fields.items() if k not in _SAID and k not in details}
    return details | newer


def _id_of(fields: Fields, what: str) -> str:
    found = text(fields, "id")
    if found is None:
        raise ProviderError(f"Soniox returned a {what} without an ID")
    return found
