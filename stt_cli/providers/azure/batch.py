"""Batch transcription: create, look, list, fetch, change, delete.

What became of a creation whose answer is not known is found by our reference: the
job has it in a custom property, which every list shows, and the list is filtered
by the moment of creation (protocol notes, Azure 5.2).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from stt_cli.core.errors import NotFoundError, ProviderError, SttError
from stt_cli.core.events import Sending, SubmissionEvent, Submitted
from stt_cli.core.http_message import retry_after_seconds
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.interrupted import CLOCKS_APART, InterruptedSubmission
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.core.polling import PollPolicy
from stt_cli.core.transcript import Transcript
from stt_cli.net.idempotent_create import create_once, find_when_settled
from stt_cli.net.retry import NEVER, UNREPEATABLE, RetryPolicy
from stt_cli.protocols.azure_rest.batch import (
    content_url,
    create_body,
    created_filter,
    model_reference,
    parse_job,
    reference_of,
    states_filter,
    update_body,
)
from stt_cli.protocols.azure_rest.results import (
    failed_recordings,
    parse_batch_result,
    without_query,
)
from stt_cli.protocols.azure_rest.versions import id_from_self
from stt_cli.protocols.json_fields import text
from stt_cli.providers.azure.api import PAGE, SpeechApi
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.job_states import states_by_list
from stt_cli.providers.recovery import uncertain

POLLING = PollPolicy(steps=((60.0, 5.0), (600.0, 10.0)), then=30.0, floor=5.0)
"""At least 5 s between looks, as the API's samples wait; ``Retry-After`` wins."""

_FEW = 3
"""Up to so many jobs are asked after one by one; more cost a list."""


def submission_body(
    api: SpeechApi, url: str, options: JobOptions, reference: str
) -> dict[str, object]:
    """Return the JSON that creates the job. Raises ``UsageError``."""
    name = without_query(url).rpartition("/")[2] or "stt"
    body = create_body(url, options, api.version, name=name, reference=reference)
    model = options.recognition.model
    if model is not None and "model" not in body:
        body["model"] = model_reference(model, api.version, api.base)
    return body


def preview_url(api: SpeechApi, url: str, options: JobOptions) -> str:
    """Return the request that creates the job, for ``--dry-run``."""
    body = submission_body(api, url, options, options.client_reference_id or "(new)")
    address = api.version.url(api.base, api.version.submit_path)
    return f"POST {address}\n{json.dumps(body, indent=2, ensure_ascii=False)}"


def submit_url(
    api: SpeechApi,
    url: str,
    options: JobOptions,
    reference: str,
    context: ProviderContext,
) -> Iterator[SubmissionEvent]:
    """Create a transcription of the audio at an address, once."""
    body = submission_body(api, url, options, reference)
    is_ours = reference_of(body) == reference
    cut_off = options.interrupted
    if cut_off is not None:
        earlier = cut_off.ids.get("client_reference_id")
        if is_ours and earlier:
            reference = earlier
            body = submission_body(api, url, options, reference)
        shown = without_query(url)
        made = find_when_settled(
            lambda: find_job(api, shown, body, cut_off, is_ours=is_ours),
            cut_off,
            context,
        )
        if made is not None:
            yield Submitted(made)
            return
    yield Sending("create", Identifiers.of(client_reference_id=reference_of(body)))
    since = context.environment.now()

    def send(policy: RetryPolicy = NEVER) -> Job:
        path = api.version.submit_path
        answered = api.call("POST", path, body=body, policy=policy)
        job = parse_job(answered.body)
        return replace(job, ids=answered.ids.merged(job.ids))

    job = (
        create_once(
            "Azure",
            send,
            lambda: find_by_reference(api, reference, since, NEVER),
            context,
        )
        if is_ours
        else send(UNREPEATABLE)
    )
    yield Submitted(job)


def get_job(api: SpeechApi, job_id: str) -> Job:
    """Return where a transcription stands. Raises ``NotFoundError``."""
    answered = api.call("GET", f"/transcriptions/{job_id}")
    job = parse_job(answered.body)
    pause = retry_after_seconds(answered.response)
    return replace(job, ids=job.ids.merged(answered.ids), retry_after=pause)


def list_jobs(api: SpeechApi, query: JobQuery) -> Iterator[Job]:
    """Yield the transcriptions that exist."""
    top = min(query.limit or PAGE, PAGE)
    limited = query.limit is not None
    asked = [("top", str(top)), ("filter", states_filter(query.states))]
    follow = query.follow_pages or limited
    for item in api.pages("/transcriptions", asked, follow=follow):
        yield parse_job(item)


def job_states(
    api: SpeechApi, job_ids: Sequence[str]
) -> Iterator[tuple[str, Job | SttError]]:
    """Yield where jobs stand; many of them cost a list, and few requests."""
    named = {job_id.lower(): job_id for job_id in job_ids}

    def listed() -> Iterator[tuple[str | None, Callable[[], Job]]]:
        for item in api.pages("/transcriptions", [("top", str(PAGE))], follow=True):
            job_id = id_from_self(item.get("self"))
            yield named.get(job_id or ""), partial(parse_job, item)

    return states_by_list(
        job_ids, listed, partial(get_job, api), page_size=PAGE, few=_FEW
    )


def transcripts(api: SpeechApi, job: Job) -> Iterator[Transcript]:
    """Yield the transcripts of a job, then the recordings that it failed on.

    Raises:
        ProviderError: the job has no result files, or they are none.
    """
    path = f"/transcriptions/{job.id}/files"
    found = list(api.pages(path, [("top", str(PAGE))], follow=True))
    reports = []
    any_result = False
    for file in found:
        kind, url = text(file, "kind"), content_url(file)
        if url is None:
            continue
        if kind == "TranscriptionReport":
            reports.append(url)
        elif kind == "Transcription":
            any_result = True
            yield parse_batch_result(api.fetch(url), job.ids, keep_raw=True)
    for url in reports:
        failed = failed_recordings(api.fetch(url), job.ids)
        any_result = any_result or bool(failed)
        yield from failed
    if not any_result:
        raise ProviderError(
            f"job {job.id} has no result files",
            hint="results are deleted when the job's time to live ends",
            ids=job.ids,
        )


def update_job(
    api: SpeechApi,
    job_id: str,
    name: str | None,
    params: Mapping[str, tuple[str, ...]],
) -> Job:
    """Change a transcription's labels. Raises ``NotFoundError``, ``UsageError``."""
    body = update_body(name, params)
    return parse_job(api.call("PATCH", f"/transcriptions/{job_id}", body=body).body)


def delete_job(api: SpeechApi, job_id: str) -> None:
    """Remove a transcription and its files; one that is gone is gone."""
    api.call("DELETE", f"/transcriptions/{job_id}")


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
