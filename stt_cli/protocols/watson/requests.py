"""Every HTTP request to Watson, as plain data.

The base address carries a path of its own (``/instances/…`` today,
``/speech-to-text/api`` in 2018), so paths are joined as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from stt_cli.core.address import with_query
from stt_cli.core.http_message import Body, Headers, HttpRequest
from stt_cli.core.secret import Secret
from stt_cli.protocols.watson.parameters import (
    LONGEST_QUERY,
    Place,
    Values,
    for_place,
    json_values,
    query_pairs,
)

Credentials = tuple[tuple[str, Secret], ...]
ACCEPT_JSON = ("Accept", "application/json")
DEFAULT_VOICE = "en-US_MichaelV3Voice"
SMALLEST_AUDIO = 100
LARGEST_AUDIO = 100 * 1024 * 1024
"""Bytes of one synchronous request; a job takes 1 GB."""


def recognize(base: str, values: Values, content_type: str, body: Body) -> HttpRequest:
    """Recognize without a session: the audio is the body, the rest the query."""
    return HttpRequest(
        "POST",
        with_query(f"{base}/v1/recognize", query_pairs(for_place(values, Place.REST))),
        _headers(values, content_type),
        body,
    ).for_transcript()


def needs_multipart(values: Values) -> bool:
    """Whether the parameters are too long for a URL."""
    sent = for_place(values, Place.REST)
    return len(with_query("", query_pairs(sent))) > LONGEST_QUERY


def multipart_metadata(values: Values, part_content_type: str, parts: int) -> str:
    """Return the JSON of the first part of a multipart request.

    A ``sequence_id`` stands there too; only requests of a session have one.
    """
    metadata: dict[str, Any] = {
        "part_content_type": part_content_type,
        "data_parts_count": parts,
        **json_values(for_place(values, Place.MULTIPART)),
        **{name: values[name] for name in ("sequence_id",) if name in values},
    }
    return json.dumps(metadata, ensure_ascii=False)


def recognize_multipart(
    base: str, values: Values, content_type: str, body: Body
) -> HttpRequest:
    """Recognize one or more files of one format in one request.

    Only the model and its like stay in the query; ``content_type`` is the
    form's, with its boundary.
    """
    stays = for_place(values, Place.MULTIPART_QUERY)
    return HttpRequest(
        "POST",
        with_query(f"{base}/v1/recognize", query_pairs(stays)),
        _headers(values, content_type),
        body,
    ).for_transcript()


def create_session(base: str, values: Values) -> HttpRequest:
    """Make a session; model and customization are fixed with it."""
    pairs = query_pairs(for_place(values, Place.SESSION_CREATE))
    url = with_query(f"{base}/v1/sessions", pairs)
    return HttpRequest("POST", url, _headers(values), b"")


def session_status(base: str, session_id: str) -> HttpRequest:
    """Ask for a session's state; answered once it is initialized."""
    return _in_session("GET", base, session_id, "/recognize", ())


def session_recognize(
    base: str, session_id: str, values: Values, content_type: str, body: Body
) -> HttpRequest:
    """Recognize within a session; its sequence ID stands among ``values``."""
    pairs = query_pairs(for_place(values, Place.SESSION_RECOGNIZE))
    made = _in_session("POST", base, session_id, "/recognize", pairs)
    headers = _headers(values, content_type)
    return HttpRequest("POST", made.url, headers, body).for_transcript()


def session_recognize_multipart(
    base: str, session_id: str, values: Values, content_type: str, body: Body
) -> HttpRequest:
    """Recognize within a session by a form; every parameter is in its metadata."""
    made = _in_session("POST", base, session_id, "/recognize", ())
    headers = _headers(values, content_type)
    return HttpRequest("POST", made.url, headers, body).for_transcript()


def observe(base: str, session_id: str, sequence_id: int, interim: bool) -> HttpRequest:
    """Ask for the results of the recognition with that sequence ID."""
    pairs = [("interim_results", "true")] if interim else []
    pairs.append(("sequence_id", str(sequence_id)))
    made = _in_session("GET", base, session_id, "/observe_result", pairs)
    return made.for_transcript()


