"""Batch transcription of the emulated service: jobs, pages, filters, result files."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.azure.api import ApiCall, Handler, answer, api_error, api_routes
from stt_cli.emulator.azure.results import iso_moment, report_file, result_file
from stt_cli.emulator.azure.state import KEY_HEADER, AzureState
from stt_cli.emulator.azure.webhooks import Webhooks
from stt_cli.emulator.hearing import Heard, seconds_of_pcm
from stt_cli.protocols.azure_rest.batch import MOST_CANDIDATES

_SOURCES = ("contentUrls", "contentContainerUrl", "dataset")
_SAS = "s3cr3t"
_GIVEN_SECONDS = 2.0  # how long a recording is that was not fetched
_LABELS = ("displayName", "description", "customProperties", "project")
UNREADABLE = "[unreadable]"
"""A given transcript that stands for a recording the service cannot read."""

BASE_MODELS = tuple(f"{number:08x}-0000-4000-8000-{0:012x}" for number in (1, 2))

HeardRecording = tuple[str, list[Heard] | None, float]
"""A source, what was heard in it (``None``: it cannot be read), and its seconds."""


def batch_routes(state: AzureState) -> list[BaseRoute]:
    """Return the routes of transcriptions, their files and web hooks."""
    jobs = _Jobs(state)
    hooks = jobs.webhooks
    rows: list[tuple[str, str, Handler]] = [
        ("POST", "/transcriptions:submit", jobs.create_dated),
        ("POST", "/transcriptions", jobs.create),
        ("GET", "/transcriptions", jobs.list_jobs),
        ("GET", "/transcriptions/locales", jobs.locales),
        ("GET", "/transcriptions/{id}", jobs.get),
        ("PATCH", "/transcriptions/{id}", jobs.update),
        ("DELETE", "/transcriptions/{id}", jobs.delete),
        ("GET", "/transcriptions/{id}/files", jobs.files),
        ("GET", "/transcriptions/{id}/files/{file}", jobs.file),
        ("GET", "/models/base", jobs.models),
        ("GET", "/models/base/{id}", jobs.model),
        ("POST", "/webhooks", hooks.create),
        ("GET", "/webhooks", hooks.list_hooks),
        ("GET", "/webhooks/{id}", hooks.get),
        ("POST", "/webhooks/{id}:{action}", hooks.call),
        ("DELETE", "/webhooks/{id}", hooks.delete),
    ]
    blob = Route("/blobs/{job}/{file}", jobs.blob, methods=["GET"])
    return [blob, *api_routes(state, rows)]


class _Jobs:
    """The jobs of one emulator, and what happens to them."""

    def __init__(self, state: AzureState) -> None:
        self._state = state
        self._jobs: dict[str, BatchJob] = {}
        self._lock = threading.Lock()
        self.webhooks = Webhooks(state)

    async def create_dated(self, call: ApiCall) -> Response:
        """Create a job, as the dated versions want it."""
        return await self._create(call)

    async def create(self, call: ApiCall) -> Response:
        """Create a job at the path of versions 3."""
        if call.is_dated:
            return api_error(405, "NotAllowed", "NotAllowed", "Use :submit.")
        return await self._create(call)

    async def list_jobs(self, call: ApiCall) -> Response:
        """List jobs, the newest first."""
        with self._lock:
            known = sorted(self._jobs.values(), key=lambda job: -job.created)
        items = [self._described(job, call) for job in known]
        return call.page(items, "/transcriptions")

    async def get(self, call: ApiCall) -> Response:
        """Return one job."""
        job = self._job(call)
        if job is None:
            return _not_found()
        self._state.config.journal.add("looked", id=job.id)
        return answer(self._described(job, call), retry=True)

    def _described(self, job: BatchJob, call: ApiCall) -> dict[str, Any]:
        known = job.described(call.root, call.suffix)
        return {**known, "status": self._state.config.faults.job_state(known["status"])}

    async def update(self, call: ApiCall) -> Response:
        """Change a job's labels."""
        job, body = self._job(call), await _json(call.request)
        if job is None:
            return _not_found()
        wrong = [name for name in body if name not in _LABELS]
        if wrong:
            return api_error(400, "InvalidRequest", "InvalidPayload", wrong[0])
        job.body |= body
        return answer(job.described(call.root, call.suffix))

    async def delete(self, call: ApiCall) -> Response:
        """Forget a job; one that is gone is gone."""
        with self._lock:
            self._jobs.pop(call.request.path_params["id"], None)
        return Response(status_code=204)

    async def files(self, call: ApiCall) -> Response:
        """List a job's result files, each behind an address of its own."""
        job = self._job(call)
        if job is None:
            return _not_found()
        items = [
            _described_file(call, job, file_id)
            for file_id in job.files
            if job.status == "Succeeded"
        ]
        return call.page(items, f"/transcriptions/{job.id}/files")

    async def file(self, call: ApiCall) -> Response:
        """Return one result file's entry."""
        job, file_id = self._job(call), call.request.path_params["file"]
        if job is None or job.status != "Succeeded" or file_id not in job.files:
            return _not_found()
        return answer(_described_file(call, job, file_id))

    async def locales(self, call: ApiCall) -> Response:
        """Name the languages, in the shape of each version."""
        tags = ["de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT", "ja-JP"]
        return answer({"Submit": tags, "Transcribe": tags} if call.is_dated else tags)

    async def models(self, call: ApiCall) -> Response:
        """List the base models."""
        items = [_described_model(call, model_id) for model_id in BASE_MODELS]
        return call.page(items, "/models/base")

    async def model(self, call: ApiCall) -> Response:
        """Return one base model."""
        model_id = call.request.path_params["id"]
        if model_id not in BASE_MODELS:
            return _not_found()
        return answer(_described_model(call, model_id))

    async def blob(self, request: Request) -> Response:
        """Return a file's content; its address is the only credential it takes."""
        job = self._jobs.get(request.path_params["job"])
        file = job.files.get(request.path_params["file"]) if job else None
        if request.headers.get(KEY_HEADER) or request.headers.get("authorization"):
            return Response("InvalidAuthenticationInfo", 400)
        if file is None or request.query_params.get("sig") != _SAS:
            return Response(status_code=404)
        return Response(file[2], media_type="application/json")

    async def _create(self, call: ApiCall) -> Response:
        body = await _json(call.request)
        wrong = _wrong(body, dated=call.is_dated)
        if wrong is not None:
            return wrong
        config = self._state.config
        job = BatchJob(
            body, call.version, config.delay, config.faults.take("fail-job") is not None
        )
        urls = body.get("contentUrls") or [body.get("contentContainerUrl") or "dataset"]
        heard = await asyncio.to_thread(lambda: [self._hear(url) for url in urls])
        add_files(job, heard)
        with self._lock:
            self._jobs[job.id] = job
        config.journal.add("job", id=job.id, body=body, version=call.version)
        self.webhooks.announce("transcriptionCreation", job.id, call, after=0.0)
        self.webhooks.announce(
            "transcriptionCompletion", job.id, call, after=job.seconds
        )
        own = f"{call.root}/transcriptions/{job.id}{call.suffix}"
        shown = job.described(call.root, call.suffix, first=True)
        return answer(shown, 201, Location=own)

    def _job(self, call: ApiCall) -> BatchJob | None:
        with self._lock:
            return self._jobs.get(call.request.path_params["id"])

    def _hear(self, url: str) -> HeardRecording:
        given = self._state.ear.given()
        if given is not None:
            unreadable = any(part.text == UNREADABLE for part in given)
            return url, None if unreadable else given, _GIVEN_SECONDS
        from stt_cli.emulator.decoding import decoded_pcm
        from stt_cli.protocols.usp.framing import FramingError

        try:
            with urllib.request.urlopen(url, timeout=30) as answered:
                pcm = decoded_pcm(answered.read(), given=False)
        except (OSError, ValueError, FramingError):
            return url, None, 0.0
        return url, self._state.ear.hear(pcm), seconds_of_pcm(pcm)


