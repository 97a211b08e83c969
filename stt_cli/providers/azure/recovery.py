"""What became of a batch job's creation whose answer is not known.

The job has our reference in a custom property, which every list shows; the list
is filtered by the moment of creation (protocol notes, Azure 5.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from stt_cli.core.errors import NotFoundError
from stt_cli.core.interrupted import CLOCKS_APART, InterruptedSubmission
from stt_cli.core.job import Job
from stt_cli.net.retry import RetryPolicy
from stt_cli.protocols.azure_rest.batch import created_filter, parse_job, reference_of
from stt_cli.providers.azure.api import PAGE, SpeechApi
from stt_cli.providers.recovery import uncertain


def find_by_reference(
    api: SpeechApi,
    reference: str,
    since: datetime,
    policy: RetryPolicy | None = None,
) -> Job | None:
    """Return the job with a reference of ours, made since then."""
    for item in _made_since(api, since, policy):
        if reference_of(item) == reference:
            return parse_job(item)
    return None


def find_job(
    api: SpeechApi,
    url: str,
    body: Mapping[str, Any],
    interrupted: InterruptedSubmission,
    *,
    is_ours: bool,
) -> Job | None:
    """Return the job of an interrupted submission, ``None`` where none was made.

    Args:
        body: what creates it.
        is_ours: whether no other job has its reference.

    Raises:
        UncertainError: the reference is the user's own, and jobs with it may be it.
    """
    known = _known_job(api, interrupted.ids.get("transcription_id"))
    if known is not None:
        return known
    reference = reference_of(body)
    if is_ours and reference is not None:
        return find_by_reference(api, reference, interrupted.since)
    candidates = [
        job.id
        for job in map(parse_job, _made_since(api, interrupted.since))
        if job.ids.get("client_reference_id") == reference
        and not interrupted.is_known(job.id)
    ]
    if candidates:
        raise uncertain("Azure", "azure", url, interrupted, candidates)
    return None


def _made_since(
    api: SpeechApi, since: datetime, policy: RetryPolicy | None = None
) -> Iterator[Mapping[str, Any]]:
    query = [("top", str(PAGE)), ("filter", created_filter(since - CLOCKS_APART))]
    return api.pages("/transcriptions", query, follow=True, policy=policy)


def _known_job(api: SpeechApi, job_id: str | None) -> Job | None:
    if job_id is None:
        return None
    try:
        return parse_job(api.call("GET", f"/transcriptions/{job_id}").body)
    except NotFoundError:
        return None
