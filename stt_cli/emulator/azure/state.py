"""What all parts of the Azure emulator share: credentials, tokens, transcripts."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.azure.rules import ServiceRules
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear, Heard
from stt_cli.emulator.http_faults import with_faults

TOKEN_SECONDS = 600.0
_TICK = 1e-3
_MOST_SCRIPTS = 1_000
KEY_HEADER = "Ocp-Apim-Subscription-Key"


@dataclass(slots=True)
class Script:
    """What one turn is to tell: phrases left, and those told with their ends.

    ``left`` is ``None`` where the local engine hears instead. ``base`` is where
    the turn begins, in seconds of all the session's audio.
    """

    left: list[Heard] | None
    base: float = 0.0
    reported: list[tuple[float, Heard]] = field(default_factory=list)
    is_over: bool = False

    def going_on_at(self, offset: float | None) -> Script:
        """Return what a new turn tells after this one broke off."""
        if self.left is None:
            return Script(None, offset or 0.0)
        if offset is None:
            return Script(list(self.left))
        again = [heard for end, heard in self.reported if end > offset + _TICK]
        return Script([*again, *self.left], offset)


class AzureState:
    """One emulator's memory, and the rules of the service that it is."""

    def __init__(self, config: EmulatorConfig, rules: ServiceRules) -> None:
        self.config = config
        self.rules = rules
        self.ear = Ear(config.transcripts)
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._scripts: dict[str, Script] = {}

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
        """Return the status that refuses these credentials, ``None`` if good."""
        wrong = self.rules.wrong_credentials
        token = _token_in(headers, query)
        if token:
            if self.config.faults.take("expire-token") is not None:
                return wrong
            with self._lock:
                expiry = self._tokens.get(token)
            known = expiry is not None and expiry > time.time()
            return None if known or self.config.key is None else wrong
        if self.config.key is None:
            return None
        key = headers.get(KEY_HEADER.lower()) or query.get(KEY_HEADER)
        if not key:
            return self.rules.no_credentials
        if not self.rules.socket_takes_key and "x-connectionid" in headers:
            return wrong
        return None if key == self.config.key.reveal() else wrong

    def take_script(self, session_id: str, offset: float | None) -> Script:
        """Return what a session's next turn tells.

        Args:
            offset: where the client goes on, in seconds of all its audio, where
                it says so: what lies after that is told again. Without, only
                what was not told is left.
        """
        with self._lock:
            broken = self._scripts.pop(session_id, None)
            if broken is not None and broken.is_over and offset is None:
                broken = None
            if broken is not None:
                script = broken.going_on_at(offset)
            else:
                script = Script(self.ear.given(), offset or 0.0)
            self._scripts[session_id] = script
            while len(self._scripts) > _MOST_SCRIPTS:
                del self._scripts[next(iter(self._scripts))]
        return script

    @staticmethod
    def finish_script(script: Script) -> None:
        """Note a turn's end: only a client that missed it goes on with it."""
        script.is_over = True


def gateway_error(status: int) -> Response:
    """Return a refusal in the envelope of the gateway before the services."""
    if status in (401, 403):
        message = "Access denied due to invalid subscription key or wrong API endpoint."
    else:
        message = f"The emulator returns {status}."
    answer = JSONResponse({"error": {"code": str(status), "message": message}}, status)
    answer.headers["apim-request-id"] = str(uuid4())
    return answer


def token_routes(state: AzureState) -> list[BaseRoute]:
    """Return the token service: the key in, a JWT as plain text out."""

    async def issue(request: Request) -> Response:
        key = request.headers.get(KEY_HEADER)
        wanted = state.config.key
        if request.headers.get("content-length") != "0":
            return Response("Content-Length: 0 is required", 411)
        if not key or (wanted is not None and key != wanted.reveal()):
            return gateway_error(401)
        state.config.journal.add("token")
        return PlainTextResponse(state.issue_token())

    handler = with_faults(issue, state.config, gateway_error)
    return [Route("/sts/v1.0/issueToken", handler, methods=["POST"])]


def _token_in(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return the token shown: a bearer header's, or the query's.

    Microsoft's JavaScript SDK of 2018 puts it into the query bare.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return query.get("Authorization", "").removeprefix("Bearer ").strip()