def _described_file(call: ApiCall, job: BatchJob, file_id: str) -> dict[str, Any]:
    """Return a file's entry; its content lies behind an address of its own."""
    kind, name, content = job.files[file_id]
    base = str(call.request.base_url).rstrip("/")
    own = f"{call.root}/transcriptions/{job.id}/files/{file_id}{call.suffix}"
    return {
        "self": own,
        "name": name,
        "kind": kind,
        "links": {"contentUrl": f"{base}/blobs/{job.id}/{file_id}?sv=1&sig={_SAS}"},
        "properties": {"size": len(content)},
        "createdDateTime": iso_moment(job.created),
    }


def _described_model(call: ApiCall, model_id: str) -> dict[str, Any]:
    return {
        "self": f"{call.root}/models/base/{model_id}{call.suffix}",
        "displayName": f"2026110{BASE_MODELS.index(model_id) + 1}",
        "locale": "en-US",
        "createdDateTime": "2026-11-01T00:00:00Z",
    }


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _wrong(body: Mapping[str, Any], *, dated: bool) -> Response | None:
    """Return the refusal of a body that the service would not take."""

    def refused(inner: str, message: str) -> Response:
        return api_error(400, "InvalidRequest", inner, message)

    if not body:
        return refused("InvalidPayload", "The body is not a JSON object.")
    for name in ("locale", "displayName"):
        if not body.get(name):
            return refused("InvalidPayload", f"The field {name} is required.")
    if not str(body["locale"]).replace("-", "").isalnum():
        return refused("InvalidLocale", "The locale is not supported.")
    sources = [name for name in _SOURCES if body.get(name)]
    if len(sources) != 1:
        inner = "OnlyOneOfUrlsOrContainerOrDataset"
        return refused(inner, "Exactly one source of recordings is required.")
    if len(body.get("contentUrls", ())) > 1000:
        return refused("ExceededNumberOfRecordingsUris", "At most 1000 recordings.")
    properties = body.get("properties") or {}
    hours = properties.get("timeToLiveHours")
    if dated and not (isinstance(hours, int) and 6 <= hours <= 744):
        return refused("InvalidTimeToLive", "timeToLiveHours is required, 6 to 744.")
    if not dated and "timeToLiveHours" in properties:
        return refused("InvalidPayload", "timeToLiveHours is not known.")
    identification = properties.get("languageIdentification")
    if identification is not None:
        among = identification.get("candidateLocales") or []
        if not 2 <= len(among) <= MOST_CANDIDATES or body["locale"] not in among:
            what = "candidateLocales are 2 to 10 and include the locale."
            return refused("InvalidLocale", what)
    if len(body.get("customProperties") or {}) > 10:
        return refused("InvalidPayload", "At most 10 custom properties.")
    return None


