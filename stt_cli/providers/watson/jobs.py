"""Watson's batch: create, look, list, fetch, delete.

What became of a submission that was cut off only the list tells: the latest
hundred jobs, with the moments of their creation (protocol notes, Watson 5). A job
has nothing of the client's but the token of its notifications.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import (
    INTERRUPTIONS,
    AudioError,
    NotFoundError,
    SttError,
    UncertainError,
    UsageError,
)
from stt_cli.core.events import (
    Ended,
    Identified,
    Phrase,
    Sending,
    SubmissionEvent,
    Submitted,
)
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.core.webhook import RegisteredWebhook
from stt_cli.net.idempotent_create import find_when_settled
from stt_cli.net.retry import UNREPEATABLE
from stt_cli.protocols.json_fields import objects, text
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.errors import ids_of
from stt_cli.protocols.watson.jobs import job_results, read_job
from stt_cli.protocols.watson.parameters import Place, refuse_misplaced
from stt_cli.providers.job_states import states_singly
from stt_cli.providers.recovery import uncertain
from stt_cli.providers.watson.options import body_of, parameters_of
from stt_cli.providers.watson.service import SLOW_ANSWER, Service
from stt_cli.providers.watson.transcript_builder import TranscriptBuilder

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

MOST_LISTED = 100
_TOO_LARGE = "a job can have at most 1 GB of audio; FLAC and Opus are smaller than WAV"


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
            f"cannot tell whether Watson received {name} before the interruption",
            hint=f"Watson only lists its latest {MOST_LISTED} jobs, which are all "
            "newer; to resubmit, run `stt batch resume --again`",
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


def submit(
    service: Service, source: AudioSource, options: JobOptions
) -> Iterator[SubmissionEvent]:
    """Hand in one recording; its bytes are the request's body."""
    if source.url is not None:
        raise UsageError(
            "Watson cannot fetch recordings from a URL",
            hint="download it first, then submit the file",
        )
    values = _values(service, options, source.encoding.sample_rate)
    media_type, body = body_of(source)
    reference = options.client_reference_id
    ids = Identifiers.of(client_reference_id=reference)
    cut_off = options.interrupted
    if cut_off is not None:
        token = values.get("user_token") if "callback_url" in values else None
        ours = token == reference
        made = find_when_settled(
            lambda: find_job(service, source.name, token, cut_off, is_ours=ours),
            cut_off,
            service.context,
        )
        if made is not None:
            yield Submitted(made)
            return
    yield Sending("create", ids)
    request = requests.create_job(service.base, values, media_type, body)
    response = yield from service.upload(
        request,
        partial(_read_created, service),
        policy=UNREPEATABLE,
        timeouts=SLOW_ANSWER,
    )
    known = ids.merged(ids_of(response))
    try:
        created = read_job(response.json_object(), known)
    except SttError as error:
        raise error.with_ids(known) from None
    yield Identified(created.ids)
    yield Submitted(created)


def register(
    service: Service, url: str, events: Sequence[str], name: str | None
) -> RegisteredWebhook:
    """Register an address for jobs' notifications, with the secret that signs them."""
    if events or name:
        raise UsageError(
            "Watson webhooks have no events or names",
            hint="set events for each job, with --param events=recognitions.completed",
        )
    secret = service.context.secrets.get("webhook_secret")
    answer = service.ask(requests.register_callback(service.base, url, secret))
    state = text(answer.json_object(), "status")
    return RegisteredWebhook(url, url, state=state)


def preview(service: Service, source: AudioSource, options: JobOptions) -> str:
    """Return the request of a submission."""
    media_type, body = body_of(source)
    values = _values(service, options, source.encoding.sample_rate)
    request = requests.create_job(service.base, values, media_type, body)
    return f"{request.method} {request.url}\n  Content-Type: {media_type}"


def job(service: Service, job_id: str, kept: KeptAnswers | None = None) -> Job:
    """Return where a job stands; an answer with results goes to ``kept``."""
    try:
        # A failed job says why under the key that other answers fail by.
        response = service.send(requests.job(service.base, job_id), service.read_status)
    except SttError as error:
        raise error.with_ids(Identifiers.of(job_id=job_id)) from None
    found = read_job(response.json_object(), ids_of(response))
    if kept is not None and found.state is JobState.SUCCEEDED:
        kept.add(job_id, response)
    return found


