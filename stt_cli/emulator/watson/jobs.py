"""The emulated Watson's asynchronous jobs, and the callbacks that tell of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stt_cli.core.secret import Secret
from stt_cli.core.timestamps import iso_utc
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.watson.access import answer, refuse, support_headers
from stt_cli.emulator.watson.recognition import Refused, check_size, check_type
from stt_cli.emulator.watson.rest import WatsonRest, read_query
from stt_cli.emulator.webhook_caller import call_webhook
from stt_cli.protocols.watson.callbacks import SIGNATURE_HEADER, signature
from stt_cli.protocols.watson.jobs import EVENTS
from stt_cli.protocols.watson.parameters import Place

_LISTED = 100
_CHALLENGE_SECONDS = 5.0
_DEFAULT_EVENTS = (EVENTS[0], EVENTS[1], EVENTS[3])


@dataclass
class StoredJob:
    """One job; ``body`` holds its results once there are some."""

    id: str
    created: datetime
    values: dict[str, Any]
    status: str = "waiting"
    updated: datetime | None = None
    body: dict[str, Any] | None = None
    error: str | None = None

    def move(self, status: str) -> None:
        """Go on to another status."""
        self.status, self.updated = status, datetime.now(UTC)

    def listed(self) -> dict[str, Any]:
        """Return the job as a list has it: no results, the user's token."""
        known = self.checked()
        known.pop("results", None)
        token = self.values.get("user_token")
        return known | ({"user_token": token} if token else {})

    def checked(self) -> dict[str, Any]:
        """Return the job as a check has it."""
        known: dict[str, Any] = {
            "id": self.id,
            "status": self.status,
            "created": iso_utc(self.created),
            "updated": iso_utc(self.updated or self.created),
        }
        if self.body is not None:
            known["results"] = [self.body]
        if self.error is not None:
            known["error"] = self.error
        return known


