"""Who may ask the emulated Watson, and the headers and errors of its answers."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from stt_cli.emulator.config import EmulatorConfig

_TOKEN_SECONDS = 3_600
_DESCRIPTIONS = {
    400: "Bad Request",
    404: "No Such Resource",
    406: "Not Acceptable",
    408: "Request Time-out",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Access:
    """Checks credentials, as the gateway does, and issues tokens for keys."""

    def __init__(self, config: EmulatorConfig) -> None:
        self._config = config
        self._tokens: set[str] = set()

    def refusal(self, asked: HTTPConnection) -> Response | None:
        """Return the gateway's 401 for wrong credentials, else ``None``."""
        if self._is_welcome(asked):
            return None
        trace = str(uuid4())
        body = {
            "code": 401,
            "error": "Unauthorized",
            "trace": trace,
            "more_info": "https://cloud.ibm.com/docs/speech-to-text",
        }
        return JSONResponse(body, 401, headers=support_headers(trace))

    async def issue(self, request: Request) -> Response:
        """Trade an API key for a token of three parts, as IAM does."""
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        key, wanted = asked.get("apikey", ""), self._config.key
        grant = "urn:ibm:params:oauth:grant-type:apikey"
        if asked.get("grant_type") != grant:
            return JSONResponse({"errorCode": "BXNIM0109E"}, 400)
        if wanted is not None and not hmac.compare_digest(
            key.encode(), wanted.reveal().encode()
        ):
            fields = {"errorCode": "BXNIM0415E", "errorMessage": "API key not found"}
            return JSONResponse(fields, 400)
        now = int(time.time())
        token = _jwt({"iat": now, "exp": now + _TOKEN_SECONDS, "jti": str(uuid4())})
        self._tokens.add(token)
        self._config.journal.add("token", apikey_given=bool(key))
        return JSONResponse(
            {
                "access_token": token,
                "refresh_token": "not_supported",
                "token_type": "Bearer",
                "expires_in": _TOKEN_SECONDS,
                "expiration": now + _TOKEN_SECONDS,
            }
        )

    def _is_welcome(self, asked: HTTPConnection) -> bool:
        wanted = self._config.key
        scheme, _, value = asked.headers.get("Authorization", "").partition(" ")
        query = asked.query_params
        token = query.get("access_token") or query.get("watson-token")
        token = token or asked.headers.get("X-Watson-Authorization-Token")
        if scheme == "Bearer":
            token = value
        if token in self._tokens and self._config.faults.take("expire-token"):
            self._tokens.discard(str(token))
            return False
        if wanted is None:
            return True
        secret = wanted.reveal()
        if scheme == "Basic":
            return _decoded(value).partition(":")[2] == secret
        return token == secret or token in self._tokens


def support_headers(trace: str | None = None) -> dict[str, str]:
    """Return the IDs that every answer carries, on success and on failure."""
    transaction = uuid4().hex
    return {
        "X-Global-Transaction-ID": transaction,
        "X-DP-Watson-Tran-ID": trace or transaction,
        "X-Request-ID": str(uuid4()),
    }


def answer(body: Any, status: int = 200, headers: Mapping[str, str] = {}) -> Response:
    """Return a JSON answer with the support IDs."""
    return JSONResponse(body, status, headers={**support_headers(), **headers})


def refuse(status: int, words: str | None = None, **more: Any) -> Response:
    """Return an error in the service's own envelope."""
    description = _DESCRIPTIONS.get(status, "Error")
    message = words or description
    body = {"error": message, "code": status, "code_description": description, **more}
    return answer(body, status)


def _jwt(claims: Mapping[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    encoded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in parts
    ]
    return ".".join([*encoded, uuid4().hex])


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode()
    except ValueError:
        return ""
