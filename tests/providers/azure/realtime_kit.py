"""Tools for the tests of the WebSocket: audio of our own, a server, a client."""

from __future__ import annotations

import contextlib
import io
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stt_cli.audio.source import AudioEncoding
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.events import Notice, Phrase, RecognitionEvent
from stt_cli.core.options import Pace, RecognizeOptions, Transport
from stt_cli.core.secret import Secret
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig, Journal
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.server import running
from stt_cli.providers.azure.provider import open_azure, open_bing
from stt_cli.providers.base import Provider, ProviderContext

SECOND = 32_000
_WAV = AudioEncoding("wav", "pcm_s16le", 16_000, 1, "audio/wav")


def tone(seconds: float) -> bytes:
    """Return a loud square wave: speech to the emulator's ear."""
    count = int(seconds * 16_000)
    return b"".join(
        struct.pack("<h", 9_000 if i // 40 % 2 else -9_000) for i in range(count)
    )


def ramp(seconds: float, start: int = 0) -> bytes:
    """Return samples that each differ from their neighbors, none quiet."""
    count = int(seconds * 16_000)
    return b"".join(
        struct.pack("<h", 8_000 + (start + i) % 20_000) for i in range(count)
    )


def silence(seconds: float) -> bytes:
    """Return nothing but zeros."""
    return bytes(int(seconds * 16_000) * 2)


@dataclass
class MemorySource:
    """PCM in memory as an audio source."""

    audio: bytes
    live: bool = False
    name: str = "memory.wav"
    path: Path | None = None
    url: str | None = None
    encoding: AudioEncoding = _WAV
    notices: tuple[Notice, ...] = ()
    before_block: Callable[[int], None] = lambda _at: None
    reads: int = field(default=0)

    @property
    def duration(self) -> float | None:
        """Its length, where it is not live."""
        return None if self.live else len(self.audio) / SECOND

    @property
    def size(self) -> int | None:
        """Its length in bytes."""
        return len(self.audio)

    def check_decodable(self) -> None:
        """Do nothing: it is PCM."""

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Yield blocks of 100 ms."""
        self.reads += 1
        block = int(SECOND * block_seconds)
        for at in range(0, len(self.audio), block):
            self.before_block(at)
            yield self.audio[at : at + block]

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Yield the bytes as they are."""
        self.reads += 1
        for at in range(0, len(self.audio), block_bytes):
            yield self.audio[at : at + block_bytes]


@dataclass
class Service:
    """A running emulator and its journal."""

    base_url: str
    journal: Journal
    faults: FaultPlan = field(default_factory=FaultPlan)

    def pcm_of(self, request_id: str) -> bytes:
        """Return the audio that one turn received."""
        return b"".join(
            entry["audio"]
            for entry in self.journal.all("audio")
            if entry["request_id"] == request_id
        )


@contextlib.contextmanager
def serving(
    *transcripts: str, faults: tuple[str, ...] = (), bing: bool = False, **options: Any
) -> Iterator[Service]:
    """Run the emulator."""
    key = options.pop("key", None)
    config = EmulatorConfig(
        transcripts=transcripts,
        faults=FaultPlan(faults),
        key=Secret(key) if key else None,
        **options,
    )
    app = build_emulator("bing" if bing else "azure", config)
    with running(app, config) as base_url:
        yield Service(base_url, config.journal, config.faults)


def fake_environment(**environment: Any) -> Environment:
    """Return a test's environment; pauses between attempts take no time."""
    given: dict[str, Any] = {"sleep": lambda _seconds: None, **environment}
    return Environment(
        variables=os.environ,
        directories=Directories.named_by(os.environ),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        **given,
    )


def provider(
    base_url: str,
    *,
    bing: bool = False,
    environment: Environment | None = None,
    **given: str,
) -> Provider:
    """Return our client, pointed at the emulator."""
    secrets = {n: Secret(v) for n, v in given.items() if n in ("key", "token")}
    context = ProviderContext(
        environment=environment or fake_environment(),
        values={n: v for n, v in given.items() if n not in secrets},
        secrets=secrets,
        endpoint=base_url,
    )
    return open_bing(context) if bing else open_azure(context)


def over_websocket(**options: Any) -> RecognizeOptions:
    """Return wishes for the WebSocket, audio sent as fast as it goes."""
    given = {"transport": Transport.WEBSOCKET, "pace": Pace.FAST, **options}
    return RecognizeOptions(**given)


def recognized(
    service: Service | str,
    audio: bytes | MemorySource,
    *,
    bing: bool = False,
    environment: Environment | None = None,
    **options: Any,
) -> list[RecognitionEvent]:
    """Recognize once; returns every event."""
    base_url = service if isinstance(service, str) else service.base_url
    source = audio if isinstance(audio, MemorySource) else MemorySource(audio)
    client = provider(
        base_url, bing=bing, environment=environment, **options.pop("given", {})
    )
    wishes = RecognizeOptions(
        **{"pace": Pace.FAST, "transport": Transport.WEBSOCKET, **options}
    )
    try:
        return list(client.recognize(source, wishes))
    finally:
        client.close()


def texts(events: list[RecognitionEvent]) -> list[str]:
    """Return the text of every phrase."""
    return [event.segment.text for event in events if isinstance(event, Phrase)]
