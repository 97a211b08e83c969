"""Every REST request to Soniox, as plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from stt_cli.core.address import with_query
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.secret import Secret
from stt_cli.core.timestamps import iso_utc

DEFAULT_MODEL = "stt-async-v6"
DEFAULT_REALTIME_MODEL = "stt-rt-v6"
OLDER_MODELS = {DEFAULT_MODEL: "stt-async-v5", DEFAULT_REALTIME_MODEL: "stt-rt-v5"}
"""What takes the place of a default model that a region or a private service lacks."""
DEFAULT_SPEECH_MODEL = "tts-rt-v2"
LARGEST_PAGE = 1000
LONGEST_REFERENCE = 256

_JSON = ("Content-Type", "application/json")


class Requests:
    """Makes requests for one base address and one key."""

    def __init__(self, api: str, key: Secret | None, speech: str | None = None) -> None:
        self._api = f"{api}/v1"
        self._speech = speech or api
        self.credentials = bearer(key)

    def upload(self, content_type: str, body: Any) -> HttpRequest:
        """Upload a file: ``body`` is the multipart form of that content type."""
        request = self._request("POST", "/files", (("Content-Type", content_type),))
        return HttpRequest(
            request.method, request.url, request.headers, body, self.credentials
        )

    def files(self, cursor: str | None = None, limit: int = 100) -> HttpRequest:
        """List a page of files."""
        return self._page("/files", cursor, limit)

    def file(self, file_id: str) -> HttpRequest:
        """Look at one file."""
        return self._request("GET", f"/files/{quote(file_id, safe='')}")

    def delete_file(self, file_id: str) -> HttpRequest:
        """Remove one file."""
        return self._request("DELETE", f"/files/{quote(file_id, safe='')}")

    def create(self, fields: Mapping[str, Any]) -> HttpRequest:
        """Create a transcription; unused fields are left out."""
        return self._json("/transcriptions", fields)

    def transcriptions(
        self, cursor: str | None = None, limit: int = 100
    ) -> HttpRequest:
        """List a page of transcriptions."""
        return self._page("/transcriptions", cursor, limit)

    def transcription(self, job_id: str) -> HttpRequest:
        """Look at one transcription."""
        return self._request("GET", f"/transcriptions/{quote(job_id, safe='')}")

    def transcript(self, job_id: str) -> HttpRequest:
        """Fetch a finished transcription's result."""
        path = f"/transcriptions/{quote(job_id, safe='')}/transcript"
        return self._request("GET", path).for_transcript()

    def delete_transcription(self, job_id: str) -> HttpRequest:
        """Remove one transcription."""
        return self._request("DELETE", f"/transcriptions/{quote(job_id, safe='')}")

    def models(self) -> HttpRequest:
        """List the models of recognition."""
        return self._request("GET", "/models")

    def speech_models(self) -> HttpRequest:
        """List the models of synthesis, each with its voices."""
        return self._request("GET", "/tts-models")

    def usage(self, start: datetime, end: datetime) -> HttpRequest:
        """Ask for the summary of a time window, by model."""
        pairs = [("start_time", iso_utc(start)), ("end_time", iso_utc(end))]
        return self._request("GET", with_query("/usage/summary", pairs))

    def concurrency(self) -> HttpRequest:
        """Ask for the limits: the smallest request that proves a key."""
        return self._request("GET", "/concurrency-limits")

    def speak(self, fields: Mapping[str, Any], request_id: str) -> HttpRequest:
        """Synthesize; the answer is audio. ``request_id`` is ours."""
        return HttpRequest(
            "POST",
            f"{self._speech}/tts",
            (_JSON, ("X-Request-Id", request_id)),
            _encoded(fields),
            self.credentials,
        )

    def _page(self, path: str, cursor: str | None, limit: int) -> HttpRequest:
        pairs = [("limit", str(min(limit, LARGEST_PAGE))), ("cursor", cursor)]
        return self._request("GET", with_query(path, pairs))

    def _json(self, path: str, fields: Mapping[str, Any]) -> HttpRequest:
        url, body = f"{self._api}{path}", _encoded(fields)
        return HttpRequest("POST", url, (_JSON,), body, self.credentials)

    def _request(
        self, method: str, path: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> HttpRequest:
        return HttpRequest(
            method, f"{self._api}{path}", headers, credentials=self.credentials
        )


def bearer(key: Secret | None) -> tuple[tuple[str, Secret], ...]:
    """Return the credential header, none without a key."""
    return (("Authorization", Secret(f"Bearer {key.reveal()}")),) if key else ()


def _encoded(fields: Mapping[str, Any]) -> bytes:
    used = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(used, ensure_ascii=False).encode()
