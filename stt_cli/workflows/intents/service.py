"""An intent service, asked for the intent of each final phrase."""

from __future__ import annotations

from typing import Any

from stt_cli.core.address import parse_address
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ProviderError, UsageError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.protocols.intents.luis import (
    KEY_HEADER,
    LONGEST_ANSWER,
    parse_answer,
    query_url,
)

KEY_VARIABLE = "STT_INTENT_KEY"
"""Holds the key of the service, for those that want one outside the address."""

ANSWER_SECONDS = 5.0
"""An intent that comes later than this after its phrase is of no use."""

_CONNECT_SECONDS = 3.0


class IntentService:
    """One service at one address; several threads may ask at once.

    Raises:
        UsageError: the address is none.
        CredentialsError: the key in the environment cannot be one.
    """

    def __init__(
        self, url: str, environment: Environment, *, insecure: bool = False
    ) -> None:
        from stt_cli.net.client import HttpClient
        from stt_cli.net.context import PublicContext
        from stt_cli.net.messages import Timeouts

        environment.redactor.register_address(url)
        try:
            address = parse_address(url)
        except ValueError as fault:
            raise UsageError(f"invalid --intent-url: {fault}") from fault
        if address.scheme not in ("http", "https"):
            raise UsageError("invalid --intent-url: it is not an http or https URL")
        self.host = address.authority
        self._url = url
        self._key = _key(environment)
        self._environment = environment
        self._client = HttpClient(
            PublicContext(environment, insecure),
            Timeouts(
                connect=_CONNECT_SECONDS,
                read=ANSWER_SECONDS,
                write=ANSWER_SECONDS,
                total=ANSWER_SECONDS,
            ),
        )

    def ask(self, text: str) -> dict[str, Any]:
        """Return the service's answer for a phrase; it is asked once.

        Raises:
            SttError: there is no answer in time, or it is none.
        """
        from stt_cli.net.retry import NEVER

        request = HttpRequest(
            "GET",
            query_url(self._url, text),
            headers=(("Accept", "application/json"),),
            credentials=((KEY_HEADER, self._key),) if self._key else (),
            longest_answer=LONGEST_ANSWER,
        )
        deadline = self._environment.monotonic() + ANSWER_SECONDS
        return self._client.send(request, _read, policy=NEVER, deadline=deadline)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _key(environment: Environment) -> Secret | None:
    from stt_cli.settings.credential_check import check_credential

    text = environment.variables.get(KEY_VARIABLE)
    if not text:
        return None
    check_credential(text, KEY_VARIABLE)
    secret = Secret(text)
    environment.redactor.register(secret)
    return secret


def _read(answer: HttpResponse) -> dict[str, Any]:
    if not answer.is_success:
        hint = "check --intent-url"
        if answer.status in (401, 403):
            hint = f"set {KEY_VARIABLE}, or check the key in --intent-url"
        raise ProviderError(
            f"the intent service returned HTTP {answer.status}",
            hint=hint,
            http_status=answer.status,
        )
    return parse_answer(answer.body)
