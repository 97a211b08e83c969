"""An emulated intent service, by the query form of LUIS version 2.

Any path is an app, as with private services: ``GET …?q=PHRASE``.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.http_faults import with_faults
from stt_cli.protocols.intents.luis import KEY_HEADER, KEY_PARAMETER, answer_of
from stt_cli.protocols.intents.patterns import match

_LONGEST_QUERY = 500  # characters of a phrase that LUIS version 2 takes


def build_app(config: EmulatorConfig) -> Starlette:
    """Return the service; it knows the intents of ``config.patterns``."""

    async def answer(request: Request) -> Response:
        if config.key is not None and config.key.reveal() not in (
            request.headers.get(KEY_HEADER),
            request.query_params.get(KEY_PARAMETER),
        ):
            return _refused(
                401,
                "Access denied due to invalid subscription key. Make sure to provide "
                "a valid key for an active subscription.",
            )
        query = request.query_params.get("q", "")
        if not query.strip():
            return _refused(400, "The query parameter q is missing or empty.")
        if len(query) > _LONGEST_QUERY:
            return _refused(414, f"The query is longer than {_LONGEST_QUERY}.")
        config.log(f"intent of {len(query)} characters")
        return JSONResponse(answer_of(query, match(query, config.patterns)))

    return Starlette(routes=[Route("/{path:path}", with_faults(answer, config))])


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"statusCode": status, "message": message}, status)
