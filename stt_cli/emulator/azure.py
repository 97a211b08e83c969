"""The emulated Azure and Bing Speech: one app out of the services' parts."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.azure_realtime import realtime_routes
from stt_cli.emulator.azure_state import KEY_HEADER, AzureState
from stt_cli.emulator.config import EmulatorConfig


def build_app(config: EmulatorConfig) -> Starlette:
    """Return today's service."""
    return Starlette(routes=_routes(AzureState(config)))


def build_bing_app(config: EmulatorConfig) -> Starlette:
    """Return the service of 2018."""
    return Starlette(routes=_routes(AzureState(config, is_bing=True)))


def _routes(state: AzureState) -> list[BaseRoute]:
    return [*token_routes(state), *realtime_routes(state)]


def token_routes(state: AzureState) -> list[BaseRoute]:
    """Return the token service: the key in, a JWT as plain text out."""

    async def issue(request: Request) -> Response:
        status = state.config.faults.take_status()
        if status is not None:
            return Response(status_code=status)
        key = request.headers.get(KEY_HEADER)
        wanted = state.config.key
        if not key or (wanted is not None and key != wanted.reveal()):
            return PlainTextResponse("Access denied", 401)
        return PlainTextResponse(state.issue_token())

    return [Route("/sts/v1.0/issueToken", issue, methods=["POST"])]
