"""The emulated Azure and Bing Speech: one app out of the services' parts."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.azure_batch import batch_routes
from stt_cli.emulator.azure_fast import fast_routes
from stt_cli.emulator.azure_realtime import realtime_routes
from stt_cli.emulator.azure_rest import gateway_error, short_audio_routes
from stt_cli.emulator.azure_state import KEY_HEADER, AzureState
from stt_cli.emulator.azure_tts import synthesis_routes
from stt_cli.emulator.azure_tts_socket import synthesis_socket_routes
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.http_faults import with_faults


def build_app(config: EmulatorConfig) -> Starlette:
    """Return today's service."""
    state = AzureState(config)
    return Starlette(
        routes=[*_routes(state), *fast_routes(state), *batch_routes(state)]
    )


def build_bing_app(config: EmulatorConfig) -> Starlette:
    """Return the service of 2018."""
    return Starlette(routes=_routes(AzureState(config, is_bing=True)))


def _routes(state: AzureState) -> list[BaseRoute]:
    return [
        *token_routes(state),
        *short_audio_routes(state),
        *realtime_routes(state),
        *synthesis_routes(state),
        *([] if state.is_bing else synthesis_socket_routes(state)),
    ]


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
