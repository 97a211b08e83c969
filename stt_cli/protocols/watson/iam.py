"""Trading an IBM Cloud API key for an access token, and when to do so again."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from stt_cli.core.errors import CredentialsError, ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.protocols.json_fields import number, text

DEFAULT_IAM = "https://iam.cloud.ibm.com"
_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
# IBM's own client asks again at this share of a token's life.
_RENEW_AT = 0.8
_DEFAULT_LIFE_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token and its life in seconds."""

    value: Secret
    lives: float

    @property
    def renew_after(self) -> float:
        """Seconds after which to ask for another, well before it dies."""
        return self.lives * _RENEW_AT


def token_request(iam: str, key: Secret) -> HttpRequest:
    """Ask for a token; the key travels in the body, never in the address."""
    form = {
        "grant_type": _GRANT,
        "apikey": key.reveal(),
        "response_type": "cloud_iam",
    }
    return HttpRequest(
        "POST",
        f"{iam.rstrip('/')}/identity/token",
        (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
        ),
        urlencode(form).encode(),
    )


def read_token(response: HttpResponse) -> AccessToken:
    """Read the answer.

    Raises:
        CredentialsError: the key is refused.
        ProviderError: the answer is no token.
    """
    if response.status in (400, 401, 403):
        raise CredentialsError(
            "IBM Cloud rejected the API key",
            hint="check SPEECH_TO_TEXT_APIKEY; `stt doctor -p watson` tests it",
            http_status=response.status,
        )
    if not response.is_success:
        raise ProviderError(
            "IBM Cloud returned no token",
            http_status=response.status,
            transient=response.status >= 500 or response.status == 429,
        )
    fields = response.json_object()
    token = text(fields, "access_token")
    if token is None:
        raise ProviderError("the response from IBM Cloud has no access_token")
    return AccessToken(
        Secret(token), number(fields, "expires_in") or _DEFAULT_LIFE_SECONDS
    )
