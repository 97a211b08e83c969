"""The emulated Watson: one app out of both services and both eras."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.watson.access import Access
from stt_cli.emulator.watson.jobs import WatsonJobs
from stt_cli.emulator.watson.rest import WatsonRest
from stt_cli.emulator.watson.sessions import WatsonSessions
from stt_cli.emulator.watson.speech import WatsonSpeech
from stt_cli.emulator.watson.stream import WatsonStream

_PREFIXES_OF_2018 = ("/speech-to-text/api", "/text-to-speech/api")


def build_app(config: EmulatorConfig) -> Starlette:
    """Return the service."""
    access, ear = Access(config), Ear(config.transcripts)
    rest = WatsonRest(config, access, ear)
    stream = WatsonStream(config, access, ear)
    routes: list[BaseRoute] = [
        *rest.routes(),
        *WatsonSessions(config, rest).routes(),
        *WatsonJobs(config, rest).routes(),
        *WatsonSpeech(rest).routes(),
        WebSocketRoute("/v1/recognize", stream.serve),
    ]
    of_2018 = [Mount(prefix, routes=routes) for prefix in _PREFIXES_OF_2018]
    return Starlette(routes=[*of_2018, *routes])
