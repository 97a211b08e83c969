"""What became of a submission to Scriptix that was cut off.

A session has no reference of the client's. One whose ID was learned is looked
at; one whose ID was lost with the answer can only be told by the name of its
recording, and that is never enough to call it ours.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import NotFoundError
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import JobState
from stt_cli.protocols.json_fields import Fields, text
from stt_cli.protocols.scriptix.requests import LARGEST_PAGE
from stt_cli.protocols.scriptix.session import read_session, session_id_of, unwrapped
from stt_cli.providers.scriptix.service import Service

_EMPTY = "new"  # the state of a session that has no recording yet


def session_made(service: Service, session_id: str | None) -> dict[str, Any] | None:
    """Return the session of that ID, ``None`` where there is none."""
    if session_id is None:
        return None
    try:
        answer = service.ask(service.requests.session(session_id), session_id)
    except NotFoundError:
        return None
    return {"session_id": session_id, **unwrapped(answer)}


def is_empty(session: Fields) -> bool:
    """Whether a session still waits for its recording."""
    return text(session, "status") == _EMPTY


def candidates(
    service: Service,
    source: AudioSource,
    filename: str | None,
    interrupted: InterruptedSubmission,
) -> list[str]:
    """Return the sessions that may be the interrupted one's.

    One that failed is none: its recording is to be submitted again anyway.
    """
    if source.url is not None:
        filename = unquote(urlsplit(source.url).path.rpartition("/")[2])
    found = []
    for fields in service.sessions(size=LARGEST_PAGE):
        job_id = session_id_of(fields)
        if job_id is None or is_empty(fields) or interrupted.is_known(job_id):
            continue
        job = read_session(fields)
        if (
            job.state is not JobState.FAILED
            and job.input in (None, filename)
            and interrupted.may_have_made(job.created)
        ):
            found.append(job_id)
    return found
