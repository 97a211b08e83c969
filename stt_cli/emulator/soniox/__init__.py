"""The emulated Soniox: one app out of REST, real-time and speech services."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.soniox.jobs import Store
from stt_cli.emulator.soniox.rest import SonioxRest
from stt_cli.emulator.soniox.speech import SonioxSpeech
from stt_cli.emulator.soniox.stream import SonioxStream
from stt_cli.protocols.soniox.realtime import PATH


def build_app(config: EmulatorConfig) -> Starlette:
    """Return the service."""
    store, ear = Store(), Ear(config.transcripts)
    stream = SonioxStream(config, store, ear)
    routes = SonioxRest(config, store, ear).routes()
    speech = SonioxSpeech(config, store).routes()
    return Starlette(routes=[*routes, *speech, WebSocketRoute(PATH, stream.serve)])
