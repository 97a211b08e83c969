"""What all parts of the Azure emulator share: credentials, tokens, transcripts."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from uuid import uuid4

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.transcribe import Ear, Heard

TOKEN_SECONDS = 600.0
KEY_HEADER = "Ocp-Apim-Subscription-Key"


class AzureState:
    """One emulator's memory. ``is_bing`` holds clients to the rules of 2018."""

    def __init__(self, config: EmulatorConfig, *, is_bing: bool = False) -> None:
        self.config = config
        self.is_bing = is_bing
        self.ear = Ear(config.transcripts)
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._unfinished: dict[str, list[Heard]] = {}

    def issue_token(self) -> str:
        """Return a new token, good for ten minutes."""
        expiry = time.time() + TOKEN_SECONDS
        claims = json.dumps({"exp": int(expiry), "jti": uuid4().hex}).encode()
        parts = (b'{"alg":"HS256","typ":"JWT"}', claims, uuid4().bytes)
        token = ".".join(
            base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts
        )
        with self._lock:
            self._tokens[token] = expiry
        return token

    def refusal(
        self, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> int | None:
        """Return the status that refuses these credentials, ``None`` if good.

        The 2018 document has 401 for none and 403 for bad ones; today's service
        has it the other way round.
        """
        missing, wrong = (401, 403) if self.is_bing else (403, 401)
        bearer = headers.get("authorization") or query.get("Authorization") or ""
        scheme, _, token = bearer.partition(" ")
        if scheme.lower() == "bearer" and token:
            if self.config.faults.take("expire-token") is not None:
                return wrong
            with self._lock:
                expiry = self._tokens.get(token.strip())
            known = expiry is not None and expiry > time.time()
            return None if known or self.config.key is None else wrong
        if self.config.key is None:
            return None
        key = headers.get(KEY_HEADER.lower()) or query.get(KEY_HEADER)
        if not key:
            return missing
        if self.is_bing and "x-connectionid" in headers:
            return wrong  # the socket of 2018 takes a token only
        return None if key == self.config.key.reveal() else wrong

    def take_given(self, session_id: str) -> list[Heard] | None:
        """Return the phrases of a session's next turn, ``None`` for the engine.

        A turn that broke off goes on with the phrases it had left.
        """
        with self._lock:
            left = self._unfinished.pop(session_id, None)
        return self.ear.given() if left is None else left

    def leave_unfinished(self, session_id: str, left: list[Heard] | None) -> None:
        """Remember what a broken turn had still to say."""
        if left is not None:
            with self._lock:
                self._unfinished[session_id] = left
