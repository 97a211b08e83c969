"""Acme's driver: it sends what the protocol builds, and yields what happens."""

from __future__ import annotations

from collections.abc import Iterator

from stt_acme import SPEC
from stt_acme.protocol import BASE_URL, build_request, read_answer
from stt_cli.audio.source import AudioSource
from stt_cli.core.events import (
    Ended,
    Identified,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.net.client import HttpClient
from stt_cli.net.retry import REPEATABLE
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.recording_form import content_type, upload_body


class Acme(Provider):
    """Acme Speech for one command."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(SPEC, context)
        self._client = HttpClient(context)

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one recording by one request.

        ``Started`` comes before anything is sent, with the IDs known by then, and
        ``Ended`` last. Failures are raised.
        """
        yield Started(Identifiers(), transport="rest", language=options.language)
        # Recognition changes nothing at the service, so what may pass is tried again;
        # audio that is spoken at this moment is sent once all the same.
        ids, segments = self._client.send(
            self._request(source, options), read_answer, policy=REPEATABLE
        )
        yield Identified(ids)
        for segment in segments:
            yield Phrase(segment)
        status = RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH
        yield Ended(status, duration=source.duration)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request, for ``--dry-run``."""
        request = self._request(source, options)
        headers = (f"{name}: {value}" for name, value in request.headers)
        return "\n".join([f"{request.method} {request.url}", *headers])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request(self, source: AudioSource, options: RecognizeOptions) -> HttpRequest:
        return build_request(
            self.context.endpoint or BASE_URL,
            self.context.secrets.get("key"),
            options.language,
            content_type(source),
            upload_body(source),
        )


def open_acme(context: ProviderContext) -> Provider:
    """Return the provider; the spec names this function."""
    return Acme(context)
