"""Watson's two services: where they are, and a request out, its answer back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, TypeVar

from stt_cli.core.errors import CredentialsError, SttError
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.protocols.watson.errors import error_of
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.watson.auth import Authorizer

DEFAULT_STT = "https://api.us-south.speech-to-text.watson.cloud.ibm.com"
DEFAULT_TTS = "https://api.us-south.text-to-speech.watson.cloud.ibm.com"
# The service sends a blank every 20 s while it works on a long recording.
PATIENT = Timeouts(read=120.0)

Answer = TypeVar("Answer")


class Service:
    """Sends for one command to one of the two services."""

    def __init__(
        self, context: ProviderContext, sender: HttpClient, *, speaks: bool = False
    ) -> None:
        prefix = "tts_" if speaks else ""
        default = DEFAULT_TTS if speaks else DEFAULT_STT
        named = context.values.get(f"{prefix}url")
        self.context = context
        self.base = (context.endpoint or named or default).rstrip("/")
        self.sender = sender
        self.authorizer = Authorizer(context, sender, prefix)

    def ask(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """Return the answer to a request, or raise the error that it is."""
        return self.send(request, self.read, **more)

    def send(
        self, request: HttpRequest, read: Callable[[HttpResponse], Answer], **more: Any
    ) -> Answer:
        """Send with credentials; a token that was refused is renewed once."""
        try:
            return self.sender.send(self.authorized(request), read, **more)
        except CredentialsError:
            if not self._may_try_again(request):
                raise
        return self.sender.send(self.authorized(request), read, **more)

    def upload(
        self, request: HttpRequest, read: Callable[[HttpResponse], Answer], **more: Any
    ) -> Generator[Progress, None, Answer]:
        """Send as ``send`` does, yielding progress in bytes meanwhile."""
        try:
            return (
                yield from self.sender.upload(self.authorized(request), read, **more)
            )
        except CredentialsError:
            if not self._may_try_again(request):
                raise
        return (yield from self.sender.upload(self.authorized(request), read, **more))

    def authorized(self, request: HttpRequest) -> HttpRequest:
        """Return the request with the credentials, and what it had of its own."""
        mine = (*self.authorizer.credentials(), *request.credentials)
        return replace(request, credentials=mine)

    def read(self, response: HttpResponse) -> HttpResponse:
        """Return an answer, or raise the error that it is."""
        error = self.error(response)
        if error is not None:
            raise error
        return response

    def read_status(self, response: HttpResponse) -> HttpResponse:
        """Return an answer whose body may tell of an error that is not its own."""
        return response if response.is_success else self.read(response)

    def error(self, response: HttpResponse) -> SttError | None:
        """Return the error that an answer is, or ``None``."""
        return error_of(response, self.context.environment.now().timestamp())

    def _may_try_again(self, request: HttpRequest) -> bool:
        repeatable = getattr(request.body, "repeatable", True)
        return repeatable and self.authorizer.renew()
