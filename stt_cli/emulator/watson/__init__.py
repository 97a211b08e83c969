"""The emulated Watson: one app out of both services and both eras."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.watson.access import Access
from stt_cli.emulator.watson.jobs import WatsonJobs
from stt_cli.emulator.watson.rest import WatsonRest
from stt_cli.emulator.watson.sessions import WatsonSessions
from stt_cli.emulator.watson.speech import WatsonSpeech
from stt_cli.emulator.watson.stream import WatsonStream


def build_app(config: EmulatorConfig) -> Starlette:
    """Return the service."""
    access, ear = Access(config), Ear(config.transcripts)
    rest = WatsonRest(config, access, ear)
    stream = WatsonStream(config, access, ear)
    return Starlette(
        routes=[
            *rest.routes(),
            *WatsonSessions(config, rest).routes(),
            *WatsonJobs(config, rest).routes(),
            *WatsonSpeech(rest).routes(),
            WebSocketRoute("/v1/recognize", stream.serve),
        ]
    )