def _not_found() -> Response:
    return api_error(
        404, "NotFound", "NotFound", "The specified entity cannot be found."
    )


@dataclass
class BatchJob:
    """One transcription, as it was asked for."""

    body: dict[str, Any]
    version: str
    seconds: float
    fails: bool
    id: str = field(default_factory=lambda: str(uuid4()))
    created: float = field(default_factory=time.time)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Where it stands by now."""
        age = time.time() - self.created
        if age < self.seconds / 2:
            return "NotStarted"
        if age < self.seconds:
            return "Running"
        return "Failed" if self.fails else "Succeeded"

    def described(
        self, root: str, query: str, *, first: bool = False
    ) -> dict[str, Any]:
        """Return the job as the API shows it; input addresses are never shown."""
        status = "NotStarted" if first else self.status
        hidden = ("contentUrls", "contentContainerUrl")
        shown = {k: v for k, v in self.body.items() if k not in hidden}
        properties = {
            k: v
            for k, v in self.body.get("properties", {}).items()
            if k != "destinationContainerUrl"
        }
        if status == "Failed":
            message = "The recordings could not be processed."
            properties["error"] = {"code": "InvalidData", "message": message}
        own = f"{root}/transcriptions/{self.id}"
        changed = min(time.time(), self.created + self.seconds)
        model = {"self": f"{root}/models/base/{BASE_MODELS[0]}{query}"}
        return {
            "model": model,
            **shown,
            "self": own + query,
            "links": {"files": f"{own}/files{query}"},
            "properties": properties,
            "createdDateTime": iso_moment(self.created),
            "lastActionDateTime": iso_moment(changed),
            "status": status,
        }


def add_files(
    job: BatchJob, heard: list[tuple[str, list[Heard] | None, float]]
) -> None:
    """Give a job its result files: one for each good recording, and the report."""
    rows: list[tuple[str, str | None]] = []
    for number, (source, phrases, seconds) in enumerate(heard):
        if phrases is None:
            rows.append((source, "The recording could not be read."))
            continue
        rows.append((source, None))
        properties = job.body.get("properties", {})
        dated = not job.version.startswith("v")
        result = result_file(source, phrases, seconds, properties, dated=dated)
        name = f"contenturl_{number}.json"
        job.files[str(uuid4())] = ("Transcription", name, _encoded(result))
    report = _encoded(report_file(rows))
    job.files[str(uuid4())] = ("TranscriptionReport", "report.json", report)


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
