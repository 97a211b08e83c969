"""Watson's two services: who asks, where they are, a request out, its answer back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeVar

from stt_cli.core.errors import CredentialsError, SttError
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols.watson.errors import error_of
from stt_cli.protocols.watson.iam import (
    DEFAULT_IAM,
    AccessToken,
    read_token,
    token_request,
)
from stt_cli.protocols.watson.models import is_of_2018
from stt_cli.protocols.watson.requests import Credentials
from stt_cli.providers.base import ProviderContext

DEFAULT_STT = "https://api.us-south.speech-to-text.watson.cloud.ibm.com"
DEFAULT_TTS = "https://api.us-south.text-to-speech.watson.cloud.ibm.com"
# The service sends a blank every 20 s while it works on a long recording.
SLOW_ANSWER = Timeouts(read=120.0)

Answer = TypeVar("Answer")


@dataclass
class Authorizer:
    """Makes the ``Authorization`` header of one service's requests.

    ``prefix`` is empty for Speech to Text and ``tts_`` for Text to Speech, whose
    credentials are its own. Safe to use from several threads.
    """

    context: ProviderContext
    sender: HttpClient
    prefix: str = ""
    _token: AccessToken | None = None
    _born: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def credentials(self) -> Credentials:
        """Return the header to send; none where an endpoint needs none.

        Raises:
            CredentialsError: the key is refused, or there is none to send.
        """
        given = self._secret("bearer_token")
        if given:
            return _bearer(given)
        if self._secret("apikey"):
            return _bearer(self._fresh_token().value)
        name, password = self._value("username"), self._secret("password")
        if name and password:
            pair = f"{name}:{password.reveal()}".encode()
            encoded = Secret(base64.b64encode(pair).decode())
            self.context.environment.redactor.register(encoded)
            return (("Authorization", Secret(f"Basic {encoded.reveal()}")),)
        if self.context.endpoint:
            return ()
        raise CredentialsError(
            "watson needs an API key for this",
            hint="set TEXT_TO_SPEECH_APIKEY"
            if self.prefix
            else "set SPEECH_TO_TEXT_APIKEY, or run `stt auth set watson apikey`",
        )

    def renew(self) -> bool:
        """Forget the token after a refusal; whether another one can be had."""
        with self._lock:
            self._token = None
        return self._secret("apikey") is not None

    def _fresh_token(self) -> AccessToken:
        environment = self.context.environment
        with self._lock:
            age = environment.monotonic() - self._born
            if self._token is None or age >= self._token.renew_after:
                self._born = environment.monotonic()
                self._token = self._fetch()
                environment.redactor.register(self._token.value)
            return self._token

    def _fetch(self) -> AccessToken:
        key = self._secret("apikey")
        assert key is not None
        request = token_request(self._iam(), key)
        return self.sender.send(request, read_token, policy=REPEATABLE)

    def _iam(self) -> str:
        # An endpoint of its own (an emulator) brings its own token service.
        return (
            self.context.values.get("iam_url") or self.context.endpoint or DEFAULT_IAM
        )

    def _secret(self, name: str) -> Secret | None:
        return self.context.secrets.get(self.prefix + name)

    def _value(self, name: str) -> str | None:
        return self.context.values.get(self.prefix + name)


def _bearer(token: Secret) -> Credentials:
    return (("Authorization", Secret(f"Bearer {token.reveal()}")),)


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
        self.of_2018 = is_of_2018(self.base)
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
