"""Whose requests they are: an API key traded for tokens, a password, or a token."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from threading import Lock

from stt_cli.core.errors import CredentialsError
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols.watson.iam import (
    DEFAULT_IAM,
    AccessToken,
    read_token,
    token_request,
)
from stt_cli.protocols.watson.requests import Credentials
from stt_cli.providers.base import ProviderContext


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
            else "set SPEECH_TO_TEXT_APIKEY, or `stt auth set watson apikey`",
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
