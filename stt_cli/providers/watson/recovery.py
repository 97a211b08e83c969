"""What became of a submission to Watson that was cut off.

A job has nothing of the client's but the token of its notifications, which only
the list tells. The list is all there is to look at: the latest hundred jobs,
with the moments of their creation (protocol notes, Watson 5).
"""

from __future__ import annotations

from stt_cli.core.errors import NotFoundError, UncertainError
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import Job
from stt_cli.protocols.json_fields import objects, text
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.jobs import read_job
from stt_cli.providers.recovery import uncertain
from stt_cli.providers.watson.service import Service

MOST_LISTED = 100


def find_job(
    service: Service,
    name: str,
    token: str | None,
    interrupted: InterruptedSubmission,
    *,
    is_ours: bool,
) -> Job | None:
    """Return the job of an interrupted submission, ``None`` where none was made.

    Args:
        name: the recording's, for what is said of it.
        token: what its notifications carry; without an address for them, none.
        is_ours: whether no other job carries this token.

    Raises:
        UncertainError: there are jobs that may be it, or too many to see them all.
    """
    known = _known_job(service, interrupted.ids.get("job_id"))
    if known is not None:
        return known
    answer = service.ask(requests.jobs(service.base)).json_object()
    listed = objects(answer, "recognitions")
    candidates = []
    for fields in listed:
        job = read_job(fields)
        if text(fields, "user_token") != token:
            continue
        if is_ours and token is not None:
            return job
        is_new = interrupted.may_have_made(job.created)
        if is_new and not interrupted.is_known(job.id):
            candidates.append(job.id)
    if candidates:
        raise uncertain("Watson", "watson", name, interrupted, candidates)
    moments = [read_job(fields).created for fields in listed]
    if len(listed) >= MOST_LISTED and all(map(interrupted.may_have_made, moments)):
        raise UncertainError(
            f"whether Watson took {name} before the interruption is not known",
            hint=f"Watson lists its latest {MOST_LISTED} jobs, and all are newer; "
            "`stt batch resume --again` submits the recording again",
            ids=interrupted.ids,
        )
    return None


def _known_job(service: Service, job_id: str | None) -> Job | None:
    if job_id is None:
        return None
    request = requests.job(service.base, job_id)
    try:
        response = service.send(request, service.read_status)
    except NotFoundError:
        return None
    return read_job(response.json_object())
