"""The emulated Scriptix: one app out of REST, storage and real-time service."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.scriptix.rest import ScriptixRest
from stt_cli.emulator.scriptix.sessions import Store
from stt_cli.emulator.scriptix.stream import ScriptixStream
from stt_cli.protocols.scriptix.realtime import PATH


def build_app(config: EmulatorConfig) -> Starlette:
    """Return the service."""
    ear = Ear(config.transcripts)
    routes = ScriptixRest(config, Store(), ear).routes()
    stream = ScriptixStream(config, ear)
    return Starlette(routes=[*routes, WebSocketRoute(PATH, stream.serve)])
