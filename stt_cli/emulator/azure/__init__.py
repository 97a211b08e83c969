"""The emulated Azure and Bing Speech: one app out of the services' parts."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from stt_cli.emulator.azure.batch import batch_routes
from stt_cli.emulator.azure.fast import fast_routes
from stt_cli.emulator.azure.realtime import realtime_routes
from stt_cli.emulator.azure.rules import AZURE, BING
from stt_cli.emulator.azure.short_audio import short_audio_routes
from stt_cli.emulator.azure.state import AzureState, token_routes
from stt_cli.emulator.azure.synthesis import synthesis_routes, voice_routes
from stt_cli.emulator.azure.synthesis_socket import synthesis_socket_routes
from stt_cli.emulator.config import EmulatorConfig


def build_app(config: EmulatorConfig) -> Starlette:
    """Return today's service."""
    state = AzureState(config, AZURE)
    return Starlette(
        routes=[
            *_routes(state),
            *voice_routes(state),
            *synthesis_socket_routes(state),
            *fast_routes(state),
            *batch_routes(state),
        ]
    )


def build_bing_app(config: EmulatorConfig) -> Starlette:
    """Return the service of 2018."""
    return Starlette(routes=_routes(AzureState(config, BING)))


def _routes(state: AzureState) -> list[BaseRoute]:
    return [
        *token_routes(state),
        *short_audio_routes(state),
        *realtime_routes(state),
        *synthesis_routes(state),
    ]
