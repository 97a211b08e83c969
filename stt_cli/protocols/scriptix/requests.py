"""Every REST request to Scriptix, as plain data."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from stt_cli.core.address import with_query
from stt_cli.core.http_message import Body, HttpRequest
from stt_cli.core.secret import Secret

DEFAULT_API = "https://api.scriptix.io"
DEFAULT_REALTIME = "wss://realtime.scriptix.io"
LARGEST_PAGE = 100
TUS_CHUNK = 52_428_800  # bytes: what the page on resumable uploads uses
_TUS = ("Tus-Resumable", "1.0.0")
_JSON = ("Content-Type", "application/json")
_SESSIONS = "/api/v3/speech-to-text/session"


class Requests:
    """Makes requests for one base address and one token.

    ``auth`` is ``bearer``, or ``header`` for ``x-zoom-s2t-key``, which some of
    the pages ask for.
    """

    def __init__(self, api: str, token: Secret | None, auth: str = "bearer") -> None:
        self._api = api
        self.credentials = credentials(token, auth)

    def create(self, fields: Mapping[str, Any]) -> HttpRequest:
        """Create a session."""
        return self._json(_SESSIONS, fields)

    def upload_url(self, session_id: str) -> HttpRequest:
        """Ask where the recording is to be put."""
        return self._request("POST", f"{_session(session_id)}/upload-url")

    def session(self, session_id: str) -> HttpRequest:
        """Look at one session."""
        return self._request("GET", _session(session_id))

    def sessions(self, offset: int, limit: int, status: str | None) -> HttpRequest:
        """List a page of sessions."""
        pairs = [("offset", str(offset)), ("limit", str(limit)), ("status", status)]
        return self._request("GET", with_query(_SESSIONS, pairs))

    def result(self, session_id: str) -> HttpRequest:
        """Fetch the raw result."""
        return self._request("GET", f"{_session(session_id)}/result").for_transcript()

    def document(self, session_id: str, document_id: str) -> HttpRequest:
        """Fetch a document as JSON, by a link where the service gives one."""
        path = f"{_session(session_id)}/document/{quote(document_id, safe='')}"
        pairs = [("format", "json"), ("direct_download", "true")]
        return self._request("GET", with_query(path, pairs)).for_transcript()

    def delete(self, session_id: str) -> HttpRequest:
        """Erase a session's file name and transcript."""
        return self._request("DELETE", _session(session_id))

    def account(self) -> HttpRequest:
        """Ask whose token this is: the smallest request that proves one."""
        return self._request("GET", "/api/v3/account/me")

    def custom_models(self, page: int) -> HttpRequest:
        """List a page of the account's own models."""
        pairs = [("page", str(page)), ("per_page", str(LARGEST_PAGE))]
        return self._request("GET", with_query("/api/v3/custom_models", pairs))

    def upload_form(self, content_type: str, body: Body) -> HttpRequest:
        """Upload in one request: a form with the recording and the options."""
        return self._body("/api/v3/stt", content_type, body)

    def upload_to_session(
        self, session_id: str, content_type: str, body: Body
    ) -> HttpRequest:
        """Upload into a session, the oldest way."""
        return self._body(_session(session_id), content_type, body)

    def tus_create(self, size: int, metadata: Mapping[str, str]) -> HttpRequest:
        """Begin a resumable upload of that many bytes."""
        headers = (
            _TUS,
            ("Upload-Length", str(size)),
            ("Upload-Metadata", tus_metadata(metadata)),
        )
        url = f"{self._api}/api/v3/files/"
        return HttpRequest("POST", url, headers, credentials=self.credentials)

    def tus_upload(self, file_id: str) -> str:
        """Return the address of a resumable upload."""
        return f"{self._api}/api/v3/files/{quote(file_id, safe='')}"

    def tus_offset(self, url: str) -> HttpRequest:
        """Ask how much of a resumable upload has arrived."""
        return HttpRequest("HEAD", url, (_TUS,), credentials=self.credentials)

    def tus_append(self, url: str, offset: int, body: Body) -> HttpRequest:
        """Send the next part of a resumable upload."""
        headers = (
            _TUS,
            ("Upload-Offset", str(offset)),
            ("Content-Type", "application/offset+octet-stream"),
        )
        return HttpRequest("PATCH", url, headers, body, self.credentials)

    def tus_file(self, file_id: str) -> HttpRequest:
        """Ask which session an uploaded file became."""
        return self._request("GET", f"/api/v3/files/{quote(file_id, safe='')}")

    def _json(self, path: str, fields: Mapping[str, Any]) -> HttpRequest:
        used = {name: value for name, value in fields.items() if value is not None}
        body = json.dumps(used, ensure_ascii=False).encode()
        url = f"{self._api}{path}"
        return HttpRequest("POST", url, (_JSON,), body, self.credentials)

    def _body(self, path: str, content_type: str, body: Body) -> HttpRequest:
        headers = (("Content-Type", content_type),)
        return HttpRequest(
            "POST", f"{self._api}{path}", headers, body, self.credentials
        )

    def _request(self, method: str, path: str) -> HttpRequest:
        return HttpRequest(method, f"{self._api}{path}", credentials=self.credentials)


def put_blob(url: str, content_type: str, body: Body) -> HttpRequest:
    """Put the recording at its address; the token never goes there."""
    headers = (("x-ms-blob-type", "BlockBlob"), ("Content-Type", content_type))
    return HttpRequest("PUT", url, headers, body)


def download(url: str) -> HttpRequest:
    """Fetch an export from its link; the token never goes there."""
    return HttpRequest("GET", url).for_transcript()


def credentials(
    token: Secret | None, auth: str = "bearer"
) -> tuple[tuple[str, Secret], ...]:
    """Return the credential header, none without a token."""
    if not token:
        return ()
    if auth == "header":
        return (("x-zoom-s2t-key", token),)
    return (("Authorization", Secret(f"Bearer {token.reveal()}")),)


def tus_metadata(metadata: Mapping[str, str]) -> str:
    """Return names and base64 values as the resumable upload's header has them."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in metadata.items()
    )


def _session(session_id: str) -> str:
    return f"{_SESSIONS}/{quote(session_id, safe='')}"
