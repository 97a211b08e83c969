"""What a request or a handshake shows: a key, or a token that can be renewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from stt_cli.core.secret import Secret

KEY_HEADER = "Ocp-Apim-Subscription-Key"


class Credentials(Protocol):
    """How a provider shows who it is."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers of the next request; a stale token is renewed."""

    def renew(self) -> bool:
        """Get a new token after a refusal; false where there is none to get."""


class FixedCredentials:
    """A key or a token that the user gave, or nothing at all."""

    def __init__(self, key: Secret | None = None, token: Secret | None = None) -> None:
        self._headers: dict[str, str] = {}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token.reveal()}"
        elif key is not None:
            self._headers[KEY_HEADER] = key.reveal()

    def headers(self) -> Mapping[str, str]:
        """Return the header of the token, or else of the key."""
        return self._headers

    def renew(self) -> bool:
        """Return false: what the user gave stays as it is."""
        return False