def jobs(service: Service, query: JobQuery) -> Iterator[Job]:
    """Yield the latest jobs; the service lists a hundred and has no pages."""
    fields = service.ask(requests.jobs(service.base)).json_object()
    found = (read_job(entry) for entry in objects(fields, "recognitions"))
    wanted = (j for j in found if not query.states or str(j.state) in query.states)
    return islice(wanted, query.limit)


def job_states(
    service: Service, job_ids: Sequence[str], kept: KeptAnswers
) -> Iterator[tuple[str, Job | SttError]]:
    """Yield where each job stands: one list, then a look at those not in it.

    The list has the latest hundred and no pages (IBM documentation, "Check jobs").
    The answer about a finished job brings its results along; it goes to ``kept``,
    so that fetching them needs no further request.
    """
    listed: dict[str, Job] = {}
    if len(job_ids) > 1:
        try:
            listed = {found.id: found for found in jobs(service, JobQuery())}
        except INTERRUPTIONS:
            raise
        except SttError as error:
            service.context.log(f"the list of jobs: {error.message}")
    unlisted: list[str] = []
    for job_id in job_ids:
        found = listed.get(job_id)
        # The list says that a job failed, not why.
        if found is not None and found.error is None:
            yield job_id, found
        else:
            unlisted.append(job_id)
    yield from states_singly(unlisted, lambda job_id: job(service, job_id, kept))


class KeptAnswers:
    """Answers about finished jobs that came with their results, until they are asked.

    The bytes kept are bounded; what finds no room is asked for again.
    """

    def __init__(self, most_bytes: int = 64 << 20) -> None:
        self._answers: dict[str, HttpResponse] = {}
        self._room = most_bytes
        self._lock = Lock()

    def add(self, job_id: str, answer: HttpResponse) -> None:
        """Keep an answer, if there is room."""
        with self._lock:
            if job_id not in self._answers and len(answer.body) <= self._room:
                self._room -= len(answer.body)
                self._answers[job_id] = answer

    def take(self, job_id: str) -> HttpResponse | None:
        """Return an answer and let go of it."""
        with self._lock:
            answer = self._answers.pop(job_id, None)
            self._room += len(answer.body) if answer else 0
            return answer


def transcripts(service: Service, done: Job, kept: KeptAnswers) -> Iterator[Transcript]:
    """Yield the transcript of a finished job."""
    response = kept.take(done.id) or service.ask(requests.job(service.base, done.id))
    fields = response.json_object()
    segments: list[Segment] = []
    details: dict[str, Any] = {}
    builder = TranscriptBuilder(speakers=_has_labels(fields))
    for result in job_results(fields):
        segments += [e.segment for e in builder.take(result) if isinstance(e, Phrase)]
    for event in builder.end(None):
        if isinstance(event, Phrase):
            segments.append(event.segment)
        elif isinstance(event, Ended):
            details = event.details
    found = RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH
    yield Transcript(
        provider="watson",
        input=done.input or done.id,
        status=found,
        transport="batch",
        ids=done.ids.merged(ids_of(response)),
        segments=tuple(segments),
        details=details,
        raw=(fields,),
    )


def delete(service: Service, job_id: str) -> None:
    """Remove a job and its results."""
    try:
        service.ask(requests.delete_job(service.base, job_id))
    except SttError as error:
        raise error.with_ids(Identifiers.of(job_id=job_id)) from None


def _read_created(service: Service, response: HttpResponse) -> HttpResponse:
    try:
        return service.read(response)
    except AudioError as error:
        if response.status == 413:
            error.hint = _TOO_LARGE
        raise


def _values(service: Service, options: JobOptions, sample_rate: int) -> dict[str, Any]:
    wanted, of_2018 = options.recognition, service.of_2018
    values = parameters_of(wanted, sample_rate, of_2018=of_2018)
    refuse_misplaced(values, Place.JOB, transport="batch")
    if options.webhook_url:
        values["callback_url"] = options.webhook_url
        token = options.name or options.client_reference_id
        if token:
            values.setdefault("user_token", token)
    return values


def _has_labels(fields: dict[str, Any]) -> bool:
    return any(objects(result, "speaker_labels") for result in job_results(fields))