def delete_session(base: str, session_id: str) -> HttpRequest:
    """End a session."""
    return _in_session("DELETE", base, session_id, "", ())


def create_job(base: str, values: Values, content_type: str, body: Body) -> HttpRequest:
    """Hand in a recording for asynchronous recognition."""
    pairs = query_pairs(for_place(values, Place.JOB))
    url = with_query(f"{base}/v1/recognitions", pairs)
    return HttpRequest("POST", url, _headers(values, content_type), body)


def jobs(base: str) -> HttpRequest:
    """List the latest 100 jobs."""
    return HttpRequest("GET", f"{base}/v1/recognitions", (ACCEPT_JSON,))


def job(base: str, job_id: str) -> HttpRequest:
    """Look at one job; a finished one has its results with it."""
    return HttpRequest("GET", _job_url(base, job_id), (ACCEPT_JSON,)).for_transcript()


def delete_job(base: str, job_id: str) -> HttpRequest:
    """Remove a job that is not under way."""
    return HttpRequest("DELETE", _job_url(base, job_id), (ACCEPT_JSON,))


def register_callback(base: str, url: str, secret: Secret | None) -> HttpRequest:
    """Register an address for notifications; the service challenges it."""
    pairs = [("callback_url", url)]
    if secret is not None:
        pairs.append(("user_secret", secret.reveal()))
    made = with_query(f"{base}/v1/register_callback", pairs)
    return HttpRequest("POST", made, (ACCEPT_JSON,), b"")


def unregister_callback(base: str, url: str) -> HttpRequest:
    """Take a registration back."""
    made = with_query(f"{base}/v1/unregister_callback", [("callback_url", url)])
    return HttpRequest("POST", made, (ACCEPT_JSON,), b"")


def detect_language(base: str, content_type: str, body: Body) -> HttpRequest:
    """Ask in which language a recording is."""
    return HttpRequest(
        "POST", f"{base}/v1/detect_language", _headers({}, content_type), body
    )


def models(base: str) -> HttpRequest:
    """List the models."""
    return HttpRequest("GET", f"{base}/v1/models", (ACCEPT_JSON,))


def model(base: str, name: str) -> HttpRequest:
    """Look at one model."""
    return HttpRequest(
        "GET", f"{base}/v1/models/{quote(name, safe='')}", (ACCEPT_JSON,)
    )


def synthesize(
    base: str, text: str, accept: str, options: Mapping[str, str | None]
) -> HttpRequest:
    """Speak a text or an SSML document; the answer is the audio."""
    return HttpRequest(
        "POST",
        with_query(f"{base}/v1/synthesize", options.items()),
        (("Accept", accept), ("Content-Type", "application/json")),
        json.dumps({"text": text}, ensure_ascii=False).encode(),
    )


def voices(base: str) -> HttpRequest:
    """List the voices."""
    return HttpRequest("GET", f"{base}/v1/voices", (ACCEPT_JSON,))


def socket_url(base: str, values: Values) -> str:
    """Return the address of the WebSocket; what stands in it holds for all turns."""
    scheme, _, rest = base.partition("://")
    secure = {"http": "ws", "https": "wss"}.get(scheme, scheme)
    url = f"{secure}://{rest}/v1/recognize"
    return with_query(url, query_pairs(for_place(values, Place.SOCKET_URL)))


def _headers(values: Values, content_type: str | None = None) -> Headers:
    chosen = query_pairs(for_place(values, Place.HEADER))
    sent = (("Content-Type", content_type),) if content_type else ()
    return (ACCEPT_JSON, *sent, *((name.title(), text) for name, text in chosen))


def _in_session(
    method: str, base: str, session_id: str, path: str, pairs: Any
) -> HttpRequest:
    url = f"{base}/v1/sessions/{quote(session_id, safe='')}{path}"
    return HttpRequest(method, with_query(url, pairs), (ACCEPT_JSON,))


def _job_url(base: str, job_id: str) -> str:
    return f"{base}/v1/recognitions/{quote(job_id, safe='')}"
