"""Tokens: a key traded for one, renewed before it ends, once more when refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, TypeVar

from stt_cli.core.environment import Environment
from stt_cli.core.errors import CredentialsError, ProviderError, SttError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols.azure_rest.errors import refusal
from stt_cli.providers.azure.credentials import KEY_HEADER, Credentials

Answer = TypeVar("Answer")
TOKEN_PATH = "/sts/v1.0/issueToken"
RENEW_AFTER = 540.0
"""Seconds: a token lives ten minutes and is renewed at nine (2018 document)."""
ENTRA_PREFIX = "aad#"


def token_request(url: str, key: Secret) -> HttpRequest:
    """Return the request that trades a key for a token."""
    return HttpRequest(
        "POST",
        url,
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=b"",
        credentials=((KEY_HEADER, key),),
    )


def read_token(response: HttpResponse, title: str, hint: str) -> Secret:
    """Return the token of an answer, which is plain text.

    Raises:
        CredentialsError: the key is refused.
        ProviderError: the answer is something else than a token.
    """
    if not response.is_success:
        raise refusal(
            response,
            f"{title}'s token service",
            credentials_hint=hint,
            not_found="check --endpoint; containers and proxies may not issue tokens",
        )
    token = response.text.strip().strip('"')
    if not token or len(token.split()) != 1 or token.startswith(("<", "{")):
        raise ProviderError(
            "the token service returned something that is not a token",
            hint="check --endpoint",
            http_status=response.status,
        )
    return Secret(token)


class TokenCredentials:
    """A token got for a key, from one token service; any thread may ask.

    Args:
        fetch: gets a new token.
        environment: its clock tells the token's age, its redactor masks it.
    """

    def __init__(self, fetch: Callable[[], Secret], environment: Environment) -> None:
        self._fetch = fetch
        self._environment = environment
        self._lock = Lock()
        self._token: Secret | None = None
        self._born = 0.0

    def headers(self) -> Mapping[str, str]:
        """Return the bearer header; a token of nine minutes is renewed first."""
        with self._lock:
            age = self._environment.monotonic() - self._born
            if self._token is None or age >= RENEW_AFTER:
                self._get()
            assert self._token is not None
            return {"Authorization": f"Bearer {self._token.reveal()}"}

    def renew(self) -> bool:
        """Get a new token after a refusal."""
        with self._lock:
            self._get()
        return True

    def _get(self) -> None:
        born = self._environment.monotonic()  # counted from before it was made
        token = self._fetch()
        self._environment.redactor.register(token)
        self._token, self._born = token, born


def fetching(
    sender: HttpClient, url: str, key: Secret, title: str, hint: str
) -> Callable[[], Secret]:
    """Return what gets a token for this key from this token service."""

    def fetch() -> Secret:
        return sender.send(
            token_request(url, key),
            lambda response: read_token(response, title, hint),
            policy=REPEATABLE,
        )

    return fetch


def authorized(request: HttpRequest, credentials: Credentials) -> HttpRequest:
    """Return the request with the credentials' headers, as credentials."""
    headers = credentials.headers().items()
    return request.with_credentials(*((name, Secret(value)) for name, value in headers))


def send_authorized(
    sender: HttpClient,
    credentials: Credentials,
    request: HttpRequest,
    read: Callable[[HttpResponse], Answer],
    **more: Any,
) -> Answer:
    """Send with credentials; a refused token is renewed once, and it is sent again.

    Raises:
        CredentialsError: refused a second time, or nothing to renew.
    """
    try:
        return sender.send(authorized(request, credentials), read, **more)
    except CredentialsError as error:
        if not may_renew(error, request) or not credentials.renew():
            raise
    return sender.send(authorized(request, credentials), read, **more)


def may_renew(error: SttError, request: HttpRequest) -> bool:
    """Whether a new token may help, and the request can be sent again."""
    body = request.body
    repeatable = not isinstance(body, StreamedBody) or body.repeatable
    return error.http_status in (401, 403) and repeatable
