"""Acme's wire format: requests out, answers in. No socket, no clock, no file.

Everything that the service names its own way ends here, so that the rest of ``stt``
need not know it, and so that tests need no server.
"""

from __future__ import annotations

from urllib.parse import urlencode

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    ProviderError,
    RateLimitedError,
    SttError,
)
from stt_cli.core.http_message import Body, HttpRequest, HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Secret
from stt_cli.core.transcript import Segment, Word
from stt_cli.protocols.json_fields import Fields, number, objects, text

BASE_URL = "https://speech.acme.example"


def build_request(
    base_url: str,
    key: Secret | None,
    language: str | None,
    content_type: str,
    body: Body,
) -> HttpRequest:
    """Return the request that recognizes a recording."""
    query = urlencode({"language": language or "en-US", "words": "true"})
    return HttpRequest(
        "POST",
        f"{base_url}/v1/recognize?{query}",
        (("Content-Type", content_type),),
        body,
        # Masked wherever it is shown, and never sent to another host.
        credentials=(("X-Acme-Key", key),) if key else (),
    )


def read_answer(response: HttpResponse) -> tuple[Identifiers, list[Segment]]:
    """Return the IDs and the phrases of an answer.

    Raises:
        SttError: what the answer means, if it is no success.
    """
    ids = Identifiers.of(request_id=response.header("X-Acme-Request"))
    if not response.is_success:
        raise _error(response, ids)
    return ids, [_segment(phrase) for phrase in objects(response.json(), "phrases")]


def _segment(phrase: Fields) -> Segment:
    words = tuple(
        Word(text(word, "w") or "", start=number(word, "from"), end=number(word, "to"))
        for word in objects(phrase, "words")
    )
    return Segment(
        text(phrase, "text") or "",
        start=words[0].start if words else None,
        end=words[-1].end if words else None,
        confidence=number(phrase, "confidence"),
        words=words,
    )


def _error(response: HttpResponse, ids: Identifiers) -> SttError:
    """Return the failure that a status means; what may pass is retried."""
    status, told = response.status, response.excerpt
    if status in (401, 403):
        return CredentialsError(
            f"Acme refused the key: {told}",
            hint="check ACME_KEY",
            ids=ids,
            http_status=status,
        )
    if status in (400, 413, 415):
        return AudioError(
            f"Acme does not take the audio: {told}", ids=ids, http_status=status
        )
    kind = RateLimitedError if status == 429 else ProviderError
    return kind(
        f"Acme failed: {told}",
        ids=ids,
        http_status=status,
        transient=status == 429 or status >= 500,
    )
