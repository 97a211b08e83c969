"""What became of a submission to Soniox that was cut off, found by its reference.

The service has no search: the lists are read whole, which is two pages at most,
since it keeps 2,000 transcriptions (protocol notes, Soniox 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.options import JobOptions
from stt_cli.net.idempotent_create import find_when_settled
from stt_cli.protocols.json_fields import Fields, moment, text
from stt_cli.protocols.soniox.objects import File
from stt_cli.protocols.soniox.requests import LARGEST_PAGE
from stt_cli.providers.recording_form import upload_body
from stt_cli.providers.soniox.service import Service

_SOURCES = ("file_id", "audio_url")
OURS = "stt-"
"""How references begin that this tool made up."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a submission would have made.

    Args:
        reference: its client reference.
        is_ours: whether this tool made the reference up, for this one alone; one
            that the user chose may stand for many.
        is_uploaded: whether it has an upload, of ``size`` bytes where known.
        source: the fields that name a recording which is not uploaded.
    """

    reference: str
    is_ours: bool
    is_uploaded: bool = False
    size: int | None = None
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What the service has of it: a transcription, or an upload to go on with."""

    transcription: Fields | None = None
    file: File | None = None


def made_before(
    service: Service, source: AudioSource, options: JobOptions, fields: dict[str, Any]
) -> Made:
    """Return what an interrupted attempt left at the service.

    Args:
        fields: those that create the transcription.
    """
    cut_off = options.interrupted
    if cut_off is None:
        return Made()
    named: dict[str, Any] = {k: fields[k] for k in _SOURCES if k in fields}
    reference = fields["client_reference_id"]
    chosen = options.recognition.params.get("client_reference_id")
    sought = Sought(
        reference,
        is_ours=not chosen and reference.startswith(OURS),
        is_uploaded=not named,
        size=None if named else upload_body(source).length,
        source=named,
    )
    made = Made()

    def look() -> Made | None:
        nonlocal made
        made = _look_for(service, sought, cut_off)
        awaited = made.file if cut_off.step == "upload" else None
        return made if made.transcription or awaited else None

    return find_when_settled(look, cut_off, service.context) or made


def _look_for(
    service: Service, sought: Sought, interrupted: InterruptedSubmission
) -> Made:
    """Find what an interrupted submission made; further uploads of it are removed."""
    taken: set[str] = set()  # files that some transcription has
    for fields in _every(service, service.requests.transcriptions, "transcriptions"):
        if _is_its_transcription(fields, sought, interrupted):
            return Made(transcription=fields)
        taken.add(text(fields, "file_id") or "")
    if not sought.is_uploaded:
        return Made()
    known = _known_file(service, interrupted.ids.get("file_id"))
    if known is not None or not sought.is_ours:
        # No name and no size would prove that a file is this recording.
        return Made(file=known)
    uploads = [
        file
        for file in map(File.read, _every(service, service.requests.files, "files"))
        if file.id not in taken
        and file.client_reference_id == sought.reference
        and sought.size in (None, file.size)
    ]
    for spare in uploads[1:]:
        _remove(service, spare.id)
    return Made(file=uploads[0] if uploads else None)


def _is_its_transcription(
    fields: Fields, sought: Sought, interrupted: InterruptedSubmission
) -> bool:
    if text(fields, "client_reference_id") != sought.reference:
        return False
    if sought.is_ours:
        return True
    if sought.is_uploaded:
        # Before a transcription is asked for, its file is written down.
        file_id = interrupted.ids.get("file_id")
        return file_id is not None and text(fields, "file_id") == file_id
    return (
        all(fields.get(name) == value for name, value in (sought.source or {}).items())
        and interrupted.may_have_made(moment(fields, "created_at"))
        and not interrupted.is_known(text(fields, "id") or "")
    )


def _known_file(service: Service, file_id: str | None) -> File | None:
    if file_id is None:
        return None
    try:
        return File.read(service.ask(service.requests.file(file_id)))
    except NotFoundError:
        return None


def _every(
    service: Service, make: Callable[[str | None, int], HttpRequest], name: str
) -> Iterator[dict[str, Any]]:
    for page in service.pages(make, name, size=LARGEST_PAGE):
        yield from map(dict, page.objects)


def _remove(service: Service, file_id: str) -> None:
    try:
        service.remove(service.requests.delete_file(file_id))
    except INTERRUPTIONS:
        raise
    except SttError as error:
        service.context.log(
            f"soniox: cannot delete the uploaded file {file_id}: {error.message}"
        )