@dataclass
class WatsonJobs:
    """Serves the jobs of one emulator."""

    config: EmulatorConfig
    rest: WatsonRest
    jobs: dict[str, StoredJob] = field(default_factory=dict)
    callbacks: dict[str, Secret | None] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def routes(self) -> list[Route]:
        """Return the paths of the interface."""
        at, guarded = "/v1/recognitions", self.rest.guarded
        register, unregister = "/v1/register_callback", "/v1/unregister_callback"
        return [
            Route(at, guarded(self.create), methods=["POST"]),
            Route(at, guarded(self.list), methods=["GET"]),
            Route(at + "/{id}", guarded(self.check), methods=["GET"]),
            Route(at + "/{id}", guarded(self.delete), methods=["DELETE"]),
            Route(register, guarded(self.register), methods=["POST"]),
            Route(unregister, guarded(self.unregister), methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """Take a job, and start it."""
        values, warnings = read_query(request, Place.JOB)
        self._check_callback(values)
        media_type = request.headers.get("Content-Type")
        check_type(media_type)
        data = await request.body()
        check_size(len(data))
        job = StoredJob(str(uuid4()), datetime.now(UTC), values)
        self.jobs[job.id] = job
        self.config.journal.add("job", id=job.id, size=len(data), values=dict(values))
        task = asyncio.create_task(self._work(job, data, media_type))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        base = str(request.base_url).rstrip("/")
        body: dict[str, Any] = {
            "id": job.id,
            "status": job.status,
            "created": iso_utc(job.created),
            "url": f"{base}/v1/recognitions/{job.id}",
        }
        if warnings:
            body["warnings"] = warnings
        return answer(body, 201)

    async def list(self, _request: Request) -> Response:
        """List the latest hundred, the newest first."""
        newest = list(self.jobs.values())[::-1][:_LISTED]
        self.config.journal.add("listed")
        listed = [self._with_fault(job.listed()) for job in newest]
        return answer({"recognitions": listed})

    async def check(self, request: Request) -> Response:
        """Look at one job."""
        self.config.journal.add("checked", id=request.path_params["id"])
        return answer(self._with_fault(self._job(request).checked()))

    def _with_fault(self, job: dict[str, Any]) -> dict[str, Any]:
        return {**job, "status": self.config.faults.job_state(job["status"])}

    async def delete(self, request: Request) -> Response:
        """Remove a job that is not under way."""
        job = self._job(request)
        if job.status == "processing":
            return refuse(400, "the job is being processed")
        del self.jobs[job.id]
        return Response(status_code=204, headers=support_headers())

    async def register(self, request: Request) -> Response:
        """Challenge an address, and keep it when it answers."""
        url = request.query_params.get("callback_url")
        secret = request.query_params.get("user_secret")
        if not url:
            return refuse(400, "callback_url is missing")
        if url in self.callbacks:
            return answer({"status": "already created", "url": url})
        if not await _answers(url, Secret(secret) if secret else None):
            return refuse(400, "unable to verify the callback URL")
        self.callbacks[url] = Secret(secret) if secret else None
        return answer({"status": "created", "url": url}, 201)

    async def unregister(self, request: Request) -> Response:
        """Forget an address."""
        url = request.query_params.get("callback_url", "")
        if self.callbacks.pop(url, self) is self:
            return refuse(404, "the callback URL is not registered")
        return Response(headers=support_headers())

    def _check_callback(self, values: dict[str, Any]) -> None:
        url = values.get("callback_url")
        if url is not None and url not in self.callbacks:
            raise Refused(400, "the callback URL is not registered")
        events = set(values.get("events", ()))
        if events - set(EVENTS):
            raise Refused(400, "unknown events")
        if {EVENTS[1], EVENTS[2]} <= events:
            raise Refused(400, "the two completed events cannot be used together")

    def _job(self, request: Request) -> StoredJob:
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            raise Refused(404, "job not found")
        return job

    async def _work(self, job: StoredJob, data: bytes, media_type: str | None) -> None:
        await asyncio.sleep(self.config.delay)
        job.move("processing")
        await self._notify(job, EVENTS[0])
        try:
            if self.config.faults.take("fail-job") is not None:
                raise Refused(500, "the recognition failed")
            job.body = await self.rest.heard(data, media_type, job.values)
        except Refused as refused:
            job.error = refused.words
            job.move("failed")
            await self._notify(job, EVENTS[3])
            return
        job.move("completed")
        wanted = job.values.get("events", ())
        await self._notify(job, EVENTS[2] if EVENTS[2] in wanted else EVENTS[1])

    async def _notify(self, job: StoredJob, event: str) -> None:
        url = job.values.get("callback_url")
        if url is None or event not in job.values.get("events", _DEFAULT_EVENTS):
            return
        fields = {
            "id": job.id,
            "event": event,
            "user_token": job.values.get("user_token", ""),
        }
        if event == EVENTS[2]:
            fields["results"] = [job.body]
        body = answer(fields).body
        secret = self.callbacks.get(url)
        signed = {SIGNATURE_HEADER: signature(secret, bytes(body))} if secret else {}
        await call_webhook(url, bytes(body), signed)


async def _answers(url: str, secret: Secret | None) -> bool:
    """Whether an address echoes the challenge in time, as plain text."""
    import httpx

    challenge = uuid4().hex[:16]
    headers = {"Accept": "text/plain"}
    if secret is not None:
        headers[SIGNATURE_HEADER] = signature(secret, challenge.encode())
    try:
        async with httpx.AsyncClient(
            timeout=_CHALLENGE_SECONDS, trust_env=False
        ) as client:
            echo = await client.get(
                url, params={"challenge_string": challenge}, headers=headers
            )
    except httpx.HTTPError:
        return False
    kind = echo.headers.get("Content-Type", "")
    plain = kind.startswith("text/plain")
    return echo.status_code == 200 and plain and echo.text == challenge
